"""A database and a storage account for everything that is tested of the store."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from local.cosmos.__main__ import EMULATOR_KEY
from shared.media.blobs import Blobs, blob_service
from shared.store.control import ControlStore
from shared.store.database import Database
from tests.contract.cosmos.support import ROOT, Process
from tests.contract.storage.world import an_account

SECONDS = 20.0


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def blobs(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Blobs]:
    async with an_account(tmp_path_factory.mktemp("azurite")) as connection:
        account = Blobs(lambda: blob_service(connection), SECONDS)
        yield account
        await account.close()


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def control(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ControlStore]:
    containers = str(ROOT / "infra" / "cosmos-containers.json")
    process = Process(tmp_path_factory.mktemp("cosmos"), EMULATOR_KEY, "--containers", containers)
    database = Database(process.account.endpoint, process.account.key, "assistant", SECONDS)
    yield ControlStore(database)
    await database.close()
    process.stop()
