"""Reads and batches against the Cosmos DB stand-in, through the SDK as the application uses it."""

from __future__ import annotations

import time
from typing import Any

from azure.cosmos import PartitionKey
from azure.cosmos.aio import ContainerProxy, CosmosClient

from local.cosmos.__main__ import EMULATOR_KEY
from tests.load.options import Options
from tests.load.part import part
from tests.load.report import Row

ITEMS = 1000
WARM_UP = 50
READS = 1000
BATCHES = 500
READ_GOAL = 5.0
BATCH_GOAL = 8.0


async def measure(_: Options) -> list[Row]:
    """One call after another; a batch creates a message, changes its conversation and notes an event."""
    async with part("cosmos") as cosmos, CosmosClient(cosmos.url, EMULATOR_KEY) as client:
        database = await client.create_database("load")
        container = await database.create_container("items", PartitionKey("/pk"))
        for number in range(ITEMS):
            await container.create_item(_item(number % 10, f"item-{number}"))
        reads = [await _read(container, number) for number in range(WARM_UP + READS)][WARM_UP:]
        for conversation in range(10):
            await container.create_item({**_item(conversation, "conversation"), "count": 0})
        batches = [await _batch(container, number) for number in range(WARM_UP + BATCHES)][WARM_UP:]
    return [
        Row.of_times("point read of 1 kB", reads, READ_GOAL),
        Row.of_times("batch of a create, a patch and an upsert", batches, BATCH_GOAL),
    ]


def _item(partition: int, name: str) -> dict[str, Any]:
    return {"id": name, "pk": f"p{partition}", "text": "x" * 900, "number": partition}


async def _read(container: ContainerProxy, number: int) -> float:
    place = number * 7 % ITEMS
    began = time.perf_counter()
    item = await container.read_item(f"item-{place}", f"p{place % 10}")
    taken = (time.perf_counter() - began) * 1000
    if item["number"] != place % 10:
        raise RuntimeError(f"another item was read: {item['id']}")
    return taken


async def _batch(container: ContainerProxy, number: int) -> float:
    partition = number % 10
    operations: list[Any] = [
        ("create", (_item(partition, f"message-{number}"),)),
        ("patch", ("conversation", [{"op": "incr", "path": "/count", "value": 1}])),
        ("upsert", (_item(partition, "event"),)),
    ]
    began = time.perf_counter()
    await container.execute_item_batch(operations, f"p{partition}")
    return (time.perf_counter() - began) * 1000
