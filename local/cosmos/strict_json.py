"""JSON as the service takes it: no NaN, numbers that fit a double, 128 levels at most."""

from __future__ import annotations

import json
import math
import re

from local.cosmos.errors import bad_request

DEEPEST = 128
"""Levels of nesting in an item (Cosmos DB service limits)."""

_SUSPICIOUS = re.compile(r"\d{300}|\d[eE]\+?\d{3}")


def read_json(data: bytes | str, what: str) -> object:
    """The value behind a JSON text. Raises CosmosError 400 that names `what` if it is not valid."""
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise bad_request(f"The {what} is not valid JSON: {error}.") from error
    if _SUSPICIOUS.search(text) or text.count("{") + text.count("[") > DEEPEST:
        _check(value, what, 1)
    return value


def read_object(data: bytes | str, what: str) -> dict[str, object]:
    """Like `read_json`, for what has to be an object."""
    value = read_json(data, what)
    if not isinstance(value, dict):
        raise bad_request(f"The {what} must be a JSON object.")
    return value


def write_json(value: object) -> str:
    """Compact JSON in ASCII, so that any string survives."""
    return json.dumps(value, separators=(",", ":"))


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _check(value: object, what: str, depth: int) -> None:
    if isinstance(value, dict | list):
        if depth > DEEPEST:
            raise bad_request(f"The {what} is nested deeper than {DEEPEST} levels.")
        for element in value.values() if isinstance(value, dict) else value:
            _check(element, what, depth + 1)
    elif isinstance(value, float):
        _need_double(math.isfinite(value), what)
    elif isinstance(value, int):
        _need_double(abs(value) < 2**1023, what)


def _need_double(fits: bool, what: str) -> None:
    if not fits:
        raise bad_request(f"The {what} holds a number that does not fit a double.")
