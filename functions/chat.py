"""Chat: sessions, messages, replies, and who has a conversation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import azure.durable_functions as df
from pydantic import AfterValidator, Field

from functions.endpoint import Call, Caller, NoBody, NoParameters, endpoint
from shared.desk.texts import NAME_CHARACTERS
from shared.engines.translation import WantedFormality
from shared.models.account import AccountProfile
from shared.models.analysis import Analysis
from shared.models.base import TIMESTAMP_FORMAT, Identifier, LanguageCode, Model, Timestamp, timestamp_text
from shared.models.conversation import Conversation, CustomerConversation
from shared.models.message import CustomerMessage, Message
from shared.models.ticket import Ticket
from shared.security.principal import Principal

chat = df.Blueprint()


class SessionRequest(Model):
    full_name: Annotated[str, Field(min_length=1, max_length=NAME_CHARACTERS)]
    preferred_lang: LanguageCode | None = None
    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,29}$")] = "web"
    session_key: Annotated[str, Field(min_length=32, max_length=200)] | None = None
    """Random characters that only the client knows; a repeated request with the same gives the same session."""


class SessionAnswer(Model):
    token: str
    expires_at: Timestamp
    user: AccountProfile
    conversation: CustomerConversation


class MessageRequest(Model):
    conversation_id: Identifier
    client_message_id: Identifier
    text_content: str


class MessageAnswer(Model):
    message: CustomerMessage
    analysis: Analysis
    conversation: CustomerConversation


class ReplyRequest(MessageRequest):
    suggestion_id: Annotated[str, Field(max_length=100)] | None = None
    """The suggestion that the reply began with, edited or not."""
    formality: WantedFormality | None = None
    """How the customer is addressed in the translation; unset: as is usual in the customer's language. The answer's
    `message.translation.formality` says whether the engine followed."""


class ReplyAnswer(Model):
    message: Message


class ConversationRequest(Model):
    conversation_id: Identifier


class AssignRequest(ConversationRequest):
    agent_id: Identifier | None = None
    """Who gets it, whoever has it; only supervisors and administrators may name somebody else."""


class ConversationAnswer(Model):
    conversation: Conversation


def _of_a_page(continuation: str) -> str:
    try:
        return timestamp_text(datetime.strptime(continuation, TIMESTAMP_FORMAT).replace(tzinfo=UTC))
    except ValueError:
        raise ValueError("must be the continuation of the page before") from None


class ActiveParameters(Model):
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    continuation: Annotated[str, AfterValidator(_of_a_page)] | None = None
    """That of the page before."""


class ActiveAnswer(Model):
    conversations: list[Conversation]
    continuation: str | None


class ConversationParameters(Model):
    conversation_id: Identifier


class OverviewAnswer(Model):
    conversation: Conversation | CustomerConversation
    customer: AccountProfile
    tickets: list[Ticket]


class MessagesParameters(ConversationParameters):
    after_seq: Annotated[int, Field(ge=0)] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 200


class MessagesAnswer(Model):
    messages: list[Message | CustomerMessage]
    last_seq: int
    more: bool


@endpoint(chat, "POST", "chat/sessions", caller=Caller.ANYONE, body=SessionRequest, answer=SessionAnswer, status=201)
async def begin_session(call: Call[SessionRequest, NoParameters]) -> SessionAnswer:
    """Begin a customer's session with a new conversation."""
    asked = call.body
    session = await call.services.conversations.begin_session(
        asked.full_name, asked.preferred_lang, asked.source, asked.session_key
    )
    return SessionAnswer(
        token=session.token,
        expires_at=session.expires_at,
        user=session.customer.profile(),
        conversation=session.conversation.for_customer(),
    )


@endpoint(
    chat,
    "POST",
    "chat/analyze-message",
    caller=Caller.CUSTOMER,
    body=MessageRequest,
    answer=MessageAnswer,
    starts_pipelines=True,
)
async def analyze_message(call: Call[MessageRequest, NoParameters]) -> MessageAnswer:
    """Send a customer's message; it is stored, read and passed on."""
    asked = call.body
    received = await call.services.conversations.receive(
        call.principal, asked.conversation_id, asked.client_message_id, asked.text_content
    )
    message = received.message
    if received.created and call.pipelines is not None:
        await call.pipelines.start_message(message)
    return MessageAnswer(
        message=message.for_customer(),
        analysis=Analysis(**{name: getattr(message, name) for name in Analysis.model_fields}),
        conversation=received.conversation.for_customer(),
    )


@endpoint(
    chat,
    "POST",
    "chat/send-agent-message",
    caller=Caller.STAFF,
    body=ReplyRequest,
    answer=ReplyAnswer,
    starts_pipelines=True,
)
async def send_agent_message(call: Call[ReplyRequest, NoParameters]) -> ReplyAnswer:
    """Send an agent's reply, translated into the customer's language."""
    asked = call.body
    sent = await call.services.replies.send(
        call.principal,
        asked.conversation_id,
        asked.client_message_id,
        asked.text_content,
        asked.suggestion_id,
        asked.formality,
    )
    if sent.created and sent.message.translation is None and call.pipelines is not None:
        await call.pipelines.start_message(sent.message)
    return ReplyAnswer(message=sent.message)


@endpoint(
    chat,
    "POST",
    "chat/assign-conversation",
    caller=Caller.STAFF,
    body=AssignRequest,
    answer=ConversationAnswer,
)
async def assign_conversation(call: Call[AssignRequest, NoParameters]) -> ConversationAnswer:
    """Claim a conversation, or give it to another agent."""
    asked = call.body
    return ConversationAnswer(
        conversation=await call.services.assignment.claim(call.principal, asked.conversation_id, asked.agent_id)
    )


@endpoint(
    chat,
    "POST",
    "chat/unassign-conversation",
    caller=Caller.STAFF,
    body=ConversationRequest,
    answer=ConversationAnswer,
)
async def unassign_conversation(call: Call[ConversationRequest, NoParameters]) -> ConversationAnswer:
    """Put a conversation back into the queue."""
    return ConversationAnswer(
        conversation=await call.services.assignment.release(call.principal, call.body.conversation_id)
    )


@endpoint(
    chat,
    "POST",
    "chat/resolve-conversation",
    caller=Caller.STAFF,
    body=ConversationRequest,
    answer=ConversationAnswer,
)
async def resolve_conversation(call: Call[ConversationRequest, NoParameters]) -> ConversationAnswer:
    """End a conversation; the customer's next message opens it again."""
    return ConversationAnswer(
        conversation=await call.services.assignment.resolve(call.principal, call.body.conversation_id)
    )


@endpoint(
    chat,
    "GET",
    "chat/conversations/active",
    caller=Caller.STAFF,
    parameters=ActiveParameters,
    answer=ActiveAnswer,
)
async def active_conversations(call: Call[NoBody, ActiveParameters]) -> ActiveAnswer:
    """The queue: conversations that are not resolved, the latest message first."""
    page = await call.services.conversations.active(call.parameters.limit, call.parameters.continuation)
    return ActiveAnswer(conversations=page.conversations, continuation=page.continuation)


@endpoint(
    chat,
    "GET",
    "chat/conversations/{conversation_id}",
    caller=Caller.ACCOUNT,
    parameters=ConversationParameters,
    answer=OverviewAnswer,
)
async def get_conversation(call: Call[NoBody, ConversationParameters]) -> OverviewAnswer:
    """A conversation with its customer and, for staff, its tickets."""
    found = await call.services.conversations.overview(call.principal, call.parameters.conversation_id)
    conversation = found.conversation
    return OverviewAnswer(
        conversation=conversation if call.principal.is_staff else conversation.for_customer(),
        customer=found.customer.profile(),
        tickets=found.tickets,
    )


@endpoint(
    chat,
    "GET",
    "chat/conversations/{conversation_id}/messages",
    caller=Caller.ACCOUNT,
    parameters=MessagesParameters,
    answer=MessagesAnswer,
)
async def get_messages(call: Call[NoBody, MessagesParameters]) -> MessagesAnswer:
    """Messages after a sequence number: how a client catches up."""
    asked = call.parameters
    messages, last_seq = await call.services.conversations.messages(
        call.principal, asked.conversation_id, asked.after_seq, asked.limit
    )
    return MessagesAnswer(
        messages=[_seen_by(call.principal, message) for message in messages],
        last_seq=last_seq,
        more=bool(messages) and messages[-1].seq < last_seq,
    )


def _seen_by(principal: Principal, message: Message) -> Message | CustomerMessage:
    return message if principal.is_staff else message.for_customer()
