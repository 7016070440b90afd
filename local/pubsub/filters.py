"""Filters of REST calls: a subset of OData expressions, type-checked before anything is sent."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, NamedTuple

from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.exceptions import VisitError

from local.pubsub.connection import Connection

Filter = Callable[[Connection], bool]

_GRAMMAR = r"""
?start: disjunction
?disjunction: conjunction | disjunction OR conjunction -> both
?conjunction: comparison | conjunction AND comparison -> both
?comparison: unary
    | unary EQUALITY unary -> equality
    | unary ORDERING unary -> ordering
    | unary _IN "(" literal ("," literal)* ")" -> in_list
    | unary _IN NAME -> in_property
?unary: _NOT unary -> negation | primary
?primary: literal
    | NAME -> property
    | NAME "(" disjunction ("," disjunction)* ")" -> function
    | "(" disjunction ")"
?literal: STRING -> text | INTEGER -> integer | TRUE -> true | FALSE -> false | NULL -> null

AND.2: /and\b/
OR.2: /or\b/
_NOT.2: /not\b/
_IN.2: /in\b/
EQUALITY.2: /(eq|ne)\b/
ORDERING.2: /(gt|ge|lt|le)\b/
TRUE.2: /true\b/
FALSE.2: /false\b/
NULL.2: /null\b/
NAME: /[A-Za-z][A-Za-z0-9]*/
STRING: /'(?:[^']|'')*'/
INTEGER: /-?[0-9]{1,18}/
%ignore /[ \t]+/
"""


class FilterError(Exception):
    """The filter cannot be used; the message says where it breaks."""


class _Type(StrEnum):
    TEXT = "text"
    INTEGER = "an integer"
    BOOLEAN = "a condition"
    COLLECTION = "a collection"
    NULL = "null"


class _Expression(NamedTuple):
    type: _Type
    value: Callable[[Connection], Any]


class _Function(NamedTuple):
    arguments: Sequence[_Type]
    result: _Type
    apply: Callable[..., Any]
    for_null: Any = None
    optional: int = 0


def _substring(text: str, start: int, length: int | None = None) -> str | None:
    end = len(text) if length is None else start + length
    return text[start:end] if 0 <= start <= end <= len(text) else None


_ORDERINGS = {"gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le}
_PROPERTIES = {
    "userid": _Expression(_Type.TEXT, lambda connection: connection.user_id),
    "connectionid": _Expression(_Type.TEXT, lambda connection: connection.connection_id),
    "groups": _Expression(_Type.COLLECTION, lambda connection: connection.groups),
    "protocol": _Expression(_Type.TEXT, lambda connection: connection.origin.subprotocol),
}
_TEXT, _INTEGER, _BOOLEAN = _Type.TEXT, _Type.INTEGER, _Type.BOOLEAN
_FUNCTIONS = {
    "length": _Function([_TEXT], _INTEGER, len),
    "tolower": _Function([_TEXT], _TEXT, str.lower),
    "toupper": _Function([_TEXT], _TEXT, str.upper),
    "trim": _Function([_TEXT], _TEXT, str.strip),
    "contains": _Function([_TEXT, _TEXT], _BOOLEAN, operator.contains, for_null=False),
    "startswith": _Function([_TEXT, _TEXT], _BOOLEAN, str.startswith, for_null=False),
    "endswith": _Function([_TEXT, _TEXT], _BOOLEAN, str.endswith, for_null=False),
    "indexof": _Function([_TEXT, _TEXT], _INTEGER, str.find, for_null=-1),
    "concat": _Function([_TEXT, _TEXT], _TEXT, operator.add),
    "substring": _Function([_TEXT, _INTEGER, _INTEGER], _TEXT, _substring, optional=1),
}


@v_args(inline=True)
class _Compiler(Transformer[Token, _Expression]):
    """Makes each part of a filter into its type and a way to its value."""

    def both(self, left: _Expression, word: Token, right: _Expression) -> _Expression:
        _require(_BOOLEAN, left, right)
        first, second = left.value, right.value
        if word == "and":
            return _Expression(_BOOLEAN, lambda connection: first(connection) and second(connection))
        return _Expression(_BOOLEAN, lambda connection: first(connection) or second(connection))

    def negation(self, operand: _Expression) -> _Expression:
        _require(_BOOLEAN, operand)
        return _Expression(_BOOLEAN, lambda connection: not operand.value(connection))

    def equality(self, left: _Expression, word: Token, right: _Expression) -> _Expression:
        _require_comparable(left, right)
        equal = word == "eq"
        return _Expression(_BOOLEAN, lambda connection: (left.value(connection) == right.value(connection)) is equal)

    def ordering(self, left: _Expression, word: Token, right: _Expression) -> _Expression:
        _require(_INTEGER, *(side for side in (left, right) if side.type is not _Type.NULL))
        compare = _ORDERINGS[word]

        def holds(connection: Connection) -> bool:
            first, second = left.value(connection), right.value(connection)
            return first is not None and second is not None and bool(compare(first, second))

        return _Expression(_BOOLEAN, holds)

    def in_list(self, operand: _Expression, *members: _Expression) -> _Expression:
        for member in members:
            _require_comparable(operand, member)
        return _Expression(
            _BOOLEAN,
            lambda connection: operand.value(connection) in [member.value(connection) for member in members],
        )

    def in_property(self, operand: _Expression, name: Token) -> _Expression:
        collection = self.property(name)
        _require(_Type.COLLECTION, collection)
        _require(_TEXT, operand)
        return _Expression(_BOOLEAN, lambda connection: operand.value(connection) in collection.value(connection))

    def property(self, name: Token) -> _Expression:
        expression = _PROPERTIES.get(name.lower())
        if expression is None:
            raise FilterError(f"the filter names an unknown property: {name}")
        return expression

    def function(self, name: Token, *arguments: _Expression) -> _Expression:
        function = _FUNCTIONS.get(name)
        if function is None:
            raise FilterError(f"the filter names an unknown function: {name}")
        most = len(function.arguments)
        if not most - function.optional <= len(arguments) <= most:
            raise FilterError(f"the filter gives {name} {len(arguments)} arguments")
        for argument, expected in zip(arguments, function.arguments, strict=False):
            if argument.type is not _Type.NULL:
                _require(expected, argument)

        def result(connection: Connection) -> Any:
            values = [argument.value(connection) for argument in arguments]
            return function.for_null if None in values else function.apply(*values)

        return _Expression(function.result, result)

    def text(self, token: Token) -> _Expression:
        return _constant(_TEXT, token[1:-1].replace("''", "'"))

    def integer(self, token: Token) -> _Expression:
        return _constant(_INTEGER, int(token))

    def true(self, _: Token) -> _Expression:
        return _constant(_BOOLEAN, True)

    def false(self, _: Token) -> _Expression:
        return _constant(_BOOLEAN, False)

    def null(self, _: Token) -> _Expression:
        return _constant(_Type.NULL, None)


def _constant(kind: _Type, value: object) -> _Expression:
    return _Expression(kind, lambda _: value)


def _require(expected: _Type, *operands: _Expression) -> None:
    for operand in operands:
        if operand.type is not expected:
            raise FilterError(f"the filter has {operand.type} where {expected} is needed")


def _require_comparable(left: _Expression, right: _Expression) -> None:
    types = {left.type, right.type} - {_Type.NULL}
    if len(types) > 1 or _Type.COLLECTION in types:
        raise FilterError(f"the filter compares {left.type} with {right.type}")


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr")


@lru_cache(maxsize=256)
def compiled_filter(text: str) -> Filter:
    """The filter as a function of a connection. Raises FilterError."""
    try:
        expression = _Compiler().transform(_parser().parse(text))
    except UnexpectedInput as error:
        raise FilterError(f"the filter cannot be read at character {error.column}") from error
    except VisitError as error:
        if isinstance(error.orig_exc, FilterError):
            raise error.orig_exc from error
        raise FilterError("the filter is nested too deeply") from error
    except RecursionError as error:
        raise FilterError("the filter is nested too deeply") from error
    _require(_BOOLEAN, expression)
    return lambda connection: bool(expression.value(connection))
