"""The {tokens} of bindings: taken out of a blob's name by a trigger, and filled in by the other bindings."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_CONTAINER = re.compile(r"\$root|\$logs|\$web|(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_QUEUE = re.compile(r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
_TOKEN_NAME = re.compile(r"[A-Za-z_]\w*")
# What {datetime} gives without a format of its own.
_USUAL_FORMAT = "yyyy-MM-ddTHH-mm-ssK"
_FORMAT_PIECE = re.compile(r"y+|M+|d+|H+|h+|m+|s+|f+|K|'[^']*'|\\?.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    is_token: bool


def _pieces(text: str) -> list[_Piece]:
    pieces = []
    for match in _PIECE.finditer(text):
        found = match.group()
        if match.group(1) is not None:
            if not match.group(1).strip():
                raise ValueError(f"'{text}' has a token without a name")
            pieces.append(_Piece(match.group(1).strip(), is_token=True))
        elif found in ("{", "}"):
            raise ValueError(f"'{text}' has a single '{found}': write '{found * 2}' for the character itself")
        else:
            pieces.append(_Piece(found[0] if found in ("{{", "}}") else found, is_token=False))
    return pieces


class BlobPattern:
    """The `path` of a blob trigger: a container, and a pattern for the names in it.

    A token matches as much as it can, slashes too, the leftmost first: in `{name}.{ext}` the last dot separates.
    A container alone stands for every blob in it.
    """

    def __init__(self, path: str) -> None:
        """Raises ValueError saying what is wrong with the path."""
        self.container, slash, name = path.partition("/")
        if not _CONTAINER.fullmatch(self.container):
            raise ValueError(f"'{self.container}' is no name of a container")
        if slash and not name:
            raise ValueError(f"'{path}' names no blob after the slash")
        pieces = _pieces(name)
        self.tokens = [piece.text for piece in pieces if piece.is_token]
        for token in self.tokens:
            if not _TOKEN_NAME.fullmatch(token):
                raise ValueError(f"'{path}': '{{{token}}}' cannot be taken out of a name")
        if len({token.lower() for token in self.tokens}) < len(self.tokens):
            raise ValueError(f"'{path}' has a token twice")
        self.prefix = pieces[0].text if pieces and not pieces[0].is_token else ""
        parts = (f"(?P<{piece.text}>.*)" if piece.is_token else re.escape(piece.text) for piece in pieces)
        self._names = re.compile("".join(parts), re.DOTALL) if name else None

    def match(self, name: str) -> dict[str, str] | None:
        """What the tokens stand for in the blob's name, None when it does not fit."""
        if self._names is None:
            return {}
        found = self._names.fullmatch(name)
        return found.groupdict() if found else None


class Template:
    """A path or queue name whose tokens are filled in for each invocation."""

    def __init__(self, text: str) -> None:
        """Raises ValueError saying what is wrong with the text."""
        self.text = text
        self._pieces = _pieces(text)
        self.is_constant = not any(piece.is_token for piece in self._pieces)

    def fill(self, data: Mapping[str, Any]) -> str:
        """The text for these values, whose keys are in lower case. Raises ValueError naming a token without one."""
        return "".join(self._value(piece.text, data) if piece.is_token else piece.text for piece in self._pieces)

    def _value(self, token: str, data: Mapping[str, Any]) -> str:
        name, _, form = token.partition(":")
        if name.lower() in ("rand-guid", "sys.randguid"):
            return _guid(form)
        if name.lower() in ("datetime", "sys.utcnow") and name.lower() not in data:
            return format_time(datetime.now(UTC), form or _USUAL_FORMAT)
        value: Any = data
        for step in name.split("."):
            lowered = {str(key).lower(): item for key, item in value.items()} if isinstance(value, Mapping) else {}
            if step.lower() not in lowered:
                raise ValueError(f"'{self.text}': nothing gives a value for {{{token}}}")
            value = lowered[step.lower()]
        if isinstance(value, Mapping | list):
            raise ValueError(f"'{self.text}': the value for {{{token}}} is no text")
        return "" if value is None else str(value)


def checked_queue(name: str) -> str:
    """The queue's name in lower case, as storage has it. Raises ValueError for what cannot be one."""
    if not _QUEUE.fullmatch(name.lower()):
        raise ValueError(f"'{name}' is no name of a queue")
    return name.lower()


def split_blob_path(path: str) -> tuple[str, str]:
    """Container and name of a blob. Raises ValueError."""
    container, _, name = path.partition("/")
    if not _CONTAINER.fullmatch(container) or not name:
        raise ValueError(f"'{path}' is no path like container/name")
    return container, name


def format_time(moment: datetime, form: str) -> str:
    """The time in UTC in a .NET custom format such as yyyy-MM-dd; letters it does not know stay as they are."""
    values: dict[str, Callable[[int], str]] = {
        "y": lambda width: str(moment.year).rjust(width, "0") if width > 2 else f"{moment.year % 100:0{width}d}",
        "M": lambda width: moment.strftime({3: "%b"}.get(width, "%B")) if width > 2 else f"{moment.month:0{width}d}",
        "d": lambda width: moment.strftime({3: "%a"}.get(width, "%A")) if width > 2 else f"{moment.day:0{width}d}",
        "H": lambda width: f"{moment.hour:0{width}d}",
        "h": lambda width: f"{(moment.hour + 11) % 12 + 1:0{width}d}",
        "m": lambda width: f"{moment.minute:0{width}d}",
        "s": lambda width: f"{moment.second:0{width}d}",
        "f": lambda width: f"{moment.microsecond:06d}0"[:width],
        "K": lambda width: "Z",
    }
    pieces = []
    for match in _FORMAT_PIECE.finditer(form):
        piece = match.group()
        if piece[0] in values:
            pieces.append(values[piece[0]](len(piece)))
        else:
            pieces.append(piece.strip("'").removeprefix("\\") if len(piece) > 1 else piece)
    return "".join(pieces)


def _guid(form: str) -> str:
    value = uuid.uuid4()
    forms = {"": str(value), "D": str(value), "N": value.hex, "B": f"{{{value}}}", "P": f"({value})"}
    if form.upper() not in forms:
        raise ValueError(f"'{form}' is no format of a GUID: use D, N, B or P")
    return forms[form.upper()]
