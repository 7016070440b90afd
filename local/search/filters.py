"""OData filters: checked against the fields' types, then answered from the columns in memory."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from lark import Lark, Token, Tree, UnexpectedInput

from local.search.columns import Mask
from local.search.definition import Definition, Field
from local.search.documents import Documents
from local.search.errors import SearchError, bad_parameter
from local.search.values import NUMBERS, element_type, microseconds

PARAMETER = "$filter"

Filter = Callable[[Documents], Mask]
"""The documents for which the filter holds; numbers that are no documents may be among them."""

_DEEPEST = 100
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_MIRRORED = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
_NAMES = {"eq": "Equal", "ne": "NotEqual"}
_FUNCTION = re.compile(r"(?<![\w./])([A-Za-z]+(?:\.[A-Za-z]+)?)\s*\(")
_KEYWORDS = frozenset({"and", "or", "not", "search.in"})


class _Literal(NamedTuple):
    type: str
    value: Any


@dataclass(frozen=True)
class _Scope:
    """What names mean: fields of the index, or inside any() and all() the one variable for an element."""

    definition: Definition
    depth: int = 0
    variable: str | None = None
    collection: Field | None = None
    quantifier: str = ""

    def deeper(self) -> _Scope:
        if self.depth >= _DEEPEST:
            raise _refusal("The filter is nested too deeply.")
        return replace(self, depth=self.depth + 1)


class _Test(NamedTuple):
    """What is asked of one value, and the answer for null."""

    field: Field
    holds: Callable[[Any], bool]
    for_null: bool
    among: frozenset[Any] | None = None
    """The values for which it holds, if those are known."""


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("filter.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=False)


def compiled_filter(text: str, definition: Definition) -> Filter:
    """The filter as a function of the documents. Raises SearchError 400 naming what is wrong."""
    if refused := [name for name in _FUNCTION.findall(re.sub(r"'(?:[^']|'')*'", "''", text)) if name not in _KEYWORDS]:
        raise _refusal(f"The function '{refused[0]}' is not supported by this stand-in.")
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise _refusal(f"Syntax error at position {(error.pos_in_stream or 0)} in '{text[:200]}'.") from error
    return _condition(tree, _Scope(definition))


def _condition(tree: Tree[Token], scope: _Scope) -> Filter:
    match tree.data, tree.children:
        case "either" | "both" as kind, [left, _, right]:
            first, second = (_condition(_tree(side), scope.deeper()) for side in (left, right))
            if kind == "both":
                return lambda documents: first(documents) & second(documents)
            return lambda documents: first(documents) | second(documents)
        case "negation", [inner]:
            positive = _condition(_tree(inner), scope.deeper())
            return lambda documents: ~positive(documents)
        case "quantified", [name, quantifier, *rest]:
            return _quantified(str(name), str(quantifier), rest, scope)
        case _:
            return _masked(_test(tree, scope))


def _masked(test: _Test | bool) -> Filter:
    if isinstance(test, bool):
        return lambda documents: documents.alive if test else ~documents.alive

    def mask(documents: Documents) -> Mask:
        column, size = documents.column(test.field), len(documents.alive)
        found = column.where(size, test.holds) if test.among is None else column.where_in(size, test.among)
        return found | ~column.filled(size) if test.for_null else found

    return mask


def _quantified(name: str, quantifier: str, rest: list[Any], scope: _Scope) -> Filter:
    field = _filterable(name, scope)
    if not field.is_collection:
        raise _refusal(f"'{name}' is not a collection: any and all are for collections.")
    if not rest:
        if quantifier == "all":
            raise _refusal(f"{name}/all needs a condition.")
        return lambda documents: documents.column(field).filled(len(documents.alive))
    variable = str(rest[0].children[0])
    inner = replace(scope.deeper(), variable=variable, collection=field, quantifier=quantifier)
    holds = _element(_tree(rest[1]), inner)
    if quantifier == "any":
        return lambda documents: documents.column(field).where(len(documents.alive), holds)
    return lambda documents: ~documents.column(field).where(len(documents.alive), lambda value: not holds(value))


def _element(tree: Tree[Token], scope: _Scope) -> Callable[[Any], bool]:
    """A condition on one element of a collection, within what Azure allows there for the type."""
    assert scope.collection is not None
    is_any = scope.quantifier == "any"
    limited = element_type(scope.collection.type) in ("Edm.String", "Edm.Boolean")
    match tree.data, tree.children:
        case "either" | "both" as kind, [left, _, right]:
            if limited and kind != ("either" if is_any else "both"):
                raise _lambda_refusal(scope, f"'{'and' if kind == 'both' else 'or'}'")
            first, second = (_element(_tree(side), scope.deeper()) for side in (left, right))
            if kind == "both":
                return lambda value: first(value) and second(value)
            return lambda value: first(value) or second(value)
        case "negation", [inner]:
            if limited and (is_any or _tree(inner).data != "search_in"):
                raise _lambda_refusal(scope, "'not'")
            positive = _element(
                _tree(inner), replace(scope.deeper(), quantifier="any" if limited else scope.quantifier)
            )
            return lambda value: not positive(value)
        case "quantified", _:
            raise _refusal("any and all cannot stand inside each other here.")
        case _:
            test = _test(tree, scope)
            if isinstance(test, bool):
                raise _refusal("A condition inside any or all must speak of its variable.")
            return test.holds


def _test(tree: Tree[Token], scope: _Scope) -> _Test | bool:
    match tree.data, tree.children:
        case "comparison", [left, word, right]:
            return _comparison(_tree(left), str(word), _tree(right), scope)
        case "search_in", [variable, *texts]:
            return _search_in(_tree(variable), [_text(text) for text in texts], scope)
        case "alone", [operand]:
            value = _operand(_tree(operand), scope)
            if isinstance(value, _Literal):
                if value.type != "Edm.Boolean":
                    raise _refusal("The filter must be a condition, not a value.")
                return bool(value.value)
            if value.type not in ("Edm.Boolean", "Collection(Edm.Boolean)"):
                raise _refusal(f"'{value.name}' of type {value.type} is not a condition.")
            return _Test(value, lambda stored: stored is True, False)
        case _:
            raise _refusal(f"A condition was expected, not {tree.data}.")


def _comparison(left: Tree[Token], word: str, right: Tree[Token], scope: _Scope) -> _Test:
    first, second = _operand(left, scope), _operand(right, scope)
    if isinstance(first, _Literal):
        first, second, word = second, first, _MIRRORED.get(word, word)
    if isinstance(first, _Literal) or not isinstance(second, _Literal):
        raise _refusal("A comparison has a field on one side and a constant on the other.")
    field, literal = first, second
    if field.is_collection and scope.variable is None:
        raise _refusal(f"'{field.name}' is a collection: compare its elements with any or all.")
    kind = element_type(field.type)
    if scope.collection is not None and kind == "Edm.String" and word != ("eq" if scope.quantifier == "any" else "ne"):
        raise _lambda_refusal(scope, f"'{word}' on strings")
    if literal.type == "null":
        if word not in _NAMES:
            raise _refusal(f"null can be compared with eq and ne only, not with {word}.")
        if scope.variable is not None:
            raise _refusal("An element of a collection is never null.")
        return _Test(field, lambda _: word == "ne", word == "eq")
    if not (literal.type == kind or (literal.type in NUMBERS and kind in NUMBERS)) or (
        kind == "Edm.Boolean" and word not in _NAMES
    ):
        raise _refusal(
            "A binary operator with incompatible types was detected. "
            f"Found operand types '{kind}' and '{literal.type}' for operator kind '{_NAMES.get(word, word)}'."
        )
    compare, wanted = _COMPARE[word], literal.value
    among = frozenset([wanted]) if word == "eq" else None
    return _Test(field, lambda value: compare(value, wanted), word == "ne", among)


def _search_in(variable: Tree[Token], texts: list[str], scope: _Scope) -> _Test:
    field = _operand(variable, scope)
    if isinstance(field, _Literal) or element_type(field.type) != "Edm.String":
        raise _refusal("search.in needs a string field, or the variable of any or all, as its first argument.")
    if field.is_collection and scope.variable is None:
        raise _refusal(f"'{field.name}' is a collection: compare its elements with any or all.")
    if scope.quantifier == "all":
        raise _lambda_refusal(scope, "search.in without 'not'")
    delimiters = texts[1] if len(texts) > 1 else " ,"
    parts = re.split(f"[{re.escape(delimiters)}]", texts[0]) if delimiters else [texts[0]]
    among = frozenset(part for part in parts if part)
    return _Test(field, among.__contains__, False, among)


def _operand(tree: Tree[Token], scope: _Scope) -> Field | _Literal:
    text = str(tree.children[0])
    match tree.data:
        case "variable":
            return _variable(text, scope)
        case "text":
            return _Literal("Edm.String", _text(text))
        case "date":
            moment = microseconds(text)
            if moment is None:
                raise _refusal(f"'{text}' is not a date.")
            return _Literal("Edm.DateTimeOffset", moment)
        case "integer":
            return _Literal("Edm.Int32" if abs(int(text)) < 2**31 else "Edm.Int64", int(text))
        case "double":
            return _Literal("Edm.Double", float(text))
        case "null":
            return _Literal("null", None)
        case _:
            return _Literal("Edm.Boolean", text == "true")


def _variable(name: str, scope: _Scope) -> Field:
    if scope.variable is None:
        return _filterable(name, scope)
    if name != scope.variable or scope.collection is None:
        raise _refusal(
            f"A condition inside any or all speaks of its variable '{scope.variable}' only, not of '{name}'."
        )
    return scope.collection


def _filterable(name: str, scope: _Scope) -> Field:
    field = scope.definition.field(name, PARAMETER)
    if not field.filterable:
        raise _refusal(f"'{name}' is not a filterable field. Only filterable fields can be used in filter expressions.")
    return field


def _text(token: object) -> str:
    return str(token)[1:-1].replace("''", "'")


def _tree(node: Tree[Token] | Token) -> Tree[Token]:
    assert isinstance(node, Tree)
    return node


def _refusal(message: str) -> SearchError:
    return bad_parameter(f"Invalid expression: {message}", PARAMETER)


def _lambda_refusal(scope: _Scope, what: str) -> SearchError:
    assert scope.collection is not None
    return _refusal(
        f"{what} cannot be used in the condition of {scope.quantifier} over '{scope.collection.name}'. For strings any "
        "takes eq and search.in combined by or, and all takes ne and not search.in combined by and."
    )
