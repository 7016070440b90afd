"""The quick reading of a message: what the engines in this process can tell while a request waits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from shared.engines.own_words import own_words
from shared.engines.readings import ENGLISH, Reading, english_of
from shared.models.analysis import (
    Analysis,
    Entity,
    IntentResult,
    LanguageResult,
    SentimentResult,
    TranslationResult,
)
from shared.models.base import base_language

log = logging.getLogger(__name__)

QUICK_SECONDS = 0.05
"""How long a customer's request waits for the quick reading (architecture: how a text message travels)."""

T = TypeVar("T")


class QuickReading:
    """Reads with a limit, by engines that answer in this process."""

    def __init__(self, at_hand: Reading, limit: float) -> None:
        """`limit` is in seconds."""
        self._at_hand = at_hand
        self._limit = limit
        self._running: set[asyncio.Task[Any]] = set()

    async def read(self, text: str, *, prior_language: str | None, agent_language: str | None = None) -> Analysis:
        """What the embedded engines can tell within the quick limit; the rest is null or empty. Raises nothing.

        Work that is late goes on behind the caller's back, so that a model on its way in is ready for the next message.
        The translation is the one that intents are read from: only agents who read English have it, and none where the
        message quotes others, whose words are not read.
        """
        own = own_words(text)
        language = self._start(self._at_hand.language(own, prior_language))
        english = self._start(self._english(own, language, prior_language))
        intent = self._start(self._intent(own, language, english, prior_language))
        sentiment = self._start(self._sentiment(own, language, english, prior_language))
        entities = self._start(self._entities(text, language, prior_language))
        phrases = self._start(self._key_phrases(own, language, prior_language))
        await asyncio.wait((intent, sentiment, entities, phrases), timeout=self._limit)
        in_english = agent_language is not None and base_language(agent_language) == ENGLISH
        translation = _outcome(english) if in_english and own == text else None
        return Analysis(
            language=_outcome(language),
            intent=_outcome(intent),
            sentiment=_outcome(sentiment),
            entities=_outcome(entities) or [],
            key_phrases=_outcome(phrases) or [],
            translation=translation if translation and translation.state == "translated" else None,
        )

    async def _english(
        self, text: str, detecting: asyncio.Task[LanguageResult], prior: str | None
    ) -> TranslationResult | None:
        language = (await detecting).language or prior
        return None if language is None else await self._at_hand.translation(text, language, ENGLISH)

    async def _intent(
        self,
        text: str,
        detecting: asyncio.Task[LanguageResult],
        reading: asyncio.Task[TranslationResult | None],
        prior: str | None,
    ) -> IntentResult | None:
        language, english = (await detecting).language or prior, english_of(text, await reading)
        return await self._at_hand.intent(text, language, english)

    async def _sentiment(
        self,
        text: str,
        detecting: asyncio.Task[LanguageResult],
        reading: asyncio.Task[TranslationResult | None],
        prior: str | None,
    ) -> SentimentResult | None:
        language, english = (await detecting).language or prior, english_of(text, await reading)
        return await self._at_hand.sentiment(text, language, english)

    async def _entities(self, text: str, detecting: asyncio.Task[LanguageResult], prior: str | None) -> list[Entity]:
        return await self._at_hand.entities(text, (await detecting).language or prior)

    async def _key_phrases(self, text: str, detecting: asyncio.Task[LanguageResult], prior: str | None) -> list[str]:
        return await self._at_hand.key_phrases(text, (await detecting).language or prior)

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


def _outcome(task: asyncio.Task[T]) -> T | None:
    """What the task found, or null when it is late or failed."""
    if not task.done() or task.cancelled() or task.exception() is not None:
        return None
    return task.result()
