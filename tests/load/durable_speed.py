"""How fast orchestrations run on the local host, and how fast a long one comes back."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.load.options import Options
from tests.load.part import APP, part
from tests.load.report import Row

ORCHESTRATIONS = 1000
STARTS_AT_ONCE = 16
GOAL_ALL = 30_000.0
ROUNDS = 49
"""Fan-outs of 50 activities: with the turns that takes a little more than 5,000 events."""
EVENTS = 5_000
GOAL_REPLAY = 2_000.0
LIMIT = 180.0
Reached = Callable[[dict[str, Any]], bool]
API = "/runtime/webhooks/durabletask/"


async def measure(_: Options) -> list[Row]:
    """Many short ones on a fresh host, then a long one over a restart."""
    async with part("host", "--app", str(APP)) as host, aiohttp.ClientSession(host.url + API) as http:
        many = await _many(http)
    cold, warm, events = await _long()
    return [
        Row.of_few_times(f"{ORCHESTRATIONS:,} orchestrations of 5 activities", [many], GOAL_ALL),
        Row.of_few_times(f"{events:,} events replayed, read from disk", [cold], GOAL_REPLAY),
        Row.of_few_times(f"{events:,} events replayed, held in memory", [warm], GOAL_REPLAY),
    ]


async def _many(http: aiohttp.ClientSession) -> float:
    """Milliseconds from the first start until all are completed."""
    numbers = iter(range(ORCHESTRATIONS))

    async def start() -> None:
        for number in numbers:
            await _start(http, "five_steps", f"one-{number}")

    began = time.perf_counter()
    await asyncio.gather(*(start() for _ in range(STARTS_AT_ONCE)))
    for number in reversed(range(ORCHESTRATIONS)):
        ended = await _until(http, f"one-{number}", lambda status: status["runtimeStatus"] == "Completed")
        if ended["output"] != 5:
            raise RuntimeError(f"an orchestration gave {ended['output']}")
    return (time.perf_counter() - began) * 1000


async def _long() -> tuple[float, float, int]:
    """Milliseconds from an event to the status that follows it, cold and warm, and how long the history was."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        async with _host(data) as http:
            await _start(http, "long_past", "long", {"rounds": ROUNDS})
            await _until(http, "long", lambda status: status["customStatus"] == "first")
        events = _events(Path(data))
        async with _host(data) as http:
            cold = await _after(http, "First", lambda status: status["customStatus"] == "second")
            warm = await _after(http, "Second", lambda status: status["runtimeStatus"] == "Completed")
    return cold, warm, events


@asynccontextmanager
async def _host(data: str) -> AsyncIterator[aiohttp.ClientSession]:
    async with part("host", "--app", str(APP), data=data) as host, aiohttp.ClientSession(host.url + API) as http:
        yield http


def _events(data: Path) -> int:
    """How long the history of the one instance is. Raises RuntimeError when it is shorter than promised."""
    database = sqlite3.connect(data / "durable.db")
    count = int(database.execute("SELECT count(*) FROM history").fetchone()[0])
    database.close()
    if count < EVENTS:
        raise RuntimeError(f"the history has only {count} events")
    return count


async def _after(http: aiohttp.ClientSession, event: str, reached: Reached) -> float:
    began = time.perf_counter()
    async with http.post(f"instances/long/raiseEvent/{event}", json=True) as response:
        response.raise_for_status()
    await _until(http, "long", reached)
    return (time.perf_counter() - began) * 1000


async def _start(http: aiohttp.ClientSession, name: str, instance: str, given: Any = None) -> None:
    async with http.post(f"orchestrators/{name}/{instance}", json=given) as response:
        if response.status != 202:
            raise RuntimeError(f"{name} was not started: {await response.text()}")


async def _status(http: aiohttp.ClientSession, instance: str) -> dict[str, Any]:
    async with http.get(f"instances/{instance}") as response:
        status: dict[str, Any] = json.loads(await response.read())
        return status


async def _until(http: aiohttp.ClientSession, instance: str, reached: Reached) -> dict[str, Any]:
    """The status once it is the one waited for. Raises TimeoutError, and RuntimeError when it has failed."""
    async with asyncio.timeout(LIMIT):
        while not reached(status := await _status(http, instance)):
            if status["runtimeStatus"] == "Failed":
                raise RuntimeError(f"{instance} failed: {status['output']}")
            await asyncio.sleep(0.01)
    return status
