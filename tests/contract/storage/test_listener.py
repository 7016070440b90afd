"""How a listener treats messages that take long, or that other hosts gave up on."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from azure.storage.queue import QueueMessage

from local.host.storage.connections import Connection
from local.host.storage.journal import Journal
from local.host.storage.listener import QueueListener, Work
from local.host.storage.options import QueueOptions
from tests.contract.storage.world import World, eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")

Handle = Callable[[QueueMessage], Awaitable[None]]
OPTIONS = QueueOptions(max_dequeue_count=2, max_polling_interval=0.2)


@asynccontextmanager
async def a_listener(
    world: World, folder: Path, handle: Handle, options: QueueOptions = OPTIONS
) -> AsyncIterator[list[str]]:
    """Listens on the queue `work`; gives the list of messages that went to poison."""
    poisoned: list[str] = []

    async def poison(message: QueueMessage) -> None:
        poisoned.append(str(message.content))

    connection = Connection("Contract", world.connection)
    journal = Journal(folder / "journal.db")
    listener = QueueListener(connection, world.name("work"), options, Work("a test", handle, poison), journal)
    running = asyncio.create_task(listener.run())
    try:
        yield poisoned
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await listener.stop()
        await connection.close()
        journal.close()


async def test_a_message_stays_hidden_while_it_is_worked_on(own_world: World, tmp_path: Path) -> None:
    receipts: list[str] = []

    async def handle(message: QueueMessage) -> None:
        receipts.append(str(message.pop_receipt))

        async def renewed() -> bool | None:
            return True if message.pop_receipt != receipts[0] else None

        await eventually(renewed, "a new receipt")

    async with a_listener(own_world, tmp_path, handle, QueueOptions(hidden_at_first=2)) as poisoned:
        await own_world.send("work", "long")
        await own_world.until_empty("work")

    assert len(receipts) == 1
    assert poisoned == []


async def test_a_message_that_shows_again_while_it_is_worked_on_is_not_worked_on_twice(
    own_world: World, tmp_path: Path
) -> None:
    counts: list[int] = []

    async def handle(message: QueueMessage) -> None:
        counts.append(message.dequeue_count or 0)
        client = own_world.queues.get_queue_client(own_world.name("work"))
        first = message.pop_receipt
        await client.update_message(message.id, first, visibility_timeout=0)

        async def taken_again() -> bool | None:
            return True if message.pop_receipt != first else None

        await eventually(taken_again, "the second taking")

    async with a_listener(own_world, tmp_path, handle) as poisoned:
        await own_world.send("work", "blocking")
        await own_world.until_empty("work")

    assert counts == [1]
    assert poisoned == []


async def test_a_message_that_took_hosts_down_too_often_is_poison_without_an_attempt(
    own_world: World, tmp_path: Path
) -> None:
    attempts: list[str] = []

    async def handle(message: QueueMessage) -> None:
        attempts.append(str(message.content))

    await own_world.send("work", "deadly")
    client = own_world.queues.get_queue_client(own_world.name("work"))
    for _ in range(2):
        message = await client.receive_message()
        assert message is not None
        await client.update_message(message, visibility_timeout=0)

    async with a_listener(own_world, tmp_path, handle) as poisoned:
        await own_world.until_empty("work")

    assert len(poisoned) == 1
    assert attempts == []


async def test_a_failed_message_waits_as_long_as_asked_for(own_world: World, tmp_path: Path) -> None:
    counts: list[int] = []

    async def handle(message: QueueMessage) -> None:
        counts.append(message.dequeue_count or 0)
        raise ValueError("as told")

    async with a_listener(own_world, tmp_path, handle, QueueOptions(visibility_timeout=3600)) as poisoned:
        await own_world.send("work", "later")
        client = own_world.queues.get_queue_client(own_world.name("work"))
        journal = Journal(tmp_path / "journal.db")

        async def given_back() -> bool | None:
            return True if counts and not journal.left_over(client.url) else None

        await eventually(given_back, "the message's return")
        journal.close()
        assert await client.receive_message() is None

    assert counts == [1]
    assert poisoned == []


async def test_no_more_messages_are_worked_on_at_once_than_allowed(own_world: World, tmp_path: Path) -> None:
    running: set[str] = set()
    most = 0
    room = asyncio.Event()

    async def handle(message: QueueMessage) -> None:
        nonlocal most
        if message.content == first:
            return
        running.add(message.id)
        most = max(most, len(running))
        if len(running) == 3:
            room.set()
        await room.wait()
        await asyncio.sleep(0)
        running.discard(message.id)

    await own_world.send("work", *(str(number) for number in range(9)))
    first = base64.b64encode(b"0").decode()

    async with a_listener(own_world, tmp_path, handle, QueueOptions(batch_size=2, new_batch_threshold=1)):
        await own_world.until_empty("work")

    assert most == 3
