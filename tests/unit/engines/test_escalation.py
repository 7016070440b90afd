"""When a message needs a person, and how soon."""

from __future__ import annotations

import pytest

from shared.engines.reasoning import SuggestionRequest
from shared.engines.reasoning.escalation import (
    ANGRY,
    SURE_OF_DISPLEASURE,
    SURE_OF_INTENT,
    URGENT,
    escalation_priority,
    escalation_reason,
)
from shared.models.analysis import SentimentLabel, SentimentResult
from shared.models.ticket import TicketPriority
from tests.builders import intent, sentiment

NEGATIVE, NEUTRAL, POSITIVE, MIXED = (
    SentimentLabel.NEGATIVE,
    SentimentLabel.NEUTRAL,
    SentimentLabel.POSITIVE,
    SentimentLabel.MIXED,
)
BIT = 0.01


def a_message(
    wanted: str | None = None, feeling: SentimentResult | None = None, *, sure: float = 0.9
) -> SuggestionRequest:
    return SuggestionRequest(
        message_id="message-1",
        text="…",
        language="en",
        customer_name="Ana",
        intent=intent(wanted, sure) if wanted else None,
        sentiment=feeling,
    )


def displeased(share: float, label: SentimentLabel = NEGATIVE) -> SentimentResult:
    """What the customer is not displeased by leaves them indifferent."""
    return sentiment(label).model_copy(update={"confidence": share, "scores": {label: share, NEUTRAL: 1 - share}})


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (a_message("contact_human_agent", sure=SURE_OF_INTENT), "human_requested"),
        (a_message("contact_human_agent", displeased(1), sure=SURE_OF_INTENT - BIT), None),
        (a_message("complaint", displeased(SURE_OF_DISPLEASURE)), "complaint"),
        (a_message("complaint", displeased(SURE_OF_DISPLEASURE, MIXED)), "complaint"),
        (a_message("complaint", displeased(SURE_OF_DISPLEASURE - BIT)), None),
        (a_message("complaint", sentiment(NEUTRAL)), None),
        (a_message("complaint"), None),
        (a_message("track_order", displeased(1)), None),
        (a_message(None, displeased(1)), None),
    ],
)
def test_a_conversation_escalates_for_a_request_and_for_a_complaint_that_is_meant(
    message: SuggestionRequest, reason: str | None
) -> None:
    assert escalation_reason(message) == reason


@pytest.mark.parametrize(
    ("feeling", "reason"),
    [
        (sentiment(NEGATIVE, anger=ANGRY), "anger"),
        (sentiment(MIXED, anger=ANGRY), "anger"),
        (sentiment(NEGATIVE, anger=ANGRY - BIT), None),
        (sentiment(POSITIVE, anger=1.0), None),
        (sentiment(NEUTRAL, anger=1.0), None),
        (sentiment(NEGATIVE), None),
    ],
)
def test_anger_escalates_whatever_the_customer_wants(feeling: SentimentResult, reason: str | None) -> None:
    assert escalation_reason(a_message("track_refund", feeling)) == reason
    assert escalation_reason(a_message(None, feeling)) == reason


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (a_message("change_shipping_address", sentiment(NEUTRAL, urgency=URGENT)), "urgent"),
        (a_message("payment_issue", sentiment(POSITIVE, urgency=URGENT)), "urgent"),
        (a_message("newsletter_subscription", sentiment(NEGATIVE, urgency=URGENT)), "urgent"),
        (a_message("newsletter_subscription", sentiment(NEUTRAL, urgency=1.0)), None),
        (a_message("payment_issue", sentiment(NEUTRAL, urgency=URGENT - BIT)), None),
        (a_message("payment_issue", sentiment(NEUTRAL, urgency=1.0), sure=SURE_OF_INTENT - BIT), None),
        (a_message("payment_issue", sentiment(NEUTRAL)), None),
        (a_message(None, sentiment(NEUTRAL, urgency=1.0)), None),
    ],
)
def test_hurry_alone_does_not_escalate_what_can_wait(message: SuggestionRequest, reason: str | None) -> None:
    assert escalation_reason(message) == reason


@pytest.mark.parametrize(
    ("message", "priority"),
    [
        (a_message("contact_human_agent", sentiment(NEUTRAL)), TicketPriority.NORMAL),
        (a_message("contact_human_agent", sentiment(NEGATIVE, anger=1.0)), TicketPriority.HIGH),
        (a_message("contact_human_agent", sentiment(NEGATIVE, urgency=1.0)), TicketPriority.URGENT),
        (a_message("complaint", sentiment(NEGATIVE)), TicketPriority.HIGH),
        (a_message("track_order", sentiment(NEGATIVE, anger=1.0)), TicketPriority.HIGH),
        (a_message("payment_issue", sentiment(NEUTRAL, urgency=1.0)), TicketPriority.URGENT),
    ],
)
def test_a_ticket_is_as_pressing_as_its_message(message: SuggestionRequest, priority: TicketPriority) -> None:
    reason = escalation_reason(message)

    assert reason is not None
    assert escalation_priority(message, reason) is priority
