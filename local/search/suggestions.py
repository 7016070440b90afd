"""Suggestions of documents and completions of words while someone types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from local.search.bm25 import Scorer
from local.search.columns import Mask
from local.search.definition import Definition, Field, Json
from local.search.documents import Documents
from local.search.errors import bad_parameter
from local.search.filters import Filter
from local.search.highlights import finder, tagged
from local.search.request import (
    Order,
    Tags,
    parse_filter,
    parse_orders,
    parse_tags,
    searched_fields,
    selected,
    whole_number,
)
from local.search.textquery import Combined, Leaf, Phrase, Prefix, Query, Similar, Words
from local.search.tokens import Token, is_dense, prefix_token
from local.search.words import similar_words

MOST = 100
_LONGEST = 100
_SHARED = {
    "search",
    "suggesterName",
    "filter",
    "fuzzy",
    "highlightPreTag",
    "highlightPostTag",
    "minimumCoverage",
    "searchFields",
    "top",
}
_SUGGEST = frozenset(_SHARED | {"orderby", "select"})
_AUTOCOMPLETE = frozenset(_SHARED | {"autocompleteMode"})
_MODES = ("oneTerm", "twoTerms", "oneTermWithContext")
_EXPANSIONS = 200
"""Words that a beginning is completed to before the most frequent are chosen."""

_READ = 200
"""Documents that are read for the words that follow a completed one."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a field with suggestions, and the options that both calls share."""

    text: str
    fields: list[Field]
    filter: Filter | None
    fuzzy: bool
    tags: Tags
    top: int
    with_coverage: bool


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """A call for suggestions."""

    typed: Typed
    orders: list[Order]
    select: list[Field]


@dataclass(frozen=True, slots=True)
class AutocompleteRequest:
    """A call for completions."""

    typed: Typed
    mode: str


def parse_suggest(body: Json, definition: Definition) -> SuggestRequest:
    """A call for suggestions. Raises SearchError 400."""
    typed = _typed(body, definition, _SUGGEST)
    select = selected(body.get("select"), definition, "$select") if body.get("select") else [definition.key]
    return SuggestRequest(typed, parse_orders(body.get("orderby"), definition), select)


def parse_autocomplete(body: Json, definition: Definition) -> AutocompleteRequest:
    """A call for completions. Raises SearchError 400."""
    typed = _typed(body, definition, _AUTOCOMPLETE)
    mode = body.get("autocompleteMode") or "oneTerm"
    if mode not in _MODES:
        raise bad_parameter(f"'autocompleteMode' is not {mode!r} but one of {', '.join(_MODES)}.", "autocompleteMode")
    return AutocompleteRequest(typed, mode)


def _typed(body: Json, definition: Definition, known: frozenset[str]) -> Typed:
    if unknown := sorted(name for name in body if body[name] is not None and name not in known):
        raise bad_parameter(f"The parameter '{unknown[0]}' is unknown or not supported by this stand-in.", unknown[0])
    text = body.get("search")
    if not isinstance(text, str) or not 0 < len(text) <= _LONGEST:
        raise bad_parameter(f"'search' is a text of 1 to {_LONGEST} characters.", "search")
    name = body.get("suggesterName")
    if name not in definition.suggesters:
        raise bad_parameter(
            f"The specified suggester name {name!r} does not exist in this index definition.", "suggesterName"
        )
    sources = [definition.fields[each] for each in definition.suggesters[name]]
    fields = searched_fields(body.get("searchFields"), definition, sources)
    if outside := [field.name for field in fields if field not in sources]:
        raise bad_parameter(f"The field '{outside[0]}' is not part of the suggester '{name}'.", "searchFields")
    fuzzy = body.get("fuzzy") or False
    if not isinstance(fuzzy, bool):
        raise bad_parameter("'fuzzy' is true or false.", "fuzzy")
    return Typed(
        text=text,
        fields=fields,
        filter=parse_filter(body, definition),
        fuzzy=fuzzy,
        tags=parse_tags(body, Tags("", "")),
        top=whole_number({"top": body["top"]} if body.get("top") is not None else {}, "top", 5, 1, MOST),
        with_coverage=body.get("minimumCoverage") is not None,
    )


def suggest(documents: Documents, request: SuggestRequest) -> Json:
    """Documents that have all the words typed, the last of them perhaps unfinished, in one field."""
    typed = request.typed
    parts: list[Query] = [_part(word, typed.fuzzy, is_last=False) for word in typed.text.split()[:-1]]
    parts += [_part(word, typed.fuzzy, is_last=True) for word in typed.text.split()[-1:]]
    allowed = _allowed(documents, typed)
    rows: dict[int, tuple[float, Field]] = {}
    for field in typed.fields:
        matches = Scorer(documents, [field]).match(Combined(must=tuple(parts)))
        for number in np.flatnonzero(matches.mask & allowed).tolist():
            score = float(matches.scores[number])
            if number not in rows or rows[number][0] < score:
                rows[number] = (score, field)
    numbers = np.fromiter(rows, np.int64, len(rows))
    scores = np.array([rows[int(number)][0] for number in numbers])
    keys = [numbers, -scores]
    for order in reversed(request.orders):
        key = scores if order.field is None else documents.column(order.field).ranks(numbers)
        keys.append(-key if order.descending else key)
    chosen = [int(numbers[place]) for place in np.lexsort(keys)[: typed.top]]
    leaves = [leaf for part in parts for leaf in _leaves(part)]
    values = []
    bodies = documents.bodies(chosen, dict.fromkeys([*request.select, *typed.fields]))
    for number, body in zip(chosen, bodies, strict=True):
        text = _best_text(body[rows[number][1].name], rows[number][1], leaves, typed.tags)
        values.append({"@search.text": text, **{field.name: body[field.name] for field in request.select}})
    return _answer(typed, values)


def _part(word: str, fuzzy: bool, *, is_last: bool) -> Query:
    exact: Leaf = Prefix(word) if is_last else Words(word, needs_all=True)
    return Combined(should=(exact, Similar(word, 1))) if fuzzy and not is_dense(word) else exact


def _leaves(part: Query) -> Sequence[Leaf]:
    return [each for each in part.should if not isinstance(each, Combined)] if isinstance(part, Combined) else [part]  # type: ignore[list-item,misc]


def _best_text(value: str | list[str], field: Field, leaves: Sequence[Leaf], tags: Tags) -> str:
    find = finder(field, leaves)
    texts = [value] if isinstance(value, str) else value
    places = [find(text) for text in texts]
    best = max(range(len(texts)), key=lambda number: len(places[number]))
    return tagged(texts[best], places[best], tags)


def autocomplete(documents: Documents, request: AutocompleteRequest) -> Json:
    """Completions of the last word typed, the most frequent first."""
    typed = request.typed
    allowed = _allowed(documents, typed)
    before, last = _split(typed.text)
    found: Counter[str] = Counter()
    for field in typed.fields:
        for word in _completions(documents, field, last, typed.fuzzy):
            if request.mode == "oneTerm":
                _count(found, documents, field, Words(word, True), word, allowed)
            elif request.mode == "twoTerms":
                _count_pairs(found, documents, field, word, allowed)
            elif before:
                previous = before.split()[-1]
                _count(found, documents, field, Phrase(f"{previous} {word}"), f"{previous.lower()} {word}", allowed)
    best = sorted(found.items(), key=lambda each: (-each[1], each[0]))[: typed.top]
    values = []
    for text, _ in best:
        # With context, the completed pair begins with the word before; that one is not repeated.
        ahead = before.rsplit(maxsplit=1)[0] if request.mode == "oneTermWithContext" and " " in before else before
        ahead = "" if request.mode == "oneTermWithContext" and " " not in before else ahead
        marked = f"{typed.tags.before}{text}{typed.tags.after}"
        values.append({"text": text, "queryPlusText": f"{ahead} {marked}".strip()})
    return _answer(typed, values)


def _split(text: str) -> tuple[str, str]:
    """The words before the last, and the last, which may be unfinished."""
    *before, last = text.split() or [""]
    return " ".join(before), last


def _completions(documents: Documents, field: Field, last: str, fuzzy: bool) -> list[str]:
    start = prefix_token(last, field.analyze)
    if not start or is_dense(last):
        return []
    number = documents.index.fields[field.name]
    words = documents.postings.words_with(number, start, _EXPANSIONS)
    if fuzzy:
        words += [word for word, _ in similar_words(documents.postings, number, start, 1)]
    return list(dict.fromkeys(words))


def _count(found: Counter[str], documents: Documents, field: Field, query: Query, text: str, allowed: Mask) -> None:
    numbers = np.flatnonzero(Scorer(documents, [field]).match(query).mask & allowed)
    if len(numbers):
        found[_as_written(documents, field, int(numbers[0]), text)] += len(numbers)


def _count_pairs(found: Counter[str], documents: Documents, field: Field, word: str, allowed: Mask) -> None:
    numbers = np.flatnonzero(Scorer(documents, [field]).match(Words(word, True)).mask & allowed)[:_READ]
    for body in documents.bodies([int(number) for number in numbers], [field]):
        pairs = set()
        for text in [body[field.name]] if isinstance(body[field.name], str) else body[field.name]:
            tokens = list(field.analyze(text, False))
            pairs |= {
                _written(text, first, second)
                for first, second in pairwise(tokens)
                if first.text == word and second.position == first.position + 1
            }
        found.update(pairs)


def _as_written(documents: Documents, field: Field, number: int, folded: str) -> str:
    """The words as a document has them, with the accents that the index leaves out."""
    (body,) = documents.bodies([number], [field])
    wanted = folded.split(" ")
    for text in [body[field.name]] if isinstance(body[field.name], str) else body[field.name]:
        tokens = list(field.analyze(text, False))
        for place in range(len(tokens) - len(wanted) + 1):
            window = tokens[place : place + len(wanted)]
            if [token.text for token in window] == wanted:
                return _written(text, window[0], window[-1])
    return folded


def _written(text: str, first: Token, last: Token) -> str:
    return " ".join(text[first.start : last.end].lower().split())


def _allowed(documents: Documents, typed: Typed) -> Mask:
    return documents.alive if typed.filter is None else documents.alive & typed.filter(documents)


def _answer(typed: Typed, values: list[Json]) -> Json:
    return {**({"@search.coverage": 100.0} if typed.with_coverage else {}), "value": values}
