"""One account for all tests of storage, and one host for those that leave it running."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.contract.host.running import RunningHost
from tests.contract.storage.world import World, an_account


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def account(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    async with an_account(tmp_path_factory.mktemp("azurite")) as connection:
        yield connection


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def world(account: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    world = World(account, tmp_path_factory.mktemp("world"))
    yield world
    await world.close()


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def host(world: World) -> AsyncIterator[RunningHost]:
    host = world.host()
    try:
        host.wait_until_ready()
        yield host
    finally:
        host.close()


@pytest_asyncio.fixture(loop_scope="session")
async def own_world(account: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A world without a host, for a test that starts and kills its own."""
    world = World(account, tmp_path_factory.mktemp("world"))
    yield world
    await world.close()
