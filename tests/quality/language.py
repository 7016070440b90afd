"""How well languages are told: `python -m tests.quality.language --test FILE.csv` (columns text and label).

Prints one JSON object. The offered languages are those that occur in the file, as an operator who serves them would set
OFFERED_LANGUAGES, or those of `--languages en,pt`; `all_possible` has the figures with every language possible.
`--hard FILE.csv` (columns half, kind, label, text) measures texts that are not plainly in one language.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from shared.engines.language.langid import LangidLanguage
from shared.engines.language.offered import OFFERED, checked
from shared.models.analysis import LanguageResult
from tests.quality.labelled import Row, print_figures, read_rows, refuse_unknown
from tests.quality.measures import accuracy, calibration_error, confusions, rounded

HARD = Path(__file__).parent / "data" / "language_hard.csv"
SHORT = 25
"""Texts of fewer characters are also counted apart."""
CONFIDENT = 0.8
"""A wrong answer with at least this confidence is a confident wrong answer."""
NOT_TOLD = "-"
"""Stands among a hard text's right answers for telling no language."""

Rows = list[tuple[str, str]]


async def measure(test_on: Path, languages: Collection[str] | None) -> dict[str, Any]:
    """The figures for one file; `languages` are the offered ones, by default those of the file. Raises ValueError."""
    read = read_rows(test_on, "text", "label")
    refuse_unknown(test_on, read, OFFERED)
    rows = [(row["text"], row["label"]) for row in read]
    labels = sorted({label for _, label in rows})
    offered = checked(languages or labels)
    engine, of_all = await _ready(offered), await _ready(OFFERED)
    no_prior = await _figures(engine, rows)
    return {
        "texts": len(rows),
        "languages": len(labels),
        "told_apart": len(offered),
        **{name: no_prior[name] for name in ("accuracy", "accuracy_of_short", "ms_per_text", "per_language")},
        "no_prior": no_prior,
        "right_prior": await _figures(engine, rows, lambda label: label),
        "wrong_prior": await _figures(engine, rows, lambda label: labels[(labels.index(label) + 7) % len(labels)]),
        "all_possible": await _figures(of_all, rows),
        "all_possible_right_prior": await _figures(of_all, rows, lambda label: label),
    }


async def measure_hard(test_on: Path) -> dict[str, Any]:
    """The figures for each half of a file of hard texts, with every language possible. Raises ValueError."""
    rows = read_rows(test_on, "half", "kind", "label", "text")
    engine = await _ready(OFFERED)
    results = [(row, await engine.detect(row["text"], prior=None)) for row in rows]
    halves = sorted({row["half"] for row in rows})
    return {half: _hard_figures([pair for pair in results if pair[0]["half"] == half]) for half in halves}


async def _ready(offered: Collection[str]) -> LangidLanguage:
    engine = LangidLanguage(offered)
    await engine.detect("Where is my order?", prior=None)
    return engine


async def _figures(
    engine: LangidLanguage, rows: Rows, prior_of: Callable[[str], str | None] = lambda label: None
) -> dict[str, Any]:
    started, busy = time.perf_counter(), time.process_time()
    results = [await engine.detect(text, prior=prior_of(label)) for text, label in rows]
    took, busy = time.perf_counter() - started, time.process_time() - busy
    expected = [label for _, label in rows]
    found = [result.language for result in results]
    short = [i for i, (text, _) in enumerate(rows) if len(text) < SHORT]
    of = {label: [i for i, one in enumerate(expected) if one == label] for label in sorted(set(expected))}
    told = [(r.language == e, r.confidence) for r, e in zip(results, expected, strict=True) if r.language]
    return {
        "accuracy": accuracy(expected, found),
        "accuracy_of_short": accuracy([expected[i] for i in short], [found[i] for i in short]),
        "untold": sum(language is None for language in found),
        "wrong": sum(not right for right, _ in told),
        "confident_wrong": sum(not right and confidence >= CONFIDENT for right, confidence in told),
        "calibration_error": calibration_error([confidence for _, confidence in told], [right for right, _ in told]),
        "ms_per_text": round(took / len(rows) * 1000, 2) if rows else None,
        "cpu_ms_per_text": round(busy / len(rows) * 1000, 2) if rows else None,
        "per_language": {label: accuracy([label] * len(at), [found[i] for i in at]) for label, at in of.items()},
        "confusions": dict(confusions(expected, found, 10)),
    }


def _hard_figures(results: list[tuple[Row, LanguageResult]]) -> dict[str, Any]:
    kinds = sorted({row["kind"] for row, _ in results})
    confident = [not _fits(row, found) for row, found in results if found.language and found.confidence >= CONFIDENT]
    told = [(_fits(row, found), found.confidence) for row, found in results if found.language]
    mixed = [found for row, found in results if row["kind"] == "mixed"]
    return {
        "texts": len(results),
        "right": rounded(sum(_fits(*pair) for pair in results), len(results)),
        "confident_wrong": rounded(sum(confident), len(results)),
        "calibration_error": calibration_error([confidence for _, confidence in told], [right for right, _ in told]),
        "mixed_seen": rounded(sum(found.mixed for found in mixed), len(mixed)),
        "mixed_imagined": sum(found.mixed for row, found in results if row["kind"] != "mixed"),
        "right_of": {
            kind: rounded(sum(_fits(*pair) for pair in of_kind), len(of_kind))
            for kind in kinds
            if (of_kind := [pair for pair in results if pair[0]["kind"] == kind])
        },
    }


def _fits(row: Row, found: LanguageResult) -> bool:
    """Whether the answer is one of the row's: `-|hi` lets Hindi or no language pass, `en+es` is a text in both."""
    return (found.language or NOT_TOLD) in row["label"].replace("+", "|").split("|")


def main() -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(description="Measure how well languages are told.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--test", type=Path)
    what.add_argument("--hard", type=Path, nargs="?", const=HARD)
    parser.add_argument("--languages", type=lambda codes: codes.split(","), help="offered languages, such as en,pt")
    chosen = parser.parse_args()
    measuring = measure(chosen.test, chosen.languages) if chosen.test else measure_hard(chosen.hard)
    return print_figures(measuring)


if __name__ == "__main__":
    sys.exit(main())
