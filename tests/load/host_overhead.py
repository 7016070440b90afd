"""What the functions host adds to an HTTP call."""

from __future__ import annotations

import asyncio
import time

import aiohttp

from tests.load.options import Options
from tests.load.part import APP, part
from tests.load.report import Row

WARM_UP = 200
CALLS = 2000
AT_ONCE = 8
CALLS_AT_ONCE = 8000
GOAL = 5.0
RATE_GOAL = 800.0


async def measure(_: Options) -> list[Row]:
    """One call after another for the time, several at once for the rate."""
    async with part("host", "--app", str(APP)) as host, aiohttp.ClientSession(f"{host.url}/api/") as http:
        rows = []
        for route, what, goal in (("empty", "async", GOAL), ("empty-in-a-thread", "in a thread", None)):
            await _calls(http, route, WARM_UP)
            rows.append(Row.of_times(f"call of an empty function, {what}", await _calls(http, route, CALLS), goal))
        rate = await _rate(http)
    return [
        *rows,
        Row(
            f"calls per second, {AT_ONCE} at once",
            f"{rate:.0f}",
            "",
            "",
            CALLS_AT_ONCE,
            f"≥ {RATE_GOAL:.0f}",
            rate >= RATE_GOAL,
        ),
    ]


async def _calls(http: aiohttp.ClientSession, route: str, count: int) -> list[float]:
    """Milliseconds of each call."""
    times = []
    for _ in range(count):
        began = time.perf_counter()
        async with http.get(route) as response:
            await response.read()
        times.append((time.perf_counter() - began) * 1000)
        if response.status != 204:
            raise RuntimeError(f"{route} answered {response.status}")
    return times


async def _rate(http: aiohttp.ClientSession) -> float:
    began = time.perf_counter()
    await asyncio.gather(*(_calls(http, "empty", CALLS_AT_ONCE // AT_ONCE) for _ in range(AT_ONCE)))
    return CALLS_AT_ONCE / (time.perf_counter() - began)
