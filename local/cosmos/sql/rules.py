"""What a query asks of its surroundings: its index, its partition, a merging client. It answers and runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from local.cosmos.sql import syntax
from local.cosmos.sql.parser import QueryError
from local.cosmos.sql.selection import Selection
from local.cosmos.sql.values import UNDEFINED

Steps: TypeAlias = tuple[str | int, ...]

MERGED_BY_CLIENT = "-- rows for the client to merge\n"
"""Opens the query that a plan hands to the client, so that its pages come in the form that client merges."""


def order_paths(selection: Selection) -> list[tuple[Steps, bool]]:
    """The item's paths to order by, each with True for descending. Raises QueryError for anything but such paths."""
    query = selection.query
    paths: list[tuple[Steps, bool]] = []
    for item in query.order:
        path = syntax.path_of(item.expression)
        if path is None or not path[1]:
            raise QueryError("Unsupported ORDER BY clause. ORDER BY item expression could not be mapped to a "
                             "document path.", "SC2206")  # fmt: skip
        source = query.sources[0]
        if path[0] != source.alias or source.kind != "whole" or not isinstance(source.origin, syntax.Name):
            raise QueryError("Order-by over correlated collections is not supported.", "SC2205")
        paths.append((path[1], item.descending))
    if query.distinct:
        _need_selected(query)
    return paths


def _need_selected(query: syntax.Query) -> None:
    match query.selection:
        case syntax.SelectList(items=items):
            selected = {item.expression for item in items}
        case syntax.SelectValue(expression=expression):
            selected = {expression}
        case _:
            return
    for item in query.order:
        if item.expression not in selected:
            raise QueryError("ORDER BY items must appear in the select list if SELECT DISTINCT is specified.", "SC2207")


def equalities(selection: Selection, parameters: Mapping[str, object]) -> dict[Steps, object]:
    """The paths of an item that WHERE pins to one value, with that value: a row that differs can never be kept."""
    query = selection.query
    if query.where is None or not query.sources:
        return {}
    source = query.sources[0]
    if source.kind != "whole" or not isinstance(source.origin, syntax.Name):
        return {}
    pinned: dict[Steps, object] = {}
    for condition in _conjuncts(query.where):
        if not isinstance(condition, syntax.Compare) or condition.operator != "=":
            continue
        for side, other in ((condition.left, condition.right), (condition.right, condition.left)):
            path, value = syntax.path_of(side), _fixed(other, parameters)
            if path is not None and path[0] == source.alias and value is not UNDEFINED:
                pinned.setdefault(path[1], value)
    return pinned


def _conjuncts(expression: syntax.Expression) -> list[syntax.Expression]:
    if isinstance(expression, syntax.Logical) and expression.operator == "AND":
        return [part for operand in expression.operands for part in _conjuncts(operand)]
    return [expression]


def _fixed(expression: syntax.Expression, parameters: Mapping[str, object]) -> object:
    if isinstance(expression, syntax.Parameter):
        return parameters[expression.name]
    return expression.value if isinstance(expression, syntax.Constant) else UNDEFINED


def parameter_names(query: syntax.Query) -> frozenset[str]:
    """Every parameter that a query mentions, in its subqueries too."""
    found: set[str] = set()

    def visit(expression: syntax.Expression) -> None:
        if isinstance(expression, syntax.Parameter):
            found.add(expression.name)
        elif isinstance(expression, syntax.Subquery):
            found.update(parameter_names(expression.query))
        for child in syntax.children(expression):
            visit(child)

    for expression in _expressions(query):
        visit(expression)
    for source in query.sources:
        if isinstance(source.origin, syntax.Query):
            found.update(parameter_names(source.origin))
    return frozenset(found)


def _expressions(query: syntax.Query) -> list[syntax.Expression]:
    expressions: list[syntax.Expression] = [*query.groups, *(item.expression for item in query.order)]
    if query.where is not None:
        expressions.append(query.where)
    match query.selection:
        case syntax.SelectValue(expression=expression):
            expressions.append(expression)
        case syntax.SelectList(items=items):
            expressions.extend(item.expression for item in items)
    counts = (query.top, query.offset, query.limit)
    return [*expressions, *(count for count in counts if isinstance(count, syntax.Parameter))]


def needs_merging(selection: Selection) -> bool:
    """True for a query whose rows of several ranges cannot simply follow each other."""
    query = selection.query
    counted = query.top is not None or query.limit is not None
    return bool(counted or query.order or query.groups or query.distinct or selection.grouped)


def unmergeable_features(selection: Selection) -> list[str]:
    """What of a query across partitions the Python SDK cannot merge, by the names that the service uses."""
    query = selection.query
    features = ["GroupBy"] if query.groups else []
    if selection.aggregates and not _is_plain_aggregate(query):
        features.append("NonValueAggregate")
    if selection.aggregates and query.distinct:
        features.append("DistinctAggregate")
    return features


def _is_plain_aggregate(query: syntax.Query) -> bool:
    return isinstance(query.selection, syntax.SelectValue) and isinstance(query.selection.expression, syntax.Aggregate)


_PLAN_AGGREGATES = {"COUNT": "Count", "SUM": "Sum", "AVG": "Average", "MIN": "Min", "MAX": "Max"}


def query_plan(selection: Selection, text: str, counts: Mapping[str, int | None]) -> dict[str, Any]:
    """How a client is to merge the query's rows of all ranges. `counts`: the values of top, offset and limit.

    Raises QueryError naming the features that the Python SDK cannot merge: Azure refuses it just so.
    """
    features = unmergeable_features(selection)
    if features:
        raise QueryError(
            "Query contains the following features, which the calling client does not support: " + ", ".join(features),
            "SC3019",
        )
    query = selection.query
    distinct = "None" if not query.distinct else "Ordered" if query.order else "Unordered"
    aggregates = [_PLAN_AGGREGATES[a.name] for a in selection.aggregates if isinstance(a, syntax.Aggregate)]
    return {
        "partitionedQueryExecutionInfoVersion": 2,
        "queryInfo": {
            "distinctType": distinct,
            "top": counts["top"],
            "offset": counts["offset"],
            "limit": counts["limit"],
            "orderBy": ["Descending" if item.descending else "Ascending" for item in query.order],
            "orderByExpressions": [_spelling(item.expression) for item in query.order],
            "groupByExpressions": [],
            "groupByAliases": [],
            "aggregates": aggregates,
            "groupByAliasToAggregateType": {},
            "rewrittenQuery": MERGED_BY_CLIENT + text,
            "hasSelectValue": isinstance(query.selection, syntax.SelectValue),
            "hasNonStreamingOrderBy": False,
        },
        "queryRanges": [{"min": "", "max": "FF", "isMinInclusive": True, "isMaxInclusive": False}],
    }


def _spelling(expression: syntax.Expression) -> str:
    path = syntax.path_of(expression)
    assert path is not None
    return path[0] + "".join(f"[{step!r}]" for step in path[1])
