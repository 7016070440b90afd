"""Scores of words: BM25 with Lucene's weights."""

from __future__ import annotations

import math

import pytest

from local.search.request import parse_search
from local.search.searching import search
from local.search.words import distance_within, glob_of
from tests.unit.search.builders import a_field, an_index, found, upload


def scores(*texts: str, text: str) -> dict[str, float]:
    books = an_index(a_field("text"))
    upload(books, *({"id": str(number), "text": each} for number, each in enumerate(texts)))
    answer = search(books, parse_search({"search": text}, books.index.definition))
    return {row["id"]: row["@search.score"] for row in answer["value"]}


def test_the_formula() -> None:
    # One of two documents holds the word, twice among four words; the documents are three words long on average.
    rarity = math.log(1 + (2 - 1 + 0.5) / (1 + 0.5))
    frequency = 2 / (2 + 1.2 * (1 - 0.75 + 0.75 * 4 / 3))
    assert scores("red red blue green", "blue green", text="red") == pytest.approx({"0": rarity * frequency}, rel=1e-5)


def test_a_rare_word_a_frequent_word_and_a_short_text_count_more() -> None:
    by_rarity = scores("common rare", "common other", "common other", text="common rare")
    assert by_rarity["0"] > by_rarity["1"] > 0
    by_frequency = scores("red red red blue", "red blue blue blue", text="red")
    assert by_frequency["0"] > by_frequency["1"]
    by_length = scores("red blue", "red " + "blue " * 20, text="red")
    assert by_length["0"] > by_length["1"]


def test_a_word_in_every_document_still_ranks_them() -> None:
    ranked = scores("red red", "red blue", "red blue", text="red")
    assert ranked["0"] > ranked["1"] > 0


def test_equals_keep_the_order_of_their_numbers() -> None:
    books = an_index(a_field("text"))
    upload(books, *({"id": str(number), "text": "same"} for number in range(20)))
    assert found(books, search="same") == [str(number) for number in range(20)]


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [("word", "word", 0), ("word", "wrod", 1), ("word", "words", 1), ("word", "ward", 1), ("word", "wad", 2)],
)
def test_the_distance_of_words(first: str, second: str, distance: int) -> None:
    assert distance_within(first, second, 2) == distance
    assert distance_within(second, first, 2) == distance
    assert distance_within(first, second, distance) == distance
    assert distance == 0 or distance_within(first, second, distance - 1) is None


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [("Re?et", ("re", "re?et")), ("a*b", ("a", "a*b")), (r"a\*b*", ("a*b", "a[*]b*")), ("x[y?", ("x[y", "x[[]y?"))],
)
def test_patterns_for_the_index(pattern: str, parts: tuple[str, str]) -> None:
    assert glob_of(pattern) == parts
