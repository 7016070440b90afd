"""Examples for an intent model: what is accepted, what is refused and in which words."""

from __future__ import annotations

import pytest

from shared.desk.intent_examples import (
    MOST_EXAMPLES,
    MOST_INTENTS,
    MOST_PROBLEMS,
    TEXT_CHARACTERS,
    Given,
    as_csv,
    checked_examples,
    read_csv,
)
from shared.engines.intent import OUT_OF_SCOPE
from shared.engines.intent.examples import FEWEST, shipped_examples
from shared.errors import InvalidRequest


def some(intent: str, count: int = FEWEST) -> list[Given]:
    return [Given(f"text {number} about {intent}", intent) for number in range(count)]


VALID = [*some("warranty"), *some("gift_card")]


def problems(given: list[Given], *, with_default_examples: bool = False) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRequest) as refused:
        checked_examples(given, with_default_examples=with_default_examples)
    return [(each.field, each.message) for each in refused.value.fields]


def test_each_text_is_learnt_once_and_without_surrounding_space() -> None:
    examples = checked_examples([*VALID, Given("  Text 0 about  WARRANTY\n", "warranty")], with_default_examples=False)

    assert [(each.text, each.intent, each.origin) for each in examples] == [
        (each.text, each.intent, each.text) for each in VALID
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Given(" \n\x00", "warranty"), "examples.10.text"),
        (Given("x" * (TEXT_CHARACTERS + 1), "warranty"), "examples.10.text"),
        (Given("👍 !!!", "warranty"), "examples.10.text"),
        (Given("fine", "Warranty"), "examples.10.intent"),
        (Given("fine", ""), "examples.10.intent"),
        (Given("fine", "1st"), "examples.10.intent"),
        (Given("fine", "a" * 65), "examples.10.intent"),
        (Given("fine", "warranty\n=1"), "examples.10.intent"),
        (Given("TEXT 0 about warranty", "gift_card"), "examples.10.text"),
    ],
    ids=["blank", "too long", "no letter", "capital", "none", "digit first", "long", "formula", "two intents"],
)
def test_a_wrong_example_is_named_by_its_number_and_field(wrong: Given, field: str) -> None:
    assert [found for found, _ in problems([*VALID, wrong])] == [field]


def test_the_longest_text_and_the_longest_intent_are_accepted() -> None:
    longest = [Given("x" * (TEXT_CHARACTERS - 1) + str(number), "a" * 64) for number in range(FEWEST)]

    assert len(checked_examples([*VALID, *longest], with_default_examples=False)) == len(VALID) + FEWEST


def test_the_same_text_under_two_intents_names_both() -> None:
    ((_, message),) = problems([*VALID, Given(VALID[0].text, "gift_card")])

    assert "gift_card here and of warranty in examples.0" in message


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "must not be empty"),
        (some("warranty"), "are of 1"),
        ([*VALID, *some("returns", FEWEST - 1)], f"returns has {FEWEST - 1} different examples; at least {FEWEST}"),
        ([*VALID, *some("returns", 1) * FEWEST], "returns has 1 different examples"),
        (some("warranty", MOST_EXAMPLES + 1), f"at most {MOST_EXAMPLES}"),
        ([each for n in range(MOST_INTENTS + 1) for each in some(f"intent_{n}")], f"are of {MOST_INTENTS + 1}"),
    ],
    ids=["none", "one intent", "too few", "too few different", "too many", "too many intents"],
)
def test_a_set_of_which_no_model_can_be_made_says_why(given: list[Given], message: str) -> None:
    ((field, found),) = problems(given)

    assert field == "examples"
    assert message in found


def test_of_many_mistakes_the_first_are_named() -> None:
    found = problems([Given("", "warranty")] * (MOST_PROBLEMS + 5))

    assert [field for field, _ in found] == [f"examples.{number}.text" for number in range(MOST_PROBLEMS)]


def test_default_examples_are_added_but_for_texts_that_are_decided_on() -> None:
    taken = next(each.text for each in shipped_examples() if each.intent == "track_order")
    own = [*some("warranty"), Given(taken.upper(), "warranty")]

    examples = checked_examples(own, with_default_examples=True)

    assert [each.intent for each in examples if each.text.lower() == taken.lower()] == ["warranty"]
    assert {"track_order", OUT_OF_SCOPE, "warranty"} <= {each.intent for each in examples}
    assert len(examples) > len(shipped_examples())


def test_few_own_examples_of_a_default_intent_are_enough_beside_the_default_ones() -> None:
    one = [Given("whereabouts of parcel wanted", "track_order")]

    assert one[0].text in {each.text for each in checked_examples(one, with_default_examples=True)}
    assert problems(one) != []


@pytest.mark.parametrize(
    "text",
    ["plain", "with, comma", 'with "quotes"', "two\nlines", "Grüße 👋", "=1+1"],
)
def test_what_is_downloaded_can_be_uploaded(text: str) -> None:
    examples = checked_examples([*VALID, Given(text, "warranty")], with_default_examples=False)

    read = read_csv(as_csv(examples))

    assert [(each.text, each.intent) for each in read] == [(each.text, each.intent) for each in examples]


def test_a_file_of_a_spreadsheet_is_read_with_its_mark_further_columns_and_empty_lines() -> None:
    content = "\ufeffLabel,Note,Text\r\nwarranty,x,My kettle broke\r\n,,\r\n\r\nwarranty,,It stopped\r\n".encode()

    assert read_csv(content) == [
        Given("My kettle broke", "warranty", "line 2"),
        Given("It stopped", "warranty", "line 5"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "text, label is missing"),
        (b"text;label\nHello;greeting\n", "text, label is missing"),
        (b"text,label\nHello, you,greeting\n", "3 columns instead of 2 in line 2"),
        (b"text,label\nHello\n", "1 columns instead of 2 in line 2"),
        (b'text,label\n"Hello,greeting\n', "in line 2"),
        (b"text,label\nok,a\nH\xe9,greeting\n", "UTF-8, is not in line 3"),
        (b"text,label\n" + b"x" * 200_000 + b",greeting\n", "in line 2"),
    ],
    ids=["empty", "semicolons", "comma in text", "no label", "open quote", "encoding", "huge field"],
)
def test_a_file_that_cannot_be_read_says_where(content: bytes, message: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_csv(content)

    assert refused.value.fields[0].field == "body"
    assert message in refused.value.detail


def test_a_wrong_row_is_named_by_number_and_line() -> None:
    given = read_csv(b"text,label\nfine,warranty\n\n,warranty\n")

    assert ("examples.1.text", "must not be empty (line 4)") in problems(given)
