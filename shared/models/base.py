"""What all models have in common."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

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


_LANGUAGE_TAG = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_LONGEST_TAG = 20

SAME_LANGUAGE = {"nb": "no", "nn": "no", "fil": "tl", "iw": "he", "in": "id"}
"""Codes by which browsers and services name a language, with the one by which the product does."""


def base_language(tag: str) -> str:
    """The language of a code without its region and script: pt for pt-BR."""
    return tag.split("-")[0].lower()


def _language_code(tag: str) -> str:
    if len(tag) > _LONGEST_TAG or re.fullmatch(_LANGUAGE_TAG, tag) is None:
        raise ValueError("must be a language code such as en, pt-BR or zh-Hant")
    language, *more = tag.split("-")
    return "-".join([SAME_LANGUAGE.get(language, language), *more])


#: UTC with six decimals and a Z, so that the text sorts like the time.
Timestamp = Annotated[AwareDatetime, PlainSerializer(timestamp_text, when_used="json")]

#: A UUID as text, in its canonical lower-case form.
Identifier = Annotated[str, AfterValidator(_canonical)]

#: ISO 639-1 code, with an optional region or script: en, pt, pt-BR, zh-Hans.
LanguageCode = Annotated[
    str,
    AfterValidator(_language_code),
    WithJsonSchema({"maxLength": _LONGEST_TAG, "pattern": _LANGUAGE_TAG, "type": "string"}),
]


class Model(BaseModel):
    """A value of the domain. Unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Stored(BaseModel):
    """An item as Cosmos DB keeps it. System properties and fields of newer versions are passed over."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)

    def item(self) -> dict[str, Any]:
        """The JSON to store."""
        return self.model_dump(mode="json")
