"""A conversation and the states it moves through."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from shared.models.analysis import SentimentLabel, TokenUsage
from shared.models.base import LanguageCode, Model, Stored, Timestamp
from shared.models.message import Sender


class ConversationStatus(StrEnum):
    WAITING = "waiting"
    """No agent has it."""
    ACTIVE = "active"
    """An agent claimed it."""
    RESOLVED = "resolved"
    """Done; a customer's next message makes it waiting again."""


class Escalation(Model):
    """Why a conversation needs a person soon."""

    reason: Literal["human_requested", "complaint", "anger", "urgent"]
    message_id: str
    ticket_id: str
    at: Timestamp


class Conversation(Stored):
    """As stored, and as agents see it. Holds what the queue shows, so that listing it reads nothing else."""

    kind: Literal["conversation"] = "conversation"
    id: str
    conversation_id: str
    """The same as `id`: the partition key."""
    user_id: str
    customer_name: str
    start_time: Timestamp
    status: ConversationStatus
    assigned_agent: str | None = None
    """Account id of the agent who has it."""
    assigned_agent_name: str | None = None
    primary_lang: LanguageCode | None = None
    """The customer's language: state of the conversation, not a guess per message."""
    source: str = "web"
    revision: int = 0
    """Grows with every change: of two copies the one with the greater is newer."""
    last_seq: int = 0
    last_message_at: Timestamp
    last_message_preview: str = ""
    last_sender: Sender | None = None
    analyzed_seq: int = 0
    """The latest customer's message whose deep analysis the fields below come from."""
    intent: str | None = None
    """Intent of the customer's latest analysed message."""
    sentiment: SentimentLabel | None = None
    anger: float | None = None
    urgency: float | None = None
    """Both 0..1, of the customer's latest analysed message; null when no engine could tell."""
    escalation: Escalation | None = None
    token_usage: TokenUsage = TokenUsage()
    """What models were paid for this conversation so far."""
    resolved_at: Timestamp | None = None

    def for_customer(self) -> CustomerConversation:
        """The conversation without what only agents may see."""
        return CustomerConversation(
            id=self.id,
            status=self.status,
            start_time=self.start_time,
            assigned_agent_name=self.assigned_agent_name,
            primary_lang=self.primary_lang,
            last_seq=self.last_seq,
            revision=self.revision,
        )


class CustomerConversation(Model):
    """A conversation as its customer sees it."""

    id: str
    status: ConversationStatus
    start_time: Timestamp
    assigned_agent_name: str | None
    primary_lang: LanguageCode | None
    last_seq: int
    revision: int
