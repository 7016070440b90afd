"""Functions with a queue trigger."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from azure.storage.queue import QueueMessage

from local.host.errors import AppError
from local.host.storage import messages
from local.host.storage.connections import Connection, Connections
from local.host.storage.listener import Work
from local.host.storage.options import QueueOptions
from local.host.storage.parameters import kinds
from local.host.storage.patterns import checked_queue
from local.host.storage.writing import add_message
from local.host.worker import LoadedFunction, Worker

POISON = "-poison"
"""What follows a queue's name in that of the queue for its messages that failed too often."""

# How long storage keeps a message that nobody takes.
_USUAL_LIFE = timedelta(days=7)


class QueueTrigger:
    """Runs one function for the messages of one queue."""

    def __init__(
        self, worker: Worker, function: LoadedFunction, connections: Connections, options: QueueOptions
    ) -> None:
        """Raises AppError naming the function and what is wrong."""
        self._worker = worker
        self._name = function.name
        self._options = options
        trigger = str(function.trigger["name"])
        place = f"function '{function.name}', binding '{trigger}'"
        try:
            self.queue = checked_queue(str(function.trigger.get("queueName") or ""))
        except ValueError as error:
            raise AppError(f"{place}: queueName: {error}") from None
        self.connection: Connection = connections.of(function.trigger, place)
        self._kind = kinds(function).get(trigger)

    @property
    def work(self) -> Work:
        """What a listener does with the queue's messages."""
        return Work(f"function '{self._name}'", self.handle, self._poison)

    async def handle(self, message: QueueMessage) -> None:
        """Run the function. Raises what it raises, and Undecodable."""
        body = messages.decode(str(message.content), is_base64=self._options.is_base64)
        value = messages.trigger_value(message, body, self._kind)
        data = messages.trigger_data(message, body)
        await self._worker.run(self._name, value, metadata={"binding_data": data})

    async def run_by_hand(self, value: str | None) -> None:
        """Run the function as if a message with this text had come."""
        await self.handle(a_message(messages.encode((value or "").encode(), is_base64=self._options.is_base64)))

    async def _poison(self, message: QueueMessage) -> None:
        await add_message(self.connection, self.queue + POISON, str(message.content))


def a_message(content: str) -> QueueMessage:
    """A message that lies in no queue, as one that was just added."""
    message = QueueMessage(content=content)
    now = datetime.now(UTC)
    message.id, message.dequeue_count, message.pop_receipt = str(uuid.uuid4()), 1, "none"
    message.inserted_on, message.next_visible_on, message.expires_on = now, now, now + _USUAL_LIFE
    return message
