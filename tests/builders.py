"""Data for tests: each builder gives something valid, and takes what the test is about."""

from __future__ import annotations

from typing import Any

from shared.models.account import Account, Role
from shared.models.analysis import IntentResult, LanguageResult, SentimentLabel, SentimentResult, TranslationResult
from shared.models.base import derived_id, now
from shared.models.conversation import Conversation, ConversationStatus
from shared.models.message import AnalysisState, Message, Sender

CONVERSATION_ID = derived_id("conversation", "test")


def a_conversation(**changes: Any) -> Conversation:
    """A conversation that waits, of a customer with id `customer`."""
    given: dict[str, Any] = {
        "id": CONVERSATION_ID,
        "conversation_id": CONVERSATION_ID,
        "user_id": "customer",
        "customer_name": "Test Customer",
        "start_time": now(),
        "status": ConversationStatus.WAITING,
        "last_message_at": now(),
    }
    return Conversation(**(given | changes))


def a_message(seq: int = 1, text: str = "Where is my order?", **changes: Any) -> Message:
    """A customer's message that waits for its analysis."""
    given: dict[str, Any] = {
        "id": derived_id("message", str(seq)),
        "conversation_id": CONVERSATION_ID,
        "client_message_id": derived_id("client", str(seq)),
        "seq": seq,
        "sender": Sender.CUSTOMER,
        "sender_id": "customer",
        "sender_name": "Test Customer",
        "text_content": text,
        "timestamp": now(),
        "analysis_state": AnalysisState.PENDING,
    }
    return Message(**(given | changes))


def an_account(role: Role = Role.CUSTOMER, account_id: str = "customer") -> Account:
    """An account of that role."""
    return Account(id=account_id, full_name="Test Person", search_name="test person", created_at=now(), role=role)


def language(code: str | None, confidence: float = 0.99) -> LanguageResult:
    """A detected language."""
    return LanguageResult(engine="test", language=code, confidence=confidence)


def intent(name: str, confidence: float = 0.9) -> IntentResult:
    """A classified intent."""
    return IntentResult(engine="test", intent=name, confidence=confidence)


def sentiment(
    label: SentimentLabel, confidence: float = 0.9, *, anger: float | None = None, urgency: float | None = None
) -> SentimentResult:
    """A sentiment; what is left is shared by the other labels."""
    rest = (1 - confidence) / (len(SentimentLabel) - 1)
    scores = {each: confidence if each is label else rest for each in SentimentLabel}
    return SentimentResult(
        engine="test", sentiment=label, confidence=confidence, scores=scores, anger=anger, urgency=urgency
    )


def translated(text: str, source: str = "pt", target: str = "en") -> TranslationResult:
    """A translation that succeeded."""
    return TranslationResult(
        engine="test", source_language=source, target_language=target, state="translated", text=text
    )
