"""The deep reading of a message: the steps of the pipeline, each of which can be repeated."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from shared.desk.replies import for_customer
from shared.desk.surroundings import culture_of, history_before
from shared.desk.texts import preview
from shared.desk.transitions import after_analysis
from shared.engines.reasoning import Culture, SuggestionRequest, Turn
from shared.engines.reasoning.escalation import EscalationReason, escalation_priority, escalation_reason
from shared.engines.reasoning.usage import LateUsage
from shared.engines.translation import WantedFormality
from shared.engines.understanding import Context, Understanding
from shared.errors import Unavailable
from shared.models.analysis import (
    LanguageResult,
    Suggestion,
    SuggestionResult,
    TokenUsage,
    TranslationResult,
    Understood,
)
from shared.models.base import LanguageCode, Model, Timestamp, base_language, derived_id, now
from shared.models.conversation import Conversation, Escalation
from shared.models.events import ConversationChanged, MessageAnalyzed, SuggestionsReady, TicketChanged
from shared.models.message import AnalysisState, Message, Sender
from shared.models.ticket import Ticket
from shared.realtime import groups
from shared.realtime.hub import Hub
from shared.settings import Settings
from shared.store.conversations import Change, ConversationStore

log = logging.getLogger(__name__)

_ESCALATION_WORDS: dict[EscalationReason, str] = {
    "human_requested": "The customer asks for a person: ",
    "complaint": "The customer complains: ",
    "anger": "The customer is angry: ",
    "urgent": "Waiting does harm: ",
}


STORE_ATTEMPTS = 12
"""How often a message's analysis is written anew when somebody else writes to the conversation meanwhile."""


class _Overtaken(Exception):
    """The conversation has changed since the message was read: its analysis may be stored already."""


class MessageWork(Model):
    """What the steps need to know of a message."""

    conversation_id: str
    message_id: str
    sender: Sender
    text: str
    customer_name: str
    prior_language: LanguageCode | None
    """The conversation's language so far."""
    agent_language: LanguageCode
    seq: int = 1
    written_at: Timestamp | None = None
    written_in: LanguageCode | None = None
    formality: WantedFormality | None = None
    """For an agent's reply: its language, and how its reader is to be addressed."""


class Findings(Understood):
    """What the steps found, gathered on the way. `token_usage` is that of `understand`."""

    language: LanguageResult | None = None
    translation: TranslationResult | None = None
    suggestions: list[Suggestion] = []
    suggestion_usage: TokenUsage = TokenUsage()
    """What models were paid for the suggestions."""


class MessageAnalysis:
    """The activities of the `message` pipeline, in the order in which it calls them."""

    def __init__(self, store: ConversationStore, hub: Hub, understanding: Understanding, settings: Settings) -> None:
        self._store = store
        self._hub = hub
        self._understanding = understanding
        self._settings = settings
        self._counting: set[asyncio.Task[None]] = set()

    async def prepare(self, conversation_id: str, message_id: str) -> MessageWork | None:
        """What there is to do, or None when it is done already or the message is gone."""
        conversation, message = await asyncio.gather(
            self._store.get(conversation_id), self._store.message(conversation_id, message_id)
        )
        if message is None or message.analysis_state is not AnalysisState.PENDING:
            return None
        return MessageWork(
            conversation_id=conversation_id,
            message_id=message_id,
            sender=message.sender,
            text=message.text_content,
            customer_name=conversation.customer_name,
            prior_language=conversation.primary_lang,
            agent_language=self._settings.agent_language,
            seq=message.seq,
            written_at=message.timestamp,
            written_in=message.written_in,
            formality=message.formality,
        )

    async def detect_language(self, work: MessageWork) -> LanguageResult:
        """The language of a customer's message."""
        return await self._understanding.detect_language(work.text, work.prior_language)

    async def translate(self, work: MessageWork, findings: Findings) -> TranslationResult:
        """A customer's message in the agents' language, or an agent's reply in the customer's."""
        if work.sender is Sender.AGENT:
            target = work.prior_language or work.agent_language
            source = work.written_in or work.agent_language
            return await for_customer(self._understanding, work.text, source, target, work.formality)
        return await self._understanding.translate(work.text, language_of(work, findings), work.agent_language)

    async def understand(self, work: MessageWork, findings: Findings) -> Understood:
        """What the customer wants, in which mood, what the message names, and what pasted code tells."""
        context = Context(
            agent_language=work.agent_language,
            customer_name=work.customer_name,
            history=await self._history(work),
            written_at=work.written_at,
            late_usage=self._counted_late(work.conversation_id),
        )
        language = language_of(work, findings)
        return await self._understanding.understand(work.text, language, findings.translation, context)

    async def suggest(self, work: MessageWork, findings: Findings) -> SuggestionResult:
        """What an agent may answer or do."""
        history, culture = await asyncio.gather(
            self._history(work), asyncio.to_thread(culture_of, _customers_language(work, findings))
        )
        request = _request(work, findings, history, culture)
        return await self._understanding.suggest(request, self._counted_late(work.conversation_id))

    def _counted_late(self, conversation_id: str) -> LateUsage:
        """Counts in the conversation what was paid for an answer that came when another had been taken."""

        async def count(usage: TokenUsage) -> None:
            def decide(current: Conversation) -> Change:
                return Change(current.model_copy(update={"token_usage": current.token_usage + usage}))

            try:
                await self._store.change(conversation_id, decide)
            except Exception as error:
                # Nobody waits for this. The conversation may have been erased meanwhile.
                log.warning("%d tokens of a late answer could not be counted: %s", usage.total, type(error).__name__)

        def start(usage: TokenUsage) -> None:
            task = asyncio.create_task(count(usage))
            self._counting.add(task)
            task.add_done_callback(self._counting.discard)

        return start

    async def _history(self, work: MessageWork) -> list[Turn]:
        return await history_before(self._store, work.conversation_id, work.seq, work.agent_language)

    async def store(self, work: MessageWork, findings: Findings) -> None:
        """Writes the findings, and what they change in the conversation, in one transaction; once, however often and
        by however many it is called. Raises NotFound, Unavailable."""
        for _ in range(STORE_ATTEMPTS):
            # In this order: while the conversation is as it was read here, so is the message that was read after it.
            before = await self._store.get(work.conversation_id)
            message = await self._store.message(work.conversation_id, work.message_id)
            if message is None or message.analysis_state is AnalysisState.COMPLETE:
                return
            try:
                await self._store.change(work.conversation_id, _storing(work, findings, message, before.revision))
            except _Overtaken:
                continue
            return
        raise Unavailable("Too many people write to this conversation at once.")

    async def announce(self, work: MessageWork) -> None:
        """Tells what was stored. May be told twice; readers know messages by their id."""
        conversation, message = await asyncio.gather(
            self._store.get(work.conversation_id), self._store.message(work.conversation_id, work.message_id)
        )
        if message is None:
            return
        desk = groups.agent_side(conversation.id)
        calls = [self._hub.publish(MessageAnalyzed(message=message), desk)]
        if message.sender is Sender.AGENT:
            for_customer = MessageAnalyzed(message=message.for_customer())
            calls.append(self._hub.publish(for_customer, groups.customer_side(conversation.id)))
        elif message.suggestions:
            ready = SuggestionsReady(
                conversation_id=conversation.id, message_id=message.id, suggestions=message.suggestions
            )
            calls.append(self._hub.publish(ready, desk))
        escalated = conversation.escalation is not None and conversation.escalation.message_id == message.id
        if escalated:
            tickets = await self._store.tickets(conversation.id)
            calls += [
                self._hub.publish(TicketChanged(ticket=ticket), desk)
                for ticket in tickets
                if conversation.escalation is not None and ticket.id == conversation.escalation.ticket_id
            ]
        event = ConversationChanged(
            type="conversation.escalated" if escalated else "conversation.updated", conversation=conversation
        )
        calls.append(self._hub.publish(event, groups.QUEUE))
        await asyncio.gather(*calls)

    async def overdue(self) -> list[Message]:
        """Messages whose analysis should have been done: the host may have died between two steps."""
        return await self._store.pending_messages(now() - timedelta(seconds=self._settings.sweep_after_seconds))


def language_of(work: MessageWork, findings: Findings) -> str | None:
    """The language to read a message in: the detected one, else the conversation's."""
    detected = findings.language.language if findings.language else None
    return detected or work.prior_language


def _customers_language(work: MessageWork, findings: Findings) -> str | None:
    """The message's language, with the region that the conversation's has."""
    spoken, usual = language_of(work, findings), work.prior_language
    same = spoken is not None and usual is not None and base_language(spoken) == base_language(usual)
    return usual if same else spoken


def _request(
    work: MessageWork, findings: Findings, history: Sequence[Turn] = (), culture: Culture | None = None
) -> SuggestionRequest:
    translated = findings.translation.text if findings.translation else None
    return SuggestionRequest(
        message_id=work.message_id,
        text=translated or work.text,
        text_language=work.agent_language if translated else language_of(work, findings),
        language=work.agent_language,
        customer_name=work.customer_name,
        intent=findings.intent,
        sentiment=findings.sentiment,
        request=findings.request,
        diagnosis=findings.diagnosis,
        history=list(history),
        culture=culture,
    )


def _storing(
    work: MessageWork, findings: Findings, message: Message, revision: int
) -> Callable[[Conversation], Change]:
    """What storing does to the conversation of that revision; raises _Overtaken for any other."""
    analysed = message.model_copy(update={**_updates(work, findings), "analysis_state": AnalysisState.COMPLETE})
    found = _escalation(work, findings)
    spent = findings.token_usage + findings.suggestion_usage

    def decide(current: Conversation) -> Change:
        if current.revision != revision:
            raise _Overtaken
        after = after_analysis(current, analysed).model_copy(update={"token_usage": current.token_usage + spent})
        if found is None or current.escalation is not None:
            return Change(after, replace=[analysed])
        escalation, ticket = found
        return Change(after.model_copy(update={"escalation": escalation}), create=[ticket], replace=[analysed])

    return decide


def _updates(work: MessageWork, findings: Findings) -> dict[str, object]:
    if work.sender is Sender.AGENT:
        return {"translation": findings.translation}
    found = {name: getattr(findings, name) for name in Findings.model_fields if name in Message.model_fields}
    # What the deep reading could not tell stays as the quick one told it.
    return {name: value for name, value in found.items() if value or name == "translation"}


def _escalation(work: MessageWork, findings: Findings) -> tuple[Escalation, Ticket] | None:
    request = _request(work, findings)
    reason = escalation_reason(request) if work.sender is Sender.CUSTOMER else None
    if reason is None:
        return None
    translated = findings.translation.text if findings.translation else None
    ticket = Ticket(
        id=derived_id("escalation", work.message_id),
        conversation_id=work.conversation_id,
        agent_id=None,
        description=_ESCALATION_WORDS[reason] + preview(translated or work.text),
        priority=escalation_priority(request, reason),
        created_at=now(),
    )
    return Escalation(reason=reason, message_id=work.message_id, ticket_id=ticket.id, at=ticket.created_at), ticket
