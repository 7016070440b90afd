"""Expressions → functions of one row. A row is a dictionary of what aliases, parameters and slots stand for."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol, TypeAlias

from local.cosmos.sql import syntax
from local.cosmos.sql.functions import function_named, like_pattern
from local.cosmos.sql.parser import QueryError
from local.cosmos.sql.values import UNDEFINED, Undefined, code_units, equal, is_number, less, number

Row: TypeAlias = dict[str, object]
Evaluate: TypeAlias = Callable[[Row], object]


class Scope(Protocol):
    """What the surroundings of an expression decide: its names, its aggregates, its subqueries."""

    def resolve(self, name: str) -> None:
        """Raises QueryError unless the alias is in sight."""

    def slot(self, expression: syntax.Expression) -> str | None:
        """The slot of a row that already holds this expression's value: a group key or an aggregate; else None."""

    def subquery(self, expression: syntax.Subquery) -> Evaluate:
        """How to evaluate a subquery for one row."""


def compile_expression(expression: syntax.Expression, scope: Scope) -> Evaluate:
    """The function that gives an expression's value, or UNDEFINED. Raises QueryError for what has no meaning here."""
    slot = scope.slot(expression)
    if slot is not None:
        return _slot(slot)
    match expression:
        case syntax.Constant(value=value):
            return lambda row: value
        case syntax.Parameter(name=name):
            return _slot(name)
        case syntax.Name(name=name):
            scope.resolve(name)
            return _slot(name)
        case syntax.Property(target=target, key=key):
            return _property(compile_expression(target, scope), key)
        case syntax.Index(target=target, position=position):
            return _index(compile_expression(target, scope), position)
        case syntax.Aggregate(name=name):
            raise QueryError(f"The aggregate {name} is not allowed in this place.", "SC2103")
        case syntax.Subquery():
            return scope.subquery(expression)
        case syntax.ObjectOf(members=members):
            return _object([(key, compile_expression(value, scope)) for key, value in members])
        case _:
            operands = [compile_expression(child, scope) for child in syntax.children(expression)]
            return _operation(expression, operands)


def _operation(expression: syntax.Expression, operands: list[Evaluate]) -> Evaluate:
    match expression:
        case syntax.Call(name=name):
            return _call(function_named(name, len(operands)), operands)
        case syntax.Logical(operator="AND"):
            return _decided_by(False, operands)
        case syntax.Logical(operator="OR"):
            return _decided_by(True, operands)
        case syntax.Not():
            return lambda row: not value if type(value := operands[0](row)) is bool else UNDEFINED
        case syntax.Compare(operator=operator):
            left, right = operands
            return _compare(operator, left, right)
        case syntax.Membership():
            return _membership(operands[0], operands[1:])
        case syntax.Like(escape=escape):
            text, pattern = operands
            return _like(text, pattern, escape)
        case syntax.Arithmetic(operator=operator):
            left, right = operands
            return _arithmetic(operator, left, right)
        case syntax.Signed(operator=operator):
            return _signed(operator, operands[0])
        case syntax.Concatenation():
            return _concatenation(operands)
        case syntax.Coalesce():
            return _coalesce(operands)
        case syntax.Conditional():
            condition, chosen, otherwise = operands
            return lambda row: chosen(row) if condition(row) is True else otherwise(row)
        case syntax.ArrayOf():
            return lambda row: [value for operand in operands if (value := operand(row)) is not UNDEFINED]
        case _:
            raise QueryError(f"{type(expression).__name__} is not supported by this stand-in.")


def _slot(name: str) -> Evaluate:
    return lambda row: row[name]


def _property(target: Evaluate, key: str) -> Evaluate:
    def evaluate(row: Row) -> object:
        value = target(row)
        return value.get(key, UNDEFINED) if type(value) is dict else UNDEFINED

    return evaluate


def _index(target: Evaluate, position: int) -> Evaluate:
    def evaluate(row: Row) -> object:
        value = target(row)
        return value[position] if type(value) is list and position < len(value) else UNDEFINED

    return evaluate


def _call(function: Callable[..., object], operands: list[Evaluate]) -> Evaluate:
    if len(operands) == 2:
        first, second = operands
        return lambda row: function(first(row), second(row))
    return lambda row: function(*[operand(row) for operand in operands])


def _decided_by(verdict: bool, operands: list[Evaluate]) -> Evaluate:
    """AND is decided by one false, OR by one true, whatever the others are; else all must be booleans."""

    def evaluate(row: Row) -> object:
        result: bool | Undefined = not verdict
        for operand in operands:
            value = operand(row)
            if value is verdict:
                return verdict
            if value is not (not verdict):
                result = UNDEFINED
        return result

    return evaluate


def _compare(operator: str, left: Evaluate, right: Evaluate) -> Evaluate:
    def at_most(one: object, other: object) -> bool | Undefined:
        greater = less(other, one)
        return greater if greater is UNDEFINED else not greater

    match operator:
        case "=":
            return lambda row: equal(left(row), right(row))
        case "!=":
            return lambda row: UNDEFINED if (outcome := equal(left(row), right(row))) is UNDEFINED else not outcome
        case "<":
            return lambda row: less(left(row), right(row))
        case ">":
            return lambda row: less(right(row), left(row))
        case "<=":
            return lambda row: at_most(left(row), right(row))
        case _:
            return lambda row: at_most(right(row), left(row))


def _membership(needle: Evaluate, values: list[Evaluate]) -> Evaluate:
    def evaluate(row: Row) -> object:
        wanted = needle(row)
        if wanted is UNDEFINED:
            return UNDEFINED
        result: bool | Undefined = False
        for value in values:
            outcome = equal(wanted, value(row))
            if outcome is True:
                return True
            if outcome is UNDEFINED:
                result = UNDEFINED
        return result

    return evaluate


def _like(text: Evaluate, pattern: Evaluate, escape: str | None) -> Evaluate:
    def evaluate(row: Row) -> object:
        whole, wanted = text(row), pattern(row)
        if not isinstance(whole, str) or not isinstance(wanted, str):
            return UNDEFINED
        return like_pattern(code_units(wanted), escape).fullmatch(code_units(whole)) is not None

    return evaluate


def _arithmetic(operator: str, left: Evaluate, right: Evaluate) -> Evaluate:
    operation = _ARITHMETIC[operator]

    def evaluate(row: Row) -> object:
        one, other = left(row), right(row)
        if not is_number(one) or not is_number(other):
            return UNDEFINED
        if other == 0 and operator in "/%":
            raise QueryError("Division by zero is not supported by this stand-in.")
        result = operation(float(one), float(other))  # type: ignore[arg-type]
        if not math.isfinite(result):
            raise QueryError(f"The result of '{operator}' does not fit a double.")
        return number(result)

    return evaluate


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": lambda one, other: one / other,
    "%": math.fmod,
}


def _signed(operator: str, operand: Evaluate) -> Evaluate:
    def evaluate(row: Row) -> object:
        value = operand(row)
        if not is_number(value):
            return UNDEFINED
        return -value if operator == "-" else value  # type: ignore[operator]

    return evaluate


def _concatenation(operands: list[Evaluate]) -> Evaluate:
    def evaluate(row: Row) -> object:
        parts = [operand(row) for operand in operands]
        if not all(isinstance(part, str) for part in parts):
            return UNDEFINED
        return "".join(parts)  # type: ignore[arg-type]

    return evaluate


def _coalesce(operands: list[Evaluate]) -> Evaluate:
    def evaluate(row: Row) -> object:
        return next((value for operand in operands if (value := operand(row)) is not UNDEFINED), UNDEFINED)

    return evaluate


def _object(members: list[tuple[str, Evaluate]]) -> Evaluate:
    return lambda row: {key: value for key, member in members if (value := member(row)) is not UNDEFINED}
