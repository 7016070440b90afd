"""The two query syntaxes, as trees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.search.definition import parse_definition
from local.search.errors import SearchError
from local.search.lucene import parse_full
from local.search.textquery import Combined, Everything, Phrase, Prefix, Query, Words, parse_simple
from tests.unit.search.builders import KEY, a_field, refusal

BOOKS = parse_definition({"name": "books", "fields": [KEY, a_field("title"), a_field("pages", "Edm.Int32")]})


def word(text: str, *, needs_all: bool = False) -> Words:
    return Words(text, needs_all)


def without(query: Query) -> Combined:
    return Combined(must=(Everything(),), must_not=(query,))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("one", word("one")),
        ("one two", Combined(should=(word("one"), word("two")))),
        ("one + two", Combined(must=(word("one"), word("two")))),
        ("one+two", Combined(must=(word("one"), word("two")))),
        ("one | two", Combined(should=(word("one"), word("two")))),
        ("one + two | three", Combined(should=(Combined(must=(word("one"), word("two"))), word("three")))),
        ("one + (two | three)", Combined(must=(word("one"), Combined(should=(word("two"), word("three")))))),
        ("one -two", Combined(should=(word("one"), without(word("two"))))),
        ("one-two", word("one-two")),
        ("one - two", Combined(should=(word("one"), word("two")))),
        ('-"one two"', without(Phrase("one two"))),
        ("wor*", Prefix("wor")),
        (r"wor\*", word("wor*")),
        (r"\+one", word("+one")),
        ('"one', Phrase("one")),
        ("(one", word("one")),
        ("one)", word("one")),
        ("*", Everything()),
        ("  ", Everything()),
        ("+ |", Combined()),
    ],
)
def test_the_simple_syntax(text: str, query: Query) -> None:
    assert parse_simple(text, needs_all=False) == query


def test_words_side_by_side_are_all_needed_when_asked_for() -> None:
    both = Combined(must=(word("one", needs_all=True), word("two", needs_all=True)))
    assert parse_simple("one two", needs_all=True) == both
    assert parse_full("one two", BOOKS, needs_all=True) == both


@given(st.text(alphabet='ab +-|()"*\\é返', max_size=40))
def test_every_text_is_a_simple_query(text: str) -> None:
    assert parse_simple(text, needs_all=False) is not None


@given(st.text(alphabet='ab +-|()"*?\\~^:/!&[]{}1ANDORT', max_size=30))
def test_a_full_query_is_read_or_refused(text: str) -> None:
    refused = refusal(lambda: parse_full(text, BOOKS, needs_all=False))
    assert refused is None or refused.status == 400


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("one OR two", Combined(should=(word("one"), word("two")))),
        ("one AND two", Combined(must=(word("one"), word("two")))),
        ("one && !two", Combined(must=(word("one"),), must_not=(word("two"),))),
        ("+one two", Combined(must=(word("one"),), should=(word("two"),))),
        ("wi-fi", word("wi-fi")),
        ("ANDes", word("ANDes")),
        ("title:one", Words("one", False, "title")),
        ('title:"one two"^2', Phrase("one two", "title", 2.0)),
        ("wor*", Prefix("wor")),
    ],
)
def test_the_full_syntax(text: str, query: Query) -> None:
    assert parse_full(text, BOOKS, needs_all=False) == query


@pytest.mark.parametrize("text", ["pages:3", "colour:red", "one AND", "(" * 60 + "one" + ")" * 60, "one^", "one~3"])
def test_a_full_query_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(SearchError):
        parse_full(text, BOOKS, needs_all=False)


def test_a_query_of_too_many_words_is_refused() -> None:
    assert parse_simple("word " * 1000, needs_all=False)
    assert parse_full("word " * 1000, BOOKS, needs_all=False)
    with pytest.raises(SearchError, match="1024"):
        parse_simple("word " * 3000, needs_all=False)
    with pytest.raises(SearchError, match="1024"):
        parse_full("word " * 3000, BOOKS, needs_all=False)
