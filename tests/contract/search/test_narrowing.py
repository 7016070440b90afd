"""Filters, orders, facets, counts and pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.search.documents import SearchClient
from azure.search.documents.indexes.models import SearchIndex, SimpleField

from tests.contract.search.support import BOOKS, AnyClient, an_index, keys, rows, settled, until


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("category eq 'billing'", {"refund", "invoice"}),
        ("'billing' eq category", {"refund", "invoice"}),
        ("category ne 'billing'", {"reset", "blank"}),
        ("category eq null", {"blank"}),
        ("category ne null", {"reset", "refund", "invoice"}),
        ("pages gt 3 and pages le 12", {"refund", "invoice"}),
        ("7 gt pages", {"reset"}),
        ("not (pages ge 7)", {"reset", "blank"}),
        ("price lt 2", {"reset", "refund"}),
        ("price ge 1.5", {"reset", "invoice"}),
        ("is_open", {"reset", "refund"}),
        ("not is_open", {"invoice", "blank"}),
        ("is_open eq false", {"invoice"}),
        ("changed ge 2026-02-01T00:00:00Z", {"refund", "invoice"}),
        ("changed lt 2026-02-20T22:00:00Z and changed gt 2026-02-20T21:00:00Z", {"refund"}),
        ("search.in(category, 'account,other')", {"reset"}),
        ("search.in(category, 'account|billing', '|')", {"reset", "refund", "invoice"}),
        ("tags/any(t: t eq 'money')", {"refund", "invoice"}),
        ("tags/any(t: t eq 'security' or t eq 'money')", {"reset", "refund", "invoice"}),
        ("tags/any(t: search.in(t, 'security, money'))", {"reset", "refund", "invoice"}),
        ("tags/all(t: t ne 'login')", {"refund", "blank"}),
        ("not tags/any(t: t eq 'login')", {"refund", "blank"}),
        ("tags/any()", {"reset", "refund", "invoice"}),
        ("not tags/any()", {"blank"}),
        ("category eq 'account' or category eq 'billing' and pages eq 7", {"reset", "invoice"}),
        ("(category eq 'account' or category eq 'billing') and pages eq 7", {"invoice"}),
        ("secret eq 'red'", {"reset", "invoice"}),
        ("category eq 'none' or true", {"reset", "refund", "invoice", "blank"}),
    ],
)
async def test_a_filter_keeps_what_it_describes(library: AnyClient, condition: str, found: set[str]) -> None:
    assert set(await keys(library.search("*", filter=condition))) == found


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        ("colour eq 'red'", "colour"),
        ("title eq 'x'", "title"),
        ("pages eq 'three'", "Edm.Int32|incompatible"),
        ("category eq 3", "Edm.String|incompatible"),
        ("tags eq 'money'", "tags|Collection"),
        ("category/any(t: t eq 'x')", "category|any"),
        ("pages eq", "yntax"),
        ("pages eq 3 pages eq 4", "yntax"),
        ("category eq 'un", "yntax"),
        ("tags/any(t: t ne 'x')", "tags|any"),
        ("tags/all(t: t eq 'x')", "tags|all"),
        ("pages", "pages|Boolean"),
    ],
)
async def test_a_filter_that_makes_no_sense_is_refused(library: AnyClient, condition: str, named: str) -> None:
    with pytest.raises(HttpResponseError, match=named) as refusal:
        await rows(library.search("*", filter=condition))
    assert refusal.value.status_code == 400


@pytest.mark.parametrize("call", ["geo.distance(changed, pages) lt 3", "search.ismatch('refund')"])
async def test_a_function_beyond_the_stand_in_is_refused(library: AnyClient, call: str, local_only: None) -> None:
    with pytest.raises(HttpResponseError, match="not supported by this stand-in"):
        await rows(library.search("*", filter=call))


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (["pages"], ["blank", "reset", "invoice", "refund"]),
        (["pages desc"], ["refund", "invoice", "reset", "blank"]),
        (["category desc", "price asc"], ["refund", "invoice", "reset", "blank"]),
        (["changed desc"], ["refund", "invoice", "reset", "blank"]),
    ],
)
async def test_an_order_is_kept(library: AnyClient, order: list[str], found: list[str]) -> None:
    assert await keys(library.search("*", order_by=order)) == found


async def test_an_order_by_what_cannot_be_sorted_is_refused(library: AnyClient) -> None:
    for order, named in (["tags"], "tags"), (["colour"], "colour"), (["pages up"], "pages up|yntax"):
        with pytest.raises(HttpResponseError, match=named):
            await rows(library.search("*", order_by=order))


async def test_facets_count_what_was_found(library: AnyClient) -> None:
    facets = ["category", "tags,sort:value", "is_open", "pages,values:5|10", "changed,interval:month"]
    results = await settled(library.search("refund password", facets=facets, top=1, include_total_count=True))
    assert len(await rows(results)) == 1
    assert await settled(results.get_count()) == 3
    counted = await settled(results.get_facets())
    assert counted["category"] == [{"value": "billing", "count": 2}, {"value": "account", "count": 1}]
    assert [(each["value"], each["count"]) for each in counted["tags"]] == [("login", 2), ("money", 2), ("security", 1)]
    assert {each["value"]: each["count"] for each in counted["is_open"]} == {True: 2, False: 1}
    assert [each["count"] for each in counted["pages"]] == [1, 1, 1]
    assert [each["count"] for each in counted["changed"]] == [1, 2]
    assert counted["changed"][1]["value"].startswith("2026-02-01T00:00:00")


async def test_a_facet_shows_as_many_values_as_asked_for(library: AnyClient) -> None:
    results = await settled(library.search("*", facets=["category,count:1"]))
    assert await settled(results.get_facets()) == {"category": [{"value": "billing", "count": 2}]}


@pytest.mark.parametrize("facet", ["title", "colour", "category,count:none", "category,interval:3", "pages,size:3"])
async def test_a_facet_that_makes_no_sense_is_refused(library: AnyClient, facet: str) -> None:
    with pytest.raises(HttpResponseError) as refusal:
        await rows(library.search("*", facets=[facet]))
    assert refusal.value.status_code == 400


async def test_top_and_skip_cut_a_page(library: AnyClient) -> None:
    assert await keys(library.search("*", order_by=["pages"], top=2, skip=1)) == ["reset", "invoice"]
    assert await keys(library.search("*", top=0)) == []
    assert await keys(library.search("*", skip=len(BOOKS))) == []


@pytest.mark.parametrize(("options", "pages"), [({}, [50, 50, 20]), ({"top": 30}, [30])])
async def test_more_than_a_page_comes_in_pages(
    open_index: Callable[[SearchIndex], SearchClient], name: str, options: dict[str, Any], pages: list[int]
) -> None:
    client = open_index(an_index(name, SimpleField(name="rank", type="Edm.Int32", sortable=True, filterable=True)))
    client.upload_documents([{"id": str(number), "rank": number} for number in range(120)])
    await until(client.get_document_count, 120)
    results = client.search("*", order_by=["rank"], select=["id", "rank"], filter="rank ge 0", **options)
    found = [[row["rank"] for row in page] for page in results.by_page()]
    assert [len(page) for page in found] == pages
    assert [rank for page in found for rank in page] == list(range(sum(pages)))


async def test_a_page_can_be_taken_up_later(open_index: Callable[[SearchIndex], SearchClient], name: str) -> None:
    client = open_index(an_index(name, SimpleField(name="rank", type="Edm.Int32", sortable=True)))
    client.upload_documents([{"id": str(number), "rank": number} for number in range(60)])
    await until(client.get_document_count, 60)
    first: Any = client.search("*", order_by=["rank desc"]).by_page()
    assert len(list(next(first))) == 50
    rest = client.search("*", order_by=["rank desc"]).by_page(continuation_token=first.continuation_token)
    assert [row["rank"] for row in next(rest)] == list(range(9, -1, -1))
