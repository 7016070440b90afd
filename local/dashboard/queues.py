"""The queues of the storage account: how many messages wait, and a look at the first of them."""

from __future__ import annotations

import asyncio
import base64
import binascii
from typing import Any

from local.dashboard.access import Access
from local.dashboard.problem import Unavailable, answered, load

MOST_PEEKED = 32
"""Messages of one look: the most that the service gives (Peek Messages)."""

LIMIT = 10.0
"""Seconds for all that one click asks."""

POISON = "-poison"
"""Ending of the queue in which the functions host keeps what failed again and again."""


class Queues:
    """One account; the client is made at the first question."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._client: Any = None

    async def close(self) -> None:
        """Close the client."""
        if self._client is not None:
            await self._client.close()

    async def overview(self) -> dict[str, Any]:
        """Every queue with the service's estimate of its length, poison queues marked. Raises Unavailable."""
        return await answered(self._overview(), LIMIT)

    async def peek(self, name: str) -> dict[str, Any]:
        """The first visible messages of a queue; nothing is taken or counted. Raises Unavailable."""
        return await answered(self._peek(name), LIMIT)

    async def _overview(self) -> dict[str, Any]:
        client = await self._connected()
        names = [queue.name async for queue in client.list_queues()]
        properties = await asyncio.gather(*(client.get_queue_client(name).get_queue_properties() for name in names))
        return {
            "queues": [
                {"name": name, "messages": each.approximate_message_count, "poison": name.endswith(POISON)}
                for name, each in zip(names, properties, strict=True)
            ]
        }

    async def _peek(self, name: str) -> dict[str, Any]:
        client = await self._connected()
        messages = await client.get_queue_client(name).peek_messages(max_messages=MOST_PEEKED)
        return {"name": name, "messages": [_shown(message) for message in messages]}

    async def _connected(self) -> Any:
        if not self._access.storage:
            raise Unavailable("AzureWebJobsStorage is not set", 404)
        if self._client is None:
            kind = await load("azure.storage.queue.aio", "QueueServiceClient")
            self._client = kind.from_connection_string(
                self._access.storage, retry_total=0, connection_timeout=3, read_timeout=5
            )
        return self._client


def _shown(message: Any) -> dict[str, Any]:
    text, encoded = readable(str(message.content))
    return {
        "id": message.id,
        "inserted": message.inserted_on.isoformat() if message.inserted_on else None,
        "expires": message.expires_on.isoformat() if message.expires_on else None,
        "dequeueCount": message.dequeue_count,
        "text": text,
        "base64": encoded,
    }


def readable(content: str) -> tuple[str, bool]:
    """The text of a message, and whether it was base64, as functions write it by default."""
    try:
        return base64.b64decode(content, validate=True).decode(), bool(content)
    except (binascii.Error, UnicodeDecodeError):
        return content, False
