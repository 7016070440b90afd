"""When a conversation needs a person soon, and how soon: a rule of the product, the same whichever engine suggests."""

from __future__ import annotations

from typing import Literal

from shared.engines.reasoning import SuggestionRequest
from shared.models.analysis import SentimentLabel
from shared.models.ticket import TicketPriority

EscalationReason = Literal["human_requested", "urgent", "complaint", "anger"]

UNHAPPY = frozenset({SentimentLabel.NEGATIVE, SentimentLabel.MIXED})
"""Nobody who is pleased or indifferent is in need, whatever the words sound like."""

SURE_OF_INTENT = 0.5
"""An escalation raises a ticket: it is not done for an intent that is less likely than all the others together."""

SURE_OF_DISPLEASURE = 0.6
"""Negative beyond doubt: "I would like to file a complaint" alone is a question of procedure and stays below it."""

ANGRY = 0.65
URGENT = 0.75
"""From these scores on a message counts as angry, as urgent: where cross-validation of the training sentences finds a
precision of 0.93 and 0.94. An urgent ticket calls somebody away from other customers, so that one asks for more."""

HARMED_BY_WAITING = frozenset(
    {
        "cancel_order", "change_order", "change_shipping_address", "edit_account", "payment_issue",
        "recover_password", "technical_support", "track_order",
    }
)  # fmt: skip
"""Intents that soon cannot be fulfilled any more, or leave money or an account at risk meanwhile. A price list or a
newsletter that somebody wants "as soon as possible" can wait for its turn."""


def escalation_reason(request: SuggestionRequest) -> EscalationReason | None:
    """Why the message needs a person soon, of several reasons the most telling; null when it does not."""
    if _means(request, {"contact_human_agent"}):
        return "human_requested"
    if _is_urgent(request):
        return "urgent"
    if _means(request, {"complaint"}) and _is_displeased(request):
        return "complaint"
    return "anger" if _is_angry(request) else None


def escalation_priority(request: SuggestionRequest, reason: EscalationReason) -> TicketPriority:
    """How soon the ticket of such an escalation wants a person."""
    if _is_urgent(request):
        return TicketPriority.URGENT
    if reason != "human_requested" or _is_angry(request):
        return TicketPriority.HIGH
    return TicketPriority.NORMAL


def _means(request: SuggestionRequest, intents: set[str] | frozenset[str]) -> bool:
    found = request.intent
    return found is not None and found.intent in intents and found.confidence >= SURE_OF_INTENT


def _is_displeased(request: SuggestionRequest) -> bool:
    feeling = request.sentiment
    if feeling is None or feeling.sentiment not in UNHAPPY:
        return False
    return sum(feeling.scores.get(label, 0.0) for label in UNHAPPY) >= SURE_OF_DISPLEASURE


def _is_angry(request: SuggestionRequest) -> bool:
    feeling = request.sentiment
    return feeling is not None and feeling.sentiment in UNHAPPY and (feeling.anger or 0.0) >= ANGRY


def _is_urgent(request: SuggestionRequest) -> bool:
    feeling = request.sentiment
    if feeling is None or (feeling.urgency or 0.0) < URGENT:
        return False
    return feeling.sentiment in UNHAPPY or _means(request, HARMED_BY_WAITING)
