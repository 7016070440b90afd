"""What travels over the sockets. Each event is one JSON object with a `type`; the data of a Web PubSub message."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from shared.models.analysis import Suggestion
from shared.models.base import Identifier, Model, Timestamp
from shared.models.conversation import Conversation, CustomerConversation
from shared.models.message import CustomerMessage, Message, Sender
from shared.models.ticket import Ticket


class SocketAccess(Model):
    """Where to connect, and until when the address is good for a new connection."""

    url: str
    hub: str
    expires_at: Timestamp


class MessageCreated(Model):
    """To both sides; the customer's copy holds a CustomerMessage."""

    type: Literal["message.created"] = "message.created"
    message: Message | CustomerMessage


class MessageAnalyzed(Model):
    """The message again, now with everything that was understood of it.

    To agents; the customer gets it for an agent's reply whose translation was late.
    """

    type: Literal["message.analyzed"] = "message.analyzed"
    message: Message | CustomerMessage


class SuggestionsReady(Model):
    """To agents."""

    type: Literal["suggestions.ready"] = "suggestions.ready"
    conversation_id: str
    message_id: str
    suggestions: list[Suggestion]


ConversationEvent = Literal[
    "conversation.updated",
    "conversation.assigned",
    "conversation.released",
    "conversation.escalated",
    "conversation.resolved",
    "conversation.reopened",
]


class ConversationChanged(Model):
    """To the queue of all agents, and for what the customer notices also to the customer."""

    type: ConversationEvent
    conversation: Conversation | CustomerConversation


class TicketChanged(Model):
    """To agents."""

    type: Literal["ticket.changed"] = "ticket.changed"
    ticket: Ticket


class Typing(Model):
    """To the other side."""

    type: Literal["typing"] = "typing"
    conversation_id: str
    sender: Sender
    sender_name: str


class Read(Model):
    """To the other side: everything up to `seq` has been seen."""

    type: Literal["read"] = "read"
    conversation_id: str
    sender: Sender
    seq: int


class MessageRejected(Model):
    """To the one connection whose `message` event could not be accepted."""

    type: Literal["message.rejected"] = "message.rejected"
    client_message_id: str | None
    detail: str


Event = MessageCreated | MessageAnalyzed | SuggestionsReady | ConversationChanged | TicketChanged | Typing | Read


class ClientMessage(Model):
    """Client event `message`: the same as POST chat/analyze-message, for customers."""

    conversation_id: Identifier
    client_message_id: Identifier
    text_content: str


class ClientTyping(Model):
    """Client event `typing`."""

    conversation_id: Identifier


class ClientRead(Model):
    """Client event `read`."""

    conversation_id: Identifier
    seq: int = Field(ge=0)


class ClientWatch(Model):
    """Client event `watch`, for agents: begin or end receiving what happens in one conversation."""

    conversation_id: Identifier
    watching: bool = True
