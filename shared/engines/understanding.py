"""What the product understands of a text: every capability behind one door, whatever engines stand behind it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from shared.engines.chain import Chain, EngineState, NoEngineAnswered, NotServed
from shared.engines.entities import EntityEngine
from shared.engines.intent import IntentEngine
from shared.engines.intent.catalogue import INTENTS
from shared.engines.key_phrases import KeyPhraseEngine
from shared.engines.language import LanguageEngine
from shared.engines.personal_data import PersonalDataEngine
from shared.engines.reasoning import (
    Comprehension,
    ComprehensionEngine,
    ComprehensionRequest,
    Intents,
    ReasoningEngine,
    SuggestionRequest,
    Turn,
)
from shared.engines.reasoning.merging import merged
from shared.engines.reasoning.usage import collected_usage
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
    comprehension: Chain[ComprehensionEngine]
    reasoning: Chain[ReasoningEngine]
    personal_data: Chain[PersonalDataEngine]

    def each(self) -> list[Chain[Any]]:
        """The chains, one after the other."""
        return [getattr(self, field.name) for field in fields(self)]

    def embedded(self) -> Chains:
        """The same without engines that answer over the network."""
        return Chains(*(chain.embedded() for chain in self.each()))


@dataclass(frozen=True)
class Context:
    """What stands around a message."""

    agent_language: str = ENGLISH
    """The language in which agents read what was understood."""
    customer_name: str = ""
    history: Sequence[Turn] = ()
    """The messages before it, the earliest first."""
    written_at: datetime | None = None
    """What `tomorrow` in it counts from; the present unless given."""


NO_CONTEXT = Context()


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
        return _english_of(text, await self.translation(text, language, ENGLISH))

    async def intent(self, english: str | None) -> IntentResult | None:
        """What the writer wants."""
        if english is None:
            return None
        return await _answer(self._chains.intent.ask(lambda engine: engine.classify(english)))

    async def sentiment(self, text: str, language: str | None, english: str | None) -> SentimentResult | None:
        """The writer's mood; English is what engines read best."""
        words, written_in = (text, language) if english is None else (english, ENGLISH)
        return await _answer(self._chains.sentiment.ask(lambda engine: engine.score(words, language=written_in)))

    async def entities(self, text: str, language: str | None, written_at: datetime | None = None) -> list[Entity]:
        """What the text names."""
        found = await _answer(
            self._chains.entities.ask(lambda engine: engine.recognise(text, language=language, now=written_at))
        )
        return [] if found is None else found.entities

    async def key_phrases(self, text: str, language: str | None) -> list[str]:
        """What the text is about, in its own words."""
        found = await _answer(self._chains.key_phrases.ask(lambda engine: engine.extract(text, language=language)))
        return [] if found is None else found.key_phrases

    async def comprehension(self, request: ComprehensionRequest) -> Comprehension | None:
        """What the customer is after."""
        return await _answer(self._chains.comprehension.ask(lambda engine: engine.comprehend(request)))


class Understanding:
    """What the product asks about texts. Nothing here waits longer than a chain's own time limit."""

    def __init__(
        self,
        chains: Chains,
        *,
        quick_limit: float = QUICK_SECONDS,
        translations: TranslationCache | None = None,
        intents: Callable[[], Intents] = lambda: INTENTS,
    ) -> None:
        """`quick_limit` is in seconds; without `translations` none are kept; `intents` tells those that are known now."""
        self.chains = chains
        self._intents = intents
        translations = translations or TranslationCache(0)
        self._deep = Reading(chains, translations)
        # A customer's request waits for nothing that is outside this process.
        self._at_hand = Reading(chains.embedded(), translations)
        self._quick_limit = quick_limit
        self._running: set[asyncio.Task[Any]] = set()
        self._warming: asyncio.Task[None] | None = None

    async def quick(self, text: str, *, prior_language: str | None, agent_language: str | None = None) -> Analysis:
        """What the embedded engines can tell within the quick limit; the rest is null or empty. Raises nothing.

        Work that is late goes on behind the caller's back, so that a model on its way in is ready for the next message.
        The translation is the one that intents are read from: only agents who read English have it.
        """
        language = self._start(self._at_hand.language(text, prior_language))
        english = self._start(self._quick_english(text, language, prior_language))
        intent = self._start(self._quick_intent(text, english))
        sentiment = self._start(self._quick_sentiment(text, language, english, prior_language))
        entities = self._start(self._quick_entities(text, language, prior_language))
        phrases = self._start(self._quick_key_phrases(text, language, prior_language))
        await asyncio.wait((intent, sentiment, entities, phrases), timeout=self._quick_limit)
        in_english = agent_language is not None and _base(agent_language) == ENGLISH
        translation = _outcome(english) if in_english else None
        return Analysis(
            language=_outcome(language),
            intent=_outcome(intent),
            sentiment=_outcome(sentiment),
            entities=_outcome(entities) or [],
            key_phrases=_outcome(phrases) or [],
            translation=translation if translation and translation.state == "translated" else None,
        )

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

    async def understand(
        self,
        text: str,
        language: str | None,
        translation: TranslationResult | None,
        context: Context = NO_CONTEXT,
    ) -> Understood:
        """What the text wants, names and is about, each part empty when no engine could tell it. Raises nothing.

        The classifier's intent is null when there is no English text to read it from; a model may still tell one.
        """
        with collected_usage() as usage:
            english = _given_english(translation)
            if english is None and language is not None:
                english = await self._deep.english(text, language)
            intent, intents = await self._deep.intent(english), self._intents()
            request = ComprehensionRequest(
                text=text,
                text_language=language,
                language=context.agent_language,
                customer_name=context.customer_name,
                intents=dict(intents),
                intent=intent,
                history=list(context.history),
            )
            sentiment, entities, key_phrases, comprehended = await asyncio.gather(
                self._deep.sentiment(text, language, english),
                self._deep.entities(text, language, context.written_at),
                self._deep.key_phrases(text, language),
                self._deep.comprehension(request),
            )
        found = Understood(intent=intent, sentiment=sentiment, entities=entities, key_phrases=key_phrases)
        whole = merged(text, found, comprehended, intents)
        return whole.model_copy(update={"token_usage": usage.total})

    async def suggest(self, request: SuggestionRequest) -> SuggestionResult:
        """What an agent might do next; empty when no engine can say. Raises nothing."""
        with collected_usage() as usage:
            found = await _answer(self.chains.reasoning.ask(lambda engine: engine.suggest(request)))
        found = found or SuggestionResult(engine=NO_ENGINE, suggestions=[])
        return found.model_copy(update={"token_usage": usage.total})

    def warm(self) -> asyncio.Task[None]:
        """Start to load the embedded models in the background, once; the task ends when they are ready."""
        if self._warming is None:
            self._warming = self._start(self._warm_all())
        return self._warming

    def states(self) -> list[EngineState]:
        """How every engine is doing, for the health page."""
        return [state for chain in self.chains.each() for state in chain.states()]

    async def _quick_english(
        self, text: str, detecting: asyncio.Task[LanguageResult], prior: str | None
    ) -> TranslationResult | None:
        language = (await detecting).language or prior
        return None if language is None else await self._at_hand.translation(text, language, ENGLISH)

    async def _quick_intent(self, text: str, reading: asyncio.Task[TranslationResult | None]) -> IntentResult | None:
        return await self._at_hand.intent(_english_of(text, await reading))

    async def _quick_sentiment(
        self,
        text: str,
        detecting: asyncio.Task[LanguageResult],
        reading: asyncio.Task[TranslationResult | None],
        prior: str | None,
    ) -> SentimentResult | None:
        language, english = (await detecting).language or prior, _english_of(text, await reading)
        return await self._at_hand.sentiment(text, language, english)

    async def _quick_entities(
        self, text: str, detecting: asyncio.Task[LanguageResult], prior: str | None
    ) -> list[Entity]:
        return await self._at_hand.entities(text, (await detecting).language or prior)

    async def _quick_key_phrases(
        self, text: str, detecting: asyncio.Task[LanguageResult], prior: str | None
    ) -> list[str]:
        return await self._at_hand.key_phrases(text, (await detecting).language or prior)

    async def _warm_all(self) -> None:
        # The embedded engine stands last in its chain. The others answer over the network and have nothing to load.
        example, chains = "Where is my order?", self.chains
        calls: list[tuple[Chain[Any], Callable[[Any], Awaitable[object]]]] = [
            (chains.language, lambda engine: engine.detect(example, prior=None)),
            (chains.intent, lambda engine: engine.classify(example)),
            (chains.sentiment, lambda engine: engine.score(example, language=ENGLISH)),
            (chains.entities, lambda engine: engine.recognise(example, language=ENGLISH)),
            (chains.key_phrases, lambda engine: engine.extract(example, language=ENGLISH)),
            (chains.personal_data, lambda engine: engine.redact(example, language=ENGLISH)),
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


def _english_of(text: str, translation: TranslationResult | None) -> str | None:
    """The English of a text, given its translation into that; null when there is none."""
    if translation is None:
        return None
    return text if translation.state == "same_language" else translation.text


def _given_english(translation: TranslationResult | None) -> str | None:
    if translation is not None and translation.state == "translated" and _base(translation.target_language) == ENGLISH:
        return translation.text
    return None
