"""Sentiment, anger and urgency by small heads over sentence embeddings, VADER's lexicon and wording."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from shared.engines.chain import EngineFailed, NotServed
from shared.engines.embedding import EmbeddingEngine
from shared.engines.sentiment.features import Lexicon, Vector, joined, readable, surface
from shared.engines.sentiment.model import FILE, FOREIGN_FILE, HeadModel, load_model
from shared.models.analysis import SentimentLabel, SentimentResult
from shared.models.base import base_language

LANGUAGES = frozenset({"en"})
"""The languages it was measured in. Others come through their English translation, where there is one."""

FOREIGN_LANGUAGES = frozenset({"de", "es", "fr", "it"})
"""The languages in which the heads over the multilingual embedding were found good enough (docs/engines.md)."""

_MOST_CHARACTERS = 2000
"""The embedding reads about the first thousand; VADER's time grows with the text."""


class HeadSentiment:
    """Positive, neutral, negative or mixed, with a probability for each, and those of anger and urgency."""

    def __init__(
        self,
        embedding: EmbeddingEngine,
        model_file: Path = FILE,
        *,
        name: str = "minilm-head",
        languages: frozenset[str] = LANGUAGES,
    ) -> None:
        """`languages`: those that texts may be in."""
        self.name = name
        self._languages = languages
        self._embedding = embedding
        self._model_file = model_file
        self._model: HeadModel | None = None
        self._loading = threading.Lock()

    async def score(self, text: str, *, language: str | None) -> SentimentResult:
        """The sentiment of a text in one of the languages, or of one without words. Raises NotServed for others."""
        wordless = not any(character.isalpha() for character in text)
        if not wordless and (language is None or base_language(language) not in self._languages):
            raise NotServed(f"sentiment in {language or 'an unknown language'}")
        model = await asyncio.to_thread(self._loaded_model)
        found = model.probabilities(await self.features([text]))
        chances = {name: float(column[0]) for name, column in found.items()}
        if not all(0 <= chance <= 1 for chance in chances.values()):
            raise EngineFailed("scores are no probabilities")
        scores = {label: chances[label] for label in SentimentLabel}
        likeliest = max(scores, key=lambda label: scores[label])
        return SentimentResult(
            engine=self.name,
            sentiment=likeliest,
            confidence=scores[likeliest],
            scores=scores,
            anger=chances["anger"],
            urgency=chances["urgency"],
        )

    async def features(self, texts: Sequence[str]) -> Vector:
        """One row for each text: what the head is trained on and applied to."""
        readables = [readable(text[:_MOST_CHARACTERS])[:_MOST_CHARACTERS] or "." for text in texts]
        embeddings = await self._embedding.embed(readables)
        return joined(embeddings, await asyncio.to_thread(_surfaces, readables))

    def _loaded_model(self) -> HeadModel:
        with self._loading:
            if self._model is None:
                self._model = load_model(self._model_file, embedding=self._embedding.name)
            return self._model


def _surfaces(texts: list[str]) -> list[list[float]]:
    lexicon = _lexicon()
    return [surface(text, lexicon) for text in texts]


@cache
def _lexicon() -> Lexicon:
    """VADER's, once for all heads: to read it takes longer than to score a text."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer: Lexicon = SentimentIntensityAnalyzer()
    return analyzer


def foreign_sentiment(embedding: EmbeddingEngine) -> HeadSentiment:
    """The heads for languages that nothing here translates, over the multilingual embedding."""
    return HeadSentiment(embedding, FOREIGN_FILE, name="multilingual-head", languages=FOREIGN_LANGUAGES)
