"""What the contract tests share: one way to call both SDK clients, builders, and the stand-in as a process."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from aiohttp import web
from azure.cosmos import PartitionKey

ROOT = Path(__file__).parents[3]

Item: TypeAlias = dict[str, Any]
AnyContainer: TypeAlias = Any
"""A ContainerProxy of either client; the tests await what needs it."""

NewContainer: TypeAlias = Callable[..., Any]


@dataclass(frozen=True)
class Account:
    """Where the tests find Cosmos DB, and its key."""

    endpoint: str
    key: str


async def settled(result: Any) -> Any:
    """The result of a call on either client."""
    return await result if inspect.isawaitable(result) else result


async def rows(pages: Any) -> list[Any]:
    """All rows of an iterable of either client."""
    if hasattr(pages, "__aiter__"):
        return [row async for row in pages]
    return list(pages)


async def first_page(pager: Any) -> list[Any]:
    """The first page of a `by_page()` iterator of either client."""
    return await rows(await pager.__anext__() if hasattr(pager, "__anext__") else next(pager))


def everywhere(container: AnyContainer, query: str, *parameters: tuple[str, Any], **options: Any) -> Any:
    """A query without partition key; only the sync client has to say that it means it."""
    if not inspect.isasyncgenfunction(type(container).read_item) and not inspect.iscoroutinefunction(
        type(container).read_item
    ):
        options["enable_cross_partition_query"] = True
    named = [{"name": name, "value": value} for name, value in parameters]
    return container.query_items(query, parameters=named, **options)


def within(container: AnyContainer, key: Any, query: str, *parameters: tuple[str, Any], **options: Any) -> Any:
    """A query inside one partition."""
    named = [{"name": name, "value": value} for name, value in parameters]
    return container.query_items(query, parameters=named, partition_key=key, **options)


def an_item(item_id: str = "one", key: Any = "home", **fields: Any) -> Item:
    """An item of a container whose partition key is /key."""
    return {"id": item_id, "key": key, **fields}


async def filled(container: AnyContainer, *items: Item) -> None:
    """Put the items into the container."""
    for item in items:
        await settled(container.create_item(item))


BY_KEY = PartitionKey(path="/key")


class Process:
    """The stand-in as a process of its own."""

    def __init__(self, data: Path, key: str, *options: str) -> None:
        command = [sys.executable, "-m", "local.cosmos", "--port", "0", "--exit-with-stdin", "--data", str(data)]
        self._process = subprocess.Popen(
            [*command, "--key", key, *options], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        ready = self._process.stdout.readline().split()
        assert ready[:1] == ["ready"], "the stand-in did not start"
        self.account = Account(ready[1], key)

    def stop(self) -> None:
        """Let it end by itself."""
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()
            assert self._process.wait(timeout=60) == 0

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self._process.kill()
        with self._process:
            self._process.wait(timeout=60)


@asynccontextmanager
async def serving(application: web.Application) -> AsyncIterator[str]:
    """The application on a free port of this process; gives its address."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
