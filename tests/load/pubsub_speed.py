"""From a publish to a thousand sockets, and what a connection costs that says nothing."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from azure.messaging.webpubsubservice.aio import WebPubSubServiceClient

from local.stack.commands import ROOT
from tests.load.options import Options
from tests.load.part import part
from tests.load.report import Row

CLIENTS = 1000
WARM_UP = 5
MESSAGES = 20
PAUSE = 0.25
"""Seconds between messages: each arrives everywhere before the next is sent."""
SETTLE = 2.0
GOAL = 50.0
MEMORY_GOAL = 50.0
LINE_LIMIT = 1 << 20
KEY = "only-for-measuring-a-web-pubsub-access-key"


async def measure(_options: Options) -> list[Row]:
    """Memory first, then messages of 200 bytes to all, one at a time."""
    async with part("pubsub", "--access-key", KEY) as pubsub:
        connection = f"Endpoint={pubsub.url};AccessKey={KEY};Version=1.0;"
        async with WebPubSubServiceClient.from_connection_string(connection, hub="load") as service:
            url = str((await service.get_client_access_token())["url"])
            # What is loaded once, at the first connection, is no part of what a connection costs.
            async with crowd(url, 10):
                await service.send_to_all({"text": "first"})
            empty = pubsub.memory()
            async with crowd(url, CLIENTS) as clients:
                await asyncio.sleep(SETTLE)
                each = (pubsub.memory() - empty) / CLIENTS
                for _ in range(WARM_UP):
                    await _publish(service, clients)
                published = [await _publish(service, clients) for _ in range(MESSAGES)]
    latencies = [latency for message in published for latency in message]
    last = [max(message) for message in published]
    return [
        Row.of_times(f"publish to socket, {CLIENTS:,} reliable clients", latencies, GOAL),
        Row.of_times("publish to the last of them", last),
        Row(
            "memory of an idle connection",
            f"{each:.0f} kB",
            "",
            "",
            CLIENTS,
            f"≤ {MEMORY_GOAL:.0f} kB",
            each <= MEMORY_GOAL,
        ),
    ]


async def _publish(service: WebPubSubServiceClient, clients: asyncio.subprocess.Process) -> list[float]:
    """Milliseconds from the call to each client."""
    assert clients.stdin is not None
    assert clients.stdout is not None
    clients.stdin.write(b"expect 1\n")
    await asyncio.sleep(PAUSE)
    began = time.monotonic()
    await service.send_to_all({"text": "x" * 200})
    word, _, moments = (await clients.stdout.readline()).partition(b" ")
    if word != b"arrived":
        raise RuntimeError("the clients were cut off")
    clients.stdin.write(b"confirm\n")
    await asyncio.sleep(PAUSE)
    return [(moment - began) * 1000 for moment in json.loads(moments)]


@asynccontextmanager
async def crowd(url: str, count: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """The clients, connected, in a process of their own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.load.sockets", url, str(count)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_LIMIT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        if (await process.stdout.readline()).strip() != b"open":
            raise RuntimeError("the clients could not connect")
        yield process
    finally:
        process.stdin.close()
        await process.wait()
