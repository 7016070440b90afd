"""Searching by vectors, and by words and vectors together."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from azure.core.exceptions import HttpResponseError
from azure.search.documents import SearchClient
from azure.search.documents.indexes.models import SearchIndex
from azure.search.documents.models import VectorizableTextQuery

from tests.contract.search.support import AnyClient, a_vector_field, an_index, keys, near, rows, until, vector_search


async def test_the_nearest_come_first_with_the_score_of_their_cosine(library: AnyClient) -> None:
    found = await rows(library.search(vector_queries=[near([0.0, 2.0, 0.0])]))
    assert [row["id"] for row in found][:2] == ["refund", "invoice"]
    assert found[0]["@search.score"] == pytest.approx(1.0)
    assert found[1]["@search.score"] == pytest.approx(1 / (1 + 0.2))


async def test_as_many_as_asked_for(library: AnyClient) -> None:
    assert await keys(library.search(vector_queries=[near([0.0, 0.1, 1.0], 2)])) == ["blank", "invoice"]
    assert await keys(library.search(vector_queries=[near([0.0, 0.1, 1.0], 2, exhaustive=True)], top=1)) == ["blank"]


async def test_a_filter_works_before_or_after(library: AnyClient) -> None:
    options = {"vector_queries": [near([0.0, 1.0, 0.1], 2)], "filter": "category eq 'account'"}
    assert await keys(library.search(**options, vector_filter_mode="preFilter")) == ["reset"]
    assert await keys(library.search(**options, vector_filter_mode="postFilter")) == []
    assert await keys(library.search(**options)) == ["reset"]


async def test_words_and_vectors_are_fused_by_rank(library: AnyClient) -> None:
    found = await rows(library.search("invoice", vector_queries=[near([0.0, 1.0, 0.0], 2)]))
    # invoice: first by words, second by vector; refund: first by vector alone.
    assert [row["id"] for row in found] == ["invoice", "refund"]
    assert found[0]["@search.score"] == pytest.approx(1 / 60 + 1 / 61, rel=1e-4)
    assert found[1]["@search.score"] == pytest.approx(1 / 60, rel=1e-4)


async def test_a_weight_counts(library: AnyClient) -> None:
    queries = [near([1.0, 0.0, 0.0], 1, weight=0.5), near([0.0, 0.0, 1.0], 1, weight=2.0)]
    found = await rows(library.search(vector_queries=queries))
    assert [row["id"] for row in found] == ["blank", "reset"]
    assert found[0]["@search.score"] == pytest.approx(2 / 60, rel=1e-4)


async def test_hybrid_results_are_filtered_and_ordered_too(library: AnyClient) -> None:
    found = library.search(
        "refund", vector_queries=[near([1.0, 0.0, 0.0])], filter="pages ne null", order_by=["pages desc"]
    )
    assert await keys(found) == ["refund", "invoice", "reset"]


async def test_vectors_of_several_fields(open_index: Callable[[SearchIndex], SearchClient], name: str) -> None:
    fields = (a_vector_field(2, "first"), a_vector_field(2, "second"))
    client = open_index(an_index(name, *fields, vector_search=vector_search()))
    client.upload_documents(
        [
            {"id": "one", "first": [1.0, 0.0], "second": [0.0, 1.0]},
            {"id": "two", "first": [0.9, 0.1], "second": [1.0, 0.0]},
            {"id": "none"},
        ]
    )
    await until(client.get_document_count, 3)
    found = client.search(vector_queries=[near([1.0, 0.0], fields="first,second")])
    scores = {row["id"]: row["@search.score"] for row in found}
    assert scores == pytest.approx({"one": 1 / 60 + 1 / 61, "two": 1 / 60 + 1 / 61}, rel=1e-4)


async def test_a_changed_vector_is_found_where_it_is_now(
    open_index: Callable[[SearchIndex], SearchClient], name: str
) -> None:
    client = open_index(an_index(name, a_vector_field(2, hidden=False), vector_search=vector_search()))
    client.upload_documents([{"id": "one", "embedding": [1.0, 0.0]}, {"id": "two", "embedding": [0.6, 0.8]}])
    await until(client.get_document_count, 2)
    assert [row["id"] for row in client.search(vector_queries=[near([1.0, 0.0])])] == ["one", "two"]
    client.merge_documents([{"id": "one", "embedding": [0.0, 1.0]}])
    await until(lambda: [row["id"] for row in client.search(vector_queries=[near([1.0, 0.0])])], ["two", "one"])
    assert client.get_document("two")["embedding"] == [0.6, 0.8]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        (near([1.0, 0.0]), "embedding|dimension|length"),
        (near([1.0, 0.0, 0.0], fields="title"), "title"),
        (near([1.0, 0.0, 0.0], fields="colour"), "colour"),
        (near([1.0, 0.0, 0.0], 0), "k"),
        (VectorizableTextQuery(text="refund", fields="embedding"), "ectorizer"),
    ],
    ids=["dimensions", "no vector field", "no field", "none", "text"],
)
async def test_a_vector_query_that_cannot_be_answered_is_refused(library: AnyClient, query: object, named: str) -> None:
    with pytest.raises(HttpResponseError, match=named) as refusal:
        await rows(library.search(vector_queries=[query]))
    assert refusal.value.status_code == 400
