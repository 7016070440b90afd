"""`make quality`: how well the engines understand labelled files; prints a table and writes docs/benchmarks.md."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmark_page import circumstances, write_part

ROOT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 900


@dataclass(frozen=True)
class Question:
    """One measurement: a command of this folder, on files of the data folder."""

    what: str
    command: str
    options: tuple[str, ...]
    """Names of files are relative to the data folder."""
    figures: tuple[str, ...]
    """Paths into the command's JSON."""
    slow: bool = False


QUESTIONS = [
    Question(
        "intent: shipped model, 27 intents of customer service",
        "intent",
        ("--default", "--test", "intent/support_dev.csv"),
        ("accuracy", "macro_f1", "answered", "calibration_error", "ms_per_text"),
    ),
    Question(
        "intent: trained and tested on banking77",
        "intent",
        ("--train", "intent/banking77_train.csv", "--test", "intent/banking77_test.csv"),
        ("accuracy", "macro_f1", "ms_per_text", "trained_in_seconds"),
        slow=True,
    ),
    Question(
        "intent: trained and tested on clinc150",
        "intent",
        ("--train", "intent/clinc150_train.csv", "--test", "intent/clinc150_test.csv"),
        ("in_scope_accuracy", "oos_recall", "answered", "accuracy_of_answered", "ms_per_text", "trained_in_seconds"),
        slow=True,
    ),
    Question(
        "language: Tatoeba, 39 languages",
        "language",
        ("--test", "language/tatoeba_dev.csv"),
        ("no_prior.accuracy", "no_prior.accuracy_of_short", "right_prior.accuracy", "no_prior.ms_per_text"),
    ),
    Question(
        "sentiment: messages to airlines",
        "sentiment",
        ("--test", "sentiment/airline_dev.csv"),
        ("accuracy", "macro_f1", "calibration_error", "ms_per_text"),
    ),
    Question(
        "sentiment: UMSAB English",
        "sentiment",
        ("--test", "sentiment/umsab_english_dev.csv"),
        ("accuracy", "macro_f1", "calibration_error", "ms_per_text"),
    ),
    Question(
        "sentiment: UMSAB Portuguese, through English",
        "sentiment",
        ("--test", "sentiment/umsab_portuguese_dev.csv", "--language", "pt"),
        ("accuracy", "macro_f1", "calibration_error", "ms_per_text"),
    ),
]


def main() -> int:
    """The command line; 2 when there are no labelled files."""
    parser = argparse.ArgumentParser(prog="make quality", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of labelled files")
    parser.add_argument("--quick", action="store_true", help="leave out what takes minutes")
    chosen = parser.parse_args()
    if not chosen.data.is_dir():
        print(f"{chosen.data} holds no labelled files: name their folder with --data", file=sys.stderr)
        return 2
    load_before = os.getloadavg()[0]
    rows = []
    for question in QUESTIONS:
        if chosen.quick and question.slow:
            rows.append(f"| {question.what} | | left out by `--quick` |")
            continue
        found = ask(question, chosen.data)
        told = ", ".join(f"{path.replace('.', ' ')} {_at(found, path)}" for path in question.figures)
        print(f"{question.what}: {told}", flush=True)
        rows.append(f"| {question.what} | {_at(found, 'texts')} | {told.replace('_', ' ')} |")
    table = "\n".join(["| what | texts | figures |", "|---|---:|---|", *rows])
    write_part("quality", f"## How well it understands (`make quality`)\n\n{circumstances(load_before)}\n\n{table}")
    return 0


def ask(question: Question, data: Path) -> dict[str, Any]:
    """The figures of one command, run in a process of its own so that none warms up another."""
    options = [str(data / option) if option.endswith(".csv") else option for option in question.options]
    answer = subprocess.run(
        [sys.executable, "-m", f"tests.quality.{question.command}", *options],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
    )
    figures: dict[str, Any] = json.loads(answer.stdout)
    return figures


def _at(figures: Any, path: str) -> Any:
    for name in path.split("."):
        figures = figures[name]
    return figures


if __name__ == "__main__":
    sys.exit(main())
