"""The customer's own name leaves no text that goes to a model."""

from __future__ import annotations

import pytest

from shared.engines.personal_data.outgoing import without_name


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Ana Silva", "Ana Silva here, yes, Ana", "[CUSTOMER] here, yes, [CUSTOMER]"),
        ("Ana Silva", "regards, ANA SILVA or ana  silva", "regards, [CUSTOMER] or [CUSTOMER]"),
        ("王小明", "我是王小明的同事", "我是[CUSTOMER]的同事"),
        ("김철수", "김철수입니다", "[CUSTOMER]입니다"),
        ("田中 太郎", "太郎さんに、田中 太郎です", "[CUSTOMER]さんに、[CUSTOMER]です"),
        ("محمد علي", "أنا محمد علي", "أنا [CUSTOMER]"),
    ],
)
def test_a_name_is_taken_out_whole_and_in_parts(name: str, text: str, expected: str) -> None:
    assert without_name(text, name) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("", "nobody is named"),
        ("Will May", "I will wait, may I?"),
        ("Al Bo", "al dente, Al"),
        ("Ana Silva", "banana, Anastasia, Silvas"),
        ("guest", "a guest ordered"),
    ],
)
def test_words_that_are_no_name_stay(name: str, text: str) -> None:
    assert without_name(text, name) == text
