"""Cutting and marking a text loses nothing, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.engines.translation import chat_spelling, sentences
from shared.engines.translation.protection import Protection

PROTECTION = Protection()

ANY_TEXT = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="aB1 .,!?\n:)-/@#$%€Xq😊️‍", max_size=300),
    st.text(alphabet="ab c,", min_size=sentences.LONGEST, max_size=3 * sentences.LONGEST),
)


@given(ANY_TEXT)
def test_the_parts_of_a_text_make_the_text(text: str) -> None:
    assert "".join(part for part, _ in sentences.split(text)) == text
    assert "".join(part for part, _ in PROTECTION.pieces(text, "es")) == text


@given(st.text(alphabet="ab c,", max_size=3 * sentences.LONGEST))
def test_no_sentence_with_spaces_in_reach_is_longer_than_the_longest(text: str) -> None:
    for part, is_sentence in sentences.split(text):
        assert not is_sentence or len(part) <= sentences.LONGEST or " " not in part[: sentences.LONGEST]


@given(ANY_TEXT)
def test_marks_are_replaced_by_what_they_stand_for_or_not_set_at_all(text: str) -> None:
    marked = PROTECTION.mark(text, "es")

    assert marked is None or marked.restore(marked.text) == text


def test_no_mark_is_set_where_it_would_grow_together_with_its_neighbour() -> None:
    beside, apart = PROTECTION.mark("run`ls -l`", "es"), PROTECTION.mark("run `ls -l`", "es")

    assert beside is None
    assert apart is not None
    assert apart.kept == ("`ls -l`",)


@pytest.mark.parametrize("changed", ["ver (1]", "ver [1", "ver [1] ]", "ver [1]\n"])
def test_a_lost_or_an_invented_sign_is_noticed(changed: str) -> None:
    marked = PROTECTION.mark("see [1]", "es")

    assert marked is not None
    assert marked.restore("ver [1]") == "ver [1]"
    assert marked.restore(changed) is None


def test_a_lost_a_doubled_and_an_invented_mark_are_noticed() -> None:
    marked = PROTECTION.mark("Order 4471902 of $49.99", "es")

    assert marked is not None
    assert marked.text == "Order XQ1 of XQ2"
    assert marked.restore("Pedido XQ1") is None
    assert marked.restore("XQ1 XQ2 XQ2") is None
    assert marked.restore("XQ1 XQ2 XQ3") is None
    assert marked.restore("XQ2, XQ1") == "$49.99, 4471902"


def test_a_text_that_holds_our_marks_gets_others_or_none() -> None:
    marked = PROTECTION.mark("XQ1 and 4471902", "es")

    assert marked is not None
    assert marked.restore(marked.text) == "XQ1 and 4471902"
    assert PROTECTION.mark("xq kx zw qj wx 4471902", "es") is None


@pytest.mark.parametrize("left", ["the 2nd floor", "3 weeks", "in 3-5 days", "10kg", "well-known", "U2 tickets", "2x"])
def test_small_numbers_and_measures_are_left_to_the_model(left: str) -> None:
    marked = PROTECTION.mark(left, "es")

    assert marked is not None
    assert marked.kept == ()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Mr. Silva paid $5.50. Thanks", ["Mr. Silva paid $5.50.", "Thanks"]),
        ("I love it 😍😍 really", ["I love it", "really"]),
        ("so sad :( bye", ["so sad", "bye"]),
        ("a\r\n\r\nb", ["a", "b"]),
    ],
)
def test_sentences_end_where_they_end(text: str, parts: list[str]) -> None:
    assert [part for part, is_sentence in sentences.split(text) if is_sentence] == parts


@pytest.mark.parametrize(
    ("language", "written", "edited"),
    [
        ("pt", "vc nao respondeu", "Você não respondeu"),
        ("pt", "QUERO MEU DINHEIRO", "Quero meu dinheiro"),
        ("en", "u dont answer", "You don't answer"),
        ("en", "US and UK", "US and UK"),
        ("en", "my code is N-7", "My code is N-7"),
    ],
)
def test_chat_spelling_is_edited(language: str, written: str, edited: str) -> None:
    assert chat_spelling.edited(written, language) == edited
