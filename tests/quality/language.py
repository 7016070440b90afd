"""How well languages are told: `python -m tests.quality.language --test FILE.csv` (columns text and label).

Prints one JSON object: without a prior, and with the right and a wrong language as the conversation's.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shared.engines.language.langid import LangidLanguage
from shared.engines.language.offered import OFFERED
from tests.quality.measures import accuracy, confusions

SHORT = 25
"""Texts of fewer characters are also counted apart."""


async def measure(test_on: Path) -> dict[str, Any]:
    """The figures for one file."""
    with test_on.open(encoding="utf-8", newline="") as file:
        rows = [(row["text"], row["label"]) for row in csv.DictReader(file)]
    labels = sorted({label for _, label in rows})
    engine = LangidLanguage()
    await engine.detect("Where is my order?", prior=None)
    return {
        "texts": len(rows),
        "languages": len(labels),
        "told_apart": len(OFFERED),
        "no_prior": await _figures(engine, rows, lambda label: None),
        "right_prior": await _figures(engine, rows, lambda label: label),
        "wrong_prior": await _figures(engine, rows, lambda label: labels[(labels.index(label) + 7) % len(labels)]),
    }


async def _figures(
    engine: LangidLanguage, rows: list[tuple[str, str]], prior_of: Callable[[str], str | None]
) -> dict[str, Any]:
    started = time.perf_counter()
    results = [await engine.detect(text, prior=prior_of(label)) for text, label in rows]
    took = (time.perf_counter() - started) / len(rows) * 1000
    expected = [label for _, label in rows]
    found = [result.language for result in results]
    short = [i for i, (text, _) in enumerate(rows) if len(text) < SHORT]
    return {
        "accuracy": accuracy(expected, found),
        "accuracy_of_short": accuracy([expected[i] for i in short], [found[i] for i in short]),
        "untold": sum(language is None for language in found),
        "wrong": sum(f is not None and f != e for e, f in zip(expected, found, strict=True)),
        "ms_per_text": round(took, 2),
        "confusions": dict(confusions(expected, found, 10)),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure how well languages are told.")
    parser.add_argument("--test", type=Path, required=True)
    print(json.dumps(asyncio.run(measure(parser.parse_args().test)), indent=2))


if __name__ == "__main__":
    main()
