"""Which documents answer a text query, and how well: BM25 as Lucene computes it, over whole postings at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from local.search.columns import Mask
from local.search.definition import Field
from local.search.documents import Documents
from local.search.postings import LENGTH, Numbers, Posting
from local.search.textquery import (
    Combined,
    Everything,
    Leaf,
    Pattern,
    Phrase,
    Prefix,
    Query,
    Similar,
    Words,
)
from local.search.tokens import fold, is_dense, prefix_token
from local.search.words import glob_of, similar_words


@dataclass(slots=True)
class Matches:
    """The documents that match, and the score of each (0 where there is none)."""

    mask: Mask
    scores: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Statistics:
    """What BM25 needs of a field: how long each document is, and how many have text."""

    relative: NDArray[np.float32]
    """k1 × (1 − b + b × length ÷ average length), by document number."""
    documents: int


class Scorer:
    """Answers text queries over some fields of an index."""

    def __init__(self, documents: Documents, fields: Sequence[Field]) -> None:
        self._documents = documents
        self._fields = fields
        self._size = len(documents.alive)
        self._statistics: dict[str, _Statistics] = {}

    def match(self, query: Query) -> Matches:
        """The documents for this query."""
        if isinstance(query, Everything):
            alive = self._documents.alive
            return Matches(alive.copy(), alive.astype(np.float32))
        if isinstance(query, Combined):
            return self._combined(query)
        whole = self._nothing()
        for field in self._of(query):
            self._add(whole, self._leaf(query, field))
        return whole

    def _combined(self, query: Combined) -> Matches:
        whole = self._nothing()
        for part in query.should:
            self._add(whole, self.match(part))
        if query.must:
            required = [self.match(part) for part in query.must]
            whole.mask = np.logical_and.reduce([each.mask for each in required])
            for each in required:
                whole.scores += each.scores
        for part in query.must_not:
            whole.mask &= ~self.match(part).mask
        whole.scores[~whole.mask] = 0
        return whole

    def _of(self, leaf: Leaf) -> Sequence[Field]:
        if leaf.field is None:
            return self._fields
        return [self._documents.index.definition.fields[leaf.field]]

    def _leaf(self, leaf: Leaf, field: Field) -> Matches:
        match leaf:
            case Words():
                return self._words(leaf, field)
            case Phrase():
                return self._phrase(leaf, field)
            case Prefix() if is_dense(leaf.text):
                # Every pair of the beginning is a word of its own: they must follow each other.
                return self._phrase(Phrase(leaf.text, boost=leaf.boost), field)
            case Prefix():
                start = prefix_token(leaf.text, field.analyze)
                return self._constant(self._postings(field, start) if start else [], leaf.boost)
            case Pattern():
                start, pattern = glob_of(leaf.text)
                return self._constant(self._postings(field, start, pattern), leaf.boost)
            case Similar():
                return self._similar(leaf, field)

    def _words(self, leaf: Words, field: Field) -> Matches:
        parts = [
            self._scored(field, self._read(field, token), leaf.boost)
            for token in dict.fromkeys(token.text for token in field.analyze(leaf.text, True))
        ]
        whole = self._nothing()
        for part in parts:
            self._add(whole, part)
        if leaf.needs_all and len(parts) > 1:
            whole.mask = np.logical_and.reduce([part.mask for part in parts])
            whole.scores[~whole.mask] = 0
        return whole

    def _phrase(self, leaf: Phrase, field: Field) -> Matches:
        tokens = list(field.analyze(leaf.text, True))
        if not tokens:
            return self._nothing()
        if len(tokens) == 1:
            return self._scored(field, self._read(field, tokens[0].text), leaf.boost)
        starts: Numbers | None = None
        for token in tokens:
            numbers, positions = self._documents.postings.places(self._documents.index.fields[field.name], token.text)
            # One number for the place at which the phrase would begin; the shift keeps it above zero.
            begins = (numbers << 33) + (positions - (token.position - tokens[0].position) + 2**32)
            starts = begins if starts is None else starts[np.isin(starts, begins)]
        assert starts is not None
        found, frequencies = np.unique(starts >> 33, return_counts=True)
        weight = sum(self._rarity(field, len(self._read(field, token.text).numbers)) for token in tokens)
        return self._scored(field, Posting(found, frequencies), leaf.boost, weight)

    def _similar(self, leaf: Similar, field: Field) -> Matches:
        wanted = fold(leaf.text)
        whole = self._nothing()
        number = self._documents.index.fields[field.name]
        for word, distance in similar_words(self._documents.postings, number, wanted, leaf.distance):
            likeness = 1 - distance / max(1, min(len(word), len(wanted)))
            self._add(whole, self._scored(field, self._read(field, word), leaf.boost * likeness))
        return whole

    def _postings(self, field: Field, start: str, pattern: str | None = None) -> list[Posting]:
        return [self._documents.postings.read_range(self._documents.index.fields[field.name], start, pattern)]

    def _constant(self, postings: list[Posting], boost: float) -> Matches:
        whole = self._nothing()
        for posting in postings:
            whole.mask[posting.numbers] = True
        whole.scores[whole.mask] = boost
        return whole

    def _scored(self, field: Field, posting: Posting, boost: float, weight: float | None = None) -> Matches:
        whole = self._nothing()
        if len(posting.numbers):
            if weight is None:
                weight = self._rarity(field, len(posting.numbers))
            frequencies = posting.frequencies.astype(np.float32)
            relative = self._of_field(field).relative[posting.numbers]
            whole.mask[posting.numbers] = True
            whole.scores[posting.numbers] = np.float32(boost * weight) * frequencies / (frequencies + relative)
        return whole

    def _rarity(self, field: Field, holding: int) -> float:
        return math.log(1 + (self._of_field(field).documents - holding + 0.5) / (holding + 0.5))

    def _of_field(self, field: Field) -> _Statistics:
        if field.name not in self._statistics:
            definition = self._documents.index.definition
            posting = self._read(field, LENGTH)
            lengths = np.zeros(self._size, np.float32)
            lengths[posting.numbers] = posting.frequencies
            average = float(posting.frequencies.mean()) if len(posting.frequencies) else 1.0
            relative = definition.k1 * (1 - definition.b + definition.b * lengths / np.float32(average))
            self._statistics[field.name] = _Statistics(relative.astype(np.float32), len(posting.numbers))
        return self._statistics[field.name]

    def _read(self, field: Field, term: str) -> Posting:
        return self._documents.postings.read(self._documents.index.fields[field.name], term)

    def _nothing(self) -> Matches:
        return Matches(np.zeros(self._size, np.bool_), np.zeros(self._size, np.float32))

    @staticmethod
    def _add(whole: Matches, part: Matches) -> None:
        whole.mask |= part.mask
        whole.scores += part.scores
