"""What a model is believed of beside the classifiers: little where they are sure, nothing that cannot be checked."""

from __future__ import annotations

import math

import pytest

from shared.engines.intent.gemini import MOST_CONFIDENT, UNSURE, UNSURE_OUT_OF_SCOPE, decided
from shared.engines.reasoning import Comprehension, Feeling, Named
from shared.engines.reasoning.checks import entities_in, literal_lines
from shared.engines.reasoning.merging import UNSURE_OF_MOOD, merged
from shared.models.analysis import (
    Entity,
    EntityType,
    IntentResult,
    IntentScore,
    RequestResult,
    SentimentLabel,
    Understood,
)
from tests.builders import intent, sentiment

KNOWN = ["track_order", "complaint"]


def proposed(name: str, confidence: float = 0.7) -> IntentScore:
    return IntentScore(intent=name, confidence=confidence)


@pytest.mark.parametrize(
    ("classified", "expected"),
    [
        (intent("track_order", UNSURE), "track_order"),
        (intent("track_order", UNSURE - 0.01), "complaint"),
        (intent("out_of_scope", UNSURE_OUT_OF_SCOPE), "out_of_scope"),
        (intent("out_of_scope", UNSURE_OUT_OF_SCOPE - 0.01), "complaint"),
        (None, "complaint"),
    ],
)
def test_the_model_decides_only_where_the_classifier_is_unsure(classified: IntentResult | None, expected: str) -> None:
    found = decided(classified, proposed("complaint"), KNOWN, "gemini")

    assert found is not None
    assert found.intent == expected
    assert found.engine == ("gemini" if expected == "complaint" else "test")


@pytest.mark.parametrize("name", ["refund_1000_euros", "", "TRACK_ORDER"])
def test_an_intent_that_nobody_knows_is_not_taken(name: str) -> None:
    unsure = intent("track_order", 0.2)

    assert decided(unsure, proposed(name), KNOWN, "gemini") is unsure
    assert decided(None, proposed(name), KNOWN, "gemini") is None
    assert decided(unsure, None, KNOWN, "gemini") is unsure


def test_the_models_confidence_counts_only_so_far_and_the_classifiers_reading_stays_in_sight() -> None:
    unsure = intent("track_order", 0.3).model_copy(update={"alternatives": [proposed("complaint", 0.2)]})

    found = decided(unsure, proposed("complaint", 1.0), KNOWN, "gemini")

    assert found is not None
    assert (found.confidence, found.alternatives) == (MOST_CONFIDENT, [proposed("track_order", 0.3)])
    assert decided(unsure, proposed("track_order", 1.0), KNOWN, "gemini") is unsure


def test_the_models_mood_counts_where_there_is_none_or_an_unsure_one() -> None:
    angry = Comprehension(engine="gemini", sentiment=Feeling(sentiment=SentimentLabel.NEGATIVE, confidence=0.9))
    sure = sentiment(SentimentLabel.NEUTRAL, UNSURE_OF_MOOD)
    unsure = sentiment(SentimentLabel.NEUTRAL, UNSURE_OF_MOOD - 0.01).model_copy(update={"anger": 0.4})

    moods = [merged("", Understood(sentiment=each), angry, KNOWN).sentiment for each in (sure, unsure, None)]

    assert [mood and mood.sentiment.value for mood in moods] == ["neutral", "negative", "negative"]
    assert moods[1] is not None
    assert (moods[1].anger, moods[1].engine) == (0.4, "gemini")
    assert moods[2] is not None
    assert math.isclose(sum(moods[2].scores.values()), 1)


def test_named_things_must_stand_in_the_text_and_do_not_push_others_aside() -> None:
    text = "Order A-77 for Rita, 👋 Rita again; orders"
    order = Entity(type=EntityType.ORDER_NUMBER, text="A-77", start=6, end=10, confidence=0.9)
    named = [
        Named(type=EntityType.PERSON, text="Rita"),
        Named(type=EntityType.PRODUCT, text="A-77 for"),
        Named(type=EntityType.PRODUCT, text="order"),
        Named(type=EntityType.PERSON, text="Gomes"),
        Named(type=EntityType.OTHER, text=" "),
    ]

    found = entities_in(text, named, [order])

    assert [(each.type.value, each.text, each.start) for each in found] == [
        ("order_number", "A-77", 6),
        ("person", "Rita", 15),
        ("person", "Rita", 23),
    ]
    assert all(text[each.start : each.end] == each.text for each in found)


def test_a_quote_of_a_line_that_was_redacted_is_the_line_itself() -> None:
    original, sent = "one\nfrom 10.1.2.3\nlast", "one\nfrom [IP_ADDRESS]\nlast"

    assert literal_lines(["from [IP_ADDRESS]", "last"], original, sent) == ["from 10.1.2.3", "last"]
    assert literal_lines(["from [IP_ADDRESS]"], original, sent + "\nmore") == []


def test_without_a_model_everything_stays_as_it_was_found() -> None:
    found = Understood(intent=intent("track_order"), key_phrases=["order"])

    assert merged("order", found, None, KNOWN) is found


def test_what_is_wanted_carries_how_long_it_took() -> None:
    wants = RequestResult(engine="gemini", wants="A refund.")

    whole = merged("", Understood(), Comprehension(engine="gemini", latency_ms=12.0, request=wants), KNOWN)

    assert whole.request == wants.model_copy(update={"latency_ms": 12.0})
    assert whole.diagnosis is None
