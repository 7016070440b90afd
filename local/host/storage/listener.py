"""Takes messages from a queue in batches, keeps them hidden while they are worked on, and deletes or returns them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from azure.core.exceptions import AzureError, HttpResponseError, ResourceNotFoundError
from azure.storage.queue import QueueMessage
from azure.storage.queue.aio import QueueClient

from local.host.storage.back_off import BackOff
from local.host.storage.connections import Connection
from local.host.storage.journal import Journal
from local.host.storage.options import QueueOptions

log = logging.getLogger("host.storage")

# Seconds that functions under way have to end when the host stops; a host has a second for all of it.
_GRACE = 0.5
# What storage answers when a message is no longer held with this receipt.
_LOST = frozenset({400, 404})


class Undecodable(Exception):
    """A message that no attempt can read: it goes to the poison queue at once."""


@dataclass(frozen=True)
class Work:
    """What is done with a queue's messages, and where those go that cannot be."""

    label: str
    """For the log, such as "function 'x'"."""
    handle: Callable[[QueueMessage], Awaitable[None]]
    """Raises whatever makes the message come again, Undecodable when it should not."""
    poison: Callable[[QueueMessage], Awaitable[None]]
    """Puts what is worth keeping of the message elsewhere; the message is deleted then."""


class QueueListener:
    """Works on one queue until it is cancelled."""

    def __init__(self, connection: Connection, queue: str, options: QueueOptions, work: Work, journal: Journal) -> None:
        self.queue = queue
        self._connection = connection
        self._client: QueueClient = connection.queues.get_queue_client(queue)
        self._options = options
        self._work = work
        self._journal = journal
        self._back_off = BackOff(options.max_polling_interval)
        self._running: dict[asyncio.Task[None], QueueMessage] = {}
        self._room = asyncio.Event()

    def wake(self) -> None:
        """Look at once: a message was added."""
        self._back_off.wake()

    async def run(self) -> None:
        """Take and work, for ever."""
        while not await self._return_left_over():
            await self._back_off.wait()
        while True:
            while len(self._running) > self._options.new_batch_threshold:
                self._room.clear()
                await self._room.wait()
            messages = await self._take()
            for message in messages:
                self._begin(message)
            if messages:
                self._back_off.reset()
            else:
                await self._back_off.wait()

    async def stop(self) -> None:
        """Let what runs end for a moment, cut the rest, and give its messages back."""
        if self._running:
            await asyncio.wait(self._running, timeout=_GRACE)
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._return_left_over()

    def _begin(self, message: QueueMessage) -> None:
        self._journal.hold(self._client.url, message.id, str(message.pop_receipt))
        for other in self._running.values():
            if other.id == message.id:
                # A function blocked this process until the message showed again: it is still the same attempt.
                other.pop_receipt = message.pop_receipt
                return
        task = asyncio.create_task(self._work_on(message))
        self._running[task] = message
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._room.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s: the message comes again: %s", self._work.label, error, exc_info=error)

    async def _take(self) -> list[QueueMessage]:
        pages = self._client.receive_messages(
            messages_per_page=self._options.batch_size, visibility_timeout=self._options.hidden_at_first
        ).by_page()
        try:
            messages = [message async for message in await anext(pages)]
        except StopAsyncIteration:
            messages = []
        except ResourceNotFoundError:
            # A queue that nobody made yet is an empty one.
            messages = []
        except AzureError as error:
            self._connection.failed(error)
            return []
        self._connection.answered()
        return messages

    async def _work_on(self, message: QueueMessage) -> None:
        most = self._options.max_dequeue_count
        attempt = message.dequeue_count or 1
        if attempt > most:
            # Earlier attempts took the host down with them.
            await self._discard(message)
            return
        renewing = asyncio.create_task(self._keep_hidden(message))
        try:
            await self._work.handle(message)
        except Undecodable as error:
            log.error("%s: a message cannot be decoded: %s", self._work.label, error)
            await self._discard(message)
        except Exception:
            log.exception("%s failed, attempt %d of %d", self._work.label, attempt, most)
            if attempt >= most:
                await self._discard(message)
            else:
                await self._give_back(message)
        else:
            await self._delete(message)
        finally:
            renewing.cancel()

    async def _keep_hidden(self, message: QueueMessage) -> None:
        pause = self._options.hidden_at_first / 2
        while True:
            await asyncio.sleep(pause)
            try:
                renewed = await self._client.update_message(message, visibility_timeout=self._options.hidden)
            except AzureError as error:
                log.warning("%s: a message could not be kept hidden: %s", self._work.label, error)
                continue
            pause = self._options.hidden / 2
            message.pop_receipt = renewed.pop_receipt
            self._journal.hold(self._client.url, message.id, str(message.pop_receipt))

    async def _discard(self, message: QueueMessage) -> None:
        await self._work.poison(message)
        await self._delete(message)

    async def _delete(self, message: QueueMessage) -> None:
        await self._client.delete_message(message.id, message.pop_receipt)
        self._journal.drop(self._client.url, message.id)

    async def _give_back(self, message: QueueMessage) -> None:
        timeout = int(self._options.visibility_timeout)
        await self._client.update_message(message, visibility_timeout=timeout)
        self._journal.drop(self._client.url, message.id)
        if timeout == 0:
            self.wake()

    async def _return_left_over(self) -> bool:
        """Make what a host that was killed held visible again. False when the storage does not answer."""
        url = self._client.url
        for message, receipt in self._journal.left_over(url):
            try:
                await self._client.update_message(message, receipt, visibility_timeout=0)
            except AzureError as error:
                if not isinstance(error, HttpResponseError) or error.status_code not in _LOST:
                    self._connection.failed(error)
                    return False
            self._journal.drop(url, message)
        return True
