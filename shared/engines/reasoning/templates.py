"""Suggestions from texts written beforehand: no model, no key, the same request always the same answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from shared.engines.chain import NotServed
from shared.engines.intent import OUT_OF_SCOPE
from shared.engines.reasoning import SuggestionRequest
from shared.engines.reasoning.escalation import UNHAPPY, escalation_reason
from shared.engines.reasoning.facts import form_of_address, holds_email, known_order_number, of_customer
from shared.engines.reasoning.texts import IntentTexts, TextLibrary, Texts
from shared.engines.translation.european_portuguese import european, is_european
from shared.models.analysis import SentimentLabel, Suggestion, SuggestionResult
from shared.models.base import base_language, derived_id

UNSURE = 0.4
"""Below this confidence the first suggestion asks the customer back instead of assuming."""

WITHOUT_GREETING = 2
"""The third reply goes straight to the point: for a conversation that is already under way."""

_MOST_ACTIONS = 3
_SENTENCE_START = re.compile(r"(^|[.!?]\s+)([^\W\d_])")


class TemplateReasoning:
    """Three replies and one to three actions for every intent, in each language that has a file of texts."""

    name = "templates"

    def __init__(self, texts: TextLibrary | None = None) -> None:
        self._texts = texts or TextLibrary()

    async def suggest(self, request: SuggestionRequest) -> SuggestionResult:
        """Replies, then actions, best first. Raises NotServed for a language without texts.

        Where there are texts in the customer's language too, replies bring their wording there along.
        """
        texts = await self._texts.of(request.language)
        if texts is None:
            raise NotServed(f"suggestions in {request.language}")
        suggestions = _Writer(texts, request).suggestions()
        theirs = request.culture.language if request.culture else None
        if theirs is not None and not _same(theirs, request.language):
            in_their_texts = await self._texts.of(theirs)
            if in_their_texts is not None:
                suggestions = _in_both(suggestions, _Writer(in_their_texts, request).suggestions(), theirs)
        return SuggestionResult(engine=self.name, suggestions=suggestions)


def _in_both(suggestions: list[Suggestion], theirs: list[Suggestion], language: str) -> list[Suggestion]:
    """The suggestions, each reply with what it is in the customer's language; their ids do not tell languages apart."""
    # The texts are written as in Brazil.
    written: Callable[[str], str] = european if is_european(language) else str
    wording = {each.id: written(each.text) for each in theirs}
    return [
        each.model_copy(update={"customer_text": wording[each.id], "customer_language": language})
        if each.kind == "reply" and each.id in wording
        else each
        for each in suggestions
    ]


def _same(one: str, other: str) -> bool:
    return base_language(one) == base_language(other)


class _Writer:
    """Writes the suggestions for one request."""

    def __init__(self, texts: Texts, request: SuggestionRequest) -> None:
        self._texts = texts
        self._request = request
        said = of_customer(request.text, request.history)
        self._order_number = known_order_number(said)
        self._has_email = any(map(holds_email, said))
        self._readings = _readings(request, texts)

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
        hint = self._hint()
        if hint is not None:
            actions[_MOST_ACTIONS - 1 :] = [self._suggestion("action", intent, "culture", hint)]
        return [*replies, *actions[:_MOST_ACTIONS]]

    def _hint(self) -> str | None:
        """How to speak to a customer of another language than the agents'; null when there is nothing to mind."""
        culture, texts = self._request.culture, self._texts.culture
        if culture is None or _same(culture.language, self._request.language):
            return None
        parts = []
        if culture.formality == "formal":
            word = culture.formal_you
            parts.append(texts.formal.format(word=word) if word else texts.formal_without_word)
        elif culture.formality == "informal":
            word = culture.informal_you
            parts.append(texts.informal.format(word=word) if word else texts.informal_without_word)
        if culture.name_order == "family_first":
            parts.append(texts.family_first)
        elif culture.name_order == "no_family_name":
            parts.append(texts.no_family_name)
        if culture.avoid and texts.avoid:
            parts.append(texts.avoid.format(avoid=culture.avoid[0].rstrip(".")))
        return "; ".join(parts) or None

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
        name = form_of_address(self._request.customer_name, self._request.culture)
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


def _readings(request: SuggestionRequest, texts: Texts) -> list[str]:
    """The intents that the message may have, the likeliest first, each with texts.

    When the likeliest has none, those less likely are no answer to it.
    """
    if request.intent is None or request.intent.intent not in texts.intents:
        return [OUT_OF_SCOPE]
    others = [one.intent for one in request.intent.alternatives if one.intent in texts.intents]
    return [request.intent.intent, *others]
