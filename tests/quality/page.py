"""The part of docs/benchmarks.md that `make quality` writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmark_page import circumstances
from tests.quality.questions import Question, figure_at


@dataclass(frozen=True)
class Answer:
    """What came of a question."""

    question: Question
    figures: Mapping[str, Any] | None
    """Null when the question was left out, or failed."""
    failure: str | None = None


def page(answers: Sequence[Answer], load_before: float) -> str:
    """All that was found, as Markdown; `load_before` is the load average before the measuring began."""
    parts = ["## How well it understands (`make quality`)", circumstances(load_before), _goals(answers)]
    parts += ["### All figures", _all_figures(answers)]
    for answer in answers:
        if answer.figures is not None and answer.question.command in _TABLES:
            parts += _TABLES[answer.question.command](answer.figures)
    return "\n\n".join(parts)


def _goals(answers: Sequence[Answer]) -> str:
    rows = ["| what | figure | value | goal | met |", "|---|---|---:|---:|---:|"]
    for answer in answers:
        for goal in answer.question.goals:
            name = _named(goal.figure)
            if answer.figures is None:
                rows.append(f"| {answer.question.what} | {name} | {_reason(answer)} | {goal.wanted()} | |")
                continue
            value = figure_at(answer.figures, goal.figure)
            met = "no" if value is None or not goal.is_met(value) else "yes"
            rows.append(f"| {answer.question.what} | {name} | {value} | {goal.wanted()} | {met} |")
    return "\n".join(rows)


def _all_figures(answers: Sequence[Answer]) -> str:
    rows = ["| what | texts | figures |", "|---|---:|---|"]
    for answer in answers:
        if answer.figures is None:
            rows.append(f"| {answer.question.what} | | {_reason(answer)} |")
        elif names := shown(answer.question):
            texts = figure_at(answer.figures, answer.question.texts) if answer.question.texts else ""
            told = ", ".join(f"{_named(name)} {figure_at(answer.figures, name)}" for name in names)
            rows.append(f"| {answer.question.what} | {texts} | {told} |")
    return "\n".join(rows)


def shown(question: Question) -> tuple[str, ...]:
    """The figures of a question's line; those of a command with a table of its own stand there."""
    if question.texts is None:
        return ()
    return (*(goal.figure for goal in question.goals), *question.figures)


def _reason(answer: Answer) -> str:
    return "left out by `--quick`" if answer.failure is None else f"failed: {answer.failure.replace('|', '/')}"


def _named(figure: str) -> str:
    return figure.replace("_", " ").replace(".", " ")


def _engines(figures: Mapping[str, Any]) -> list[str]:
    head = ["engine", "language", "p50", "p95", "processor p50", "processor p95", "loaded in", "memory added"]
    rows = ["| " + " | ".join(head) + " |", "|---|---|" + "---:|" * (len(head) - 2)]
    for name, found in figures.items():
        kept = (f"{found['loaded_in_seconds']} s", f"{found['added_mb']} MB")
        for language, times in found["languages"].items():
            milliseconds = [f"{times[key]} ms" for key in _TIMES]
            rows.append("| " + " | ".join([name, language, *milliseconds, *kept]) + " |")
            kept = ("", "")
    note = (
        "Each in a fresh process that has one core to itself. `whole` is the analysis of a message as a request waits "
        "for it: language, translation into English, intent, sentiment, entities, key phrases, and the redaction."
    )
    return ["### Embedded engines", note, "\n".join(rows)]


_TIMES = ("ms_p50", "ms_p95", "processor_ms_p50", "processor_ms_p95")


def _languages(figures: Mapping[str, Any]) -> list[str]:
    told = figures.get("per_language", figures.get("no_prior", {}).get("per_language"))
    if not isinstance(told, Mapping):
        return []
    rows = ["| language | right |", "|---|---:|", *(f"| {language} | {right} |" for language, right in told.items())]
    return ["### Languages, without a prior", "\n".join(rows)]


_TABLES = {"engines": _engines, "language": _languages}
