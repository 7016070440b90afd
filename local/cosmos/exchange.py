"""One request as the handlers see it, and the answer they give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from local.cosmos.catalog import Container
from local.cosmos.errors import bad_request
from local.cosmos.strict_json import write_json


@dataclass(frozen=True, slots=True)
class Request:
    """Method, address split at its slashes with each part decoded once, headers (any case) and body."""

    method: str
    address: tuple[str, ...]
    headers: Mapping[str, str]
    body: bytes

    def flag(self, name: str) -> bool:
        """True if the header says true, in any case."""
        return self.headers.get(name, "").lower() == "true"

    def page_size(self, default: int, most: int) -> int:
        """Rows of one page; -1 leaves it to the server. Raises CosmosError 400."""
        text = self.headers.get("x-ms-max-item-count", str(default))
        try:
            size = int(text)
        except ValueError as error:
            raise bad_request(f"x-ms-max-item-count {text!r} is not a number.") from error
        if size == -1:
            return most
        if size < 1:
            raise bad_request("x-ms-max-item-count must be positive, or -1.")
        return min(size, most)


@dataclass(slots=True)
class Answer:
    """Status, headers and body of an answer."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def split_address(raw_path: str) -> tuple[str, ...]:
    """The parts of a path as sent: split first, then each percent-decoded once. Raises CosmosError 400."""
    path = raw_path.partition("?")[0].strip("/")
    try:
        return tuple(unquote(part, errors="strict") for part in path.split("/")) if path else ()
    except UnicodeDecodeError as error:
        raise bad_request("The address is not valid UTF-8.") from error


def json_answer(status: int, value: object, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with a JSON body."""
    return Answer(status, write_json(value).encode(), dict(headers or {}))


def container_headers(container: Container, lsn: int, charge: float) -> dict[str, str]:
    """What every answer about a container's items says: session, position and charge."""
    return {
        "x-ms-session-token": f"0:-1#{lsn}",
        "x-ms-alt-content-path": f"dbs/{container.database.id}/colls/{container.id}",
        "x-ms-documentdb-partitionkeyrangeid": "0",
        "x-ms-request-charge": f"{charge:g}",
        "lsn": str(lsn),
        "x-ms-schemaversion": "1.19",
    }
