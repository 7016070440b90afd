"""What the product understands of a text: every capability behind one door, whatever engines stand behind it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from shared.engines.chain import Chain, EngineState, NoEngineAnswered, NotServed
from shared.engines.intent import IntentEngine
from shared.engines.language import LanguageEngine
from shared.engines.reasoning import ReasoningEngine, SuggestionRequest
from shared.engines.sentiment import SentimentEngine
from shared.engines.translation import TranslationEngine
from shared.models.analysis import (
    Analysis,
    IntentResult,
    LanguageResult,
    SentimentResult,
    SuggestionResult,
    TranslationResult,
)

log = logging.getLogger(__name__)

ENGLISH = "en"
"""The language that intents are learnt in."""

NO_ENGINE = "none"
"""Stands for the engine in a result that needed none or found none."""

QUICK_SECONDS = 0.05
"""How long a customer's request waits for the quick reading (architecture: how a text message travels)."""

T = TypeVar("T")


class Understanding:
    """Reads texts through the chains it is given. Nothing here waits longer than a chain's own time limit."""

    def __init__(
        self,
        *,
        language: Chain[LanguageEngine],
        intent: Chain[IntentEngine],
        sentiment: Chain[SentimentEngine],
        translation: Chain[TranslationEngine],
        reasoning: Chain[ReasoningEngine],
        quick_limit: float = QUICK_SECONDS,
    ) -> None:
        """`quick_limit` is in seconds."""
        self._language = language
        self._intent = intent
        self._sentiment = sentiment
        self._translation = translation
        self._reasoning = reasoning
        self._quick_limit = quick_limit
        self._running: set[asyncio.Task[Any]] = set()
        self._warming: asyncio.Task[None] | None = None

    async def quick(self, text: str, *, prior_language: str | None) -> Analysis:
        """What can be told within the quick limit; the rest is null. Raises nothing.

        Work that is late goes on behind the caller's back, so that a model on its way in is ready for the next message.
        """
        language = self._start(self.detect_language(text, prior_language))
        english = self._start(self._in_english(text, language, prior_language))
        intent = self._start(self._quick_intent(english))
        sentiment = self._start(self._quick_sentiment(text, language, english, prior_language))
        await asyncio.wait((language, intent, sentiment), timeout=self._quick_limit)
        return Analysis(language=_outcome(language), intent=_outcome(intent), sentiment=_outcome(sentiment))

    async def detect_language(self, text: str, prior: str | None) -> LanguageResult:
        """The text's language, null when nobody can tell; `prior` is the conversation's. Raises nothing."""
        found = await _answer(self._language.ask(lambda engine: engine.detect(text, prior=prior)))
        return found or LanguageResult(engine=NO_ENGINE, language=None, confidence=0.0)

    async def translate(self, text: str, source: str | None, target: str) -> TranslationResult:
        """The text in `target`, or why it is not; `source` is null when the language is unknown. Raises nothing.

        An engine that fails has been logged by the chain; to the reader a text that could not be translated and one
        that cannot be are the same: the original, marked untranslated.
        """
        if source is not None and _base(source) == _base(target):
            return _not_translated(source, target, same_language=True)
        if source is None:
            return _not_translated(source, target)
        found = await _answer(
            self._translation.ask(lambda engine: engine.translate(text, source=source, target=target))
        )
        return found or _not_translated(source, target)

    def translator(self, source: str, target: str) -> str | None:
        """The name of the first engine that serves the pair, well or not at the moment; null when none does."""
        pair = (_base(source), _base(target))
        if pair[0] == pair[1]:
            return None
        for engine in self._translation.engines:
            pairs = engine.pairs()
            if pairs is None or pair in pairs:
                return engine.name
        return None

    async def understand(
        self, text: str, language: str | None, translation: TranslationResult | None
    ) -> tuple[IntentResult | None, SentimentResult | None]:
        """Intent and sentiment, each null when no engine could tell it: one that fails takes nothing else along.

        The intent is also null when there is no English text to read it from. Raises nothing.
        """
        english = _given_english(translation)
        if english is None and language is not None:
            english = await self._english(text, language)
        intent, sentiment = await asyncio.gather(
            self._read_intent(english), self._read_sentiment(text, language, english)
        )
        return intent, sentiment

    async def suggest(self, request: SuggestionRequest) -> SuggestionResult:
        """What an agent might do next; empty when no engine can say. Raises nothing."""
        found = await _answer(self._reasoning.ask(lambda engine: engine.suggest(request)))
        return found or SuggestionResult(engine=NO_ENGINE, suggestions=[])

    def warm(self) -> asyncio.Task[None]:
        """Start to load the embedded models in the background, once; the task ends when they are ready."""
        if self._warming is None:
            self._warming = self._start(self._warm_all())
        return self._warming

    def states(self) -> list[EngineState]:
        """How every engine is doing, for the health page."""
        chains = (self._language, self._intent, self._sentiment, self._translation, self._reasoning)
        return [state for chain in chains for state in chain.states()]

    async def _in_english(self, text: str, detecting: asyncio.Task[LanguageResult], prior: str | None) -> str | None:
        language = (await detecting).language or prior
        return None if language is None else await self._english(text, language)

    async def _quick_intent(self, reading: asyncio.Task[str | None]) -> IntentResult | None:
        return await self._read_intent(await reading)

    async def _quick_sentiment(
        self,
        text: str,
        detecting: asyncio.Task[LanguageResult],
        reading: asyncio.Task[str | None],
        prior: str | None,
    ) -> SentimentResult | None:
        return await self._read_sentiment(text, (await detecting).language or prior, await reading)

    async def _english(self, text: str, language: str) -> str | None:
        if _base(language) == ENGLISH:
            return text
        return (await self.translate(text, language, ENGLISH)).text

    async def _read_intent(self, english: str | None) -> IntentResult | None:
        if english is None:
            return None
        return await _answer(self._intent.ask(lambda engine: engine.classify(english)))

    async def _read_sentiment(self, text: str, language: str | None, english: str | None) -> SentimentResult | None:
        # English is what engines read best.
        words, written_in = (text, language) if english is None else (english, ENGLISH)
        return await _answer(self._sentiment.ask(lambda engine: engine.score(words, language=written_in)))

    async def _warm_all(self) -> None:
        # The embedded engine stands last in its chain. The others answer over the network and have nothing to load.
        example = "Where is my order?"
        calls: list[tuple[Chain[Any], Callable[[Any], Awaitable[object]]]] = [
            (self._language, lambda engine: engine.detect(example, prior=None)),
            (self._intent, lambda engine: engine.classify(example)),
            (self._sentiment, lambda engine: engine.score(example, language=ENGLISH)),
            (self._translation, lambda engine: engine.translate(example, source=ENGLISH, target="pt")),
            (
                self._translation,
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
