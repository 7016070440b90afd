"""What all models have in common."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

NAMESPACE = uuid.UUID("6a4b4a4e-2f0c-5d0f-9a53-1f9d0c1f5b7e")


def derived_id(*parts: str) -> str:
    """The same UUID for the same parts, every time: what makes a repeated write find its first."""
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(parts)))


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


TIMESTAMP_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


def timestamp_text(moment: datetime) -> str:
    """The moment in UTC as it is stored: text that sorts like the time."""
    return moment.astimezone(UTC).strftime(TIMESTAMP_FORMAT)


def _canonical(identifier: str) -> str:
    try:
        return str(uuid.UUID(identifier))
    except ValueError:
        raise ValueError("must be a UUID such as 3f2b8c1e-7a64-4d0e-9c55-0d6f3b1a2e47") from None


#: UTC with six decimals and a Z, so that the text sorts like the time.
Timestamp = Annotated[AwareDatetime, PlainSerializer(timestamp_text, when_used="json")]

#: A UUID as text, in its canonical lower-case form.
Identifier = Annotated[str, AfterValidator(_canonical)]

#: ISO 639-1 code, with an optional region or script: en, pt, pt-BR, zh-Hans.
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20)]


class Model(BaseModel):
    """A value of the domain. Unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Stored(BaseModel):
    """An item as Cosmos DB keeps it. System properties and fields of newer versions are passed over."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)

    def item(self) -> dict[str, Any]:
        """The JSON to store."""
        return self.model_dump(mode="json")
