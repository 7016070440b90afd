"""One search, from its request to its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from local.search.bm25 import Scorer
from local.search.columns import Mask
from local.search.definition import Field, Json
from local.search.documents import Documents
from local.search.facets import count_facet
from local.search.fusion import fused
from local.search.highlights import finder, highlights
from local.search.request import MOST_ON_PAGE, PAGE, Order, SearchRequest
from local.search.semantic import DEPTH, Reading, is_question, read
from local.search.textquery import leaves

TEXT_DEPTH = 1000
"""Documents of the text ranking that take part in a fusion, as in Azure."""

Scores = NDArray[np.float64]


@dataclass(slots=True)
class _Found:
    """What matches: all of it, and what can be returned, in order, with scores."""

    mask: Mask
    numbers: NDArray[np.int64]
    scores: Scores
    readings: dict[int, Reading] = field(default_factory=dict)


def search(documents: Documents, request: SearchRequest) -> Json:
    """The answer to a search."""
    found = _found(documents, request)
    order = _ordered(documents, found.numbers, found.scores, request.orders)
    found.numbers, found.scores = found.numbers[order], found.scores[order]
    if request.semantic is not None and request.semantic.text:
        _rerank(documents, request, found)
    size = PAGE if request.top is None else min(request.top, MOST_ON_PAGE)
    page = slice(request.skip, request.skip + size)
    answer: Json = {}
    if request.with_count:
        answer["@odata.count"] = int(found.mask.sum())
    if request.with_coverage:
        answer["@search.coverage"] = 100.0
    if request.facets:
        answer["@search.facets"] = {
            facet.field.name: count_facet(facet, documents, found.mask) for facet in request.facets
        }
    if request.semantic is not None and request.semantic.answers:
        answer["@search.answers"] = _answers(documents, request, found)
    numbers = [int(number) for number in found.numbers[page]]
    answer["value"] = _rows(documents, request, numbers, found.scores[page].tolist(), found.readings)
    if following := _next_page(request, size, len(found.numbers)):
        answer["@search.nextPageParameters"] = following
    return answer


def _found(documents: Documents, request: SearchRequest) -> _Found:
    alive = documents.alive
    allowed = alive if request.filter is None else alive & request.filter(documents)
    if request.query is None and len(request.vectors) == 1 and len(request.vectors[0].fields) == 1:
        numbers, cosines = _nearest(documents, request, allowed)[0]
        # Azure's score of a cosine: 1 ÷ (1 + distance), where distance is 1 − cosine.
        return _Found(_mask_of(numbers, len(alive)), numbers, 1.0 / (2.0 - cosines.astype(np.float64)))
    matched = np.zeros(len(alive), np.bool_)
    rankings: list[tuple[Sequence[int], float]] = []
    if request.query is not None:
        matches = Scorer(documents, request.search_fields).match(request.query)
        matched = matches.mask & allowed
        numbers = np.flatnonzero(matched)
        scores = matches.scores[numbers].astype(np.float64)
        if not request.vectors:
            return _Found(matched, numbers, scores)
        numbers = numbers[_best(numbers, scores, TEXT_DEPTH)]
        rankings.append((numbers.tolist(), 1.0))
    weights = [query.weight for query in request.vectors for _ in query.fields]
    for (numbers, _), weight in zip(_nearest(documents, request, allowed), weights, strict=True):
        rankings.append((numbers.tolist(), weight))
        matched = matched | _mask_of(numbers, len(alive))
    together = fused(rankings)
    count = len(together)
    return _Found(matched, np.fromiter(together, np.int64, count), np.fromiter(together.values(), np.float64, count))


def _nearest(
    documents: Documents, request: SearchRequest, allowed: Mask
) -> list[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """One ranking for each field of each vector query."""
    rankings = []
    searched = documents.alive if request.filters_after else allowed
    for query in request.vectors:
        wanted = np.asarray(query.vector, np.float32)
        for each in query.fields:
            numbers, cosines = documents.vectors(each).nearest(wanted, query.count, searched)
            kept = allowed[numbers]
            rankings.append((numbers[kept], cosines[kept]))
    return rankings


def _mask_of(numbers: NDArray[np.int64], size: int) -> Mask:
    mask = np.zeros(size, np.bool_)
    mask[numbers] = True
    return mask


def _best(numbers: NDArray[np.int64], scores: Scores, most: int) -> NDArray[np.int64]:
    """The places of the best scores, best first; of equals the lower number."""
    if len(numbers) > most:
        least = -np.partition(-scores, most - 1)[most - 1]
        chosen = np.flatnonzero(scores >= least)
    else:
        chosen = np.arange(len(numbers))
    return chosen[np.lexsort((numbers[chosen], -scores[chosen]))][:most]


def _ordered(
    documents: Documents, numbers: NDArray[np.int64], scores: Scores, orders: Sequence[Order]
) -> NDArray[np.int64]:
    keys: list[NDArray[np.int64] | NDArray[np.int32] | Scores] = [numbers, -scores]
    for order in reversed(orders):
        key = scores if order.field is None else documents.column(order.field).ranks(numbers)
        keys.append(-key if order.descending else key)
    return np.lexsort(keys)


def _rerank(documents: Documents, request: SearchRequest, found: _Found) -> None:
    assert request.semantic is not None
    candidates = [int(number) for number in found.numbers[:DEPTH]]
    texts = documents.bodies(candidates, _prioritized(documents, request.semantic.fields))
    readings = read(request.semantic.text, texts, request.semantic.fields)
    found.readings = dict(zip(candidates, readings, strict=True))
    order = sorted(range(len(candidates)), key=lambda place: (-readings[place].score, place))
    found.numbers[: len(order)] = found.numbers[order]
    found.scores[: len(order)] = found.scores[order]


def _prioritized(documents: Documents, fields: Json) -> list[Field]:
    named = [fields["titleField"]] if fields.get("titleField") else []
    named += [*(fields.get("prioritizedContentFields") or []), *(fields.get("prioritizedKeywordsFields") or [])]
    return [documents.index.definition.fields[each["fieldName"]] for each in named]


def _answers(documents: Documents, request: SearchRequest, found: _Found) -> list[Json]:
    assert request.semantic is not None
    if not is_question(request.semantic.text):
        return []
    likely = [
        (number, reading)
        for number in (int(each) for each in found.numbers[:DEPTH])
        if (reading := found.readings.get(number)) and reading.likeness >= request.semantic.threshold
    ][: request.semantic.answers]
    key = documents.index.definition.key
    keys = [body[key.name] for body in documents.bodies([number for number, _ in likely], [key])]
    return [
        {"key": each, "text": reading.caption, "highlights": reading.marked, "score": round(reading.likeness, 4)}
        for each, (_, reading) in zip(keys, likely, strict=True)
    ]


def _rows(
    documents: Documents, request: SearchRequest, numbers: list[int], scores: list[float], readings: dict[int, Reading]
) -> list[Json]:
    marked = [field for field, _ in request.highlights]
    bodies = documents.bodies(numbers, dict.fromkeys([*request.select, *marked]))
    looked_for = list(leaves(request.query)) if request.query is not None else []
    searched = {field.name for field in request.search_fields}
    finders = [finder(field, [leaf for leaf in looked_for if leaf.field or field.name in searched]) for field in marked]
    rows = []
    for number, score, body in zip(numbers, scores, bodies, strict=True):
        row: Json = {"@search.score": score}
        if request.semantic is not None:
            reading = readings.get(number)
            row["@search.rerankerScore"] = reading.score if reading else None
            if request.semantic.captions:
                row["@search.captions"] = [{"text": reading.caption, "highlights": reading.marked}] if reading else []
        found = {
            field.name: texts
            for (field, most), find in zip(request.highlights, finders, strict=True)
            if (texts := highlights(body[field.name], find, request.tags, most))
        }
        if found:
            row["@search.highlights"] = found
        rows.append({**row, **{field.name: body[field.name] for field in request.select}})
    return rows


def _next_page(request: SearchRequest, size: int, available: int) -> Json | None:
    reached = request.skip + size
    if size == 0 or reached >= available or (request.top is not None and request.top <= size):
        return None
    following = {**request.body, "skip": reached}
    if request.top is not None:
        following["top"] = request.top - size
    return following
