"""When a conversation needs a person soon: a rule of the product, the same whichever engine suggests."""

from __future__ import annotations

from typing import Literal

from shared.engines.reasoning import SuggestionRequest
from shared.models.analysis import SentimentLabel

EscalationReason = Literal["human_requested", "complaint"]

SURE_OF_INTENT = 0.5
"""An escalation raises a ticket: it is not done for an intent that is less likely than all the others together."""

SURE_OF_ANGER = 0.6
"""Negative beyond doubt: "I would like to file a complaint" alone is a question of procedure and stays below it."""


def escalation_reason(request: SuggestionRequest) -> EscalationReason | None:
    """Why the message needs a person soon; null when it does not."""
    if request.intent is None or request.intent.confidence < SURE_OF_INTENT:
        return None
    if request.intent.intent == "contact_human_agent":
        return "human_requested"
    feeling = request.sentiment
    if request.intent.intent != "complaint" or feeling is None:
        return None
    angry = feeling.sentiment is SentimentLabel.NEGATIVE and feeling.confidence >= SURE_OF_ANGER
    return "complaint" if angry else None
