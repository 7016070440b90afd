"""One reading out of several: what each engine is believed of, once all have read a message."""

from __future__ import annotations

from collections.abc import Collection

from shared.engines.intent.gemini import decided
from shared.engines.reasoning import Comprehension, Feeling
from shared.engines.reasoning.checks import entities_in
from shared.models.analysis import SentimentLabel, SentimentResult, Understood

UNSURE_OF_MOOD = 0.5
"""Below this confidence, when no mood is likelier than the others together, a model's reading of it counts."""

MOST_CONFIDENT = 0.8
"""What a model says of its own confidence is measured by nobody: it counts up to here."""


def merged(text: str, found: Understood, comprehended: Comprehension | None, intents: Collection[str]) -> Understood:
    """What the classifiers found of the text, with what was comprehended where they are unsure or do not look.

    `intents` are those that the product knows.
    """
    if comprehended is None:
        return found
    taken = {"latency_ms": comprehended.latency_ms}
    request, diagnosis = comprehended.request, comprehended.diagnosis
    return found.model_copy(
        update={
            "intent": decided(found.intent, comprehended.intent, intents, comprehended.engine),
            "sentiment": _felt(found.sentiment, comprehended.sentiment, comprehended.engine),
            "entities": entities_in(text, comprehended.entities, found.entities),
            "request": request and request.model_copy(update=taken),
            "diagnosis": diagnosis and diagnosis.model_copy(update=taken),
        }
    )


def _felt(scored: SentimentResult | None, read: Feeling | None, engine: str) -> SentimentResult | None:
    if read is None or (scored is not None and scored.confidence >= UNSURE_OF_MOOD):
        return scored
    if scored is not None and scored.sentiment is read.sentiment:
        return scored
    confidence = min(read.confidence, MOST_CONFIDENT)
    others = [label for label in SentimentLabel if label is not read.sentiment]
    scores = {label: (1 - confidence) / len(others) for label in others} | {read.sentiment: confidence}
    if scored is None:
        return SentimentResult(engine=engine, sentiment=read.sentiment, confidence=confidence, scores=scores)
    return scored.model_copy(
        update={"engine": engine, "sentiment": read.sentiment, "confidence": confidence, "scores": scores}
    )
