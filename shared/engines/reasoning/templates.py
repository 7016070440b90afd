"""Suggestions from texts written beforehand: no model, no key, the same request always the same answer."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Literal

from shared.engines.chain import NotServed
from shared.engines.intent import OUT_OF_SCOPE
from shared.engines.reasoning import SuggestionRequest
from shared.engines.reasoning.escalation import UNHAPPY, escalation_reason
from shared.engines.reasoning.facts import first_name, holds_email, order_number
from shared.engines.reasoning.texts import FOLDER, IntentTexts, Texts, load_texts
from shared.models.analysis import SentimentLabel, Suggestion, SuggestionResult
from shared.models.base import derived_id

UNSURE = 0.4
"""Below this confidence the first suggestion asks the customer back instead of assuming."""

WITHOUT_GREETING = 2
"""The third reply goes straight to the point: for a conversation that is already under way."""

_MOST_ACTIONS = 3
_SENTENCE_START = re.compile(r"(^|[.!?]\s+)([^\W\d_])")


class TemplateReasoning:
    """Three replies and one to three actions for every intent, in each language that has a file of texts."""

    name = "templates"

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._texts: dict[str, Texts] | None = None

    async def suggest(self, request: SuggestionRequest) -> SuggestionResult:
        """Replies, then actions, best first. Raises NotServed for a language without texts."""
        if self._texts is None:
            self._texts = await asyncio.to_thread(_load_all, self._folder)
        language = request.language.split("-")[0]
        if language not in self._texts:
            raise NotServed(f"suggestions in {request.language}")
        return SuggestionResult(engine=self.name, suggestions=_Writer(self._texts[language], request).suggestions())


def _load_all(folder: Path) -> dict[str, Texts]:
    return {path.stem: load_texts(path) for path in sorted(folder.glob("*.json"))}


class _Writer:
    """Writes the suggestions for one request."""

    def __init__(self, texts: Texts, request: SuggestionRequest) -> None:
        self._texts = texts
        self._request = request
        self._order_number = order_number(request.text)
        self._has_email = holds_email(request.text)
        readings = (
            [request.intent.intent, *(one.intent for one in request.intent.alternatives)] if request.intent else []
        )
        self._readings = [intent for intent in readings if intent in texts.intents] or [OUT_OF_SCOPE]

    def suggestions(self) -> list[Suggestion]:
        """Replies, then actions, best first."""
        intent = self._readings[0]
        of_intent = self._texts.intents[intent]
        replies = [
            self._suggestion("reply", intent, key, self._reply(of_intent, text, place))
            for place, (key, text) in enumerate(of_intent.replies.items())
        ]
        actions = [
            self._suggestion("action", intent, key, self._fill(text, 0)) for key, text in of_intent.actions.items()
        ]
        if self._is_unsure(intent):
            replies = [self._suggestion("reply", intent, "clarify", self._question()), *replies[:2]]
            actions.insert(0, self._suggestion("action", intent, "clarify", self._texts.clarify.action))
        reason = escalation_reason(self._request)
        if reason is not None:
            text = getattr(self._texts.escalation, reason)
            actions.insert(0, self._suggestion("action", intent, f"escalate_{reason}", text))
        return [*replies, *actions[:_MOST_ACTIONS]]

    def _is_unsure(self, intent: str) -> bool:
        known = self._request.intent
        return known is not None and known.confidence < UNSURE and intent != OUT_OF_SCOPE

    def _question(self) -> str:
        topics = [self._texts.intents[intent].topic for intent in self._readings if intent != OUT_OF_SCOPE]
        topics = list(dict.fromkeys(topics))
        clarify = self._texts.clarify
        if len(topics) > 1:
            question = clarify.two.format(first_topic=topics[0], second_topic=topics[1])
        else:
            question = clarify.one.format(first_topic=topics[0])
        return _joined(self._greeting(), self._acknowledgement(0, only_negative=True), question)

    def _reply(self, of_intent: IntentTexts, text: str, place: int) -> str:
        greeting = "" if place == WITHOUT_GREETING else self._greeting()
        acknowledgement = self._acknowledgement(place) if of_intent.acknowledge else ""
        return _joined(greeting, acknowledgement, self._fill(text, place))

    def _greeting(self) -> str:
        name = first_name(self._request.customer_name)
        return self._texts.greeting.named.format(name=name) if name else self._texts.greeting.unnamed

    def _acknowledgement(self, place: int, *, only_negative: bool = False) -> str:
        feeling = self._request.sentiment.sentiment if self._request.sentiment else SentimentLabel.NEUTRAL
        if only_negative and feeling not in UNHAPPY:
            return ""
        texts: tuple[str, ...] = getattr(self._texts.acknowledgements, feeling.value)
        return texts[place]

    def _fill(self, text: str, place: int) -> str:
        order = self._texts.order
        known = self._order_number
        return text.format(
            order=order.known.format(order_number=known) if known else order.unknown,
            ask_order_number="" if known else self._texts.ask_order_number[place],
            ask_email="" if self._has_email else self._texts.ask_email[place],
        )

    def _suggestion(self, kind: Literal["reply", "action"], intent: str, key: str, text: str) -> Suggestion:
        language = self._request.language
        return Suggestion(
            id=derived_id(self._request.message_id, "suggestion", language, intent, kind, key),
            kind=kind,
            text=_joined(text),
            language=language,
            intent=intent,
        )


def _joined(*parts: str) -> str:
    """The parts as one text: single spaces, each sentence begun with a capital."""
    text = " ".join(" ".join(parts).split())
    return _SENTENCE_START.sub(lambda start: start[1] + start[2].upper(), text)
