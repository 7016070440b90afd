"""The functions of the query language. Each gives UNDEFINED for an undefined argument or one of a wrong type."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from local.cosmos.sql.parser import QueryError
from local.cosmos.sql.values import UNDEFINED, code_units, from_code_units, is_number, number, same


class Function(NamedTuple):
    """How to call one function, and how many arguments it takes."""

    evaluate: Callable[..., object]
    least: int
    most: int


def _fold(text: str) -> str:
    """Upper case, character by character: ordinal comparison without case, as .NET does it."""
    return text.upper() if text.isascii() else "".join(_upper_character(character) for character in text)


def _upper_character(character: str) -> str:
    upper = character.upper()
    return upper if len(upper) == 1 else character


def _lower_character(character: str) -> str:
    lower = character.lower()
    return lower if len(lower) == 1 else character


def _compare_text(test: Callable[[str, str], bool]) -> Callable[..., object]:
    def evaluate(text: object, part: object, ignore_case: object = False) -> object:
        if not isinstance(text, str) or not isinstance(part, str) or not isinstance(ignore_case, bool):
            return UNDEFINED
        return test(_fold(text), _fold(part)) if ignore_case else test(text, part)

    return evaluate


def _map_text(change: Callable[[str], object]) -> Callable[[object], object]:
    return lambda text: change(text) if isinstance(text, str) else UNDEFINED


def _map_number(change: Callable[[float], float]) -> Callable[[object], object]:
    return lambda value: number(float(change(float(value)))) if is_number(value) else UNDEFINED  # type: ignore[arg-type]


def _round_half_away(value: float) -> float:
    if abs(value) >= 2**52:
        return value
    whole = math.floor(abs(value))
    rounded = whole + 1 if abs(value) - whole >= 0.5 else whole
    return math.copysign(rounded, value)


def _count(value: object) -> int | None:
    """A whole number given as an argument; None for anything else."""
    if is_number(value) and float(value).is_integer():  # type: ignore[arg-type]
        return int(value)  # type: ignore[call-overload, no-any-return]
    return None


def _substring(text: object, start: object, length: object) -> object:
    first, wanted = _count(start), _count(length)
    if not isinstance(text, str) or first is None or wanted is None:
        return UNDEFINED
    if first < 0 or wanted < 0:
        raise QueryError("SUBSTRING with a negative start or length is not supported by this stand-in.", "SC2001")
    return from_code_units(code_units(text)[first : first + wanted])


def _index_of(text: object, part: object) -> object:
    if not isinstance(text, str) or not isinstance(part, str):
        return UNDEFINED
    return code_units(text).find(code_units(part))


def _left(text: object, length: object) -> object:
    wanted = _count(length)
    if not isinstance(text, str) or wanted is None:
        return UNDEFINED
    return from_code_units(code_units(text)[: max(wanted, 0)])


def _right(text: object, length: object) -> object:
    wanted = _count(length)
    if not isinstance(text, str) or wanted is None:
        return UNDEFINED
    units = code_units(text)
    return from_code_units(units[len(units) - min(wanted, len(units)) :]) if wanted > 0 else ""


def _replace(text: object, search: object, replacement: object) -> object:
    if not isinstance(text, str) or not isinstance(search, str) or not isinstance(replacement, str) or not search:
        return UNDEFINED
    return text.replace(search, replacement)


def _concat(*parts: object) -> object:
    if not all(isinstance(part, str) for part in parts):
        return UNDEFINED
    return "".join(parts)  # type: ignore[arg-type]


def _array_contains(array: object, wanted: object, partial: object = False) -> object:
    if not isinstance(array, list) or wanted is UNDEFINED or not isinstance(partial, bool):
        return UNDEFINED
    if partial and isinstance(wanted, dict):
        return any(
            isinstance(element, dict)
            and all(key in element and same(value, element[key]) for key, value in wanted.items())
            for element in array
        )
    return any(same(element, wanted) for element in array)


def _array_slice(array: object, start: object, *length: object) -> object:
    first = _count(start)
    if not isinstance(array, list) or first is None:
        return UNDEFINED
    wanted = _count(length[0]) if length else len(array)
    if wanted is None:
        return UNDEFINED
    if first < 0:
        first = max(len(array) + first, 0)
    return array[first : first + max(wanted, 0)]


def _array_concat(*arrays: object) -> object:
    if not all(isinstance(array, list) for array in arrays):
        return UNDEFINED
    return [element for array in arrays for element in array]  # type: ignore[attr-defined]


def _is(*kinds: type) -> Callable[[object], object]:
    return lambda value: type(value) in kinds


FUNCTIONS: dict[str, Function] = {
    "IS_DEFINED": Function(lambda value: value is not UNDEFINED, 1, 1),
    "IS_NULL": Function(lambda value: value is None, 1, 1),
    "IS_STRING": Function(_is(str), 1, 1),
    "IS_NUMBER": Function(_is(int, float), 1, 1),
    "IS_BOOL": Function(_is(bool), 1, 1),
    "IS_ARRAY": Function(_is(list), 1, 1),
    "IS_OBJECT": Function(_is(dict), 1, 1),
    "IS_PRIMITIVE": Function(_is(str, int, float, bool, type(None)), 1, 1),
    "CONTAINS": Function(_compare_text(lambda text, part: part in text), 2, 3),
    "STARTSWITH": Function(_compare_text(str.startswith), 2, 3),
    "ENDSWITH": Function(_compare_text(str.endswith), 2, 3),
    "STRINGEQUALS": Function(_compare_text(str.__eq__), 2, 3),
    "LENGTH": Function(_map_text(lambda text: len(code_units(text))), 1, 1),
    "LOWER": Function(_map_text(lambda text: "".join(map(_lower_character, text))), 1, 1),
    "UPPER": Function(_map_text(_fold), 1, 1),
    "SUBSTRING": Function(_substring, 3, 3),
    "INDEX_OF": Function(_index_of, 2, 2),
    "LEFT": Function(_left, 2, 2),
    "RIGHT": Function(_right, 2, 2),
    "REPLACE": Function(_replace, 3, 3),
    "CONCAT": Function(_concat, 2, 64),
    "ABS": Function(_map_number(abs), 1, 1),
    "CEILING": Function(_map_number(math.ceil), 1, 1),
    "FLOOR": Function(_map_number(math.floor), 1, 1),
    "ROUND": Function(_map_number(_round_half_away), 1, 1),
    "ARRAY_CONTAINS": Function(_array_contains, 2, 3),
    "ARRAY_LENGTH": Function(lambda array: len(array) if isinstance(array, list) else UNDEFINED, 1, 1),
    "ARRAY_SLICE": Function(_array_slice, 2, 3),
    "ARRAY_CONCAT": Function(_array_concat, 2, 64),
}


def function_named(name: str, arguments: int) -> Callable[..., object]:
    """The function of that upper-case name. Raises QueryError for an unknown one or a wrong number of arguments."""
    function = FUNCTIONS.get(name)
    if function is None:
        raise QueryError(f"'{name}' is not a recognized built-in function name of this stand-in.", "SC2005")
    if not function.least <= arguments <= function.most:
        wanted = str(function.least) if function.least == function.most else f"{function.least} to {function.most}"
        raise QueryError(f"The {name} function requires {wanted} argument(s).", "SC2007")
    return function.evaluate


@lru_cache(maxsize=256)
def like_pattern(pattern: str, escape: str | None) -> re.Pattern[str]:
    """The regular expression of a LIKE pattern. Raises QueryError for a set without an end or a dangling escape."""
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == escape:
            if at + 1 == len(pattern):
                raise QueryError("The LIKE pattern ends in its escape character.")
            at += 1
            parts.append(re.escape(pattern[at]))
        elif character == "%":
            parts.append(".*")
        elif character == "_":
            parts.append(".")
        elif character == "[":
            at, fragment = _like_set(pattern, at)
            parts.append(fragment)
        else:
            parts.append(re.escape(character))
        at += 1
    return re.compile("".join(parts), re.DOTALL)


def _like_set(pattern: str, start: int) -> tuple[int, str]:
    end = pattern.find("]", start + 2)
    if end < 0:
        raise QueryError("The LIKE pattern opens a set with '[' and does not close it.")
    inside = pattern[start + 1 : end]
    negated = inside.startswith("^")
    members = re.sub(r"([\\\[\]^&~|])", r"\\\1", inside[1:] if negated else inside)
    try:
        re.compile(f"[{members}]")
    except re.error as error:
        raise QueryError(f"The LIKE set '[{inside}]' is not valid.") from error
    return end, f"[{'^' if negated else ''}{members}]"
