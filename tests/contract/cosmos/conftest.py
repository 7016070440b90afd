from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from azure.cosmos import CosmosClient
from azure.cosmos.aio import CosmosClient as AsyncCosmosClient

from local.cosmos.__main__ import EMULATOR_KEY
from tests.contract.cosmos.support import BY_KEY, Account, AnyContainer, NewContainer, Process, settled

ENDPOINT, KEY = "COSMOS_CONTRACT_ENDPOINT", "COSMOS_CONTRACT_KEY"
"""Environment variables that point the suite at a real account instead of the stand-in."""


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    if ENDPOINT in os.environ:
        yield Account(os.environ[ENDPOINT], os.environ[KEY])
        return
    process = Process(tmp_path_factory.mktemp("cosmos"), EMULATOR_KEY)
    yield process.account
    process.stop()


@pytest.fixture(scope="session")
def database_name(account: Account) -> Iterator[str]:
    name = f"contract-{uuid.uuid4().hex[:8]}"
    with CosmosClient(account.endpoint, account.key) as client:
        client.create_database(name)
        yield name
        client.delete_database(name)


@pytest.fixture
def local_only() -> None:
    """For what says something of the stand-in alone."""
    if ENDPOINT in os.environ:
        pytest.skip("says something of the stand-in alone")


@pytest.fixture(params=["sync", "aio"])
async def client(request: pytest.FixtureRequest, account: Account) -> AsyncIterator[CosmosClient | AsyncCosmosClient]:
    """Each of the SDK's two clients in turn."""
    if request.param == "sync":
        with CosmosClient(account.endpoint, account.key) as sync_client:
            yield sync_client
    else:
        async with AsyncCosmosClient(account.endpoint, account.key) as async_client:
            yield async_client


@pytest.fixture
async def new_container(client: CosmosClient | AsyncCosmosClient, database_name: str) -> AsyncIterator[NewContainer]:
    """Makes containers that are gone after the test."""
    database: Any = client.get_database_client(database_name)
    made: list[str] = []

    async def make(**definition: object) -> AnyContainer:
        name = f"c-{uuid.uuid4().hex[:12]}"
        made.append(name)
        return await settled(database.create_container(name, **{"partition_key": BY_KEY, **definition}))

    yield make
    for name in made:
        await settled(database.delete_container(name))


@pytest.fixture
async def container(new_container: NewContainer) -> AnyContainer:
    """An empty container with the partition key /key."""
    return await new_container()
