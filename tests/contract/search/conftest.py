from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.search.documents import SearchClient
from azure.search.documents.aio import SearchClient as AsyncSearchClient
from azure.search.documents.indexes import SearchIndexClient
from azure.search.documents.indexes.models import SearchIndex

from local.search.__main__ import API_KEY
from tests.contract.search.support import BOOKS, Account, AnyClient, Process, a_library, until

ENDPOINT, KEY = "SEARCH_CONTRACT_ENDPOINT", "SEARCH_CONTRACT_KEY"
"""Environment variables that point the suite at a real service instead of the stand-in."""


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    if ENDPOINT in os.environ:
        yield Account(os.environ[ENDPOINT], os.environ[KEY])
        return
    process = Process(tmp_path_factory.mktemp("search"), API_KEY)
    yield process.account
    process.stop()


@pytest.fixture
def local_only() -> None:
    """For what says something of the stand-in alone."""
    if ENDPOINT in os.environ:
        pytest.skip("says something of the stand-in alone")


@pytest.fixture(scope="session")
def indexes(account: Account) -> Iterator[SearchIndexClient]:
    with SearchIndexClient(account.endpoint, account.credential) as client:
        yield client


@pytest.fixture
def name(indexes: SearchIndexClient) -> Iterator[str]:
    """A name for an index, which is gone after the test."""
    name = f"contract-{uuid.uuid4().hex[:12]}"
    yield name
    try:
        indexes.delete_index(name)
    except ResourceNotFoundError:
        return


@pytest.fixture
def open_index(
    indexes: SearchIndexClient, account: Account, name: str
) -> Iterator[Callable[[SearchIndex], SearchClient]]:
    """Creates the test's index and gives a client for it."""
    clients: list[SearchClient] = []

    def make(definition: SearchIndex) -> SearchClient:
        indexes.create_index(definition)
        clients.append(SearchClient(account.endpoint, name, account.credential))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture(scope="session")
def library_name(account: Account, indexes: SearchIndexClient) -> Iterator[str]:
    name = f"contract-library-{uuid.uuid4().hex[:8]}"
    indexes.create_index(a_library(name))
    yield name
    indexes.delete_index(name)


@pytest.fixture(scope="session")
def _books(account: Account, library_name: str) -> None:
    with SearchClient(account.endpoint, library_name, account.credential) as client:
        client.upload_documents(BOOKS)


@pytest.fixture(params=["sync", "aio"])
async def library(
    request: pytest.FixtureRequest, account: Account, library_name: str, _books: None
) -> AsyncIterator[AnyClient]:
    """Each of the SDK's two clients in turn, over an index that holds BOOKS. Only to be read."""
    if request.param == "sync":
        with SearchClient(account.endpoint, library_name, account.credential) as client:
            await until(client.get_document_count, len(BOOKS))
            yield client
    else:
        async with AsyncSearchClient(account.endpoint, library_name, account.credential) as async_client:
            await until(async_client.get_document_count, len(BOOKS))
            yield async_client
