"""What a search asks for: read from its JSON, and checked against the index before anything is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from local.search.definition import Definition, Field, Json
from local.search.errors import bad_parameter, bad_request, unsupported
from local.search.facets import Facet, parse_facet
from local.search.filters import Filter, compiled_filter
from local.search.lucene import parse_full
from local.search.textquery import Everything, Query, parse_simple
from local.search.values import checked_vector

PAGE = 50
MOST_ON_PAGE = 1000
MOST_SKIPPED = 100_000
"""Rows of a page when nothing is said, at most, and how far one can skip: the limits of the service."""

MOST_NEIGHBOURS = 10_000
MOST_ORDERS = 32

_KEYS = frozenset(
    {
        "search",
        "searchFields",
        "searchMode",
        "queryType",
        "filter",
        "orderby",
        "select",
        "skip",
        "top",
        "count",
        "facets",
    }
    | {"highlight", "highlightPreTag", "highlightPostTag", "vectorQueries", "vectorFilterMode", "minimumCoverage"}
    | {"semanticConfiguration", "semanticQuery", "semanticErrorHandling", "semanticMaxWaitInMilliseconds", "answers"}
    | {"captions", "debug", "scoringParameters", "scoringProfile", "scoringStatistics", "sessionId"}
)
_VECTOR_KEYS = frozenset({"kind", "vector", "k", "fields", "weight", "exhaustive", "oversampling"})


@dataclass(frozen=True, slots=True)
class Order:
    """One clause of an order; no field means the score."""

    field: Field | None
    descending: bool


@dataclass(frozen=True, slots=True)
class VectorQuery:
    """The nearest `count` documents to a vector in each of the fields, and what a place among them weighs."""

    vector: list[float]
    count: int
    fields: list[Field]
    weight: float


@dataclass(frozen=True, slots=True)
class Semantic:
    """The re-ranking asked for."""

    text: str
    fields: Json
    """The prioritized fields of the configuration."""
    captions: bool
    answers: int
    threshold: float
    """The least likeness of an answer, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What stands before and after a found word."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search, with every name in it known to exist."""

    query: Query | None
    """None for a search by vectors alone."""
    search_fields: list[Field]
    filter: Filter | None
    vectors: list[VectorQuery]
    filters_after: bool
    """Whether the filter is applied to the nearest vectors only once they are found."""
    orders: list[Order]
    facets: list[Facet]
    highlights: list[tuple[Field, int]]
    tags: Tags
    select: list[Field]
    semantic: Semantic | None
    skip: int
    top: int | None
    with_count: bool
    with_coverage: bool
    body: Json
    """As it was sent, for the request of the next page."""


def parse_search(body: Json, definition: Definition) -> SearchRequest:
    """The search. Raises SearchError 400 naming what is unknown, malformed or not supported."""
    body = {name: value for name, value in body.items() if value is not None}
    if unknown := sorted(body.keys() - _KEYS):
        raise bad_parameter(f"The parameter '{unknown[0]}' is unknown or not supported by this stand-in.", unknown[0])
    if body.get("scoringProfile") or body.get("scoringParameters"):
        raise unsupported("A scoring profile")
    if _choice(body, "debug", ("disabled", "semantic", "vector", "queryRewrites", "innerHits", "all")) != "disabled":
        raise unsupported(f"The debug mode '{body['debug']}'")
    _choice(body, "scoringStatistics", ("local", "global"))
    _choice(body, "semanticErrorHandling", ("fail", "partial"))
    query_type = _choice(body, "queryType", ("simple", "full", "semantic"))
    needs_all = _choice(body, "searchMode", ("any", "all")) == "all"
    vectors = [_vector_query(each, definition) for each in _vector_bodies(body)]
    text = _text(body, "search")
    semantic = _semantic(body, text, definition) if query_type == "semantic" or "semanticQuery" in body else None
    if semantic is None and (refused := [name for name in ("captions", "answers") if _asked(body, name)]):
        raise bad_parameter(f"'{refused[0]}' needs queryType 'semantic'.", refused[0])
    orders = parse_orders(body.get("orderby"), definition)
    if semantic is not None and orders:
        raise bad_parameter("The 'orderby' parameter cannot be used with queryType 'semantic'.", "orderby")
    top = body.get("top")
    return SearchRequest(
        query=_query(text, query_type, needs_all, bool(vectors), definition),
        search_fields=searched_fields(body.get("searchFields"), definition, definition.texts),
        filter=parse_filter(body, definition),
        vectors=vectors,
        filters_after=_choice(body, "vectorFilterMode", ("preFilter", "postFilter", "strictPostFilter")) != "preFilter",
        orders=orders,
        facets=[parse_facet(each, definition) for each in _texts(body, "facets")],
        highlights=_highlights(body.get("highlight"), definition),
        tags=parse_tags(body, Tags("<em>", "</em>")),
        select=selected(body.get("select"), definition, "$select"),
        semantic=semantic,
        skip=whole_number(body, "skip", 0, 0, MOST_SKIPPED),
        top=None if top is None else whole_number(body, "top", PAGE, 0, 2**31 - 1),
        with_count=_flag(body, "count"),
        with_coverage="minimumCoverage" in body,
        body=body,
    )


def _query(
    text: str | None, query_type: str, needs_all: bool, has_vectors: bool, definition: Definition
) -> Query | None:
    if query_type == "full":
        query = parse_full(text or "", definition, needs_all=needs_all)
    else:
        query = parse_simple(text or "", needs_all=needs_all)
    return None if has_vectors and isinstance(query, Everything) else query


def _vector_bodies(body: Json) -> list[Json]:
    bodies = body.get("vectorQueries", [])
    if not isinstance(bodies, list) or not all(isinstance(each, dict) for each in bodies):
        raise bad_parameter("'vectorQueries' is a list of objects.", "vectorQueries")
    return bodies


def _vector_query(body: Json, definition: Definition) -> VectorQuery:
    body = {name: value for name, value in body.items() if value is not None}
    if body.get("kind") != "vector":
        raise unsupported(f"A vector query of kind {body.get('kind')!r}: no vectorizer runs here, so 'vector' alone")
    if unknown := sorted(body.keys() - _VECTOR_KEYS):
        raise bad_parameter(f"The vector query's '{unknown[0]}' is unknown or not supported.", "vectorQueries")
    if "oversampling" in body:
        raise unsupported("oversampling in a vector query")
    names = split_list(body.get("fields"), "vectorQueries/fields")
    if not names and len(definition.vectors) != 1:
        raise bad_parameter("A vector query names its fields.", "vectorQueries")
    fields = [definition.field(name, "vectorQueries/fields") for name in names] or definition.vectors
    for field in fields:
        if not field.is_vector:
            raise bad_parameter(
                f"The field '{field.name}' in the vector field list is not a vector field.", "vectorQueries"
            )
        checked_vector(body.get("vector"), field.dimensions, field.name)
    weight = body.get("weight", 1.0)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not weight > 0:
        raise bad_parameter("The weight of a vector query is a number above 0.", "vectorQueries")
    _flag(body, "exhaustive")
    return VectorQuery(body["vector"], whole_number(body, "k", PAGE, 1, MOST_NEIGHBOURS), fields, float(weight))


def _semantic(body: Json, text: str | None, definition: Definition) -> Semantic:
    name = body.get("semanticConfiguration") or (definition.body["semantic"] or {}).get("defaultConfiguration")
    if name not in definition.semantic:
        raise bad_parameter(
            f"The semantic configuration {name!r} is not one of the index '{definition.name}'."
            if name
            else "A semantic query names a semanticConfiguration.",
            "semanticConfiguration",
        )
    captions, _ = _options(body.get("captions", "none"), "captions", ("none", "extractive"))
    answers, options = _options(body.get("answers", "none"), "answers", ("none", "extractive"))
    count, threshold = options.get("count", "1"), options.get("threshold", "0.7")
    try:
        number, least = int(count), float(threshold)
    except ValueError as error:
        raise bad_parameter(f"answers has count-{count} and threshold-{threshold}.", "answers") from error
    if not (1 <= number <= 10 and 0 <= least <= 1):
        raise bad_parameter("answers takes a count from 1 to 10 and a threshold from 0 to 1.", "answers")
    asked = _text(body, "semanticQuery") or text or ""
    wanted = number if answers == "extractive" else 0
    asked = "" if asked.strip() == "*" else asked
    return Semantic(asked, definition.semantic[name], captions == "extractive", wanted, least)


def _options(value: object, name: str, allowed: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    kind, _, rest = str(value).partition("|")
    pairs = [each.split("-", 1) for each in rest.split(",") if each]
    known = {"count", "threshold"} if name == "answers" else {"highlight"}
    if kind not in allowed or any(len(pair) != 2 or pair[0] not in known for pair in pairs):
        raise bad_parameter(f"{name} is not {value!r} but one of {', '.join(allowed)}.", name)
    return kind, dict(pairs)


def _highlights(value: object, definition: Definition) -> list[tuple[Field, int]]:
    chosen = []
    for each in split_list(value, "highlight"):
        name, _, number = each.partition("-")
        field = definition.field(name, "highlight")
        if not field.is_text or (number and (not number.isdecimal() or int(number) < 1)):
            raise bad_parameter(f"'{each}' is no searchable field with a number of highlights.", "highlight")
        chosen.append((field, int(number or 5)))
    return chosen


def parse_tags(body: Json, default: Tags) -> Tags:
    """The tags of highlights. Raises SearchError 400 when only one is given."""
    before, after = _text(body, "highlightPreTag"), _text(body, "highlightPostTag")
    if (before is None) != (after is None):
        raise bad_parameter("highlightPreTag and highlightPostTag go together.", "highlightPreTag")
    return default if before is None or after is None else Tags(before, after)


def parse_filter(body: Json, definition: Definition) -> Filter | None:
    """The filter of a request, if it has one."""
    text = _text(body, "filter")
    return compiled_filter(text, definition) if text and text.strip() else None


def parse_orders(value: object, definition: Definition) -> list[Order]:
    """The clauses of an order. Raises SearchError 400 naming a field that is unknown or not sortable."""
    orders = []
    for clause in split_list(value, "$orderby"):
        name, *direction = clause.split()
        if direction not in ([], ["asc"], ["desc"]):
            raise bad_parameter(f"Syntax error in the order clause '{clause}'.", "$orderby")
        if name == "search.score()":
            orders.append(Order(None, direction != ["asc"]))
            continue
        if "(" in name:
            raise bad_parameter(f"The order '{name}' is not supported by this stand-in.", "$orderby")
        field = definition.field(name, "$orderby")
        if not field.sortable:
            raise bad_parameter(
                f"The field '{name}' is not sortable. Only sortable fields can be used in order expressions.",
                "$orderby",
            )
        orders.append(Order(field, direction == ["desc"]))
    if len(orders) > MOST_ORDERS:
        raise bad_parameter(f"At most {MOST_ORDERS} order clauses are allowed.", "$orderby")
    return orders


def selected(value: object, definition: Definition, parameter: str) -> list[Field]:
    """The fields to return: those named, or all retrievable ones."""
    names = split_list(value, parameter)
    if not names or names == ["*"]:
        return [field for field in definition.fields.values() if field.retrievable]
    fields = [definition.field(name, parameter) for name in names]
    if hidden := [field.name for field in fields if not field.retrievable]:
        raise bad_parameter(f"The field '{hidden[0]}' is not retrievable.", parameter)
    return fields


def searched_fields(value: object, definition: Definition, default: Iterable[Field]) -> list[Field]:
    """The fields to look for words in. Raises SearchError 400 naming one that is unknown or not searchable."""
    fields = [definition.field(name, "searchFields") for name in split_list(value, "searchFields")]
    for field in fields:
        if not field.is_text:
            raise bad_parameter(f"The field '{field.name}' in the search field list is not searchable.", "searchFields")
    return fields or list(default)


def split_list(value: object, parameter: str) -> list[str]:
    """Names given as one text with commas, or as a list."""
    if value is None:
        return []
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise bad_parameter(f"'{parameter}' is a text with commas.", parameter)
    return [part.strip() for part in parts if part.strip()]


def whole_number(body: Json, name: str, default: int, least: int, most: int) -> int:
    """A number within limits. Raises SearchError 400 naming it."""
    value = body.get(name, default)
    if type(value) is not int or not least <= value <= most:
        raise bad_parameter(f"Value must be a whole number between {least} and {most}.", f"${name}")
    return value


def _texts(body: Json, name: str) -> list[str]:
    values = body.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise bad_parameter(f"'{name}' is a list of texts.", name)
    return values


def _text(body: Json, name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise bad_request(f"'{name}' is a text.")
    return value


def _flag(body: Json, name: str) -> bool:
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise bad_parameter(f"'{name}' is true or false.", name)
    return value


def _choice(body: Json, name: str, allowed: tuple[str, ...]) -> str:
    """The value, or the first of those allowed when there is none."""
    value = body.get(name, allowed[0])
    if value not in allowed:
        raise bad_parameter(f"'{name}' is not {value!r} but one of {', '.join(allowed)}.", name)
    return str(value)


def _asked(body: Json, name: str) -> bool:
    return str(body.get(name, "none")) != "none"
