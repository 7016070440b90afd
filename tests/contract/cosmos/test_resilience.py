"""What is committed stays, what is not is gone, and nobody's write is lost: with crashes, crowds and faults."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from azure.core import MatchConditions
from azure.core.exceptions import AzureError, ServiceResponseError
from azure.cosmos import CosmosClient
from azure.cosmos.aio import ContainerProxy
from azure.cosmos.aio import CosmosClient as AsyncCosmosClient
from azure.cosmos.exceptions import (
    CosmosBatchOperationError,
    CosmosResourceExistsError,
    CosmosResourceNotFoundError,
)

from local.cosmos.__main__ import EMULATOR_KEY
from local.cosmos.server import CosmosServer
from tests.contract.cosmos.support import BY_KEY, AnyContainer, Process, an_item, first_page, serving, within


async def append(container: AnyContainer, writer: str) -> int:
    """Add an entry numbered one above the head, as often as it takes; gives its number."""
    while True:
        head = await container.read_item("head", "home")
        number = head["last"] + 1
        operations: list[Any] = [
            ("create", (an_item(f"entry-{number}", number=number, writer=writer),)),
            ("replace", ("head", an_item("head", last=number)), {"if_match_etag": head["_etag"]}),
        ]
        try:
            await container.execute_item_batch(operations, "home")
        except (CosmosBatchOperationError, CosmosResourceExistsError):
            continue
        return int(number)


@pytest.mark.parametrize("client", ["aio"], indirect=True)
async def test_fifty_writers_at_once_leave_no_gap_and_no_double(container: AnyContainer) -> None:
    await container.create_item(an_item("head", last=0))
    numbers = await asyncio.gather(*(append(container, f"writer-{at}") for at in range(50)))
    assert sorted(numbers) == list(range(1, 51))
    query = "SELECT VALUE c.number FROM c WHERE IS_DEFINED(c.number) ORDER BY c.number"
    found = within(container, "home", query, max_item_count=1000)
    assert [number async for number in found] == list(range(1, 51))
    assert (await container.read_item("head", "home"))["last"] == 50


@pytest.mark.parametrize("client", ["aio"], indirect=True)
async def test_of_two_who_claim_one_wins(container: AnyContainer) -> None:
    item = await container.create_item(an_item("one", owner=None))

    async def claim(owner: str) -> str:
        await container.replace_item(
            "one", an_item("one", owner=owner), etag=item["_etag"], match_condition=MatchConditions.IfNotModified
        )
        return owner

    outcomes = await asyncio.gather(*(claim(f"agent-{at}") for at in range(10)), return_exceptions=True)
    winners = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert len(winners) == 1
    assert (await container.read_item("one", "home"))["owner"] == winners[0]


async def test_a_killed_process_keeps_what_it_confirmed_and_nothing_half(tmp_path: Path, local_only: None) -> None:
    process = Process(tmp_path, EMULATOR_KEY)
    confirmed: list[int] = []
    enough = asyncio.Event()

    async def write(container: ContainerProxy) -> None:
        for pair in range(10_000):
            operations: list[Any] = [("create", (an_item(f"{side}-{pair}", pair=pair),)) for side in ("left", "right")]
            await container.execute_item_batch(operations, "home")
            confirmed.append(pair)
            if len(confirmed) == 25:
                enough.set()

    async with AsyncCosmosClient(process.account.endpoint, EMULATOR_KEY, retry_connect=0) as client:
        database = await client.create_database("d")
        writing = asyncio.create_task(write(await database.create_container("c", BY_KEY)))
        await enough.wait()
        process.kill()
        with pytest.raises(AzureError):
            await writing
    process = Process(tmp_path, EMULATOR_KEY)
    with CosmosClient(process.account.endpoint, EMULATOR_KEY) as client:
        container = client.get_database_client("d").get_container_client("c")
        pairs = list(within(container, "home", "SELECT VALUE c.pair FROM c"))
    process.stop()
    assert set(confirmed) <= set(pairs)
    assert all(pairs.count(pair) == 2 for pair in pairs)


def test_a_continuation_goes_on_after_a_restart(tmp_path: Path, local_only: None) -> None:
    query = "SELECT VALUE c.id FROM c ORDER BY c.id"
    process = Process(tmp_path, EMULATOR_KEY)
    with CosmosClient(process.account.endpoint, EMULATOR_KEY) as client:
        container = client.create_database("d").create_container("c", BY_KEY)
        for item_id in "abc":
            container.create_item(an_item(item_id))
        pager = within(container, "home", query, max_item_count=2).by_page()
        assert list(next(pager)) == ["a", "b"]
    process.kill()
    process = Process(tmp_path, EMULATOR_KEY)
    with CosmosClient(process.account.endpoint, EMULATOR_KEY) as client:
        container = client.get_database_client("d").get_container_client("c")
        rest = within(container, "home", query, max_item_count=2).by_page(pager.continuation_token)
        assert list(next(rest)) == ["c"]
    process.stop()


class Faults:
    """Stands before the stand-in and spoils the next writes."""

    def __init__(self) -> None:
        self.throttle = 0
        self.drop = 0
        self.writes = 0

    @web.middleware
    async def middleware(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if request.headers.get("x-ms-thinclient-proxy-operation-type") != "Create" or "/docs" not in request.path:
            return await handler(request)
        self.writes += 1
        if self.throttle:
            self.throttle -= 1
            return web.json_response(
                {"code": "TooManyRequests", "message": "slow down"}, status=429, headers={"x-ms-retry-after-ms": "1"}
            )
        answer = await handler(request)
        if self.drop:
            self.drop -= 1
            assert request.transport is not None
            request.transport.close()
        return answer


@asynccontextmanager
async def faulty(folder: Path) -> AsyncIterator[tuple[str, Faults]]:
    """The stand-in in this process, behind faults."""
    server, faults = CosmosServer(folder / "cosmos.db", EMULATOR_KEY), Faults()
    server.catalog.create_database({"id": "d"})
    server.catalog.create_container("d", {"id": "c", "partitionKey": {"paths": ["/key"], "kind": "Hash", "version": 2}})
    application = server.application()
    application.middlewares.append(faults.middleware)
    async with serving(application) as endpoint:
        yield endpoint, faults


def create_one(endpoint: str) -> Any:
    """Create an item through the sync client."""
    with CosmosClient(endpoint, EMULATOR_KEY) as client:
        return client.get_database_client("d").get_container_client("c").create_item(an_item("one"))


async def create_one_async(endpoint: str) -> Any:
    """Create an item through the aio client."""
    async with AsyncCosmosClient(endpoint, EMULATOR_KEY) as client:
        return await client.get_database_client("d").get_container_client("c").create_item(an_item("one"))


@pytest.mark.parametrize("flavour", ["sync", "aio"])
async def test_a_throttled_write_is_repeated(tmp_path: Path, flavour: str) -> None:
    async with faulty(tmp_path) as (endpoint, faults):
        faults.throttle = 2
        call = create_one_async(endpoint) if flavour == "aio" else asyncio.to_thread(create_one, endpoint)
        assert (await call)["id"] == "one"
        assert faults.writes == 3


async def test_a_write_whose_answer_is_lost_is_repeated_by_the_aio_client_alone(tmp_path: Path) -> None:
    async with faulty(tmp_path) as (endpoint, faults):
        faults.drop = 1
        with pytest.raises(ServiceResponseError):
            await asyncio.to_thread(create_one, endpoint)
        assert faults.writes == 1
    async with faulty(tmp_path / "second") as (endpoint, faults):
        faults.drop = 1
        with pytest.raises(CosmosResourceExistsError):
            await create_one_async(endpoint)
        assert faults.writes == 2


async def test_items_expire_by_their_own_time_or_the_containers(tmp_path: Path) -> None:
    clock = [time.time()]
    server = CosmosServer(tmp_path / "cosmos.db", EMULATOR_KEY, now=lambda: clock[0])
    server.catalog.create_database({"id": "d"})
    key = {"paths": ["/key"], "kind": "Hash", "version": 2}
    unique = {"uniqueKeys": [{"paths": ["/name"]}]}
    server.catalog.create_container("d", {"id": "c", "partitionKey": key, "defaultTtl": 60, "uniqueKeyPolicy": unique})
    async with serving(server.application()) as endpoint, AsyncCosmosClient(endpoint, EMULATOR_KEY) as client:
        container = client.get_database_client("d").get_container_client("c")
        for item in (an_item("short", ttl=10, name="x"), an_item("usual"), an_item("lasting", ttl=-1, name="z")):
            await container.create_item(item)
        clock[0] += 10
        with pytest.raises(CosmosResourceNotFoundError):
            await container.read_item("short", "home")
        await container.create_item(an_item("another", name="x"))
        clock[0] += 50
        found = within(container, "home", "SELECT VALUE c.id FROM c")
        assert await first_page(found.by_page()) == ["lasting", "another"]
        await container.create_item(an_item("usual"))
