"""Sentiment by Azure AI Language."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from shared.engines.azure_language import DOCUMENTS, NAME, AzureLanguage
from shared.engines.azure_service import service_failures
from shared.engines.chain import EngineFailed, NotServed
from shared.engines.sentiment import SentimentEngine
from shared.models.analysis import SentimentLabel, SentimentResult


class AzureSentiment:
    """Positive, neutral, negative or mixed. The service tells neither anger nor urgency."""

    name = NAME
    embedded = False

    def __init__(self, service: AzureLanguage, *, beside: Sequence[SentimentEngine] = ()) -> None:
        """`beside`: embedded engines, the first of which that reads a language tells anger and urgency in it."""
        self._service = service
        self._beside = beside

    async def score(self, text: str, *, language: str | None) -> SentimentResult:
        """The sentiment of a text; of a long one the mean of its pieces, by length. Raises NotServed, EngineFailed."""
        found, own = await asyncio.gather(self._found(text, language), self._own(text, language))
        return found if own is None else found.model_copy(update={"anger": own.anger, "urgency": own.urgency})

    async def _own(self, text: str, language: str | None) -> SentimentResult | None:
        for engine in self._beside:
            with suppress(NotServed, EngineFailed):
                return await engine.score(text, language=language)
        return None

    async def _found(self, text: str, language: str | None) -> SentimentResult:
        results = await self._service.read(
            text, language, lambda client, documents: client.analyze_sentiment(documents), documents=DOCUMENTS
        )
        if not results:
            raise NotServed
        with service_failures():
            totals = dict.fromkeys(SentimentLabel, 0.0)
            for piece, result in results:
                for label, share in _shares(result).items():
                    totals[label] += share * len(piece.text)
            whole = sum(totals.values())
            scores = {label: total / whole for label, total in totals.items()}
            # The label of a single document is the service's own: rounded scores may not tell which is greater.
            label = SentimentLabel(results[0][1].sentiment) if len(results) == 1 else _greatest(scores)
            return SentimentResult(engine=NAME, sentiment=label, confidence=scores[label], scores=scores)


_SCORED = (SentimentLabel.POSITIVE, SentimentLabel.NEUTRAL, SentimentLabel.NEGATIVE)


def _shares(result: Any) -> dict[SentimentLabel, float]:
    """The service's scores, which are rounded to two decimals, made to add up to 1. Raises ValueError.

    It gives none for `mixed`. Of a document that it calls so, what is positive and negative is mixed; the rest neutral.
    """
    given = result.confidence_scores
    scores = {label: float(getattr(given, label.value)) for label in _SCORED}
    if not all(0 <= score <= 1 for score in scores.values()):
        raise ValueError("a score is no share")
    whole = sum(scores.values())
    if whole == 0:
        raise ValueError("all scores are zero")
    shares = {label: score / whole for label, score in scores.items()}
    if result.sentiment != SentimentLabel.MIXED:
        return shares
    neutral = shares[SentimentLabel.NEUTRAL]
    return {SentimentLabel.NEUTRAL: neutral, SentimentLabel.MIXED: 1 - neutral}


def _greatest(scores: dict[SentimentLabel, float]) -> SentimentLabel:
    return max(scores, key=lambda label: scores[label])
