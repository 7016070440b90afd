from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from azure.durable_functions.models.utils import http_utils

from tests.contract.durable.harness import Client, HostProcess


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostProcess]:
    running = HostProcess(tmp_path_factory.mktemp("host")).start()
    yield running
    running.stop()


@pytest.fixture
async def client(host: HostProcess) -> AsyncIterator[Client]:
    yield Client(json.dumps(host.binding()))
    await http_utils._close_session()


@pytest.fixture
async def http(host: HostProcess) -> AsyncIterator[aiohttp.ClientSession]:
    """The webhook API, below /runtime/webhooks/durabletask/."""
    async with aiohttp.ClientSession(f"{host.url}/runtime/webhooks/durabletask/") as session:
        yield session
