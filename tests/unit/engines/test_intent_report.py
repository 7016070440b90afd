"""The report on a model's examples."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from shared.engines.intent import OUT_OF_SCOPE
from shared.engines.intent.examples import Example
from shared.engines.intent.report import MOST_CONFUSIONS, MOST_TO_LOOK_AT, SHOWN_CHARACTERS, report_of
from shared.engines.intent.training import FoldReading
from shared.models.intents import IntentReport

Row = tuple[str, str, str, float]
"""Text, intent given, intent told, confidence."""


def right(text: str, intent: str) -> Row:
    return (text, intent, intent, 0.9)


def apart(count: int) -> NDArray[np.float32]:
    """Embeddings of texts that mean nothing alike."""
    return np.eye(count, dtype=np.float32)


def a_report(rows: list[Row], embeddings: NDArray[np.float32] | None = None) -> IntentReport:
    examples = [Example(text, intent, origin=text) for text, intent, _, _ in rows]
    readings = [FoldReading(told, confidence, likeliest=told) for _, _, told, confidence in rows]
    return report_of(
        examples, readings, apart(len(rows)) if embeddings is None else embeddings, trained_in_seconds=1.26
    )


MIXED = [
    right("a1", "a"),
    ("a2", "a", "b", 0.8),
    ("a3", "a", "b", 0.6),
    right("b1", "b"),
    right("b2", "b"),
    right("o1", OUT_OF_SCOPE),
    ("o2", OUT_OF_SCOPE, "a", 0.5),
]


def test_shares_are_of_what_they_are_called_after() -> None:
    report = a_report([*MIXED, ("b3", "b", OUT_OF_SCOPE, 0.7)])

    assert report.accuracy == 0.5
    assert report.out_of_scope_recall == 0.5
    assert report.answered == round(5 / 6, 4)
    assert report.trained_in_seconds == 1.3


def test_without_examples_out_of_scope_there_is_no_recall_of_them() -> None:
    assert a_report([right("a1", "a"), right("b1", "b")]).out_of_scope_recall is None


def test_each_intent_has_its_scores_the_worst_first() -> None:
    report = a_report(MIXED)

    scores = [(each.intent, each.examples, each.precision, each.recall) for each in report.per_intent]
    assert scores == [("a", 3, 0.5, 0.3333), ("b", 2, 0.5, 1.0), (OUT_OF_SCOPE, 2, 1.0, 0.5)]
    assert report.macro_f1 == pytest.approx((0.4 + 2 / 3 + 2 / 3) / 3, abs=1e-4)


def test_confusions_are_counted_the_most_frequent_first_and_shown_by_the_surest() -> None:
    report = a_report(MIXED)

    assert [(each.intent, each.mistaken_for, each.count, each.examples) for each in report.confusions] == [
        ("a", "b", 2, ["a2", "a3"]),
        (OUT_OF_SCOPE, "a", 1, ["o2"]),
    ]


def test_an_intent_that_is_never_told_has_scores_of_zero() -> None:
    (worst, _) = a_report([("a1", "a", "b", 0.9), right("b1", "b")]).per_intent

    assert (worst.intent, worst.precision, worst.recall, worst.f1) == ("a", 0.0, 0.0, 0.0)


def test_mistakes_are_looked_at_the_surest_first_then_what_was_nearly_told() -> None:
    examples = [Example(text, "a", origin=text) for text in ("t1", "t2", "t3", "t4")]
    readings = [
        FoldReading("b", 0.6, likeliest="b"),
        FoldReading("b", 0.9, likeliest="b"),
        FoldReading(OUT_OF_SCOPE, 0.7, likeliest="a"),
        FoldReading("a", 0.9, likeliest="a"),
    ]

    report = report_of(examples, readings, apart(4), trained_in_seconds=1)

    assert [(each.text, each.predicted, each.confidence, each.why) for each in report.to_look_at] == [
        ("t2", "b", 0.9, "misread"),
        ("t1", "b", 0.6, "misread"),
        ("t3", "a", 0.3, "unsure"),
    ]


def test_nearly_the_same_text_of_another_intent_comes_first_and_names_the_other() -> None:
    same = np.array([[1, 0, 0], [0.98, 0.199, 0], [0.98, 0.199, 0], [0, 0, 1]], dtype=np.float32)
    rows = [right(f"an example {name}", name[0]) for name in ("a1", "b1", "b2", "c1")]

    found = a_report(rows, same).to_look_at

    assert {each.why for each in found} == {"near_duplicate_of_another_intent"}
    similar = {each.text[-2:]: (each.similar_text or "")[-2:] for each in found}
    assert similar == {"a1": "b2", "b1": "a1", "b2": "a1"}
    assert len(found) == 3


def test_texts_of_a_word_or_two_are_not_called_alike() -> None:
    rows = [right("ok", "thanks"), right("sign up", "create_account")]

    assert a_report(rows, np.ones((2, 1), dtype=np.float32)).to_look_at == []


def test_pairs_are_found_across_the_blocks_in_which_they_are_compared() -> None:
    rows = [right(f"the text {number}", "a" if number < 1500 else "b") for number in range(3000)]
    embeddings = np.zeros((3000, 384), dtype=np.float32)
    embeddings[:, 0] = 1.0
    embeddings[1:-1] = -1.0 / np.sqrt(384)
    embeddings[1:1500] *= -1

    found = a_report(rows, embeddings).to_look_at

    assert {each.text for each in found} == {"the text 0", "the text 2999"}


def test_phrases_in_openings_are_not_reported_on() -> None:
    examples = [Example("a1", "a", origin="a1"), Example("b1", "b", origin="b1"), Example("I want x", "a", origin="x")]
    readings = [FoldReading(each, 0.9, likeliest=each) for each in ("a", "b", "b")]

    report = report_of(examples, readings, apart(3), trained_in_seconds=1)

    assert (report.accuracy, report.confusions, sum(each.examples for each in report.per_intent)) == (1.0, [], 2)


def test_a_report_stays_small_whatever_goes_wrong() -> None:
    rows = [("x" * 2000 + str(number), f"i{number % 40}", f"i{(number + 1) % 40}", 0.9) for number in range(200)]

    report = a_report(rows)

    assert (len(report.confusions), len(report.to_look_at)) == (MOST_CONFUSIONS, MOST_TO_LOOK_AT)
    assert {len(each.text) for each in report.to_look_at} == {SHOWN_CHARACTERS}
