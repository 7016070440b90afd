"""`make quality`: how well the engines understand labelled files; prints the figures and writes docs/benchmarks.md."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmark_page import write_part
from tests.quality.page import Answer, page
from tests.quality.questions import QUESTIONS, FigureMissing, Question, figure_at

ROOT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 300
"""For one question."""


def main() -> int:
    """The command line: 1 when a question failed, 2 when there are no labelled files. A missed goal is no failure."""
    parser = argparse.ArgumentParser(prog="make quality", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of labelled files")
    parser.add_argument("--quick", action="store_true", help="leave out what takes minutes")
    chosen = parser.parse_args()
    if not chosen.data.is_dir():
        print(f"{chosen.data} holds no labelled files: name their folder with --data", file=sys.stderr)
        return 2
    load_before = os.getloadavg()[0]
    answers = ask_all(QUESTIONS, chosen.data, quick=chosen.quick)
    write_part("quality", page(answers, load_before))
    return 1 if any(answer.failure for answer in answers) else 0


def ask_all(questions: Sequence[Question], data: Path, *, quick: bool = False) -> list[Answer]:
    """The answers in the order of the questions, printed as they come; one that fails stops none of the others."""
    answers = []
    for question in questions:
        answer = Answer(question, None) if quick and question.slow else ask(question, data)
        if answer.figures is not None:
            for goal in question.goals:
                print(f"{question.what}: {goal.figure} {figure_at(answer.figures, goal.figure)} ({goal.wanted()})")
            for name in question.figures:
                print(f"{question.what}: {name} {figure_at(answer.figures, name)}")
        else:
            print(f"{question.what}: {f'failed: {answer.failure}' if answer.failure else 'left out'}")
        sys.stdout.flush()
        answers.append(answer)
    return answers


def ask(question: Question, data: Path) -> Answer:
    """What one command tells, run in a process of its own so that none warms up another."""
    options = [str(data / option) if option.endswith(".csv") else option for option in question.options]
    try:
        answer = subprocess.run(
            [sys.executable, "-m", f"tests.quality.{question.command}", *options],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return Answer(question, None, f"no answer in {LIMIT_SECONDS} seconds")
    if answer.returncode != 0:
        said = answer.stderr.strip().splitlines() or ["no reason given"]
        return Answer(question, None, f"{said[-1]} (exit code {answer.returncode})")
    try:
        figures = json.loads(answer.stdout)
        for name in (question.texts, *question.figures, *(goal.figure for goal in question.goals)):
            if name is not None:
                figure_at(figures, name)
    except (FigureMissing, ValueError) as error:
        return Answer(question, None, str(error))
    return Answer(question, figures)


if __name__ == "__main__":
    sys.exit(main())
