"""Conversations and all that lives in their partition: messages and tickets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from azure.cosmos.exceptions import CosmosBatchOperationError, CosmosHttpResponseError
from tenacity import AsyncRetrying, RetryError, retry_if_exception_type, stop_after_delay, wait_random_exponential

from shared.errors import NotFound, Unavailable
from shared.models.base import now, timestamp_text
from shared.models.conversation import Conversation
from shared.models.message import AnalysisState, Message
from shared.models.ticket import Ticket
from shared.store.database import (
    CONFLICT,
    NOT_FOUND,
    PRECONDITION_FAILED,
    Database,
    Item,
    create_or_read,
    query,
    read_item,
)

_RETRY_SECONDS = 5.0
"""Of dozens of writers that all want the same conversation at the same moment one gets through at every try."""

_END_OF_TIME = "9999"
"""Greater than every timestamp as text."""


@dataclass(frozen=True)
class Change:
    """What one transaction does to a partition: the conversation as it becomes, and the items beside it."""

    conversation: Conversation
    create: Sequence[Message | Ticket] = ()
    replace: Sequence[Message | Ticket] = ()


@dataclass(frozen=True)
class Page:
    """Some conversations, and where the next ones begin."""

    conversations: list[Conversation]
    continuation: str | None = field(default=None)


@dataclass(frozen=True)
class Appended:
    """A message and its conversation, as stored."""

    message: Message
    conversation: Conversation
    created: bool
    """False when an earlier try of the same request had stored it."""


class _Overtaken(Exception):
    """Somebody else wrote to the conversation between our read and our write."""


class _AlreadyStored(Exception):
    """An item of a transaction exists already: an earlier try of the same request got through."""


class ConversationStore:
    """Reads and writes of the `conversations` container. docs/data.md lists its queries and what they cost."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._container = database.conversations

    async def create(self, conversation: Conversation) -> Conversation:
        """Stores a new conversation; a repeated call gives the one stored first."""
        return Conversation.model_validate(
            await create_or_read(self._database, self._container, conversation.item(), conversation.id)
        )

    async def get(self, conversation_id: str) -> Conversation:
        """Raises NotFound."""
        return Conversation.model_validate(await self._read(conversation_id))

    async def change(self, conversation_id: str, decide: Callable[[Conversation], Change | None]) -> Conversation:
        """Reads the conversation, lets `decide` say what becomes of it, and writes that in one transaction.

        `decide` is called again with the newer state when somebody else was faster, so it must be pure; None means
        that there is nothing to do. Raises NotFound, Unavailable, and what `decide` raises.
        """
        attempts = AsyncRetrying(
            retry=retry_if_exception_type(_Overtaken),
            stop=stop_after_delay(_RETRY_SECONDS),
            wait=wait_random_exponential(multiplier=0.005, max=0.25),
        )
        try:
            async for attempt in attempts:
                with attempt:
                    return await self._try_change(conversation_id, decide)
        except RetryError:
            pass
        raise Unavailable("Too many people write to this conversation at once.")

    async def append(
        self, conversation_id: str, message_id: str, write: Callable[[Conversation], tuple[Conversation, Message]]
    ) -> Appended:
        """Adds the message that `write` makes of the conversation's state, together with the change to that state.

        If a message of that id is stored already, it is given back and nothing is written. Raises as `change` does.
        """
        written: list[Message] = []

        def decide(current: Conversation) -> Change:
            conversation, message = write(current)
            written[:] = [message]
            return Change(conversation, create=[message])

        try:
            conversation = await self.change(conversation_id, decide)
        except _AlreadyStored:
            stored = await self.message(conversation_id, message_id)
            if stored is None:
                raise NotFound("The message was removed while it was being written.") from None
            return Appended(stored, await self.get(conversation_id), created=False)
        return Appended(written[0], conversation, created=True)

    async def _try_change(self, conversation_id: str, decide: Callable[[Conversation], Change | None]) -> Conversation:
        item = await self._read(conversation_id)
        before = Conversation.model_validate(item)
        change = decide(before)
        if change is None:
            return before
        after = change.conversation.model_copy(update={"revision": before.revision + 1})
        await self._commit(replace(change, conversation=after), str(item["_etag"]))
        return after

    async def _read(self, conversation_id: str) -> Item:
        item = await read_item(self._database, self._container, conversation_id, conversation_id)
        if item is None:
            raise NotFound("There is no such conversation.")
        return item

    async def _commit(self, change: Change, etag: str) -> None:
        conversation = change.conversation
        operations: list[tuple[str, tuple[Any, ...]] | tuple[str, tuple[Any, ...], dict[str, Any]]] = [
            *(("create", (item.item(),)) for item in change.create),
            ("replace", (conversation.id, conversation.item()), {"if_match_etag": etag}),
            *(("replace", (item.id, item.item())) for item in change.replace),
        ]
        try:
            async with self._database.call():
                await self._container.execute_item_batch(operations, partition_key=conversation.id)
        except CosmosBatchOperationError as error:
            status = error.operation_responses[error.error_index]["statusCode"]
            if status == CONFLICT:
                raise _AlreadyStored from None
            if status in (PRECONDITION_FAILED, NOT_FOUND):
                raise _Overtaken from None
            raise
        except CosmosHttpResponseError as error:
            if error.status_code == PRECONDITION_FAILED:
                raise _Overtaken from None
            raise

    async def message(self, conversation_id: str, message_id: str) -> Message | None:
        """One message by point read."""
        item = await read_item(self._database, self._container, message_id, conversation_id)
        return None if item is None else Message.model_validate(item)

    async def messages_after(self, conversation_id: str, seq: int, limit: int) -> list[Message]:
        """Up to `limit` messages with a greater sequence number, in their order."""
        rows = await query(
            self._database,
            self._container,
            "SELECT * FROM c WHERE c.kind = 'message' AND c.seq > @seq ORDER BY c.seq OFFSET 0 LIMIT @limit",
            {"@seq": seq, "@limit": limit},
            partition_key=conversation_id,
        )
        return [Message.model_validate(row) for row in rows]

    async def active(self, limit: int, before: str | None) -> Page:
        """Conversations that are not resolved, the latest message first. Goes across partitions.

        `before` continues a listing: the `continuation` of the page before it.
        """
        rows = await query(
            self._database,
            self._container,
            "SELECT * FROM c WHERE c.kind = 'conversation' AND c.status IN ('waiting', 'active')"
            " AND c.last_message_at < @before ORDER BY c.last_message_at DESC OFFSET 0 LIMIT @limit",
            {"@limit": limit, "@before": before or _END_OF_TIME},
        )
        last = str(rows[-1]["last_message_at"]) if len(rows) == limit else None
        return Page([Conversation.model_validate(row) for row in rows], last)

    async def of_customer(self, customer_id: str, limit: int = 50) -> list[Conversation]:
        """A customer's conversations, the latest first. Goes across partitions."""
        rows = await query(
            self._database,
            self._container,
            "SELECT * FROM c WHERE c.kind = 'conversation' AND c.user_id = @customer"
            " ORDER BY c.start_time DESC OFFSET 0 LIMIT @limit",
            {"@customer": customer_id, "@limit": limit},
        )
        return [Conversation.model_validate(row) for row in rows]

    async def of_agent(self, agent_id: str, limit: int = 100) -> list[str]:
        """Ids of the conversations that an agent has. Goes across partitions."""
        rows = await query(
            self._database,
            self._container,
            "SELECT c.id FROM c WHERE c.kind = 'conversation' AND c.status = 'active' AND c.assigned_agent = @agent"
            " OFFSET 0 LIMIT @limit",
            {"@agent": agent_id, "@limit": limit},
        )
        return [str(row["id"]) for row in rows]

    async def pending_messages(self, stored_before: datetime, limit: int = 200) -> list[Message]:
        """Messages whose analysis is still to come although they were stored long ago. Goes across partitions."""
        cutoff = timestamp_text(stored_before)
        rows = await query(
            self._database,
            self._container,
            "SELECT * FROM c WHERE c.kind = 'message' AND c.analysis_state = @state AND c.timestamp < @before"
            " ORDER BY c.timestamp OFFSET 0 LIMIT @limit",
            {"@state": AnalysisState.PENDING.value, "@before": cutoff, "@limit": limit},
        )
        return [Message.model_validate(row) for row in rows]

    async def create_ticket(self, ticket: Ticket) -> Ticket:
        """Stores a ticket; a repeated call gives the one stored first."""
        return Ticket.model_validate(
            await create_or_read(self._database, self._container, ticket.item(), ticket.conversation_id)
        )

    async def tickets(self, conversation_id: str) -> list[Ticket]:
        """The conversation's tickets, in the order they were raised."""
        rows = await query(
            self._database,
            self._container,
            "SELECT * FROM c WHERE c.kind = 'ticket' ORDER BY c.created_at",
            {},
            partition_key=conversation_id,
        )
        return [Ticket.model_validate(row) for row in rows]

    async def fix_ticket(self, conversation_id: str, ticket_id: str, agent_id: str) -> Ticket:
        """Marks a ticket fixed; one that is fixed already stays as it was. Raises NotFound."""
        operations = [
            {"op": "set", "path": "/status", "value": "fixed"},
            {"op": "set", "path": "/fixed_at", "value": timestamp_text(now())},
            {"op": "set", "path": "/fixed_by", "value": agent_id},
        ]
        try:
            async with self._database.call():
                item = await self._container.patch_item(
                    ticket_id,
                    conversation_id,
                    operations,
                    filter_predicate="FROM c WHERE c.kind = 'ticket' AND c.status = 'open'",
                )
            return Ticket.model_validate(item)
        except CosmosHttpResponseError as error:
            if error.status_code not in (NOT_FOUND, PRECONDITION_FAILED):
                raise
        stored = await read_item(self._database, self._container, ticket_id, conversation_id)
        if stored is None or stored.get("kind") != "ticket":
            raise NotFound("There is no such ticket in this conversation.")
        return Ticket.model_validate(stored)
