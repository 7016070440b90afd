"""Replies whose wording in the customer's language was written beforehand: they need no translation."""

from __future__ import annotations

from shared.models.analysis import TranslationResult
from shared.models.base import base_language
from shared.models.conversation import Conversation
from shared.store.conversations import ConversationStore

LATEST_MESSAGES = 20
"""How far back a suggestion is looked for."""


async def prepared_translation(
    store: ConversationStore, conversation: Conversation, suggestion_id: str | None, text: str, target: str
) -> TranslationResult | None:
    """The suggestion's own wording in `target`, when an agent sends it unedited; null when there is none."""
    if suggestion_id is None:
        return None
    first = max(conversation.last_seq - LATEST_MESSAGES, 0)
    messages = await store.messages_after(conversation.id, first, LATEST_MESSAGES)
    suggestions = [each for message in messages for each in message.suggestions]
    chosen = next((each for each in suggestions if each.id == suggestion_id), None)
    if chosen is None or chosen.text != text or chosen.customer_text is None or chosen.customer_language is None:
        return None
    if base_language(chosen.customer_language) != base_language(target):
        return None
    return TranslationResult(
        engine="templates",
        source_language=chosen.language,
        target_language=target,
        state="translated",
        text=chosen.customer_text,
    )
