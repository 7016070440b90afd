"""Conversations: beginning one, writing in it as a customer, and reading it."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.desk.texts import NAME_CHARACTERS, checked_text
from shared.desk.transitions import after_message
from shared.engines.understanding import Understanding
from shared.errors import Forbidden, NotFound
from shared.models.account import Account, Role
from shared.models.base import derived_id, now
from shared.models.conversation import Conversation, ConversationStatus
from shared.models.events import ConversationChanged, ConversationEvent, MessageCreated
from shared.models.message import AnalysisState, Message, Sender
from shared.models.ticket import Ticket
from shared.realtime import groups
from shared.realtime.hub import Hub
from shared.security.principal import Principal
from shared.security.tokens import Tokens
from shared.settings import Settings
from shared.store.accounts import AccountStore, searchable
from shared.store.conversations import Appended, ConversationStore, Page


@dataclass(frozen=True)
class Session:
    """A customer's session that has begun, with the conversation it began with."""

    token: str
    expires_at: datetime
    customer: Account
    conversation: Conversation


@dataclass(frozen=True)
class Overview:
    """A conversation with what an agent wants to know beside it."""

    conversation: Conversation
    customer: Account
    tickets: list[Ticket]


class Conversations:
    """The use cases of a conversation that customers begin and both sides read."""

    def __init__(
        self,
        store: ConversationStore,
        accounts: AccountStore,
        hub: Hub,
        understanding: Understanding,
        tokens: Tokens,
        settings: Settings,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._hub = hub
        self._understanding = understanding
        self._tokens = tokens
        self._settings = settings

    async def begin_session(
        self, full_name: str, preferred_lang: str | None, source: str, session_key: str | None
    ) -> Session:
        """A new customer with a new conversation.

        A repeated request with the same `session_key`, a secret of the client, gives the session of the first.
        Raises InvalidRequest for a name of which nothing can be seen.
        """
        name = checked_text(full_name, NAME_CHARACTERS, "full_name")
        begun = now()
        seed = session_key or secrets.token_hex(32)
        customer = await self._accounts.create(
            Account(
                id=derived_id("customer", seed),
                full_name=name,
                search_name=searchable(name),
                created_at=begun,
                role=Role.CUSTOMER,
                preferred_lang=preferred_lang,
            )
        )
        conversation_id = derived_id("conversation", seed)
        conversation = await self._store.create(
            Conversation(
                id=conversation_id,
                conversation_id=conversation_id,
                user_id=customer.id,
                customer_name=customer.full_name,
                start_time=begun,
                status=ConversationStatus.WAITING,
                primary_lang=preferred_lang,
                source=source,
                last_message_at=begun,
            )
        )
        self._understanding.warm()
        lifetime = timedelta(hours=self._settings.customer_session_hours)
        token, ends = self._tokens.issue(customer.id, lifetime, conversation_id=conversation.id)
        return Session(token, ends, customer, conversation)

    async def receive(
        self, principal: Principal, conversation_id: str, client_message_id: str, text_content: str
    ) -> Appended:
        """Takes in a customer's message: reads it quickly, stores it, tells both sides.

        A repeated `client_message_id` gives what was stored the first time. A resolved conversation opens again.
        Raises NotFound for a conversation of somebody else, Conflict for an id that an agent's message has,
        InvalidRequest for a text that is empty or too long.
        """
        text = checked_text(text_content, self._settings.message_max_characters)
        conversation = await self.accessible(principal, conversation_id)
        if conversation.user_id != principal.id:
            raise Forbidden("Only the customer of a conversation writes messages here.")
        analysis = await self._understanding.quick(
            text, prior_language=conversation.primary_lang, agent_language=self._settings.agent_language
        )
        message_id = derived_id("message", conversation_id, client_message_id)
        reopened = False

        def write(current: Conversation) -> tuple[Conversation, Message]:
            nonlocal reopened
            reopened = current.status is ConversationStatus.RESOLVED
            message = Message(
                id=message_id,
                conversation_id=conversation_id,
                client_message_id=client_message_id,
                seq=current.last_seq + 1,
                sender=Sender.CUSTOMER,
                sender_id=principal.id,
                sender_name=principal.account.full_name,
                text_content=text,
                timestamp=now(),
                language=analysis.language,
                intent=analysis.intent,
                sentiment=analysis.sentiment,
                entities=analysis.entities,
                key_phrases=analysis.key_phrases,
                translation=analysis.translation,
                analysis_state=AnalysisState.PENDING,
            )
            return after_message(current, message), message

        received = await self._store.append(conversation_id, message_id, write)
        principal.require_authorship(received.message)
        if received.created:
            await self._announce(received.message, received.conversation, reopened)
        return received

    async def _announce(self, message: Message, conversation: Conversation, reopened: bool) -> None:
        customer = groups.customer_side(conversation.id)
        calls = [
            self._hub.publish(MessageCreated(message=message), groups.agent_side(conversation.id)),
            self._hub.publish(MessageCreated(message=message.for_customer()), customer),
        ]
        change: ConversationEvent = "conversation.reopened" if reopened else "conversation.updated"
        calls.append(self._hub.publish(ConversationChanged(type=change, conversation=conversation), groups.QUEUE))
        if reopened:
            for_customer = ConversationChanged(type=change, conversation=conversation.for_customer())
            calls.append(self._hub.publish(for_customer, customer))
        await asyncio.gather(*calls)

    async def accessible(self, principal: Principal, conversation_id: str) -> Conversation:
        """A conversation that the caller may see. Raises NotFound."""
        conversation = await self._store.get(conversation_id)
        principal.require_access(conversation)
        return conversation

    async def overview(self, principal: Principal, conversation_id: str) -> Overview:
        """A conversation, its customer and, for staff, its tickets. Raises NotFound."""
        conversation = await self.accessible(principal, conversation_id)
        customer, tickets = await asyncio.gather(
            self._accounts.get(conversation.user_id), self._store.tickets(conversation_id)
        )
        if customer is None:
            raise NotFound("The customer of this conversation is gone.")
        return Overview(conversation, customer, tickets if principal.is_staff else [])

    async def messages(
        self, principal: Principal, conversation_id: str, after_seq: int, limit: int
    ) -> tuple[list[Message], int]:
        """Messages with a greater sequence number, and the conversation's last one. Raises NotFound."""
        conversation = await self.accessible(principal, conversation_id)
        messages = await self._store.messages_after(conversation_id, after_seq, limit)
        return messages, max([conversation.last_seq, *(message.seq for message in messages)])

    async def active(self, limit: int, continuation: str | None) -> Page:
        """The queue: conversations that are not resolved, the latest message first."""
        return await self._store.active(limit, continuation)
