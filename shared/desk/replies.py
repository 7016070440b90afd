"""Agents' replies: translated into the customer's language on their way out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from shared.desk.assignment import require_not_anothers
from shared.desk.prepared import prepared_translation
from shared.desk.texts import checked_text
from shared.desk.transitions import after_message
from shared.engines.translation import TranslationOptions, WantedFormality
from shared.engines.understanding import Understanding
from shared.errors import Conflict, NotAssigned, NotFound
from shared.models.analysis import TranslationResult
from shared.models.base import derived_id, now
from shared.models.conversation import Conversation, ConversationStatus
from shared.models.events import ConversationChanged, MessageCreated
from shared.models.message import AnalysisState, Message, Sender
from shared.realtime import groups
from shared.realtime.hub import Hub
from shared.security.principal import Principal
from shared.settings import Settings
from shared.store.conversations import Appended, ConversationStore


@dataclass(frozen=True)
class Reply:
    """What an agent writes, before it is known which place in the conversation it gets."""

    author: Principal
    conversation_id: str
    client_message_id: str
    text: str
    written_in: str
    suggestion_id: str | None
    formality: WantedFormality | None

    @property
    def message_id(self) -> str:
        """The same for every try of the same request."""
        return derived_id("message", self.conversation_id, self.client_message_id)

    def message(self, seq: int, translation: TranslationResult | None) -> Message:
        """The reply as it is stored; without a translation, that is still to come."""
        return Message(
            id=self.message_id,
            conversation_id=self.conversation_id,
            client_message_id=self.client_message_id,
            seq=seq,
            sender=Sender.AGENT,
            sender_id=self.author.id,
            sender_name=self.author.account.full_name,
            text_content=self.text,
            timestamp=now(),
            translation=translation,
            suggestion_id=self.suggestion_id,
            written_in=self.written_in,
            formality=self.formality,
            analysis_state=AnalysisState.PENDING if translation is None else AnalysisState.NOT_NEEDED,
        )


class Replies:
    """The use case of an agent who answers."""

    def __init__(self, store: ConversationStore, hub: Hub, understanding: Understanding, settings: Settings) -> None:
        self._store = store
        self._hub = hub
        self._understanding = understanding
        self._settings = settings

    async def send(
        self,
        principal: Principal,
        conversation_id: str,
        client_message_id: str,
        text_content: str,
        suggestion_id: str | None = None,
        formality: WantedFormality | None = None,
    ) -> Appended:
        """Stores a reply and tells both sides.

        A repeated `client_message_id` gives what was stored the first time. A translation that is not ready in time
        follows later: the message is then `pending`. `formality` is how the customer is to be addressed; null: as is
        usual in the customer's language. Raises NotFound, NotAssigned when nobody has claimed the
        conversation, AlreadyAssigned when somebody else has, Conflict when it is resolved or the id is that of
        somebody else's message.
        """
        text = checked_text(text_content, self._settings.message_max_characters)
        source = principal.account.preferred_lang or self._settings.agent_language
        reply = Reply(principal, conversation_id, client_message_id, text, source, suggestion_id, formality)
        conversation, stored = await asyncio.gather(
            self._store.get(conversation_id), self._store.message(conversation_id, reply.message_id)
        )
        if stored is not None:
            principal.require_authorship(stored)
            return Appended(stored, conversation, created=False)
        _require_mine(conversation, principal)
        translation = await self._translated(reply, conversation)

        def write(current: Conversation) -> tuple[Conversation, Message]:
            _require_mine(current, principal)
            message = reply.message(current.last_seq + 1, translation)
            return after_message(current, message), message

        sent = await self._store.append(conversation_id, reply.message_id, write)
        principal.require_authorship(sent.message)
        if sent.created:
            await self._announce(sent.message, sent.conversation)
        return sent

    async def _translated(self, reply: Reply, conversation: Conversation) -> TranslationResult | None:
        """The reply in the customer's language; None when it takes longer than a person should wait."""
        text, source = reply.text, reply.written_in
        target = conversation.primary_lang or source
        try:
            async with asyncio.timeout(self._settings.reply_translation_seconds):
                if reply.formality is None:
                    prepared = await prepared_translation(self._store, conversation, reply.suggestion_id, text, target)
                    if prepared is not None:
                        return prepared
                return await for_customer(self._understanding, text, source, target, reply.formality)
        except TimeoutError:
            return None

    async def _announce(self, message: Message, conversation: Conversation) -> None:
        changed = ConversationChanged(type="conversation.updated", conversation=conversation)
        await asyncio.gather(
            self._hub.publish(MessageCreated(message=message.for_customer()), groups.customer_side(conversation.id)),
            self._hub.publish(MessageCreated(message=message), groups.agent_side(conversation.id)),
            self._hub.publish(changed, groups.QUEUE),
        )


async def for_customer(
    understanding: Understanding, text: str, source: str, target: str, formality: WantedFormality | None = None
) -> TranslationResult:
    """A reply in the customer's language, as far as it may be sent: the gist of one is not, the original goes out.

    `formality` null: as is usual in that language. Raises nothing.
    """
    usual = await asyncio.to_thread(_usual_formality, target) if formality is None else formality
    options = TranslationOptions.wanted(usual, good_only=True)
    return (await understanding.translate(text, source, target, options)).for_customer()


def _usual_formality(language: str) -> WantedFormality:
    """How to address a customer who has not shown a preference, as far as it is known and matters."""
    # Babel, which it needs, takes a tenth of a second to import.
    from shared.culture.library import cultural_context

    try:
        recommended = cultural_context(language).address.recommended
    except NotFound:
        return "default"
    return "default" if recommended == "either" else recommended


def _require_mine(conversation: Conversation, principal: Principal) -> None:
    if conversation.status is ConversationStatus.RESOLVED:
        raise Conflict("The conversation is resolved; it opens again when the customer writes.")
    require_not_anothers(conversation, principal)
    if conversation.assigned_agent is None:
        raise NotAssigned("Claim the conversation before you answer.")
