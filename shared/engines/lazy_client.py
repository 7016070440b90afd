"""A client of a service in the cloud, made at its first use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    async def close(self) -> None: ...


C = TypeVar("C", bound=Closable)


class LazyClient(Generic[C]):
    """An SDK client, built at its first use in a thread of its own: importing an SDK takes a tenth of a second."""

    def __init__(self, build: Callable[[], C]) -> None:
        """`build` imports the SDK and makes the client."""
        self._build = build
        self._client: C | None = None
        self._building = asyncio.Lock()

    async def get(self) -> C:
        """The one client."""
        async with self._building:
            if self._client is None:
                self._client = await asyncio.to_thread(self._build)
            return self._client

    async def close(self) -> None:
        """Close its connections, if there are any. The credential is its giver's to close."""
        async with self._building:
            client, self._client = self._client, None
        if client is not None:
            await client.close()
