"""N-grams at inference weigh exactly what they weighed in training."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.engines.intent.features import CHARACTERS_READ, Ngrams, plain

CORPUS = [
    "Where is my order?",
    "where  is the\tparcel",
    "I can't pay, it's been declined",
    "ÇA va être İstanbul",
    "order order",
]


@lru_cache
def _both(of: Literal["char", "word"], shortest: int, longest: int) -> tuple[Ngrams, Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    theirs = TfidfVectorizer(analyzer=of, ngram_range=(shortest, longest), sublinear_tf=True).fit(CORPUS)
    vocabulary = {gram: int(column) for gram, column in theirs.vocabulary_.items()}
    return Ngrams(of, shortest, longest, vocabulary, theirs.idf_.astype(np.float32)), theirs


@pytest.mark.parametrize(("of", "shortest", "longest"), [("char", 2, 5), ("word", 1, 2), ("char", 1, 1)])
@settings(max_examples=60, deadline=None)
@given(text=st.one_of(st.text(max_size=60), st.lists(st.sampled_from(" ".join(CORPUS).split(" "))).map(" ".join)))
def test_the_weights_are_those_of_scikit_learn(
    of: Literal["char", "word"], shortest: int, longest: int, text: str
) -> None:
    ours, theirs = _both(of, shortest, longest)

    columns, weights = ours.weigh(text)

    row = np.zeros(len(ours.vocabulary))
    row[columns] = weights
    np.testing.assert_allclose(row, theirs.transform([text]).toarray()[0], atol=1e-6)


def test_the_end_of_a_very_long_text_is_not_read() -> None:
    ours, _ = _both("word", 1, 2)

    within, _ = ours.weigh("x" * (CHARACTERS_READ - 10) + " order")
    beyond, _ = ours.weigh("x" * CHARACTERS_READ + " order")

    assert len(within) == 1
    assert len(beyond) == 0


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("where is  order #12345?", "where is order 0?"),
        ("order A-2291 of 12/05", "order 0 of 0"),
        ("I paid $45.99", "I paid $0"),
        ("I can’t pay", "I can't pay"),
        ("see https://example.com/a?b=1 please", "see please"),
        ("nothing to change", "nothing to change"),
    ],
)
def test_numbers_and_addresses_are_read_as_such(text: str, read: str) -> None:
    assert plain(text) == read
