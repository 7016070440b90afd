"""What the product understands of a text: every capability behind one door, whatever engines stand behind it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.engines.chain import Chain, EngineState, NotServed
from shared.engines.intent.catalogue import INTENTS
from shared.engines.own_words import own_words
from shared.engines.quick import QUICK_SECONDS, QuickReading
from shared.engines.readings import ENGLISH, NO_ENGINE, Chains, Reading, answer_of, given_english
from shared.engines.reasoning import ComprehensionRequest, Intents, SuggestionRequest, Turn
from shared.engines.reasoning.merging import merged
from shared.engines.reasoning.usage import LateUsage, collected_usage
from shared.engines.translation import NO_OPTIONS, TranslationOptions
from shared.engines.translation.cache import TranslationCache
from shared.engines.translation.served import Translators
from shared.models.analysis import (
    Analysis,
    LanguageResult,
    SuggestionResult,
    TranslationResult,
    Understood,
)

__all__ = ["Chains", "Context", "Understanding"]

log = logging.getLogger(__name__)


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
    late_usage: LateUsage | None = None
    """Takes what a model costs whose answer comes too late to count."""


NO_CONTEXT = Context()


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
        """`quick_limit` is in seconds; without `translations` none are kept; `intents` tells those known now."""
        self.chains = chains
        self._intents = intents
        translations = translations or TranslationCache(0)
        self._deep = Reading(chains, translations)
        # A customer's request waits for nothing that is outside this process.
        self._quick = QuickReading(Reading(chains.embedded(), translations), quick_limit)
        self._warming: asyncio.Task[None] | None = None

    async def quick(self, text: str, *, prior_language: str | None, agent_language: str | None = None) -> Analysis:
        """What the embedded engines can tell within the quick limit; the rest is null or empty. Raises nothing."""
        return await self._quick.read(text, prior_language=prior_language, agent_language=agent_language)

    async def detect_language(self, text: str, prior: str | None) -> LanguageResult:
        """The text's language, null when nobody can tell; `prior` is the conversation's. Raises nothing."""
        return await self._deep.language(own_words(text), prior)

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

        The intent is read from the English text where there is one, else from the text itself; intent, mood and key
        phrases from what the writer wrote, not from messages quoted below.
        """
        with collected_usage(context.late_usage) as usage:
            own = own_words(text)
            english = given_english(translation) if own == text else None
            if english is None and language is not None:
                english = await self._deep.english(own, language)
            intent, intents = await self._deep.intent(own, language, english), self._intents()
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
                self._deep.sentiment(own, language, english),
                self._deep.entities(text, language, context.written_at),
                self._deep.key_phrases(own, language),
                self._deep.comprehension(request),
            )
        found = Understood(intent=intent, sentiment=sentiment, entities=entities, key_phrases=key_phrases)
        whole = merged(text, found, comprehended, intents)
        return whole.model_copy(update={"token_usage": usage.total})

    async def suggest(self, request: SuggestionRequest, late_usage: LateUsage | None = None) -> SuggestionResult:
        """What an agent might do next; empty when no engine can say. Raises nothing.

        `late_usage` takes what a model costs whose answer comes too late to count.
        """
        with collected_usage(late_usage) as usage:
            found = await answer_of(self.chains.reasoning.ask(lambda engine: engine.suggest(request)))
        found = found or SuggestionResult(engine=NO_ENGINE, suggestions=[])
        return found.model_copy(update={"token_usage": usage.total})

    def warm(self) -> asyncio.Task[None]:
        """Start to load the embedded models in the background, once; the task ends when they are ready."""
        if self._warming is None:
            self._warming = asyncio.get_running_loop().create_task(self._warm_all())
        return self._warming

    def states(self) -> list[EngineState]:
        """How every engine is doing, for the health page."""
        return [state for chain in self.chains.each() for state in chain.states()]

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
