"""An app that knows nothing of this project, in the style of quickstarts, runs on the local host unchanged."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.contract.host.running import Caller, RunningHost
from tests.contract.storage.world import PATIENCE, REAL, World, an_account, eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")

APP = Path(__file__).parent / "app"
SETTINGS = {
    "IsEncrypted": False,
    "Values": {
        "FUNCTIONS_WORKER_RUNTIME": "python",
        "AzureWebJobsStorage": "UseDevelopmentStorage=true",
        "ORDERS_QUEUE": "quickstart-orders",
        "CLEANUP_SCHEDULE": "*/1 * * * * *",
    },
}
ENDED = {"Completed", "Failed", "Terminated"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("quickstart")
    async with an_account(folder / "azurite") as connection:
        world = World(connection, folder / "world", run="")
        yield world
        await world.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def host(world: World) -> AsyncIterator[RunningHost]:
    app = shutil.copytree(APP, world.folder / "app")
    (app / "local.settings.json").write_text(json.dumps(SETTINGS))
    host = RunningHost(app=app, data=world.folder / "data", environment={"AzureWebJobsStorage": world.connection})
    try:
        host.wait_until_ready()
        yield host
    finally:
        host.close()


@pytest_asyncio.fixture(loop_scope="session")
async def call(host: RunningHost) -> AsyncIterator[Caller]:
    async with Caller(host.url) as caller:
        yield caller


class Orchestrations:
    """Starts orchestrations by the app's own starter and follows the links of its answer."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self._url = url
        self._session = session

    async def start(self, name: str, value: object = None) -> dict[str, str]:
        async with self._session.post(f"{self._url}/api/orchestrators/{name}", json=value) as response:
            assert response.status == 202
            links = await response.json()
            assert isinstance(links, dict)
            return links

    async def send(self, links: dict[str, str], event: str, value: object) -> None:
        address = links["sendEventPostUri"].replace("{eventName}", event)
        async with self._session.post(address, json=value) as response:
            assert response.status == 202

    async def result(self, links: dict[str, str]) -> Any:
        end = time.monotonic() + PATIENCE
        while True:
            async with self._session.get(links["statusQueryGetUri"]) as response:
                status = await response.json()
            if status["runtimeStatus"] in ENDED:
                assert status["runtimeStatus"] == "Completed", status
                return status["output"]
            assert time.monotonic() < end, status
            await asyncio.sleep(0.02)


@pytest_asyncio.fixture(loop_scope="session")
async def orchestrations(host: RunningHost) -> AsyncIterator[Orchestrations]:
    async with aiohttp.ClientSession() as session:
        yield Orchestrations(host.url, session)


async def test_http(call: Caller) -> None:
    assert (await call("GET", "/api/hello?name=Azure")).text == "Hello, Azure."
    assert (await call("POST", "/api/hello", json={"name": "Functions"})).text == "Hello, Functions."
    assert (await call("GET", "/api/hello")).status == 400


async def test_timer(call: Caller) -> None:
    async def look() -> int | None:
        count = int((await call("GET", "/api/cleanups")).text)
        return count if count >= 2 else None

    assert await eventually(look, "the timer's second run") >= 2


async def test_queue_trigger_with_output_and_input_bindings(call: Caller) -> None:
    accepted = await call("POST", "/api/orders", json={"id": 7, "customer": "contoso", "quantity": 3})

    async def look() -> Any:
        receipt = await call("GET", "/api/receipts/contoso/7")
        return receipt.json if receipt.status == 200 else None

    assert accepted.status == 202
    assert await eventually(look, "the receipt") == {"id": 7, "total": 15}
    assert (await call("GET", "/api/receipts/contoso/8")).status == 404


async def test_a_message_that_cannot_be_processed_ends_in_the_poison_queue(call: Caller, world: World) -> None:
    await call("POST", "/api/orders", json={"id": 9, "customer": "contoso", "quantity": 0})

    assert json.loads((await world.taken("quickstart-orders-poison"))[0])["id"] == 9
    assert (await call("GET", "/api/receipts/contoso/9")).status == 404


@pytest.mark.usefixtures("host")
async def test_blob_trigger(world: World) -> None:
    await world.put("quickstart-uploads", "folder/note.txt", "four")

    assert await world.taken("quickstart-uploaded") == ["quickstart-uploads/folder/note.txt: 4 bytes"]


@pytest.mark.usefixtures("host")
@pytest.mark.skipif(REAL is not None, reason="Event Grid cannot reach this machine")
async def test_blob_trigger_from_event_grid(world: World) -> None:
    await world.put("quickstart-pictures", "holiday.2030.png", "a picture")

    assert await world.text("quickstart-thumbnails", "holiday.2030-small.png") == "a pi"


async def test_chaining(orchestrations: Orchestrations) -> None:
    links = await orchestrations.start("hello_sequence")

    assert await orchestrations.result(links) == ["Hello Tokyo!", "Hello Seattle!", "Hello London!"]


async def test_fan_out(orchestrations: Orchestrations) -> None:
    links = await orchestrations.start("total_length", ["a", "bc", "def"])

    assert await orchestrations.result(links) == 6


@pytest.mark.parametrize(("answer", "outcome"), [(True, "Approved"), (False, "Rejected")])
async def test_human_interaction(orchestrations: Orchestrations, answer: bool, outcome: str) -> None:
    links = await orchestrations.start("approval", 60)
    await orchestrations.send(links, "Approval", answer)

    assert await orchestrations.result(links) == outcome


async def test_human_interaction_that_takes_too_long(orchestrations: Orchestrations) -> None:
    links = await orchestrations.start("approval", 0.2)

    assert await orchestrations.result(links) == "Escalated"


async def test_monitor(orchestrations: Orchestrations) -> None:
    links = await orchestrations.start("watch_job", {"job": "nightly", "looks": 1})

    assert await orchestrations.result(links) == 5


async def test_entity_called_by_an_orchestration_and_signalled_by_a_client(
    call: Caller, orchestrations: Orchestrations
) -> None:
    assert (await call("GET", "/api/counters/visits")).status == 404
    assert await orchestrations.result(await orchestrations.start("count_up", "visits")) == 7
    await call("POST", "/api/counters/visits?amount=10")

    async def look() -> str | None:
        answer = await call("GET", "/api/counters/visits")
        return answer.text if answer.text != "7" else None

    assert await eventually(look, "the signal") == "17"


async def test_a_queue_message_starts_an_orchestration(call: Caller, world: World) -> None:
    await world.send("quickstart-cities", "cities-1")

    async def look() -> Any:
        answer = await call("GET", "/runtime/webhooks/durabletask/instances/cities-1")
        return answer.json["output"] if answer.status == 200 else None

    assert await eventually(look, "the orchestration") == ["Hello Tokyo!", "Hello Seattle!", "Hello London!"]
