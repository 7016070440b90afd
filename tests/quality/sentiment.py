"""How well the sentiment engine reads a labelled file: `python -m tests.quality.sentiment --test FILE.csv`.

The file has the columns text and label (positive, neutral, negative). With `--language pt` texts are translated into
English first, as the product does. Prints JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import statistics
import sys
import time
from pathlib import Path

from shared.engines.embedding.minilm import MiniLmEmbedding
from shared.engines.sentiment.head import HeadSentiment
from shared.engines.translation.bergamot import BergamotTranslation
from shared.models.analysis import SentimentLabel, SentimentResult
from tests.quality.measures import accuracy, calibration_error, macro_f1


def read(path: Path) -> list[tuple[str, SentimentLabel]]:
    """Texts and labels. Raises ValueError naming the column or the line that is wrong."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        if missing := {"text", "label"} - set(rows.fieldnames or ()):
            raise ValueError(f"{path.name}: column {sorted(missing)[0]} is missing")
        labelled = []
        for row in rows:
            if row["label"] not in set(SentimentLabel):
                raise ValueError(f"{path.name} line {rows.line_num}: label: {row['label']!r} is not a sentiment")
            labelled.append((row["text"], SentimentLabel(row["label"])))
    if not labelled:
        raise ValueError(f"{path.name}: holds no text")
    return labelled


def figures(truth: list[SentimentLabel], found: list[SentimentResult]) -> dict[str, object]:
    """Accuracy, mean F1 of the labels, and the expected calibration error; all 0..1."""
    answers = [result.sentiment for result in found]
    right = [said is true for said, true in zip(answers, truth, strict=True)]
    return {
        "texts": len(truth),
        "accuracy": accuracy(truth, answers),
        "macro_f1": macro_f1(truth, answers),
        "calibration_error": calibration_error([result.confidence for result in found], right),
    }


async def measure(path: Path, language: str) -> dict[str, object]:
    """Reads the whole file and gives the figures, with the milliseconds that a text took."""
    labelled = read(path)
    engine = HeadSentiment(MiniLmEmbedding())
    translation = BergamotTranslation()
    await engine.score("Where is my order?", language="en")
    found, times = [], []
    for text, _ in labelled:
        started = time.perf_counter()
        english = text
        if language != "en":
            english = (await translation.translate(text, source=language, target="en")).text or ""
        found.append(await engine.score(english, language="en"))
        times.append((time.perf_counter() - started) * 1000)
    return {
        "file": path.name,
        **figures([label for _, label in labelled], found),
        "ms_per_text": round(statistics.median(times), 2),
        "ms_per_text_p95": round(statistics.quantiles(times, n=20, method="inclusive")[-1], 2) if times[1:] else None,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="How well the sentiment engine reads a labelled file.")
    parser.add_argument("--test", type=Path, required=True, help="CSV with the columns text and label")
    parser.add_argument("--language", choices=("en", "pt"), default="en", help="the language of the texts")
    options = parser.parse_args()
    try:
        print(json.dumps(asyncio.run(measure(options.test, options.language)), indent=2))
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
