"""A query compiled: its rows bound, filtered, grouped and projected. Paging is execution.py's business."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from local.cosmos.sql import syntax
from local.cosmos.sql.aggregates import Accumulator
from local.cosmos.sql.expressions import Evaluate, Row, compile_expression
from local.cosmos.sql.parser import QueryError, parse_condition, parse_query
from local.cosmos.sql.values import UNDEFINED, canonical

DOCUMENT = "#document"
"""The slot of a row that holds the item the row comes from."""


@dataclass(frozen=True, slots=True)
class _Binding:
    kind: str
    alias: str
    evaluate: Evaluate | None = None
    rows: Selection | None = None


@dataclass
class _Scope:
    """Names in sight of a query's expressions, and its aggregates as they are met."""

    names: frozenset[str]
    groups: dict[syntax.Expression, str] = field(default_factory=dict)
    aggregates: dict[syntax.Expression, str] | None = None
    grouped: bool = False

    def resolve(self, name: str) -> None:
        if name not in self.names:
            raise QueryError(f"Identifier '{name}' could not be resolved.", "SC2001")
        if self.grouped:
            raise QueryError(
                f"A property of '{name}' is invalid in the select list because it is not contained in either "
                "an aggregate function or the GROUP BY clause.",
                "SC2102",
            )

    def slot(self, expression: syntax.Expression) -> str | None:
        if expression in self.groups:
            return self.groups[expression]
        if isinstance(expression, syntax.Aggregate) and self.aggregates is not None:
            return self.aggregates.setdefault(expression, f"#aggregate{len(self.aggregates)}")
        return None

    def subquery(self, expression: syntax.Subquery) -> Evaluate:
        if self.grouped:
            raise QueryError("A subquery beside an aggregate or GROUP BY is not supported by this stand-in.")
        selection = Selection(expression.query, self.names)
        match expression.kind:
            case "EXISTS":
                return lambda row: next(iter(selection.values(row)), UNDEFINED) is not UNDEFINED
            case "ARRAY":
                return lambda row: list(selection.values(row))
            case _:
                return lambda row: _only(list(selection.values(row)))


def _only(values: list[object]) -> object:
    if len(values) > 1:
        raise QueryError("A scalar subquery gave more than one row.", "SC2104")
    return values[0] if values else UNDEFINED


class Selection:
    """One SELECT with its sources, filter, groups and projection. Raises QueryError for what has no meaning."""

    def __init__(self, query: syntax.Query, outer: frozenset[str] | None = None) -> None:
        self.query = query
        self._refuse_combinations(query, outer)
        self._sources, names = _bind_sources(query.sources, outer)
        plain = _Scope(names)
        self._where = compile_expression(query.where, plain) if query.where is not None else None
        self._groups = [compile_expression(group, plain) for group in query.groups]
        self.order = [(compile_expression(item.expression, plain), item.descending) for item in query.order]
        self.aggregates: dict[syntax.Expression, str] = {}
        self.grouped = bool(query.groups) or _has_aggregate(query.selection)
        scope = plain
        if self.grouped:
            slots = {group: f"#group{at}" for at, group in enumerate(query.groups)}
            scope = _Scope(names, slots, self.aggregates, grouped=True)
        self.project = _projection(query, scope)
        self._arguments = [
            (slot, aggregate.name, compile_expression(aggregate.argument, plain))
            for aggregate, slot in self.aggregates.items()
            if isinstance(aggregate, syntax.Aggregate)
        ]

    @staticmethod
    def _refuse_combinations(query: syntax.Query, outer: frozenset[str] | None) -> None:
        if outer is not None and (query.order or query.top is not None or query.limit is not None):
            raise QueryError("ORDER BY, TOP and OFFSET inside a subquery are not supported by this stand-in.")
        if query.groups and query.order:
            raise QueryError("'ORDER BY' is not supported in presence of GROUP BY.", "SC2105")
        if query.order and _has_aggregate(query.selection):
            raise QueryError("'ORDER BY' beside an aggregate is not supported by this stand-in.", "SC2105")
        if query.top is not None and query.limit is not None:
            raise QueryError("'TOP' and 'OFFSET LIMIT' cannot be used in one query.", "SC2202")

    def bindings(self, row: Row) -> Iterator[Row]:
        """The rows that FROM, JOIN and WHERE leave; each is a dictionary of its own only where sources multiply."""
        where = self._where
        for bound in self._bound(row, 0):
            if where is None or where(bound) is True:
                yield bound

    def _bound(self, row: Row, depth: int) -> Iterator[Row]:
        if depth == len(self._sources):
            yield row
            return
        source = self._sources[depth]
        for value in _elements(source, row):
            row[source.alias] = value
            yield from self._bound(row, depth + 1)

    def groups(self, rows: Iterator[Row], parameters: Row) -> list[tuple[Row, list[Accumulator]]]:
        """Every group: a row of its keys, aggregates and parameters, and the accumulators behind the aggregates."""
        found: dict[str, tuple[Row, list[Accumulator]]] = {}
        for row in rows:
            keys = [group(row) for group in self._groups]
            name = canonical(keys)
            if name not in found:
                slots = {f"#group{at}": key for at, key in enumerate(keys)}
                found[name] = ({**parameters, **slots}, self._accumulators())
            for (_, _, argument), accumulator in zip(self._arguments, found[name][1], strict=True):
                accumulator.add(argument(row))
        if not found and not self._groups:
            found[""] = (dict(parameters), self._accumulators())
        for row, accumulators in found.values():
            for (slot, _, _), accumulator in zip(self._arguments, accumulators, strict=True):
                row[slot] = accumulator.result()
        return list(found.values())

    def _accumulators(self) -> list[Accumulator]:
        return [Accumulator(name) for _, name, _ in self._arguments]

    def values(self, outer: Row) -> Iterator[object]:
        """All rows of a subquery for one outer row."""
        row = dict(outer)
        rows = self.bindings(row)
        projected = (
            (self.project(group) for group, _ in self.groups(rows, outer))
            if self.grouped
            else (self.project(bound) for bound in rows)
        )
        defined = (value for value in projected if value is not UNDEFINED)
        if not self.query.distinct:
            return defined
        repeats = Repeats()
        return (value for value in defined if not repeats.has(value))


class Repeats:
    """Remembers values for DISTINCT."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def has(self, value: object) -> bool:
        """True if an equal value was asked about before."""
        key = canonical(value)
        if key in self._seen:
            return True
        self._seen.add(key)
        return False


def _elements(source: _Binding, row: Row) -> Iterator[object]:
    if source.rows is not None:
        yield from source.rows.values(row)
        return
    assert source.evaluate is not None
    value = source.evaluate(row)
    if source.kind == "each":
        if type(value) is list:
            yield from value
    elif value is not UNDEFINED:
        yield value


def _bind_sources(
    sources: tuple[syntax.Source, ...], outer: frozenset[str] | None
) -> tuple[list[_Binding], frozenset[str]]:
    names = outer or frozenset()
    own: set[str] = set()
    bindings: list[_Binding] = []
    for at, source in enumerate(sources):
        if source.alias in own:
            raise QueryError(f"The alias '{source.alias}' is used twice.", "SC2002")
        if isinstance(source.origin, syntax.Query):
            if at == 0 and outer is None and source.origin.sources:
                raise QueryError("A subquery over items as the first of FROM is not supported by this stand-in.")
            binding = _Binding(source.kind, source.alias, rows=Selection(source.origin, names))
        else:
            origin: syntax.Expression = source.origin
            if at == 0 and outer is None:
                origin, seen = _rooted(origin), names | {DOCUMENT}
            else:
                seen = names
            binding = _Binding(source.kind, source.alias, compile_expression(origin, _Scope(seen)))
        bindings.append(binding)
        own.add(source.alias)
        names = names | {source.alias}
    return bindings, names


def _rooted(path: syntax.Expression) -> syntax.Expression:
    """The path with its first name, which in the outermost FROM may be any, standing for the item."""
    match path:
        case syntax.Property(target=target, key=key):
            return syntax.Property(_rooted(target), key)
        case syntax.Index(target=target, position=position):
            return syntax.Index(_rooted(target), position)
        case _:
            return syntax.Name(DOCUMENT)


def _has_aggregate(selection: syntax.SelectAll | syntax.SelectValue | syntax.SelectList) -> bool:
    def within(expression: syntax.Expression) -> bool:
        return isinstance(expression, syntax.Aggregate) or any(map(within, syntax.children(expression)))

    match selection:
        case syntax.SelectValue(expression=expression):
            return within(expression)
        case syntax.SelectList(items=items):
            return any(within(item.expression) for item in items)
        case _:
            return False


def _projection(query: syntax.Query, scope: _Scope) -> Evaluate:
    match query.selection:
        case syntax.SelectValue(expression=expression):
            return compile_expression(expression, scope)
        case syntax.SelectList(items=items):
            names = _column_names(items)
            members = [compile_expression(item.expression, scope) for item in items]
            return lambda row: {
                name: value
                for name, member in zip(names, members, strict=True)
                if (value := member(row)) is not UNDEFINED
            }
        case _:
            if len(query.sources) != 1:
                raise QueryError("'SELECT *' is only valid with a single input set.", "SC2200")
            if query.groups:
                raise QueryError("'SELECT *' cannot be used with GROUP BY.", "SC2102")
            alias = query.sources[0].alias
            return lambda row: row[alias]


def _column_names(items: tuple[syntax.SelectItem, ...]) -> list[str]:
    names: list[str] = []
    unnamed = 0
    for item in items:
        expression = item.expression
        if item.alias is not None:
            name = item.alias
        elif isinstance(expression, syntax.Property) and syntax.path_of(expression) is not None:
            name = expression.key
        elif isinstance(expression, syntax.Name):
            name = expression.name
        else:
            unnamed += 1
            name = f"${unnamed}"
        if name in names:
            raise QueryError(f"The select list names '{name}' twice; give one of them an alias with AS.", "SC2101")
        names.append(name)
    return names


@lru_cache(maxsize=512)
def compile_query(text: str) -> Selection:
    """The compiled form of a query text, kept for the next time. Raises QueryError."""
    return Selection(parse_query(text))


@lru_cache(maxsize=256)
def compile_condition(text: str) -> Selection:
    """The compiled form of a patch condition, `FROM c WHERE …`. Raises QueryError."""
    return Selection(parse_condition(text))
