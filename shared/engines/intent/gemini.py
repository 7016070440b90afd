"""What a model's reading of the intent counts for beside the classifier's."""

from __future__ import annotations

from collections.abc import Collection

from shared.engines.intent import OUT_OF_SCOPE
from shared.models.analysis import IntentResult, IntentScore

UNSURE = 0.8
"""Below this confidence the classifier is unsure. Of 540 messages of customers 4 % are; it is right about less than
half of them, and about 99 % of the others."""

UNSURE_OUT_OF_SCOPE = 0.9
"""The same where it finds the message to be about nothing that it knows."""

MOST_CONFIDENT = 0.8
"""What a model says of its own confidence is measured by nobody: it counts up to here."""


def decided(
    classified: IntentResult | None, proposed: IntentScore | None, known: Collection[str], engine: str
) -> IntentResult | None:
    """The classifier's intent, or the model's where the classifier is unsure and the model names an intent we know.

    `engine` is the model's name. The classifier's own reading then stands among the alternatives.
    """
    if proposed is None or proposed.intent not in {*known, OUT_OF_SCOPE} or not _is_unsure(classified):
        return classified
    if classified is None:
        return IntentResult(engine=engine, intent=proposed.intent, confidence=min(proposed.confidence, MOST_CONFIDENT))
    if proposed.intent == classified.intent:
        return classified
    before = [IntentScore(intent=classified.intent, confidence=classified.confidence), *classified.alternatives]
    return IntentResult(
        engine=engine,
        intent=proposed.intent,
        confidence=min(proposed.confidence, MOST_CONFIDENT),
        alternatives=[each for each in before if each.intent not in (proposed.intent, OUT_OF_SCOPE)],
    )


def _is_unsure(classified: IntentResult | None) -> bool:
    if classified is None:
        return True
    limit = UNSURE_OUT_OF_SCOPE if classified.intent == OUT_OF_SCOPE else UNSURE
    return classified.confidence < limit
