"""What stands around a message when it is read: the conversation before it, and the customer's culture."""

from __future__ import annotations

from shared.culture.library import cultural_context
from shared.engines.reasoning import Culture, Turn
from shared.errors import NotFound
from shared.models.base import base_language
from shared.models.message import Message, Sender
from shared.store.conversations import ConversationStore

HISTORY_MESSAGES = 8
HISTORY_CHARACTERS = 4000
TURN_CHARACTERS = 1000
"""How much of a conversation is read again with each message: its latest messages, and of each the beginning."""

_AVOIDED = 3


async def history_before(store: ConversationStore, conversation_id: str, seq: int, agent_language: str) -> list[Turn]:
    """The latest messages before that number, the earliest first, in the agents' language where that is known."""
    if seq <= 1:
        return []
    first = max(seq - 1 - HISTORY_MESSAGES, 0)
    messages = await store.messages_after(conversation_id, first, HISTORY_MESSAGES)
    turns: list[Turn] = []
    room = HISTORY_CHARACTERS
    for message in reversed([each for each in messages if each.seq < seq and each.sender is not Sender.SYSTEM]):
        turn = _turn(message, agent_language)
        room -= len(turn.text)
        if room < 0:
            break
        turns.append(turn)
    return turns[::-1]


def _turn(message: Message, agent_language: str) -> Turn:
    translation = message.translation
    if message.sender is Sender.AGENT:
        source = translation.source_language if translation else None
        return Turn(sender="agent", text=message.text_content[:TURN_CHARACTERS], language=source or agent_language)
    if translation is not None and translation.text is not None:
        return Turn(sender="customer", text=translation.text[:TURN_CHARACTERS], language=translation.target_language)
    language = message.language.language if message.language else None
    return Turn(sender="customer", text=message.text_content[:TURN_CHARACTERS], language=language)


def culture_of(language: str | None) -> Culture | None:
    """How to speak with customers of that language, in short; null where nothing is known. Reads files."""
    try:
        known = cultural_context(language) if language else None
    except NotFound:
        base = base_language(language or "")
        return culture_of(base) if base != language else None
    if known is None:
        return None
    formality = known.address.recommended
    wanted = {"formal": ("formal", "neutral"), "informal": ("informal", "neutral"), "either": ("neutral",)}[formality]
    return Culture(
        language=known.code,
        name=known.english_name,
        formality=formality,
        formal_you=known.address.formal,
        informal_you=known.address.informal,
        name_order=known.names.order,
        greeting=_first([(each.text, each.formality) for each in known.greetings if each.when == "any"], wanted)
        or known.greetings[0].text,
        closing=_first([(each.text, each.formality) for each in known.closings], wanted) or known.closings[0].text,
        avoid=known.communication.avoid[:_AVOIDED],
    )


def _first(choices: list[tuple[str, str]], wanted: tuple[str, ...]) -> str | None:
    """The first text of the formality that is wanted most."""
    return next((text for each in wanted for text, formality in choices if formality == each), None)
