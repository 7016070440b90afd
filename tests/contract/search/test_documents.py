"""Documents: the four actions and the result of each, reading, counting, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.search.documents import IndexDocumentsBatch, SearchClient, SearchIndexingBufferedSender
from azure.search.documents.indexes.models import SearchIndex, SimpleField

from tests.contract.search.support import BOOKS, Account, AnyClient, a_library, an_index, settled, until

OpenIndex = Callable[[SearchIndex], SearchClient]


@pytest.fixture
def client(open_index: OpenIndex, name: str) -> SearchClient:
    """An empty library of the test's own."""
    return open_index(a_library(name))


def test_an_upload_creates_and_then_replaces_the_whole_document(client: SearchClient) -> None:
    created = client.upload_documents([{"id": "one", "title": "first", "pages": 1}])
    replaced = client.upload_documents([{"id": "one", "title": "second"}])
    assert [(result.key, result.succeeded, result.status_code) for result in created] == [("one", True, 201)]
    assert [(result.succeeded, result.status_code) for result in replaced] == [(True, 200)]
    document = client.get_document("one")
    assert (document["title"], document["pages"]) == ("second", None)


def test_a_merge_changes_what_it_names(client: SearchClient) -> None:
    client.upload_documents([{"id": "one", "title": "first", "pages": 1, "tags": ["a", "b"]}])
    client.merge_documents([{"id": "one", "title": None, "tags": ["c"]}])
    document = client.get_document("one")
    assert (document["title"], document["pages"], document["tags"]) == (None, 1, ["c"])


def test_of_a_batch_each_document_has_its_own_result(client: SearchClient) -> None:
    client.upload_documents([{"id": "known"}])
    batch = IndexDocumentsBatch()
    batch.add_merge_actions([{"id": "known", "pages": 2}, {"id": "unknown", "pages": 2}])
    batch.add_merge_or_upload_actions([{"id": "new", "pages": 3}])
    batch.add_delete_actions([{"id": "absent"}])
    results = client.index_documents(batch)
    assert [(result.key, result.succeeded, result.status_code) for result in results] == [
        ("known", True, 200),
        ("unknown", False, 404),
        ("new", True, 201),
        ("absent", True, 200),
    ]
    assert results[1].error_message
    assert client.get_document("new")["pages"] == 3


async def test_a_deleted_document_is_found_nowhere(client: SearchClient) -> None:
    client.upload_documents(BOOKS[:2])
    await until(client.get_document_count, 2)
    client.delete_documents([{"id": "reset"}])
    await until(client.get_document_count, 1)
    assert [row["id"] for row in client.search("password OR refund", query_type="full")] == ["refund"]
    assert [row["id"] for row in client.search("*", filter="secret eq 'red'")] == []
    with pytest.raises(ResourceNotFoundError):
        client.get_document("reset")


async def test_words_of_an_old_version_are_no_longer_found(client: SearchClient) -> None:
    client.upload_documents([{"id": "one", "title": "walnut tree", "category": "wood"}])
    await until(lambda: [row["id"] for row in client.search("walnut")], ["one"])
    client.merge_documents([{"id": "one", "title": "cherry tree", "category": "fruit"}])
    await until(lambda: [row["id"] for row in client.search("cherry")], ["one"])
    assert list(client.search("walnut")) == []
    assert list(client.search("*", filter="category eq 'wood'")) == []


async def test_a_document_is_read_with_all_or_some_fields(library: AnyClient) -> None:
    whole = await settled(library.get_document("reset"))
    assert whole["title"] == "Reset your password"
    assert "secret" not in whole
    some = await settled(library.get_document("refund", selected_fields=["id", "changed"]))
    assert some == {"id": "refund", "changed": "2026-02-20T21:30:00Z"}


async def test_nulls_are_read_as_nulls_and_empty_collections(library: AnyClient) -> None:
    document = await settled(library.get_document("blank"))
    assert (document["category"], document["tags"], document["pages"]) == (None, [], None)


@pytest.mark.parametrize("key", ["absent", "a b/c'd", "%2F"])
async def test_an_unknown_key_is_not_found(library: AnyClient, key: str) -> None:
    with pytest.raises(ResourceNotFoundError):
        await settled(library.get_document(key))


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({"title": "no key"}, "key"),
        ({"id": "a b"}, "a b"),
        ({"id": "one", "colour": "red"}, "colour"),
        ({"id": "one", "pages": "three"}, "three|pages"),
        ({"id": "one", "pages": 2**31}, "2147483648|pages"),
        ({"id": "one", "tags": "money"}, "money|tags"),
        ({"id": "one", "changed": "yesterday"}, "yesterday|changed"),
        ({"id": "one", "embedding": [1.0, 2.0]}, "embedding"),
    ],
)
def test_a_document_that_does_not_fit_is_refused_by_name(
    client: SearchClient, document: dict[str, Any], named: str
) -> None:
    with pytest.raises(HttpResponseError, match=named) as refusal:
        client.upload_documents([{"id": "good"}, document])
    assert refusal.value.status_code == 400
    assert client.get_document_count() == 0


def test_a_missing_index_is_not_found(account: Account) -> None:
    with SearchClient(account.endpoint, "absent-index", account.credential) as client:
        with pytest.raises(ResourceNotFoundError):
            client.get_document_count()
        with pytest.raises(ResourceNotFoundError):
            client.upload_documents([{"id": "one"}])


async def test_the_buffered_sender_sends_everything(client: SearchClient, account: Account, name: str) -> None:
    with SearchIndexingBufferedSender(account.endpoint, name, account.credential, auto_flush_interval=60) as sender:
        sender.upload_documents([{"id": str(number)} for number in range(30)])
        sender.delete_documents([{"id": "7"}])
    await until(client.get_document_count, 29)


def test_a_batch_beyond_the_size_limit_is_halved_by_the_sdk(open_index: OpenIndex, name: str) -> None:
    raw = SimpleField(name="raw", type="Edm.String")
    client = open_index(an_index(name, raw))
    results = client.upload_documents([{"id": str(number), "raw": "x" * 1_500_000} for number in range(12)])
    assert [result.status_code for result in results] == [201] * 12


def test_a_batch_of_too_many_documents_is_refused(client: SearchClient) -> None:
    with pytest.raises(HttpResponseError, match="1000"):
        client.upload_documents([{"id": str(number)} for number in range(1001)])


def test_half_a_character_is_refused(client: SearchClient) -> None:
    with pytest.raises(HttpResponseError) as refusal:
        client.upload_documents([{"id": "one", "title": "\ud83d"}])
    assert refusal.value.status_code == 400
