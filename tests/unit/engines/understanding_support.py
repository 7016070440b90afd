"""Stand-ins for engines, and the facade over them: what tests of it hold in their hands."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.engines.chain import Chain, NotServed
from shared.engines.reasoning import Comprehension, ComprehensionRequest, SuggestionRequest
from shared.engines.translation import NO_OPTIONS, Pair, Quality, TranslationOptions
from shared.engines.understanding import Chains, Understanding
from shared.models.analysis import (
    EntitiesResult,
    Entity,
    EntityType,
    IntentResult,
    KeyPhrasesResult,
    LanguageResult,
    PersonalDataResult,
    SentimentLabel,
    SentimentResult,
    Suggestion,
    SuggestionResult,
    TranslationResult,
)

TEXTS = {"Where is my order?": "en", "Onde está o meu pedido?": "pt", "Wo ist meine Bestellung?": "de", "...": None}
ENGLISH, PORTUGUESE, GERMAN, WORDLESS = TEXTS
SPANISH = "¿Dónde está mi pedido?"
"""What only the engine for foreign intents reads."""


class Engine:
    """Stands for any engine: answers at once, or when told to, or fails."""

    name = "stand-in"

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.ended = asyncio.Event()
        self.failure: Exception | None = None
        self.asked: list[Any] = []

    async def answer(self, *asked: Any) -> None:
        self.asked.append(asked)
        await self.go_on.wait()
        self.ended.set()
        if self.failure is not None:
            raise self.failure


class Language(Engine):
    async def detect(self, text: str, *, prior: str | None) -> LanguageResult:
        await self.answer(text, prior)
        return LanguageResult(engine=self.name, language=TEXTS[text], confidence=0.9)


class Intent(Engine):
    async def classify(self, text: str) -> IntentResult:
        await self.answer(text)
        return IntentResult(engine=self.name, intent="track_order", confidence=0.9)


class ForeignIntent(Engine):
    async def classify(self, text: str) -> IntentResult:
        await self.answer(text)
        if text != SPANISH:
            raise NotServed
        return IntentResult(engine=self.name, intent="track_order", confidence=0.8)


class Sentiment(Engine):
    async def score(self, text: str, *, language: str | None) -> SentimentResult:
        await self.answer(text, language)
        if language not in ("en", "es"):
            raise NotServed
        scores = {SentimentLabel.POSITIVE: 0.1, SentimentLabel.NEUTRAL: 0.8, SentimentLabel.NEGATIVE: 0.1}
        return SentimentResult(engine=self.name, sentiment=SentimentLabel.NEUTRAL, confidence=0.8, scores=scores)


class Translation(Engine):
    async def pairs(self) -> dict[Pair, Quality]:
        return {("en", "pt"): "good", ("pt", "en"): "good"}

    async def translate(
        self, text: str, *, source: str, target: str, options: TranslationOptions = NO_OPTIONS
    ) -> TranslationResult:
        await self.answer(text, source, target)
        if {source, target} != {"en", "pt"}:
            raise NotServed
        return TranslationResult(
            engine=self.name, source_language=source, target_language=target, state="translated", text=ENGLISH
        )


class Entities(Engine):
    async def recognise(self, text: str, *, language: str | None, now: datetime | None = None) -> EntitiesResult:
        await self.answer(text, language, now)
        named = Entity(type=EntityType.ORDER_NUMBER, text=text[:1], start=0, end=1, confidence=0.9)
        return EntitiesResult(engine=self.name, entities=[named])


class KeyPhrases(Engine):
    async def extract(self, text: str, *, language: str | None) -> KeyPhrasesResult:
        await self.answer(text, language)
        return KeyPhrasesResult(engine=self.name, key_phrases=["order"])


class Reasoning(Engine):
    async def suggest(self, request: SuggestionRequest) -> SuggestionResult:
        await self.answer(request)
        if request.language != "en":
            raise NotServed
        reply = Suggestion(id="1", kind="reply", text="It is on its way.", language="en", intent="track_order")
        return SuggestionResult(engine=self.name, suggestions=[reply])


class Comprehending(Engine):
    def __init__(self) -> None:
        super().__init__()
        self.finds = Comprehension(engine=self.name)

    async def comprehend(self, request: ComprehensionRequest) -> Comprehension:
        await self.answer(request)
        return self.finds


class Redacting(Engine):
    async def redact(self, text: str, *, language: str | None) -> PersonalDataResult:
        await self.answer(text, language)
        return PersonalDataResult(engine=self.name, redacted_text=text, entities=[])


class Desk:
    """An Understanding with engines that the test holds in its hands."""

    def __init__(self, quick_limit: float = 5) -> None:
        self.language, self.intent, self.sentiment = Language(), Intent(), Sentiment()
        self.foreign_intent = ForeignIntent()
        self.translation, self.reasoning = Translation(), Reasoning()
        self.entities, self.key_phrases = Entities(), KeyPhrases()
        self.comprehension, self.personal_data = Comprehending(), Redacting()
        chains = Chains(
            language=Chain("language", [self.language], limit=5, engine_limit=5),
            intent=Chain("intent", [self.intent], limit=5, engine_limit=5),
            foreign_intent=Chain("foreign_intent", [self.foreign_intent], limit=5, engine_limit=5),
            sentiment=Chain("sentiment", [self.sentiment], limit=5, engine_limit=5),
            entities=Chain("entities", [self.entities], limit=5, engine_limit=5),
            key_phrases=Chain("key_phrases", [self.key_phrases], limit=5, engine_limit=5),
            translation=Chain("translation", [self.translation], limit=5, engine_limit=5),
            comprehension=Chain("comprehension", [self.comprehension], limit=5, engine_limit=5),
            reasoning=Chain("reasoning", [self.reasoning], limit=5, engine_limit=5),
            personal_data=Chain("personal_data", [self.personal_data], limit=5, engine_limit=5),
        )
        self.understanding = Understanding(chains, quick_limit=quick_limit)

    @property
    def engines(self) -> Sequence[Engine]:
        return (self.language, self.intent, self.sentiment, self.translation, self.reasoning)


def a_request(language: str = "en") -> SuggestionRequest:
    return SuggestionRequest(message_id="m", text=ENGLISH, language=language, customer_name="Test Customer")
