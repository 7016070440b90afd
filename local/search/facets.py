"""Facets: how the found documents spread over the values of a field."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from local.search.columns import Mask
from local.search.definition import Definition, Field, Json
from local.search.documents import Documents
from local.search.errors import SearchError, bad_parameter
from local.search.values import NUMBERS, element_type, microseconds, shown

DEFAULT_COUNT = 10
_SORTS = ("count", "-count", "value", "-value")
_SPANS = ("minute", "hour", "day", "week", "month", "quarter", "year")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet: single values, ranges between `bounds`, or spans of `interval`."""

    field: Field
    count: int = DEFAULT_COUNT
    sort: str = "count"
    bounds: tuple[Any, ...] | None = None
    interval: float | str | None = None


def parse_facet(text: str, definition: Definition) -> Facet:
    """A facet expression such as `category,count:5,sort:value`. Raises SearchError 400 naming what is wrong."""
    name, *options = [part.strip() for part in text.split(",")]
    field = definition.field(name, "facet")
    if not field.facetable:
        raise bad_parameter(f"The field '{name}' is not facetable.", "facet")
    chosen: dict[str, str] = {}
    for option in options:
        key, separator, value = option.partition(":")
        if key not in ("count", "sort", "values", "interval") or not separator or key in chosen:
            raise _wrong(text, f"'{option}' is unknown, given twice or not supported")
        chosen[key] = value
    if "values" in chosen and len(chosen) > 1:
        raise _wrong(text, "values cannot be combined with other options")
    if "interval" in chosen and chosen.keys() & {"count", "sort"}:
        raise _wrong(text, "interval cannot be combined with count or sort")
    count = chosen.get("count", str(DEFAULT_COUNT))
    if not count.isdecimal() or int(count) < 1:
        raise _wrong(text, f"count:{count} is not a positive number")
    sort = chosen.get("sort", "count")
    if sort not in _SORTS:
        raise _wrong(text, f"sort:{sort} is not one of {', '.join(_SORTS)}")
    bounds = _bounds(field, chosen["values"], text) if "values" in chosen else None
    return Facet(field, int(count), sort, bounds, _interval(field, chosen.get("interval"), text))


def _bounds(field: Field, listed: str, text: str) -> tuple[Any, ...]:
    kind = element_type(field.type)
    bounds: list[Any] = []
    for each in listed.split("|"):
        try:
            value = microseconds(each) if kind == "Edm.DateTimeOffset" else float(each) if kind in NUMBERS else None
        except ValueError:
            value = None
        if value is None:
            raise _wrong(text, f"'{each}' is no bound for a field of type {field.type}")
        bounds.append(int(value) if kind in ("Edm.Int32", "Edm.Int64") and float(value).is_integer() else value)
    return tuple(sorted(bounds))


def _interval(field: Field, value: str | None, text: str) -> float | str | None:
    kind = element_type(field.type)
    if value is None or (kind == "Edm.DateTimeOffset" and value in _SPANS):
        return value
    try:
        number = float(value) if kind in NUMBERS else 0.0
    except ValueError:
        number = 0.0
    if not (number > 0 and math.isfinite(number)) or (kind != "Edm.Double" and not number.is_integer()):
        raise _wrong(text, f"interval:{value} does not fit a field of type {field.type}")
    return number


def count_facet(facet: Facet, documents: Documents, mask: Mask) -> list[Json]:
    """The facet's buckets over these documents."""
    counts = documents.column(facet.field).counts(mask)
    if facet.bounds is not None:
        return _ranges(facet, counts)
    if facet.interval is not None:
        start = _start_of(facet)
        spans: Counter[Any] = Counter()
        for value, number in counts.items():
            spans[start(value)] += number
        return [{"value": shown(value, facet.field.type), "count": spans[value]} for value in sorted(spans)]
    ordered = sorted(counts.items(), reverse=facet.sort == "-value")
    if facet.sort in ("count", "-count"):
        ordered.sort(key=lambda each: each[1], reverse=facet.sort == "count")
    return [{"value": shown(value, facet.field.type), "count": number} for value, number in ordered[: facet.count]]


def _ranges(facet: Facet, counts: dict[Any, int]) -> list[Json]:
    edges = [None, *(facet.bounds or ()), None]
    buckets = []
    for low, high in pairwise(edges):
        within = (low is None or value >= low for value in counts)
        total = sum(
            number
            for (value, number), fits in zip(counts.items(), within, strict=True)
            if fits and (high is None or value < high)
        )
        bounds = {"from": low, "to": high}
        named = {name: shown(edge, facet.field.type) for name, edge in bounds.items() if edge is not None}
        buckets.append({"count": total, **named})
    return buckets


def _start_of(facet: Facet) -> Callable[[Any], Any]:
    interval = facet.interval
    if isinstance(interval, str):
        return lambda value: _start_of_span(value, interval)
    assert interval is not None
    if facet.field.type == "Edm.Double" or facet.field.type == "Collection(Edm.Double)":
        return lambda value: math.floor(value / interval) * interval
    return lambda value: value // int(interval) * int(interval)


def _start_of_span(value: int, span: str) -> int:
    moment = (_EPOCH + timedelta(microseconds=value)).replace(second=0, microsecond=0)
    if span != "minute":
        moment = moment.replace(minute=0)
    if span not in ("minute", "hour"):
        moment = moment.replace(hour=0)
    if span == "week":
        moment -= timedelta(days=moment.weekday())
    if span in ("month", "quarter", "year"):
        moment = moment.replace(day=1)
    if span in ("quarter", "year"):
        moment = moment.replace(month=1 if span == "year" else (moment.month - 1) // 3 * 3 + 1)
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _wrong(text: str, reason: str) -> SearchError:
    return bad_parameter(f"Invalid facet expression '{text}': {reason}.", "facet")
