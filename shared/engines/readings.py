"""The engines of every capability, and how one text after another is read through them."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from shared.engines.chain import Chain, NoEngineAnswered
from shared.engines.entities import EntityEngine
from shared.engines.intent import IntentEngine
from shared.engines.key_phrases import KeyPhraseEngine
from shared.engines.language import LanguageEngine
from shared.engines.personal_data import PersonalDataEngine
from shared.engines.reasoning import (
    Comprehension,
    ComprehensionEngine,
    ComprehensionRequest,
    ReasoningEngine,
)
from shared.engines.sentiment import SentimentEngine
from shared.engines.translation import NO_OPTIONS, TranslationEngine, TranslationOptions
from shared.engines.translation.cache import TranslationCache, Wanted
from shared.engines.translation.served import Translators, translators
from shared.models.analysis import (
    Entity,
    IntentResult,
    LanguageResult,
    SentimentResult,
    TranslationResult,
)
from shared.models.base import base_language

ENGLISH = "en"
"""The language that intents are learnt in."""

NO_ENGINE = "none"
"""Stands for the engine in a result that needed none or found none."""

T = TypeVar("T")


@dataclass(frozen=True)
class Chains:
    """The engines of every capability."""

    language: Chain[LanguageEngine]
    intent: Chain[IntentEngine]
    """Of English texts."""
    foreign_intent: Chain[IntentEngine]
    """Of texts that there is no English for."""
    sentiment: Chain[SentimentEngine]
    entities: Chain[EntityEngine]
    key_phrases: Chain[KeyPhraseEngine]
    translation: Chain[TranslationEngine]
    comprehension: Chain[ComprehensionEngine]
    reasoning: Chain[ReasoningEngine]
    personal_data: Chain[PersonalDataEngine]

    def each(self) -> list[Chain[Any]]:
        """The chains, one after the other."""
        return [getattr(self, field.name) for field in fields(self)]

    def embedded(self) -> Chains:
        """The same without engines that answer over the network."""
        return Chains(*(chain.embedded() for chain in self.each()))


class Reading:
    """Reads one text after another through given chains. Nothing here raises: what no engine could tell is null."""

    def __init__(self, chains: Chains, translations: TranslationCache) -> None:
        self._chains = chains
        self._translations = translations

    async def language(self, text: str, prior: str | None) -> LanguageResult:
        """The text's language; `prior` is the conversation's."""
        found = await answer_of(self._chains.language.ask(lambda engine: engine.detect(text, prior=prior)))
        return found or LanguageResult(engine=NO_ENGINE, language=None, confidence=0.0)

    async def translation(
        self, text: str, source: str | None, target: str, options: TranslationOptions = NO_OPTIONS
    ) -> TranslationResult:
        """The text in `target`, or why it is not."""
        if source is not None and base_language(source) == base_language(target):
            return _not_translated(source, target, same_language=True)
        if source is None:
            return _not_translated(source, target)
        chain, first = self._chains.translation, (await self.translators()).of(source, target)
        if first is None:
            return _not_translated(source, target)
        found = await self._translations.ask(
            Wanted(text, source, target, options, tuple(engine.name for engine in chain.engines)),
            lambda: answer_of(
                chain.ask(lambda engine: engine.translate(text, source=source, target=target, options=options))
            ),
            # What a lesser engine made while the first was ill is not to outlive the illness.
            lambda result: result.quality == "good" and result.engine == first.engine,
        )
        return found or _not_translated(source, target)

    async def translators(self) -> Translators:
        """Which engine serves which pair of languages."""
        return await translators(self._chains.translation.engines)

    async def english(self, text: str, language: str) -> str | None:
        """The text in English, in which intents are learnt."""
        return english_of(text, await self.translation(text, language, ENGLISH))

    async def intent(self, text: str, language: str | None, english: str | None) -> IntentResult | None:
        """What the writer wants, read from the English where there is one: there engines read best."""
        if english is None and language is None:
            return None
        if english is None:
            return await answer_of(self._chains.foreign_intent.ask(lambda engine: engine.classify(text)))
        return await answer_of(self._chains.intent.ask(lambda engine: engine.classify(english)))

    async def sentiment(self, text: str, language: str | None, english: str | None) -> SentimentResult | None:
        """The writer's mood; English is what engines read best."""
        words, written_in = (text, language) if english is None else (english, ENGLISH)
        return await answer_of(self._chains.sentiment.ask(lambda engine: engine.score(words, language=written_in)))

    async def entities(self, text: str, language: str | None, written_at: datetime | None = None) -> list[Entity]:
        """What the text names."""
        found = await answer_of(
            self._chains.entities.ask(lambda engine: engine.recognise(text, language=language, now=written_at))
        )
        return [] if found is None else found.entities

    async def key_phrases(self, text: str, language: str | None) -> list[str]:
        """What the text is about, in its own words."""
        found = await answer_of(self._chains.key_phrases.ask(lambda engine: engine.extract(text, language=language)))
        return [] if found is None else found.key_phrases

    async def comprehension(self, request: ComprehensionRequest) -> Comprehension | None:
        """What the customer is after."""
        return await answer_of(self._chains.comprehension.ask(lambda engine: engine.comprehend(request)))


async def answer_of(asking: Awaitable[T]) -> T | None:
    """The answer, or null when no engine had one; an engine that failed has been logged by its chain."""
    try:
        return await asking
    except NoEngineAnswered:
        return None


def _not_translated(source: str | None, target: str, *, same_language: bool = False) -> TranslationResult:
    return TranslationResult(
        engine=NO_ENGINE,
        source_language=source,
        target_language=target,
        state="same_language" if same_language else "untranslated",
    )


def english_of(text: str, translation: TranslationResult | None) -> str | None:
    """The English of a text, given its translation into that; null when there is none."""
    if translation is None:
        return None
    return text if translation.state == "same_language" else translation.text


def given_english(translation: TranslationResult | None) -> str | None:
    if (
        translation is not None
        and translation.state == "translated"
        and base_language(translation.target_language) == ENGLISH
    ):
        return translation.text
    return None
