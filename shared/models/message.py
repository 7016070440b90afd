"""A message: one utterance in a conversation, with what was understood of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from shared.models.analysis import (
    DiagnosisResult,
    Entity,
    IntentResult,
    LanguageResult,
    RequestResult,
    SentimentResult,
    Suggestion,
    TranslationResult,
)
from shared.models.base import LanguageCode, Model, Stored, Timestamp


class Sender(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"


class AnalysisState(StrEnum):
    PENDING = "pending"
    """Stored and quickly read; the deep pipeline is on its way."""
    COMPLETE = "complete"
    NOT_NEEDED = "not_needed"
    """Agents' and the system's messages are not analysed."""


class Message(Stored):
    """As stored, and as agents see it."""

    kind: Literal["message"] = "message"
    id: str
    """Derived from the conversation and the client's own id: the same request gives the same message."""
    conversation_id: str
    client_message_id: str
    seq: int
    """1, 2, 3 … within the conversation, without a gap."""
    sender: Sender
    sender_id: str
    sender_name: str
    text_content: str
    timestamp: Timestamp
    image_url: str | None = None
    ocr_text: str | None = None
    language: LanguageResult | None = None
    intent: IntentResult | None = None
    sentiment: SentimentResult | None = None
    entities: list[Entity] = []
    """What a customer's message names, with offsets into `text_content`."""
    key_phrases: list[str] = []
    request: RequestResult | None = None
    """What the customer is after, and what has to be asked for."""
    diagnosis: DiagnosisResult | None = None
    """What code or logs in the message tell; null when it holds none."""
    translation: TranslationResult | None = None
    """A customer's message in the agents' language, or an agent's in the customer's."""
    suggestions: list[Suggestion] = []
    suggestion_id: str | None = None
    """For an agent's reply: the suggestion it began with, edited or not."""
    written_in: LanguageCode | None = None
    """For an agent's reply: the language in which it was written."""
    formality: Literal["default", "formal", "informal"] | None = None
    """For an agent's reply: how the customer is to be addressed; null as is usual in the customer's language."""
    analysis_state: AnalysisState = AnalysisState.NOT_NEEDED

    def for_customer(self) -> CustomerMessage:
        """The message without what only agents may see."""
        to_customer = self.translation if self.sender is Sender.AGENT else None
        return CustomerMessage(
            id=self.id,
            conversation_id=self.conversation_id,
            client_message_id=self.client_message_id,
            seq=self.seq,
            sender=self.sender,
            sender_name=self.sender_name,
            text_content=self.text_content,
            timestamp=self.timestamp,
            image_url=self.image_url,
            translation=to_customer.for_customer() if to_customer else None,
        )


class CustomerMessage(Model):
    """A message as the customer sees it."""

    id: str
    conversation_id: str
    client_message_id: str
    seq: int
    sender: Sender
    sender_name: str
    text_content: str
    timestamp: Timestamp
    image_url: str | None = None
    translation: TranslationResult | None = None
    """An agent's message in the customer's language; `state` says whether there is a `text` to show."""
