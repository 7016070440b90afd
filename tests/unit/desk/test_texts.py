"""Texts that people write."""

from __future__ import annotations

import pytest

from shared.desk.texts import checked_text
from shared.errors import InvalidRequest
from shared.store.accounts import searchable


def test_a_text_loses_only_what_surrounds_it() -> None:
    assert checked_text("  Olá,\n\nonde está? 😀\x00 ", 100) == "Olá,\n\nonde está? 😀"


@pytest.mark.parametrize(
    "text",
    ["", "   \n\t ", "\x00", "\u200b\u2060\u200f", "x" * 11],
    ids=["empty", "blank", "only NUL", "nothing to see", "too long"],
)
def test_nothing_and_too_much_are_refused_by_name_of_the_field(text: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        checked_text(text, 10, "description")

    assert [each.field for each in refused.value.fields] == ["description"]


def test_names_are_found_whatever_their_case_and_accents() -> None:
    assert searchable("  João  DA Silva ") == "joao da silva"
