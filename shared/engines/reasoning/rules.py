"""A message read without a model: what is wanted from the intent, what is missing from the facts, code by patterns."""

from __future__ import annotations

import asyncio

from shared.engines.chain import NotServed
from shared.engines.intent import OUT_OF_SCOPE
from shared.engines.reasoning import Comprehension, ComprehensionRequest
from shared.engines.reasoning.diagnosis import diagnose
from shared.engines.reasoning.facts import holds_email, known_order_number, of_customer
from shared.engines.reasoning.templates import UNSURE
from shared.engines.reasoning.texts import IntentTexts, TextLibrary, Texts
from shared.models.analysis import RequestResult


class RuleComprehension:
    """Says no more than is sure; intent, mood and names it leaves to those who read them."""

    name = "rules"

    def __init__(self, texts: TextLibrary | None = None) -> None:
        self._texts = texts or TextLibrary()

    async def comprehend(self, request: ComprehensionRequest) -> Comprehension:
        """What the customer is after. Raises NotServed for a language without texts."""
        texts = await self._texts.of(request.language)
        if texts is None:
            raise NotServed(f"comprehension in {request.language}")
        diagnosis = await asyncio.to_thread(diagnose, request.text, request.language, self.name)
        return Comprehension(engine=self.name, request=self._request(texts, request), diagnosis=diagnosis)

    def _request(self, texts: Texts, request: ComprehensionRequest) -> RequestResult:
        words, found = texts.comprehension, request.intent
        of_intent = texts.intents.get(found.intent) if found and found.confidence >= UNSURE else None
        if found is None or of_intent is None or found.intent == OUT_OF_SCOPE:
            return RequestResult(engine=self.name, wants=words.unclear)
        if found.intent in ("greeting", "thanks"):
            return RequestResult(engine=self.name, wants=words.greets if found.intent == "greeting" else words.thanks)
        said = of_customer(request.text, request.history)
        order = known_order_number(said)
        needs_order, needs_email = (_asks(of_intent, name) for name in ("ask_order_number", "ask_email"))
        missing = [words.order_number] if needs_order and order is None else []
        missing += [words.email] if needs_email and not any(map(holds_email, said)) else []
        if needs_order and order is not None:
            wants = words.wants_of_order.format(topic=of_intent.topic, order_number=order)
        else:
            wants = words.wants.format(topic=of_intent.topic)
        return RequestResult(engine=self.name, wants=wants, missing_information=missing)


def _asks(of_intent: IntentTexts, placeholder: str) -> bool:
    """Whether the replies to the intent ask for it when it is not known."""
    return any(f"{{{placeholder}}}" in reply for reply in of_intent.replies.values())
