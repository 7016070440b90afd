"""The inline constraints of a route, such as `{id:int}` or `{slug:regex(^[a-z]+$)}`."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation

Check = Callable[[str], bool]

_INTEGER = re.compile(r"\s*[+-]?\d+\s*")
_NUMBER = re.compile(r"\s*[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?([eE][+-]?\d+)?\s*")
_GUID = re.compile(r"\{[0-9a-f-]{36}\}|\([0-9a-f-]{36}\)|[0-9a-f-]{36}|[0-9a-f]{32}", re.IGNORECASE)
_DATES = ("%m/%d/%Y", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p")


def constraint(text: str) -> Check:
    """The check that `name` or `name(arguments)` stands for. Raises ValueError for an unknown or malformed one."""
    name, parenthesis, rest = text.partition("(")
    if not parenthesis:
        if name in _PLAIN:
            return _PLAIN[name]
        raise ValueError(f"unknown constraint '{text}'")
    if not rest.endswith(")"):
        raise ValueError(f"constraint '{text}' lacks its closing parenthesis")
    argument = rest[:-1]
    if name == "regex":
        return _matches(argument)
    try:
        numbers = [int(part) for part in argument.split(",")]
    except ValueError:
        raise ValueError(f"constraint '{text}' needs whole numbers") from None
    build = _WITH_NUMBERS.get((name, len(numbers)))
    if build is None:
        raise ValueError(f"unknown constraint '{text}'")
    return build(*numbers)


def _matches(expression: str) -> Check:
    try:
        pattern = re.compile(expression, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"'{expression}' is not a regular expression: {error}") from None
    return lambda value: pattern.search(value) is not None


def _whole(bits: int) -> Check:
    bound = 1 << (bits - 1)
    return lambda value: _INTEGER.fullmatch(value) is not None and -bound <= int(value) < bound


def _is_number(value: str) -> bool:
    return any(character.isdigit() for character in value) and _NUMBER.fullmatch(value) is not None


def _is_float(value: str) -> bool:
    return _is_number(value) or value.strip().lower() in ("nan", "infinity", "-infinity")


def _is_decimal(value: str) -> bool:
    if not _is_number(value) or "e" in value.lower():
        return False
    try:
        return abs(Decimal(value.strip().replace(",", ""))) < Decimal(2) ** 96
    except InvalidOperation:
        return False


def _is_guid(value: str) -> bool:
    if _GUID.fullmatch(value) is None:
        return False
    try:
        uuid.UUID(value.strip("{}()"))
    except ValueError:
        return False
    return True


def _is_datetime(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return any(_fits(value, form) for form in _DATES)
    return True


def _fits(value: str, form: str) -> bool:
    try:
        datetime.strptime(value, form)
    except ValueError:
        return False
    return True


def _range(least: int, most: int) -> Check:
    is_long = _whole(64)
    return lambda value: is_long(value) and least <= int(value) <= most


def _length(least: int, most: int) -> Check:
    return lambda value: least <= len(value) <= most


_ENDLESS = 1 << 63

_PLAIN: dict[str, Check] = {
    "int": _whole(32),
    "long": _whole(64),
    "bool": lambda value: value.strip().lower() in ("true", "false"),
    "datetime": _is_datetime,
    "decimal": _is_decimal,
    "double": _is_float,
    "float": _is_float,
    "guid": _is_guid,
    "alpha": lambda value: re.fullmatch("[a-zA-Z]*", value) is not None,
    "required": lambda value: value != "",
    "file": lambda value: "." in value.rsplit("/", 1)[-1].rstrip("."),
    "nonfile": lambda value: "." not in value.rsplit("/", 1)[-1].rstrip("."),
}

_WITH_NUMBERS: dict[tuple[str, int], Callable[..., Check]] = {
    ("length", 1): lambda length: _length(length, length),
    ("length", 2): _length,
    ("minlength", 1): lambda least: _length(least, _ENDLESS),
    ("maxlength", 1): lambda most: _length(0, most),
    ("min", 1): lambda least: _range(least, _ENDLESS),
    ("max", 1): lambda most: _range(-_ENDLESS, most),
    ("range", 2): _range,
}
