"""The page of `make quality`: goals with what was reached, and questions that failed."""

from __future__ import annotations

from pathlib import Path

from tests.quality.__main__ import ask
from tests.quality.page import Answer, page
from tests.quality.questions import Goal, Question

QUESTION = Question(
    "intents", "intent", figures=("speed.ms",), goals=(Goal("accuracy", at_least=0.95), Goal("seconds", at_most=60))
)
FOUND = {"texts": 7, "speed": {"ms": 3}, "accuracy": 0.95, "seconds": 61}


def test_each_goal_says_whether_it_is_met() -> None:
    text = page([Answer(QUESTION, FOUND)], load_before=0.0)

    assert "| intents | accuracy | 0.95 | ≥ 0.95 | yes |" in text
    assert "| intents | seconds | 61 | ≤ 60 | no |" in text
    assert "| intents | 7 | accuracy 0.95, seconds 61, speed ms 3 |" in text


def test_a_figure_that_could_not_be_told_does_not_meet_its_goal() -> None:
    assert "| None | ≥ 0.95 | no |" in page([Answer(QUESTION, FOUND | {"accuracy": None})], load_before=0.0)


def test_a_failure_stands_in_the_place_of_the_figures() -> None:
    text = page([Answer(QUESTION, None, "no | model"), Answer(QUESTION, FOUND)], load_before=0.0)

    assert "| intents | accuracy | failed: no / model | ≥ 0.95 | |" in text
    assert "| intents | accuracy | 0.95 |" in text


def test_languages_have_a_table_of_their_own() -> None:
    language = Question("languages", "language")

    text = page([Answer(language, {"texts": 2, "no_prior": {"per_language": {"pt": 0.99}}})], load_before=0.0)

    assert "| pt | 0.99 |" in text


def test_a_command_that_fails_is_an_answer_with_its_reason(tmp_path: Path) -> None:
    answer = ask(Question("entities", "entities", ("--test", "missing.csv")), tmp_path)

    assert answer.figures is None
    assert "No such file" in (answer.failure or "")


def test_a_command_that_lacks_a_figure_fails(tmp_path: Path) -> None:
    answer = ask(Question("entities", "entities", figures=("held_out.all.colour",), texts=None), tmp_path)

    assert answer.failure == "no figure held_out.all.colour"
