"""What people do over their socket, and what they may connect to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.desk.accounts import Accounts
from shared.desk.conversations import Conversations
from shared.errors import DomainError, Forbidden, InvalidRequest
from shared.models.account import Role
from shared.models.events import (
    ClientMessage,
    ClientRead,
    ClientTyping,
    ClientWatch,
    MessageRejected,
    Read,
    SocketAccess,
    Typing,
)
from shared.models.message import Sender
from shared.realtime import groups
from shared.realtime.hub import Hub
from shared.realtime.upstream import SocketEvent
from shared.security.principal import Principal
from shared.settings import Settings
from shared.store.conversations import Appended, ConversationStore

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Outcome:
    """What came of a socket event."""

    received: Appended | None = None
    """A customer's message that was taken in."""
    answer: MessageRejected | None = None
    """What the sender's own connection is told."""


class Sockets:
    """The use cases of the live connection."""

    def __init__(
        self, accounts: Accounts, conversations: Conversations, store: ConversationStore, hub: Hub, settings: Settings
    ) -> None:
        self._accounts = accounts
        self._conversations = conversations
        self._store = store
        self._hub = hub
        self._settings = settings

    async def connect(self, principal: Principal, conversation_id: str | None = None) -> SocketAccess:
        """Where the caller may connect: a customer to one own conversation, an agent to the queue and what they have.

        Raises NotFound for a conversation of somebody else, InvalidRequest when it is not clear which is meant.
        """
        if principal.is_staff:
            mine = await self._store.of_agent(principal.id)
            member_of = [groups.QUEUE, *(groups.agent_side(each) for each in mine)]
        else:
            wanted = conversation_id or principal.conversation_id
            if wanted is None:
                raise InvalidRequest.of("conversation_id", "must name one of your conversations")
            await self._conversations.accessible(principal, wanted)
            member_of = [groups.customer_side(wanted)]
        return await self._hub.access(principal.id, member_of, self._settings.socket_token_minutes)

    async def connect_as(self, principal: Principal, account_id: str, *, staff: bool) -> SocketAccess:
        """The same for an address that names the account. Raises Forbidden when it is not the caller's own."""
        if account_id != principal.id or staff != principal.is_staff:
            raise Forbidden("This address is another account's.")
        return await self.connect(principal)

    async def handle(self, event: SocketEvent) -> Outcome:
        """Carries out a client's event; events that nobody needs are passed over."""
        if not event.is_user_event or event.account_id is None:
            return Outcome()
        principal = Principal(await self._accounts.account(event.account_id))
        if event.name == "message":
            return await self._message(principal, event)
        if event.name == "typing":
            await self._typing(principal, _parsed(ClientTyping, event.data))
        elif event.name == "read":
            await self._read(principal, _parsed(ClientRead, event.data))
        elif event.name == "watch":
            await self._watch(principal, event.connection_id, _parsed(ClientWatch, event.data))
        else:
            raise InvalidRequest.of("event", "must be message, typing, read or watch")
        return Outcome()

    async def _message(self, principal: Principal, event: SocketEvent) -> Outcome:
        try:
            message = _parsed(ClientMessage, event.data)
            received = await self._conversations.receive(
                principal, message.conversation_id, message.client_message_id, message.text_content
            )
        except DomainError as error:
            named = event.data.get("client_message_id") if isinstance(event.data, dict) else None
            identifier = named if isinstance(named, str) else None
            return Outcome(answer=MessageRejected(client_message_id=identifier, detail=error.detail))
        return Outcome(received=received)

    async def _typing(self, principal: Principal, typing: ClientTyping) -> None:
        await self._conversations.accessible(principal, typing.conversation_id)
        event = Typing(
            conversation_id=typing.conversation_id,
            sender=_side(principal),
            sender_name=principal.account.full_name,
        )
        await self._hub.publish(event, _other_side(principal, typing.conversation_id))

    async def _read(self, principal: Principal, read: ClientRead) -> None:
        conversation = await self._conversations.accessible(principal, read.conversation_id)
        event = Read(conversation_id=conversation.id, sender=_side(principal), seq=min(read.seq, conversation.last_seq))
        await self._hub.publish(event, _other_side(principal, conversation.id))

    async def _watch(self, principal: Principal, connection_id: str, watch: ClientWatch) -> None:
        if not principal.is_staff:
            raise Forbidden("Only agents watch conversations.")
        await self._conversations.accessible(principal, watch.conversation_id)
        await self._hub.watch(connection_id, watch.conversation_id, watch.watching)


def _parsed(model: type[T], data: Any) -> T:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidRequest.from_validation(error) from None


def _side(principal: Principal) -> Sender:
    return Sender.CUSTOMER if principal.account.role is Role.CUSTOMER else Sender.AGENT


def _other_side(principal: Principal, conversation_id: str) -> str:
    if principal.is_staff:
        return groups.customer_side(conversation_id)
    return groups.agent_side(conversation_id)
