"""Queue triggers and the bindings beside them, spoken to through the storage SDK."""

from __future__ import annotations

import json
import re

import aiohttp
import pytest

from tests.contract.host.running import RunningHost
from tests.contract.storage.world import World, as_json

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("host")]


async def test_a_message_reaches_its_function_with_its_facts(world: World) -> None:
    await world.send("plain", "héllo")

    lines = await world.until("plain", lambda lines: any("llo" in line for line in lines))

    assert ["héllo", 1, True, True] in [json.loads(line) for line in lines]
    await world.until_empty("plain")


async def test_a_message_that_fails_comes_again_and_ends_in_the_poison_queue(world: World) -> None:
    await world.send("plain", "fail this")

    assert await world.taken("plain-poison") == ["fail this"]
    assert world.effects("plain.begun").count("fail this") == 3
    assert not any("fail" in line for line in world.effects("plain"))
    await world.until_empty("plain")


async def test_each_message_begins_a_trace_of_its_own(world: World) -> None:
    await world.send("traced", "one", "two")

    places = await world.until("traced", lambda lines: len(lines) == 2)

    assert all(re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", place) for place in places)
    assert len({place.split("-")[1] for place in places}) == 2


async def test_what_a_function_returns_goes_to_its_queue(world: World) -> None:
    await world.send("texts", "a text")

    assert await world.taken("returned") == ["A TEXT"]


async def test_bindings_are_filled_and_stored_by_what_the_message_says(world: World) -> None:
    await world.put("source", "one.txt", "content")

    await world.send("orders", json.dumps(an_order(world, "one.txt")))

    assert await world.text("copies", "Ada/one.txt") == "content and nothing"
    assert sorted(await world.taken("chosen", 3)) == ["content", "one", "two"]
    assert as_json((await world.taken("single"))[0]) == {"file": "one.txt"}
    await world.until_empty("orders")
    assert await world.is_empty("never")


async def test_a_function_that_fails_stores_nothing(world: World) -> None:
    await world.put("source", "two.txt", "content")

    await world.send("orders", json.dumps(an_order(world, "two.txt", target="refused") | {"fail": True}))

    assert as_json((await world.taken("orders-poison"))[0])["file"] == "two.txt"
    names = [name async for name in world.blobs.get_container_client(world.name("copies")).list_blob_names()]
    assert "Ada/two.txt" not in names
    assert await world.is_empty("refused")


async def test_a_request_stores_too(world: World, host: RunningHost) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{host.url}/api/letters/ada", data="Dear Ada") as response,
    ):
        assert response.status == 201

    assert await world.taken("posted") == ["ada"]
    container = world.blobs.get_container_client(world.name("letters"))
    names = [name async for name in container.list_blob_names()]
    assert len(names) == 1
    assert names[0].startswith("ada/20")
    assert names[0].endswith(".txt")
    assert await world.text("letters", names[0]) == "Dear Ada"


async def test_a_message_that_is_not_base64_is_poison_at_once(world: World) -> None:
    await world.queues.get_queue_client(world.name("plain")).send_message("not base64!")

    assert await world.raw("plain-poison") == "not base64!"


def an_order(world: World, file: str, *, target: str = "chosen") -> dict[str, object]:
    return {"file": file, "customer": {"name": "Ada"}, "target": world.name(target)}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"target": "NOT_A_QUEUE"}, "function 'orders', binding 'many': 'NOT_A_QUEUE' is no name of a queue"),
        ({"customer": {}}, "nothing gives a value for {customer.name}"),
    ],
)
async def test_an_output_that_cannot_be_stored_fails_the_function(
    world: World, host: RunningHost, change: dict[str, object], reason: str
) -> None:
    await world.put("source", "three.txt", "content")

    await world.send("orders", json.dumps(an_order(world, "three.txt") | change))

    assert reason in host.wait_for(reason)
    assert as_json((await world.taken("orders-poison"))[0])["file"] == "three.txt"
