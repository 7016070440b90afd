"""Text → syntax tree."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any, cast

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError

from local.cosmos.sql import syntax
from local.cosmos.sql.values import UNDEFINED

QUERY_TEXT_LIMIT = 512 * 1024
"""Longest query, in UTF-8 bytes (Cosmos DB service limits)."""

AGGREGATES = frozenset({"COUNT", "SUM", "AVG", "MIN", "MAX"})


class QueryError(Exception):
    """A query that is wrong, or beyond what the stand-in supports; the message is shaped like Azure's."""

    def __init__(self, message: str, code: str = "SC1001", start: int = 0, end: int = 0) -> None:
        error = {
            "severity": "Error",
            "location": {"start": start, "end": end},
            "code": code,
            "message": message,
        }
        super().__init__(f"Message: {json.dumps({'errors': [error]})}")


def parse_query(text: str) -> syntax.Query:
    """The tree of a whole query. Raises QueryError with the place of the first mistake."""
    return cast(syntax.Query, _parse(text, "start"))


def parse_condition(text: str) -> syntax.Query:
    """The tree of a patch condition, `FROM c WHERE …`, as a query for whole items. Raises QueryError."""
    return cast(syntax.Query, _parse(text, "condition"))


def _parse(text: str, start: str) -> object:
    if len(text.encode("utf-8", "surrogatepass")) > QUERY_TEXT_LIMIT:
        raise QueryError(f"The SQL query text exceeded the maximum limit of {QUERY_TEXT_LIMIT} bytes.", "SC3017")
    try:
        return _Builder().transform(_parser().parse(text, start=start))
    except UnexpectedInput as error:
        raise _syntax_error(error, text) from error
    except VisitError as error:
        if isinstance(error.orig_exc, QueryError):
            raise error.orig_exc from error
        raise
    except RecursionError as error:
        raise QueryError("The query is nested too deeply.", "SC3018") from error


@cache
def _parser() -> Lark:
    grammar = files(__package__).joinpath("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", start=["start", "condition"], maybe_placeholders=True)


def _syntax_error(error: UnexpectedInput, text: str) -> QueryError:
    start = error.pos_in_stream if error.pos_in_stream is not None else len(text)
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        near = str(error.token)
    elif isinstance(error, UnexpectedCharacters) and start < len(text):
        word = re.match(r"\w+|.", text[start:], re.DOTALL)
        near = word.group() if word else ""
    else:
        start, near = len(text), ""
    what = f"Syntax error, incorrect syntax near '{near}'." if near else "Syntax error, unexpected end of the query."
    return QueryError(what, "SC1001", start, start + len(near))


_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "/": "/", "\\": "\\", "'": "'", '"': '"'}


def _unquote(token: Token) -> str:
    def replaced(match: re.Match[str]) -> str:
        code = match.group(1)
        if code[0] == "u" and len(code) == 5:
            return chr(int(code[1:], 16))
        if code in _ESCAPES:
            return _ESCAPES[code]
        start = (token.start_pos or 0) + 1 + match.start()
        raise QueryError(f"The string escape '\\{code[0]}' is not known.", "SC1001", start, start + 2)

    text = re.sub(r"\\(u[0-9a-fA-F]{4}|.)", replaced, token[1:-1], flags=re.DOTALL)
    # Two escaped halves of one character become that character, as they are in the JSON of the items.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


class _Builder(Transformer[Token, Any]):
    """One method a grammar rule; what lark hands over is untyped, what comes out is syntax."""

    def start(self, parts: list[Any]) -> syntax.Query:
        return cast(syntax.Query, parts[0])

    def condition(self, parts: list[Any]) -> syntax.Query:
        return syntax.Query(selection=syntax.SelectAll(), sources=parts[0], where=parts[1])

    def query(self, parts: list[Any]) -> syntax.Query:
        (distinct, top, selection), sources, where, groups, order, window = parts
        offset, limit = window or (None, None)
        return syntax.Query(
            selection, distinct, top, sources or (), where, groups or (), order or (), offset=offset, limit=limit
        )

    def select_clause(self, parts: list[Any]) -> tuple[bool, syntax.Count | None, Any]:
        return parts[0] is not None, parts[1], parts[2]

    def top(self, parts: list[Any]) -> syntax.Count:
        return cast(syntax.Count, parts[0])

    def literal_count(self, parts: list[Any]) -> int:
        return int(parts[0])

    def parameter_count(self, parts: list[Any]) -> syntax.Parameter:
        return syntax.Parameter(str(parts[0]))

    def select_all(self, parts: list[Any]) -> syntax.SelectAll:
        return syntax.SelectAll()

    def select_value(self, parts: list[Any]) -> syntax.SelectValue:
        return syntax.SelectValue(parts[0])

    def select_list(self, parts: list[Any]) -> syntax.SelectList:
        return syntax.SelectList(tuple(parts))

    def select_item(self, parts: list[Any]) -> syntax.SelectItem:
        return syntax.SelectItem(parts[0], str(parts[1]) if parts[1] is not None else None)

    def from_clause(self, parts: list[Any]) -> tuple[syntax.Source, ...]:
        return tuple(parts)

    def join(self, parts: list[Any]) -> syntax.Source:
        source = cast(syntax.Source, parts[0])
        if source.kind == "whole":
            raise QueryError("JOIN needs an alias IN an array, or a subquery.", "SC2101")
        return source

    def named_source(self, parts: list[Any]) -> syntax.Source:
        return syntax.Source("whole", str(parts[0]), syntax.Name(str(parts[0])))

    def renamed_source(self, parts: list[Any]) -> syntax.Source:
        return syntax.Source("whole", str(parts[1]), syntax.Name(str(parts[0])))

    def path_source(self, parts: list[Any]) -> syntax.Source:
        path = parts[0]
        if not isinstance(path, syntax.Property):
            raise QueryError("A FROM clause that ends in an index needs an alias.", "SC2101")
        return syntax.Source("whole", path.key, path)

    def aliased_path_source(self, parts: list[Any]) -> syntax.Source:
        return syntax.Source("whole", str(parts[1]), parts[0])

    def iterated_source(self, parts: list[Any]) -> syntax.Source:
        return syntax.Source("each", str(parts[0]), parts[1])

    def subquery_source(self, parts: list[Any]) -> syntax.Source:
        return syntax.Source("rows", str(parts[1]), parts[0])

    def path(self, parts: list[Any]) -> syntax.Path:
        path: syntax.Path = syntax.Name(str(parts[0]))
        for step in parts[1:]:
            path = syntax.Index(path, step) if isinstance(step, int) else syntax.Property(path, step)
        return path

    def property_accessor(self, parts: list[Any]) -> str:
        return str(parts[0])

    def quoted_accessor(self, parts: list[Any]) -> str:
        return _unquote(parts[0])

    def index_accessor(self, parts: list[Any]) -> int:
        return int(parts[0])

    def where_clause(self, parts: list[Any]) -> syntax.Expression:
        return cast(syntax.Expression, parts[0])

    def group_clause(self, parts: list[Any]) -> tuple[syntax.Expression, ...]:
        return tuple(parts)

    def order_clause(self, parts: list[Any]) -> tuple[syntax.OrderItem, ...]:
        return tuple(parts)

    def order_item(self, parts: list[Any]) -> syntax.OrderItem:
        return syntax.OrderItem(parts[0], parts[1] is not None and parts[1].type == "DESC")

    def offset_clause(self, parts: list[Any]) -> tuple[syntax.Count, syntax.Count]:
        return parts[0], parts[1]

    def coalesce(self, parts: list[Any]) -> syntax.Coalesce:
        return syntax.Coalesce(tuple(parts))

    def conditional(self, parts: list[Any]) -> syntax.Conditional:
        return syntax.Conditional(*parts)

    def disjunction(self, parts: list[Any]) -> syntax.Logical:
        return syntax.Logical("OR", tuple(parts))

    def conjunction(self, parts: list[Any]) -> syntax.Logical:
        return syntax.Logical("AND", tuple(parts))

    def negation(self, parts: list[Any]) -> syntax.Not:
        return syntax.Not(parts[1])

    def compare(self, parts: list[Any]) -> syntax.Compare:
        operator = "!=" if parts[1] == "<>" else str(parts[1])
        return syntax.Compare(cast(Any, operator), parts[0], parts[2])

    def membership(self, parts: list[Any]) -> syntax.Expression:
        return _negated_if(parts[1], syntax.Membership(parts[0], tuple(parts[2:])))

    def between(self, parts: list[Any]) -> syntax.Expression:
        value, negated, low, high = parts
        both = syntax.Logical("AND", (syntax.Compare(">=", value, low), syntax.Compare("<=", value, high)))
        return _negated_if(negated, both)

    def like(self, parts: list[Any]) -> syntax.Expression:
        text, negated, pattern, escape = parts
        escape = _unquote(escape) if escape is not None else None
        if escape is not None and len(escape) != 1:
            raise QueryError("ESCAPE needs one character.")
        return _negated_if(negated, syntax.Like(text, pattern, escape))

    def concatenation(self, parts: list[Any]) -> syntax.Concatenation:
        return syntax.Concatenation(tuple(parts))

    def arithmetic(self, parts: list[Any]) -> syntax.Arithmetic:
        return syntax.Arithmetic(cast(Any, str(parts[1])), parts[0], parts[2])

    def multiply(self, parts: list[Any]) -> syntax.Arithmetic:
        return syntax.Arithmetic("*", parts[0], parts[1])

    def signed(self, parts: list[Any]) -> syntax.Signed:
        return syntax.Signed(cast(Any, str(parts[0])), parts[1])

    def null(self, parts: list[Any]) -> syntax.Constant:
        return syntax.Constant(None, "null")

    def undefined(self, parts: list[Any]) -> syntax.Constant:
        return syntax.Constant(UNDEFINED, "undefined")

    def true(self, parts: list[Any]) -> syntax.Constant:
        return syntax.Constant(True, "true")

    def false(self, parts: list[Any]) -> syntax.Constant:
        return syntax.Constant(False, "false")

    def string(self, parts: list[Any]) -> syntax.Constant:
        value = _unquote(parts[0])
        return syntax.Constant(value, json.dumps(value))

    def integer(self, parts: list[Any]) -> syntax.Constant:
        return _number(int(parts[0]))

    def decimal(self, parts: list[Any]) -> syntax.Constant:
        return _number(float(parts[0]))

    def parameter(self, parts: list[Any]) -> syntax.Parameter:
        return syntax.Parameter(str(parts[0]))

    def name(self, parts: list[Any]) -> syntax.Name:
        return syntax.Name(str(parts[0]))

    def property(self, parts: list[Any]) -> syntax.Property:
        return syntax.Property(parts[0], str(parts[1]))

    def quoted_property(self, parts: list[Any]) -> syntax.Property:
        return syntax.Property(parts[0], _unquote(parts[1]))

    def index(self, parts: list[Any]) -> syntax.Index:
        return syntax.Index(parts[0], int(parts[1]))

    def call(self, parts: list[Any]) -> syntax.Expression:
        name = str(parts[0]).upper()
        arguments = tuple(part for part in parts[1:] if part is not None)
        if name not in AGGREGATES:
            return syntax.Call(name, arguments)
        if len(arguments) != 1:
            raise QueryError(f"The {name} function requires 1 argument(s).", "SC2007")
        return syntax.Aggregate(name, arguments[0])

    def array(self, parts: list[Any]) -> syntax.ArrayOf:
        return syntax.ArrayOf(tuple(part for part in parts if part is not None))

    def object(self, parts: list[Any]) -> syntax.ObjectOf:
        members = tuple(part for part in parts if part is not None)
        if len({key for key, _ in members}) != len(members):
            raise QueryError("An object constructor names a property twice.")
        return syntax.ObjectOf(members)

    def member(self, parts: list[Any]) -> tuple[str, syntax.Expression]:
        key = _unquote(parts[0]) if parts[0].type == "STRING" else str(parts[0])
        return key, parts[1]

    def exists(self, parts: list[Any]) -> syntax.Subquery:
        return syntax.Subquery("EXISTS", parts[0])

    def array_of(self, parts: list[Any]) -> syntax.Subquery:
        return syntax.Subquery("ARRAY", parts[0])

    def scalar_subquery(self, parts: list[Any]) -> syntax.Subquery:
        return syntax.Subquery("SCALAR", parts[0])


def _negated_if(negated: object, expression: syntax.Expression) -> syntax.Expression:
    return syntax.Not(expression) if negated is not None else expression


def _number(value: int | float) -> syntax.Constant:
    number = float(value) if abs(value) < 2**1023 else float("inf")
    if number in (float("inf"), float("-inf")):
        raise QueryError(f"The number {str(value)[:20]}… does not fit a double.")
    return syntax.Constant(value, repr(number))
