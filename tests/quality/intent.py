"""How well intents are told.

    python -m tests.quality.intent --default --test FILE.csv      the shipped model
    python -m tests.quality.intent --train A.csv --test B.csv     a model trained on A

Files have the columns text and label; the label `oos` stands for `out_of_scope`. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np

from shared.engines.embedding.minilm import MiniLmEmbedding
from shared.engines.intent import OUT_OF_SCOPE
from shared.engines.intent.catalogue import INTENTS
from shared.engines.intent.examples import Example
from shared.engines.intent.linear import LinearIntent
from shared.engines.intent.model import save
from shared.engines.intent.training import train
from shared.models.analysis import IntentResult
from tests.quality.labelled import Row, print_figures, read_rows, refuse_unknown
from tests.quality.measures import accuracy, calibration_error, confusions, macro_f1, recall, rounded


def _read(path: Path) -> list[Example]:
    """The examples of a file. Raises OSError and ValueError."""
    rows = read_rows(path, "text", "label")
    return [Example(row["text"], _intent(row), origin=row["text"]) for row in rows]


def _intent(row: Row) -> str:
    return OUT_OF_SCOPE if row["label"] == "oos" else row["label"]


def _read_test(path: Path, known: Collection[str]) -> list[Example]:
    """The texts to be told, each labelled with one of these intents or as out of scope. Raises OSError, ValueError."""
    refuse_unknown(path, read_rows(path, "text", "label"), {*known, OUT_OF_SCOPE, "oos"})
    return _read(path)


async def measure(train_on: Path | None, test_on: Path, most_confusions: int) -> dict[str, Any]:
    """The figures of the shipped model, or of one trained on a file."""
    embedding = MiniLmEmbedding()
    trained_on = None if train_on is None else _read(train_on)
    examples = _read_test(test_on, INTENTS if trained_on is None else {each.intent for each in trained_on})
    with tempfile.TemporaryDirectory() as folder:
        engine = LinearIntent(embedding)
        trained_in = None
        if trained_on is not None:
            started = time.perf_counter()
            path = Path(folder) / "model.npz"
            save(await train(trained_on, embedding), path)
            trained_in = round(time.perf_counter() - started, 1)
            engine = LinearIntent(embedding, path, known=None)
        await engine.classify("Where is my order?")
        results, times = [], []
        for example in examples:
            began = time.perf_counter()
            results.append(await engine.classify(example.text))
            times.append((time.perf_counter() - began) * 1000)
    expected = [example.intent for example in examples]
    found = [result.intent for result in results]
    right = [e == f for e, f in zip(expected, found, strict=True)]
    in_scope = [i for i, intent in enumerate(expected) if intent != OUT_OF_SCOPE]
    answered = [i for i, intent in enumerate(found) if intent != OUT_OF_SCOPE]
    return {
        "texts": len(examples),
        "accuracy": accuracy(expected, found),
        "macro_f1": macro_f1(expected, found),
        "in_scope_accuracy": accuracy([expected[i] for i in in_scope], [found[i] for i in in_scope]),
        "in_scope_accuracy_forced": accuracy([expected[i] for i in in_scope], [_forced(results[i]) for i in in_scope]),
        "in_scope_answered": rounded(sum(found[i] != OUT_OF_SCOPE for i in in_scope), len(in_scope)),
        "answered": round(len(answered) / len(examples), 4),
        "accuracy_of_answered": accuracy([expected[i] for i in answered], [found[i] for i in answered]),
        "calibration_error": calibration_error([result.confidence for result in results], right),
        "oos_recall": recall(expected, found, OUT_OF_SCOPE),
        "ms_per_text": round(statistics.mean(times), 2),
        "p95_ms": round(float(np.quantile(times, 0.95)), 2),
        "trained_in_seconds": trained_in,
        "confusions": dict(confusions(expected, found, most_confusions)),
    }


def _forced(result: IntentResult) -> str:
    """The likeliest intent, however unlikely."""
    return result.alternatives[0].intent if result.intent == OUT_OF_SCOPE and result.alternatives else result.intent


def main() -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(description="Measure how well intents are told.")
    model = parser.add_mutually_exclusive_group(required=True)
    model.add_argument("--default", action="store_true", help="the shipped model")
    model.add_argument("--train", type=Path, help="train on this file instead")
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--confusions", type=int, default=15, help="how many pairs of expected and found to show")
    arguments = parser.parse_args()
    return print_figures(measure(arguments.train, arguments.test, arguments.confusions))


if __name__ == "__main__":
    sys.exit(main())
