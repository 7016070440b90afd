"""What host.json, keys and the host's own pages change for storage."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.contract.host.running import Caller, RunningHost
from tests.contract.storage.world import World, as_json

pytestmark = pytest.mark.asyncio(loop_scope="session")

WEBHOOK = "/runtime/webhooks/blobs?functionName=Host.Functions.events"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def strict_world(account: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    world = World(account, tmp_path_factory.mktemp("strict"))
    yield world
    await world.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def strict(strict_world: World) -> AsyncIterator[RunningHost]:
    """Asks for keys, and reads messages as they are."""
    host = strict_world.host("--enable-auth", AzureFunctionsJobHost__extensions__queues__messageEncoding="none")
    try:
        host.wait_until_ready()
        yield host
    finally:
        host.close()


@pytest_asyncio.fixture(loop_scope="session")
async def call(strict: RunningHost) -> AsyncIterator[Caller]:
    async with Caller(strict.url) as caller:
        yield caller


def a_key(world: World, name: str) -> str:
    keys = json.loads((world.folder / "data" / "host-keys.json").read_text())
    found = [key for key in (keys["masterKey"], *keys["systemKeys"]) if key["name"] == name]
    return str(found[0]["value"])


async def test_the_webhook_asks_for_the_key_of_the_blobs_extension(call: Caller, strict_world: World) -> None:
    event = [{"eventType": "Microsoft.Storage.BlobDeleted", "data": {"url": "x"}}]
    key = a_key(strict_world, "blobs_extension")

    assert (await call("POST", WEBHOOK, json=event)).status == 401
    assert (await call("POST", f"{WEBHOOK}&code=wrong", json=event)).status == 401
    assert (await call("POST", f"{WEBHOOK}&code={key}", json=event)).status == 202


@pytest.mark.usefixtures("strict")
async def test_events_come_with_that_key(strict_world: World) -> None:
    await strict_world.put("events", "one.txt", "one")

    await strict_world.until("events", lambda lines: lines == ["one"])


@pytest.mark.usefixtures("strict")
async def test_messages_may_lie_in_their_queue_as_they_are(strict_world: World) -> None:
    queue = strict_world.queues.get_queue_client(strict_world.name("texts"))
    await queue.create_queue()

    await queue.send_message("as it <is>")

    assert await strict_world.raw("returned") == "AS IT <IS>"


async def test_triggers_may_be_run_by_hand(call: Caller, strict_world: World) -> None:
    master = {"x-functions-key": a_key(strict_world, "master")}
    await strict_world.put("in", "reports/hand.txt", "by hand")
    path = f"{strict_world.name('in')}/reports/hand.txt"
    await strict_world.until("reports", lambda lines: lines.count(path) == 1)

    queue = await call("POST", "/admin/functions/plain", json={"input": "by hand"}, headers=master)
    blob = await call("POST", "/admin/functions/reports", json={"input": path}, headers=master)

    assert (queue.status, blob.status) == (202, 202)
    await strict_world.until("plain", lambda lines: any("by hand" in line for line in lines))
    await strict_world.until("reports", lambda lines: lines.count(path) == 2)
    assert as_json(await strict_world.text("done", "hand-txt.json"))["name"] == path
