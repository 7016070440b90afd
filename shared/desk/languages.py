"""Languages: what is offered, telling and translating them, and how to speak with their speakers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from shared.culture.model import CulturalContext
from shared.desk.texts import checked_text
from shared.engines.language.offered import OFFERED, Language
from shared.engines.translation import NO_OPTIONS, TranslationOptions
from shared.engines.translation.served import Translator, Translators
from shared.engines.understanding import Understanding
from shared.errors import InvalidRequest
from shared.models.analysis import LanguageResult, TranslationResult
from shared.models.base import base_language
from shared.settings import Settings

TEXT_CHARACTERS = 5000
"""As long as a customer's message may be."""


@dataclass(frozen=True)
class OfferedLanguage:
    """A language with the first engine that serves each direction; null where none does."""

    language: Language
    to_agents: Translator | None
    from_agents: Translator | None


class Languages:
    """The use cases around languages themselves."""

    def __init__(self, understanding: Understanding, settings: Settings) -> None:
        self._understanding = understanding
        self.agent_language: str = settings.agent_language
        self._offered = {code: OFFERED[code] for code in settings.offered_languages}

    def detectors(self) -> list[str]:
        """The engines that tell languages, in the order in which they are asked."""
        return [state.name for state in self._understanding.states() if state.capability == "language"]

    async def translators(self) -> Translators:
        """The engines that translate, in the order in which they are asked, each with its pairs."""
        return await self._understanding.translators()

    async def offered(self) -> list[OfferedLanguage]:
        """Every offered language with who translates it into and out of the agents' own."""
        engines = await self.translators()
        own = self.agent_language
        return [
            OfferedLanguage(each, engines.of(each.code, own), engines.of(own, each.code))
            for each in self._offered.values()
        ]

    async def detect(self, text: str) -> LanguageResult:
        """The language of the text, null when unsure. Raises InvalidRequest."""
        return await self._understanding.detect_language(checked_text(text, TEXT_CHARACTERS, "text"), None)

    async def translate(
        self, text: str, source: str | None, target: str, options: TranslationOptions = NO_OPTIONS
    ) -> TranslationResult:
        """The text in `target`, or marked untranslated; a `source` that is not given is detected. Raises
        InvalidRequest."""
        cleaned = checked_text(text, TEXT_CHARACTERS, "text")
        for field, code in (("source", source), ("target", target)):
            if code is not None and base_language(code) not in self._offered:
                raise InvalidRequest.of(field, "is not an offered language; GET /api/languages/supported lists them")
        if source is None:
            source = (await self._understanding.detect_language(cleaned, None)).language
        return await self._understanding.translate(cleaned, source, target, options)

    async def cultural_context(self, code: str) -> CulturalContext:
        """How to speak with customers of a language, and of a region when the code has one. Raises NotFound."""
        return await asyncio.to_thread(_cultural_context, code)


def _cultural_context(code: str) -> CulturalContext:
    # Babel takes a tenth of a second to import, and is wanted here alone.
    from shared.culture.library import cultural_context

    return cultural_context(code)
