"""Whether a model wrote in the language that it was asked for: instructions alone do not see to that."""

from __future__ import annotations

from collections.abc import Iterable

from shared.engines.language import LanguageEngine
from shared.models.base import base_language

SURE = 0.8
"""The confidence from which a text counts as written in another language. Of sentences whose language was expected,
next to none is told wrong with it."""


class WrittenLanguage:
    """Holds what a model wrote against the language that it was to be written in."""

    def __init__(self, languages: LanguageEngine | None = None) -> None:
        """`languages` tells languages in this process; without it nothing is objected to."""
        self._languages = languages

    async def objection(self, texts: Iterable[str], wanted: str) -> str | None:
        """What is wrong when one of the texts is plainly in another language than `wanted`."""
        if self._languages is None:
            return None
        for text in texts:
            told = await self._languages.detect(text, prior=wanted)
            if told.language is None or told.mixed or told.confidence < SURE:
                continue
            if base_language(told.language) != base_language(wanted):
                return f"not written in the language {wanted}"
        return None
