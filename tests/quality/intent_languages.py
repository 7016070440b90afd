"""How well intents are told in other languages: read as they are, and through their translation where there is one.

    python -m tests.quality.intent_languages [--test FILE.csv]

Files have the columns language, text and label; without one, our own messages are read. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from shared.engines.chain import NotServed
from shared.engines.embedding.minilm import MiniLmEmbedding
from shared.engines.embedding.multilingual import MultilingualEmbedding
from shared.engines.intent.catalogue import INTENTS
from shared.engines.intent.linear import LinearIntent
from shared.engines.intent.multilingual import MultilingualIntent
from shared.engines.translation.bergamot import BergamotTranslation
from tests.quality.labelled import print_figures, read_rows, refuse_unknown
from tests.quality.measures import accuracy

OWN = Path(__file__).with_name("data") / "intent_languages.csv"


async def measure(test_on: Path) -> dict[str, Any]:
    """The figures for a file."""
    rows = read_rows(test_on, "language", "text", "label")
    refuse_unknown(test_on, rows, INTENTS)
    direct, english, translation = (
        MultilingualIntent(MultilingualEmbedding()),
        LinearIntent(MiniLmEmbedding()),
        BergamotTranslation(),
    )
    await direct.classify("Hola")
    started = time.process_time()
    read = [(await direct.classify(row["text"])).intent for row in rows]
    took = (time.process_time() - started) / len(rows) * 1000
    through: dict[str, float | None] = {}
    for language in sorted({row["language"] for row in rows}):
        of_language = [row for row in rows if row["language"] == language]
        try:
            translated = [await translation.translate(r["text"], source=language, target="en") for r in of_language]
        except NotServed:
            continue
        found = [(await english.classify(each.text or "")).intent for each in translated]
        through[language] = accuracy([row["label"] for row in of_language], found)
    expected = [row["label"] for row in rows]
    return {
        "texts": len(rows),
        "accuracy": accuracy(expected, read),
        "per_language": {
            language: accuracy(
                [row["label"] for row in rows if row["language"] == language],
                [found for row, found in zip(rows, read, strict=True) if row["language"] == language],
            )
            for language in sorted({row["language"] for row in rows})
        },
        "through_english": through,
        "ms_per_text": round(took, 2),
    }


def main() -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(description="Measure how well intents are told in other languages.")
    parser.add_argument("--test", type=Path, default=OWN)
    return print_figures(measure(parser.parse_args().test))


if __name__ == "__main__":
    sys.exit(main())
