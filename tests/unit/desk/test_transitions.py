"""What becomes of a conversation."""

from __future__ import annotations

import pytest

from shared.desk.transitions import after_analysis, after_message
from shared.models.analysis import DiagnosisResult, SentimentLabel
from shared.models.conversation import ConversationStatus
from shared.models.message import Sender
from tests.builders import a_conversation, a_message, intent, language, sentiment, translated

LONG_ENOUGH = "uma frase que chega para ter a certeza"


def test_a_customers_message_opens_a_resolved_conversation_again() -> None:
    resolved = a_conversation(
        status=ConversationStatus.RESOLVED, assigned_agent="agent-1", assigned_agent_name="Demo Agent"
    )

    after = after_message(resolved, a_message(seq=7))

    assert (after.status, after.assigned_agent, after.last_seq) == (ConversationStatus.WAITING, None, 7)


def test_a_message_leaves_an_active_conversation_with_its_agent() -> None:
    active = a_conversation(status=ConversationStatus.ACTIVE, assigned_agent="agent-1")

    after = after_message(active, a_message(seq=2, sender=Sender.AGENT))

    assert (after.status, after.assigned_agent, after.last_sender) == (
        ConversationStatus.ACTIVE,
        "agent-1",
        Sender.AGENT,
    )


def test_a_long_message_is_cut_at_a_word_for_the_queue() -> None:
    after = after_message(a_conversation(), a_message(text="word " * 100))

    assert after.last_message_preview.endswith("word…")
    assert len(after.last_message_preview) <= 140


def test_analysis_tells_the_queue_what_the_customer_wants_in_the_agents_language() -> None:
    message = a_message(seq=3, text="Onde está?", intent=intent("track_order"), translation=translated("Where is it?"))

    after = after_analysis(a_conversation(last_seq=3), message)

    assert (after.intent, after.last_message_preview, after.analyzed_seq) == ("track_order", "Where is it?", 3)


def test_analysis_tells_the_queue_how_the_latest_message_feels() -> None:
    furious = a_message(seq=3, sentiment=sentiment(SentimentLabel.NEGATIVE, anger=0.9, urgency=0.2))
    calm_again = a_message(seq=5, sentiment=sentiment(SentimentLabel.MIXED))

    first = after_analysis(a_conversation(last_seq=3), furious)
    later = after_analysis(first, a_message(seq=4))
    latest = after_analysis(later, calm_again)

    assert (first.sentiment, first.anger, first.urgency) == (SentimentLabel.NEGATIVE, 0.9, 0.2)
    assert (later.sentiment, later.anger, later.urgency) == (SentimentLabel.NEGATIVE, 0.9, 0.2)
    assert (latest.sentiment, latest.anger, latest.urgency) == (SentimentLabel.MIXED, None, None)


def test_a_late_analysis_of_an_older_message_changes_nothing() -> None:
    newer = a_conversation(last_seq=5, analyzed_seq=5, intent="complaint")

    assert after_analysis(newer, a_message(seq=4, intent=intent("greeting"))) == newer


@pytest.mark.parametrize(
    ("before", "detected", "confidence", "text", "expected"),
    [
        (None, "pt", 0.4, "oi", "pt"),
        ("en", "pt", 0.95, LONG_ENOUGH, "pt"),
        ("en", "pt", 0.95, "ok", "en"),
        ("en", "pt", 0.6, LONG_ENOUGH, "en"),
        ("pt-BR", "pt", 0.99, LONG_ENOUGH, "pt-BR"),
        ("en", None, 0.1, LONG_ENOUGH, "en"),
    ],
    ids=["first", "long and sure", "too short", "unsure", "same base", "unknown"],
)
def test_the_conversations_language_follows_only_what_is_sure(
    before: str | None, detected: str | None, confidence: float, text: str, expected: str
) -> None:
    message = a_message(text=text, language=language(detected, confidence))

    assert after_analysis(a_conversation(primary_lang=before), message).primary_lang == expected


def test_pasted_logs_do_not_change_the_conversations_language() -> None:
    log = DiagnosisResult(engine="test", material="log", summary="The gateway timed out.")
    message = a_message(text=LONG_ENOUGH, language=language("en"), diagnosis=log)

    assert after_analysis(a_conversation(primary_lang="es"), message).primary_lang == "es"
    assert after_analysis(a_conversation(primary_lang=None), message).primary_lang == "en"
