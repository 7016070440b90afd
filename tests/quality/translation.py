"""How well texts are translated: `python -m tests.quality.translation --test FILE.csv --source es --target en`.

The file has the columns `source` and `english`; with another `--target` than English it is read from right to left.
Prints one JSON object: for every engine in this process or beside it that serves the pair, chrF (0 to 100) and time.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shared.engines.translation import TranslationEngine
from shared.engines.translation.apertium import ApertiumTranslation
from shared.engines.translation.bergamot import BergamotTranslation
from shared.engines.translation.bridge import BridgedTranslation
from tests.load.report import percentile
from tests.quality.labelled import print_figures, read_rows

LONGEST_GRAM = 6
RECALL_WEIGHT = 2
"""chrF2 as its author defines it: character n-grams up to 6, recall counting twice (Popović 2015)."""


def chrf(translated: Sequence[str], expected: Sequence[str]) -> float:
    """chrF over all texts together, without white space, from 0 to 100."""
    shares: list[tuple[float, float]] = []
    for length in range(1, LONGEST_GRAM + 1):
        pairs = [
            (_grams(found, length), _grams(right, length)) for found, right in zip(translated, expected, strict=True)
        ]
        both = sum((found & right).total() for found, right in pairs)
        counted = [sum(grams.total() for grams in side) for side in zip(*pairs, strict=True)]
        shares.append((both / counted[0] if counted[0] else 0.0, both / counted[1] if counted[1] else 0.0))
    precision, recall = (statistics.fmean(side) for side in zip(*shares, strict=True))
    weight = RECALL_WEIGHT**2
    below = weight * precision + recall
    return 100 * (1 + weight) * precision * recall / below if below else 0.0


async def measure(test_on: Path, source: str, target: str) -> dict[str, Any]:
    """The figures of every engine that serves the pair."""
    rows = [(row["source"], row["english"]) for row in read_rows(test_on, "source", "english")]
    asked = [text if target == "en" else english for text, english in rows]
    expected = [english if target == "en" else text for text, english in rows]
    apertium, bergamot = ApertiumTranslation(), BergamotTranslation()
    engines: list[TranslationEngine] = [BridgedTranslation(apertium, bergamot), apertium, bergamot]
    figures: dict[str, Any] = {"texts": len(rows), "source": source, "target": target, "engines": {}}
    for engine in engines:
        quality = (await engine.pairs() or {}).get((source, target))
        if quality is not None:
            figures["engines"][engine.name] = {"quality": quality} | await _figures(
                engine, asked, expected, source, target
            )
    await apertium.close()
    return figures


async def _figures(
    engine: TranslationEngine, asked: Sequence[str], expected: Sequence[str], source: str, target: str
) -> dict[str, Any]:
    await engine.translate(asked[0], source=source, target=target)
    translated: list[str] = []
    took: list[float] = []
    for text in asked:
        started = time.perf_counter()
        translated.append((await engine.translate(text, source=source, target=target)).text or "")
        took.append((time.perf_counter() - started) * 1000)
    return {
        "chrf": round(chrf(translated, expected), 1),
        "ms_p50": round(statistics.median(took), 1),
        "ms_p95": round(percentile(took, 95), 1),
    }


def _grams(text: str, length: int) -> Counter[str]:
    solid = "".join(text.split())
    return Counter(solid[start : start + length] for start in range(len(solid) - length + 1))


def main() -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(description="Measure how well texts are translated.")
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--source", required=True)
    parser.add_argument("--target", required=True)
    asked = parser.parse_args()
    return print_figures(measure(asked.test, asked.source, asked.target))


if __name__ == "__main__":
    sys.exit(main())
