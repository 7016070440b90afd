"""Indexes: what can be defined, what may change, and the conditions of a change."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import (
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.search.documents import SearchClient
from azure.search.documents.indexes import SearchIndexClient
from azure.search.documents.indexes.aio import SearchIndexClient as AsyncSearchIndexClient
from azure.search.documents.indexes.models import SearchableField, SearchField, SearchIndex, SimpleField

from tests.contract.search.support import Account, a_library, a_vector_field, an_index, until, vector_search


def test_an_index_is_answered_as_it_was_defined(indexes: SearchIndexClient, name: str) -> None:
    made = indexes.create_index(a_library(name))
    read = indexes.get_index(name)
    assert made.e_tag == read.e_tag
    by_name = {field.name: field for field in read.fields}
    assert by_name["id"].key
    assert by_name["embedding"].vector_search_dimensions == 3
    assert (by_name["category"].filterable, by_name["category"].searchable) == (True, False)
    assert by_name["secret"].hidden
    assert read.semantic_search is not None
    assert read.semantic_search.configurations is not None
    assert read.semantic_search.configurations[0].name == "meaning"
    assert read.suggesters is not None
    assert read.suggesters[0].source_fields == ["title"]


def test_what_is_read_can_be_written_back(indexes: SearchIndexClient, name: str) -> None:
    indexes.create_index(a_library(name))
    read = indexes.get_index(name)
    again = indexes.create_or_update_index(read)
    assert [field.as_dict() for field in again.fields] == [field.as_dict() for field in read.fields]


def test_indexes_are_listed_and_deleted(indexes: SearchIndexClient, name: str) -> None:
    indexes.create_index(an_index(name))
    assert name in list(indexes.list_index_names())
    assert name in [index.name for index in indexes.list_indexes()]
    indexes.delete_index(name)
    assert name not in list(indexes.list_index_names())
    with pytest.raises(ResourceNotFoundError):
        indexes.get_index(name)


def test_creating_what_exists_is_a_conflict(indexes: SearchIndexClient, name: str) -> None:
    indexes.create_index(an_index(name))
    with pytest.raises(ResourceExistsError):
        indexes.create_index(an_index(name))


def test_a_change_on_the_condition_that_nothing_changed(indexes: SearchIndexClient, name: str) -> None:
    first = indexes.create_or_update_index(an_index(name))
    second = indexes.create_or_update_index(
        an_index(name, SearchableField(name="title")), match_condition=MatchConditions.IfPresent
    )
    assert second.e_tag != first.e_tag
    with pytest.raises(ResourceModifiedError):
        indexes.create_or_update_index(first, match_condition=MatchConditions.IfNotModified)
    with pytest.raises(ResourceModifiedError):
        indexes.delete_index(first, match_condition=MatchConditions.IfNotModified)
    indexes.delete_index(second, match_condition=MatchConditions.IfNotModified)


def test_creating_on_the_condition_that_there_is_none(indexes: SearchIndexClient, name: str) -> None:
    indexes.create_or_update_index(an_index(name), match_condition=MatchConditions.IfMissing)
    with pytest.raises(ResourceExistsError):
        indexes.create_or_update_index(an_index(name), match_condition=MatchConditions.IfMissing)


def test_fields_can_be_added_and_old_documents_have_null_there(
    indexes: SearchIndexClient, name: str, open_index: Callable[[SearchIndex], SearchClient]
) -> None:
    client = open_index(an_index(name, SearchableField(name="title")))
    client.upload_documents([{"id": "one", "title": "before"}])
    indexes.create_or_update_index(
        an_index(name, SearchableField(name="title"), SearchableField(name="more", filterable=True))
    )
    client.upload_documents([{"id": "two", "title": "after", "more": "new words"}])
    assert client.get_document("one") == {"id": "one", "title": "before", "more": None}
    assert [row["id"] for row in client.search("words")] == ["two"]


@pytest.mark.parametrize(
    "changed",
    [
        [SimpleField(name="title", type="Edm.String")],
        [SearchableField(name="title", filterable=True)],
        [SearchableField(name="title", analyzer_name="fr.microsoft")],
        [SearchField(name="title", type="Collection(Edm.String)", searchable=True)],
        [],
    ],
    ids=["not searchable", "filterable", "another analyzer", "another type", "gone"],
)
def test_an_existing_field_cannot_be_changed(indexes: SearchIndexClient, name: str, changed: list[SearchField]) -> None:
    indexes.create_index(an_index(name, SearchableField(name="title")))
    with pytest.raises(HttpResponseError, match="title") as refusal:
        indexes.create_or_update_index(an_index(name, *changed))
    assert refusal.value.status_code == 400
    assert "title" in [field.name for field in indexes.get_index(name).fields]


@pytest.mark.parametrize(
    ("definition", "named"),
    [
        (SearchIndex(name="Upper-Case", fields=[SimpleField(name="id", type="Edm.String", key=True)]), "index name"),
        (SearchIndex(name="no-key", fields=[SimpleField(name="id", type="Edm.String")]), "key"),
        (an_index("two-keys", SimpleField(name="other", type="Edm.String", key=True)), "key"),
        (an_index("same-name", SearchableField(name="x"), SearchableField(name="x")), "same name|uplicate"),
        (an_index("numbers", SearchField(name="pages", type="Edm.Int32", searchable=True)), "pages"),
        (an_index("profile", a_vector_field()), "embedding"),
        (an_index("dimensions", a_vector_field(1), vector_search=vector_search()), "embedding"),
    ],
    ids=lambda value: value.name if isinstance(value, SearchIndex) else "",
)
def test_a_definition_that_makes_no_sense_is_refused(
    indexes: SearchIndexClient, definition: SearchIndex, named: str
) -> None:
    with pytest.raises(HttpResponseError, match=named) as refusal:
        indexes.create_index(definition)
    assert refusal.value.status_code == 400


@pytest.mark.parametrize(
    ("definition", "named"),
    [
        (an_index("places", SearchField(name="place", type="Edm.GeographyPoint")), "place"),
        (an_index("pattern", SearchableField(name="title", analyzer_name="pattern")), "pattern"),
        (an_index("profiles", scoring_profiles=[{"name": "fresh"}]), "scoringProfiles"),
    ],
    ids=["geography", "analyzer", "scoring"],
)
def test_a_definition_beyond_the_stand_in_is_refused(
    indexes: SearchIndexClient, definition: SearchIndex, named: str, local_only: None
) -> None:
    with pytest.raises(HttpResponseError, match=f"{named}.* is not supported by this stand-in"):
        indexes.create_index(definition)


async def test_the_async_client_does_the_same(account: Account, name: str) -> None:
    async with AsyncSearchIndexClient(account.endpoint, account.credential) as client:
        made = await client.create_or_update_index(an_index(name))
        assert (await client.get_index(name)).e_tag == made.e_tag
        assert name in [each async for each in client.list_index_names()]
        statistics = await client.get_index_statistics(name)
        assert statistics.document_count == 0
        await client.delete_index(name)
        with pytest.raises(ResourceNotFoundError):
            await client.get_index(name)


async def test_statistics_count_documents(
    indexes: SearchIndexClient, name: str, open_index: Callable[[SearchIndex], SearchClient]
) -> None:
    client = open_index(an_index(name, a_vector_field(), vector_search=vector_search()))
    client.upload_documents([{"id": "one", "embedding": [1.0, 2.0, 3.0]}])
    await until(lambda: indexes.get_index_statistics(name).document_count, 1)
    assert indexes.get_index_statistics(name).storage_size > 0
