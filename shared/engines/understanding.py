"""What the product understands of a text: every capability behind one door, whatever engines stand behind it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from shared.engines.chain import Chain, EngineState, NoEngineAnswered, NotServed
from shared.engines.entities import EntityEngine
from shared.engines.intent import IntentEngine
from shared.engines.key_phrases import KeyPhraseEngine
from shared.engines.language import LanguageEngine
from shared.engines.reasoning import ReasoningEngine, SuggestionRequest
from shared.engines.sentiment import SentimentEngine
from shared.engines.translation import NO_OPTIONS, TranslationEngine, TranslationOptions
from shared.engines.translation.cache import TranslationCache, Wanted
from shared.engines.translation.served import Translators, translators
from shared.models.analysis import (
    Analysis,
    Entity,
    IntentResult,
    LanguageResult,
    SentimentResult,
    SuggestionResult,
    TranslationResult,
    Understood,
)

log = logging.getLogger(__name__)

ENGLISH = "en"
"""The language that intents are learnt in."""

NO_ENGINE = "none"
"""Stands for the engine in a result that needed none or found none."""

QUICK_SECONDS = 0.05
"""How long a customer's request waits for the quick reading (architecture: how a text message travels)."""

T = TypeVar("T")


@dataclass(frozen=True)
class Chains:
    """The engines of every capability."""

    language: Chain[LanguageEngine]
    intent: Chain[IntentEngine]
    sentiment: Chain[SentimentEngine]
    entities: Chain[EntityEngine]
    key_phrases: Chain[KeyPhraseEngine]
    translation: Chain[TranslationEngine]
    reasoning: Chain[ReasoningEngine]

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
        found = await _answer(self._chains.language.ask(lambda engine: engine.detect(text, prior=prior)))
        return found or LanguageResult(engine=NO_ENGINE, language=None, confidence=0.0)

    async def translation(
        self, text: str, source: str | None, target: str, options: TranslationOptions = NO_OPTIONS
    ) -> TranslationResult:
        """The text in `target`, or why it is not."""
        if source is not None and _base(source) == _base(target):
            return _not_translated(source, target, same_language=True)
        if source is None:
            return _not_translated(source, target)
        chain, first = self._chains.translation, (await self.translators()).of(source, target)
        if first is None:
            return _not_translated(source, target)
        found = await self._translations.ask(
            Wanted(text, source, target, options, tuple(engine.name for engine in chain.engines)),
            lambda: _answer(
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
        if _base(language) == ENGLISH:
            return text
        return (await self.translation(text, language, ENGLISH)).text

    async def intent(self, english: str | None) -> IntentResult | None:
        """What the writer wants."""
        if english is None:
            return None
        return await _answer(self._chains.intent.ask(lambda engine: engine.classify(english)))

    async def sentiment(self, text: str, language: str | None, english: str | None) -> SentimentResult | None:
        """The writer's mood; English is what engines read best."""
        words, written_in = (text, language) if english is None else (english, ENGLISH)
        return await _answer(self._chains.sentiment.ask(lambda engine: engine.score(words, language=written_in)))

    async def entities(self, text: str, language: str | None) -> list[Entity]:
        """What the text names."""
        found = await _answer(self._chains.entities.ask(lambda engine: engine.recognise(text, language=language)))
        return [] if found is None else found.entities

    async def key_phrases(self, text: str, language: str | None) -> list[str]:
        """What the text is about, in its own words."""
        found = await _answer(self._chains.key_phrases.ask(lambda engine: engine.extract(text, language=language)))
        return [] if found is None else found.key_phrases


class Understanding:
    """What the product asks about texts. Nothing here waits longer than a chain's own time limit."""

    def __init__(
        self, chains: Chains, *, quick_limit: float = QUICK_SECONDS, translations: TranslationCache | None = None
    ) -> None:
        """`quick_limit` is in seconds; without `translations` none are kept."""
        self.chains = chains
        translations = translations or TranslationCache(0)
        self._deep = Reading(chains, translations)
        # A customer's request waits for nothing that is outside this process.
        self._at_hand = Reading(chains.embedded(), translations)
        self._quick_limit = quick_limit
        self._running: set[asyncio.Task[Any]] = set()
        self._warming: asyncio.Task[None] | None = None

    async def quick(self, text: str, *, prior_language: str | None) -> Analysis:
        """What the embedded engines can tell within the quick limit; the rest is null. Raises nothing.

        Work that is late goes on behind the caller's back, so that a model on its way in is ready for the next message.
        """
        language = self._start(self._at_hand.language(text, prior_language))
        english = self._start(self._quick_english(text, language, prior_language))
        intent = self._start(self._quick_intent(english))
        sentiment = self._start(self._quick_sentiment(text, language, english, prior_language))
        await asyncio.wait((language, intent, sentiment), timeout=self._quick_limit)
        return Analysis(language=_outcome(language), intent=_outcome(intent), sentiment=_outcome(sentiment))

    async def detect_language(self, text: str, prior: str | None) -> LanguageResult:
        """The text's language, null when nobody can tell; `prior` is the conversation's. Raises nothing."""
        return await self._deep.language(text, prior)

    async def translate(
        self, text: str, source: str | None, target: str, options: TranslationOptions = NO_OPTIONS
    ) -> TranslationResult:
        """The text in `target`, or why it is not; `source` is null when the language is unknown. Raises nothing.

        An engine that fails has been logged by the chain; to the reader a text that could not be translated and one
        that cannot be are the same: the original, marked untranslated.
        """
        return await self._deep.translation(text, source, target, options)

    async def translators(self) -> Translators:
        """Which engine serves which pair of languages, and how well."""
        return await self._deep.translators()

    async def understand(self, text: str, language: str | None, translation: TranslationResult | None) -> Understood:
        """What the text wants, names and is about, each part empty when no engine could tell it. Raises nothing.

        The intent is also null when there is no English text to read it from.
        """
        english = _given_english(translation)
        if english is None and language is not None:
            english = await self._deep.english(text, language)
        intent, sentiment, entities, key_phrases = await asyncio.gather(
            self._deep.intent(english),
            self._deep.sentiment(text, language, english),
            self._deep.entities(text, language),
            self._deep.key_phrases(text, language),
        )
        return Understood(intent=intent, sentiment=sentiment, entities=entities, key_phrases=key_phrases)

    async def suggest(self, request: SuggestionRequest) -> SuggestionResult:
        """What an agent might do next; empty when no engine can say. Raises nothing."""
        found = await _answer(self.chains.reasoning.ask(lambda engine: engine.suggest(request)))
        return found or SuggestionResult(engine=NO_ENGINE, suggestions=[])

    def warm(self) -> asyncio.Task[None]:
        """Start to load the embedded models in the background, once; the task ends when they are ready."""
        if self._warming is None:
            self._warming = self._start(self._warm_all())
        return self._warming

    def states(self) -> list[EngineState]:
        """How every engine is doing, for the health page."""
        return [state for chain in self.chains.each() for state in chain.states()]

    async def _quick_english(self, text: str, detecting: asyncio.Task[LanguageResult], prior: str | None) -> str | None:
        language = (await detecting).language or prior
        return None if language is None else await self._at_hand.english(text, language)

    async def _quick_intent(self, reading: asyncio.Task[str | None]) -> IntentResult | None:
        return await self._at_hand.intent(await reading)

    async def _quick_sentiment(
        self,
        text: str,
        detecting: asyncio.Task[LanguageResult],
        reading: asyncio.Task[str | None],
        prior: str | None,
    ) -> SentimentResult | None:
        return await self._at_hand.sentiment(text, (await detecting).language or prior, await reading)

    async def _warm_all(self) -> None:
        # The embedded engine stands last in its chain. The others answer over the network and have nothing to load.
        example, chains = "Where is my order?", self.chains
        calls: list[tuple[Chain[Any], Callable[[Any], Awaitable[object]]]] = [
            (chains.language, lambda engine: engine.detect(example, prior=None)),
            (chains.intent, lambda engine: engine.classify(example)),
            (chains.sentiment, lambda engine: engine.score(example, language=ENGLISH)),
            (chains.translation, lambda engine: engine.translate(example, source=ENGLISH, target="pt")),
            (
                chains.translation,
                lambda engine: engine.translate("Onde está o meu pedido?", source="pt", target=ENGLISH),
            ),
        ]
        await asyncio.gather(*(_warm_last(chain, call) for chain, call in calls))

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("the quick reading failed: %s", type(error).__name__)


async def _warm_last(chain: Chain[Any], call: Callable[[Any], Awaitable[object]]) -> None:
    if not chain.engines:
        return
    engine = chain.engines[-1]
    try:
        await call(engine)
    except NotServed:
        return
    except Exception as error:
        # Not fatal: the engine is asked again by the first message, and its chain then says what happens.
        log.warning("engine %s of %s could not be loaded: %s", engine.name, chain.capability, type(error).__name__)


async def _answer(asking: Awaitable[T]) -> T | None:
    """The answer, or null when no engine had one; an engine that failed has been logged by its chain."""
    try:
        return await asking
    except NoEngineAnswered:
        return None


def _outcome(task: asyncio.Task[T]) -> T | None:
    """What the task found, or null when it is late or failed."""
    if not task.done() or task.cancelled() or task.exception() is not None:
        return None
    return task.result()


def _base(language: str) -> str:
    """The language without region or script."""
    return language.split("-")[0].lower()


def _not_translated(source: str | None, target: str, *, same_language: bool = False) -> TranslationResult:
    return TranslationResult(
        engine=NO_ENGINE,
        source_language=source,
        target_language=target,
        state="same_language" if same_language else "untranslated",
    )


def _given_english(translation: TranslationResult | None) -> str | None:
    if translation is not None and translation.state == "translated" and _base(translation.target_language) == ENGLISH:
        return translation.text
    return None
