"""What becomes of a conversation when something happens in it. Pure: the store calls these again when overtaken."""

from __future__ import annotations

from shared.desk.texts import preview
from shared.models.base import base_language
from shared.models.conversation import Conversation, ConversationStatus
from shared.models.message import Message, Sender

FOLLOWS_LANGUAGE_CONFIDENCE = 0.9
FOLLOWS_LANGUAGE_CHARACTERS = 20
"""A conversation's language changes only with a message that is this long and this surely in another one."""


def after_message(conversation: Conversation, message: Message) -> Conversation:
    """The conversation with the message as its latest; open again if it was resolved and the customer writes."""
    changes: dict[str, object] = {
        "last_seq": message.seq,
        "last_message_at": message.timestamp,
        "last_message_preview": preview(message.text_content),
        "last_sender": message.sender,
    }
    if message.sender is Sender.CUSTOMER and conversation.status is ConversationStatus.RESOLVED:
        changes |= {
            "status": ConversationStatus.WAITING,
            "assigned_agent": None,
            "assigned_agent_name": None,
            "resolved_at": None,
            "escalation": None,
        }
    return conversation.model_copy(update=changes)


def after_analysis(conversation: Conversation, message: Message) -> Conversation:
    """The conversation with what was understood of a message, unless a later one has been understood already."""
    if message.sender is not Sender.CUSTOMER or message.seq < conversation.analyzed_seq:
        return conversation
    changes: dict[str, object] = {
        "analyzed_seq": message.seq,
        "intent": message.intent.intent if message.intent else conversation.intent,
        "primary_lang": _language_after(conversation.primary_lang, message),
    }
    if message.sentiment is not None:
        feeling = message.sentiment
        changes |= {"sentiment": feeling.sentiment, "anger": feeling.anger, "urgency": feeling.urgency}
    translation = message.translation
    if conversation.last_seq == message.seq and translation is not None and translation.text:
        changes["last_message_preview"] = preview(translation.text)
    return conversation.model_copy(update=changes)


def _language_after(before: str | None, message: Message) -> str | None:
    detected = message.language
    if detected is None or detected.language is None:
        return before
    if before is None:
        return detected.language
    if base_language(before) == base_language(detected.language):
        return before
    if message.diagnosis is not None:
        # Pasted code and logs are in the language of their programmers, not of the customer.
        return before
    sure = detected.confidence >= FOLLOWS_LANGUAGE_CONFIDENCE
    return detected.language if sure and len(message.text_content) >= FOLLOWS_LANGUAGE_CHARACTERS else before
