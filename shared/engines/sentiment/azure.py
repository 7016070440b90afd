"""Sentiment by Azure AI Language."""

from __future__ import annotations

from typing import Any

from shared.engines.azure_language import DOCUMENTS, NAME, AzureLanguage
from shared.engines.azure_service import service_failures
from shared.engines.chain import NotServed
from shared.models.analysis import SentimentLabel, SentimentResult


class AzureSentiment:
    """Positive, neutral or negative. The service's `mixed` becomes the greater of positive and negative."""

    name = NAME
    embedded = False

    def __init__(self, service: AzureLanguage) -> None:
        self._service = service

    async def score(self, text: str, *, language: str | None) -> SentimentResult:
        """The sentiment of a text; of a long one the mean of its pieces, by length. Raises NotServed, EngineFailed."""
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
            label = _label(results[0][1], scores) if len(results) == 1 else max(scores, key=lambda each: scores[each])
            return SentimentResult(engine=NAME, sentiment=label, confidence=scores[label], scores=scores)


_SCORED = (SentimentLabel.POSITIVE, SentimentLabel.NEUTRAL, SentimentLabel.NEGATIVE)


def _shares(result: Any) -> dict[SentimentLabel, float]:
    """The service's scores, which are rounded to two decimals, made to add up to 1. Raises ValueError."""
    given = result.confidence_scores
    scores = {label: float(getattr(given, label.value)) for label in _SCORED}
    if not all(0 <= score <= 1 for score in scores.values()):
        raise ValueError("a score is no share")
    whole = sum(scores.values())
    if whole == 0:
        raise ValueError("all scores are zero")
    return {label: score / whole for label, score in scores.items()}


def _label(result: Any, scores: dict[SentimentLabel, float]) -> SentimentLabel:
    if result.sentiment == "mixed":
        return max((SentimentLabel.NEGATIVE, SentimentLabel.POSITIVE), key=lambda label: scores[label])
    return SentimentLabel(result.sentiment)
