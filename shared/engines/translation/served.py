"""Which engine serves which pair of languages, and how well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.engines.translation import Pair, Quality, TranslationEngine
from shared.models.base import base_language


@dataclass(frozen=True)
class Translator:
    """An engine for a pair of languages."""

    engine: str
    quality: Quality


@dataclass(frozen=True)
class Translators:
    """The engines in the order in which they are asked, each with its pairs; null when it serves any."""

    engines: tuple[tuple[str, Mapping[Pair, Quality] | None], ...]

    def of(self, source: str, target: str) -> Translator | None:
        """The first that serves the pair, well or not at the moment; null when none does."""
        pair = (base_language(source), base_language(target))
        if pair[0] == pair[1]:
            return None
        for name, pairs in self.engines:
            if pairs is None:
                return Translator(name, "good")
            if pair in pairs:
                return Translator(name, pairs[pair])
        return None


async def translators(engines: Iterable[TranslationEngine]) -> Translators:
    """What these engines serve."""
    return Translators(tuple([(engine.name, await engine.pairs()) for engine in engines]))
