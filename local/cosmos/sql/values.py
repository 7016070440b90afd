"""Values of the query language: undefined, equality, order. JSON null is None; what is absent is UNDEFINED."""

from __future__ import annotations

import json
from enum import Enum
from typing import Any, Final, TypeAlias


class Undefined(Enum):
    """The type of the one value UNDEFINED."""

    UNDEFINED = "undefined"

    def __repr__(self) -> str:
        return "undefined"


UNDEFINED: Final = Undefined.UNDEFINED

SortKey: TypeAlias = tuple[int, float | str]

_RANK_UNDEFINED, _RANK_NULL, _RANK_FALSE, _RANK_TRUE, _RANK_NUMBER, _RANK_STRING, _RANK_ARRAY, _RANK_OBJECT = range(8)


def is_number(value: object) -> bool:
    """True for JSON numbers; Python counts booleans among the integers, JSON does not."""
    kind = type(value)
    return kind is int or kind is float


def equal(left: object, right: object) -> bool | Undefined:
    """`=`: undefined when a side is undefined, false across types, deep for arrays and objects."""
    if left is UNDEFINED or right is UNDEFINED:
        return UNDEFINED
    return same(left, right)


def same(left: object, right: object) -> bool:
    """Deep equality of two defined values; numbers are compared as doubles."""
    kind = type(left)
    if kind is str:
        return left == right
    if kind is bool or left is None:
        return left is right
    if isinstance(left, int | float):
        return is_number(right) and float(left) == float(right)  # type: ignore[arg-type]
    if isinstance(left, list):
        return (
            isinstance(right, list)
            and len(left) == len(right)
            and all(same(one, other) for one, other in zip(left, right, strict=True))
        )
    if isinstance(left, dict):
        return (
            isinstance(right, dict)
            and left.keys() == right.keys()
            and all(same(value, right[key]) for key, value in left.items())
        )
    return False


def code_units(text: str) -> str:
    """The text as a sequence of UTF-16 code units, one character each: the service's unit of length and order."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(units[at] | units[at + 1] << 8) for at in range(0, len(units), 2))


def from_code_units(units: str) -> str:
    """The inverse of `code_units`."""
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def less(left: object, right: object) -> bool | Undefined:
    """`<`: only between two values of the same primitive type, else undefined."""
    if type(left) is str and type(right) is str:
        return code_units(left) < code_units(right)
    if is_number(left) and is_number(right):
        return float(left) < float(right)  # type: ignore[arg-type]
    if type(left) is bool and type(right) is bool:
        return left < right
    if left is None and right is None:
        return False
    return UNDEFINED


def sort_key(value: object) -> SortKey:
    """The position of a value in ORDER BY: undefined, null, false, true, numbers, strings, arrays, objects."""
    if type(value) is str:
        return _RANK_STRING, code_units(value)
    if isinstance(value, bool):
        return (_RANK_TRUE if value else _RANK_FALSE), 0.0
    if isinstance(value, int | float):
        return _RANK_NUMBER, float(value)
    if value is None:
        return _RANK_NULL, 0.0
    if value is UNDEFINED:
        return _RANK_UNDEFINED, 0.0
    return (_RANK_ARRAY if isinstance(value, list) else _RANK_OBJECT), canonical(value)


def pack_sort_key(key: SortKey) -> list[object]:
    """The key as JSON carries it: halves of a character that stand side by side would merge on the way."""
    rank, value = key
    return [rank, from_code_units(value) if isinstance(value, str) else value]


def unpack_sort_key(packed: list[Any]) -> SortKey:
    """The inverse of `pack_sort_key`."""
    rank, value = packed
    return rank, code_units(value) if isinstance(value, str) else value


def is_primitive_key(key: SortKey) -> bool:
    """True for null, booleans, numbers and strings: what MIN and MAX accept."""
    return _RANK_NULL <= key[0] <= _RANK_STRING


def canonical(value: object) -> str:
    """A text that two values share exactly when they are the same: key order and 1 or 1.0 make no difference."""
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: object) -> object:
    if type(value) is str or isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        # Zero has one spelling, though doubles have two.
        return float(value) + 0.0
    if isinstance(value, list):
        return [_plain(element) for element in value]
    if isinstance(value, dict):
        return {key: _plain(element) for key, element in value.items()}
    return {"\ud800undefined": True}


def number(value: float) -> int | float:
    """A computed double as JSON shows it: 3, not 3.0."""
    return int(value) if value.is_integer() and abs(value) < 2**53 else value
