"""Suggestions and completions while someone types."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from tests.contract.search.support import AnyClient, settled


async def test_suggestions_are_documents_whose_words_begin_so(library: AnyClient) -> None:
    found = await settled(library.suggest("re", "typing", select=["id", "pages"], order_by=["pages"]))
    assert [(each["@search.text"], each["id"], each["pages"]) for each in found] == [
        ("Reset your password", "reset", 3),
        ("Reading an invoice", "invoice", 7),
        ("Refunds and returns", "refund", 12),
    ]


async def test_suggestions_need_every_word_and_can_be_filtered_and_marked(library: AnyClient) -> None:
    found = await settled(library.suggest("reset pass", "typing", highlight_pre_tag="[", highlight_post_tag="]"))
    assert [each["@search.text"] for each in found] == ["[Reset] your [password]"]
    assert await settled(library.suggest("re", "typing", filter="category eq 'none'")) == []


async def test_a_fuzzy_suggestion_forgives_a_letter(library: AnyClient) -> None:
    assert await settled(library.suggest("invioce", "typing")) == []
    found = await settled(library.suggest("invioce", "typing", use_fuzzy_matching=True))
    assert [each["id"] for each in found] == ["invoice"]


@pytest.mark.parametrize(
    ("text", "mode", "completed"),
    [
        ("re", "oneTerm", {("reading", "reading"), ("refunds", "refunds"), ("reset", "reset"), ("returns", "returns")}),
        ("your pass", "oneTerm", {("password", "your password")}),
        ("res", "twoTerms", {("reset your", "reset your")}),
        ("reset yo", "oneTermWithContext", {("reset your", "reset your")}),
        ("invoice yo", "oneTermWithContext", set()),
    ],
)
async def test_completions(library: AnyClient, text: str, mode: str, completed: set[tuple[str, str]]) -> None:
    found = await settled(library.autocomplete(text, "typing", mode=mode))
    assert {(each.text, each.query_plus_text) for each in found} == completed


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"suggester_name": "absent"}, "absent"),
        ({"top": 0}, "top"),
        ({"top": 101}, "top"),
        ({"filter": "colour eq 'red'"}, "colour"),
        ({"search_fields": ["remark"]}, "remark"),
        ({"search_text": ""}, "search"),
    ],
)
async def test_what_cannot_be_honoured_is_refused_by_name(
    library: AnyClient, options: dict[str, Any], named: str
) -> None:
    arguments = {"search_text": "re", "suggester_name": "typing", **options}
    for call in (library.suggest, library.autocomplete):
        with pytest.raises((HttpResponseError, ValueError), match=named):
            await settled(call(**arguments))
