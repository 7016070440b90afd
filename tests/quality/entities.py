"""How well entities are found: `python -m tests.quality.entities` (`--test FILE.jsonl` for one like the shipped file).

Prints one JSON object for each half of the set: precision, recall and F1 by type and over all of them, where a finding
counts when its type and both its ends are right; how many values are right of those found; milliseconds a text. The
patterns were written with the development half in sight, the held-out half was written after them.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NotRequired

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from shared.engines.entities.patterns import PatternEntities
from tests.load.report import percentile
from tests.quality.labelled import print_figures

FILE = Path(__file__).parent / "data" / "entities.jsonl"
"""One message a line: half, language, text, and entities with type, start, end and, where it has one, value."""

WRITTEN_AT = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)
"""The Wednesday that the dates of the set are counted from."""

PRODUCTS = ("ThermoCup 500", "Aurora Lamp", "SmartFit Band 2")

Span = tuple[str, int, int]


class _Labelled(TypedDict):
    type: str
    start: int
    end: int
    value: NotRequired[str | None]


class _Message(TypedDict):
    half: str
    language: str | None
    text: str
    entities: list[_Labelled]


def _read(path: Path) -> list[_Message]:
    """The messages of a file. Raises OSError, and ValueError naming the line and what is wrong in it."""
    form, rows = TypeAdapter(_Message), []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            rows.append(form.validate_json(line))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(map(str, first["loc"])) or "the line"
            raise ValueError(f"{path.name} line {number}: {place}: {first['msg']}") from None
    if not rows:
        raise ValueError(f"{path.name}: holds no text")
    return rows


async def measure(path: Path, *, misses: bool = False) -> dict[str, Any]:
    """The figures for a file of labelled messages; with `misses` also what was missed and what was found wrongly."""
    rows = _read(path)
    engine = PatternEntities(products=PRODUCTS)
    for language in {row["language"] for row in rows}:
        await engine.recognise("order 12345, +44 20 7946 0958, 12.03.2026", language=language, now=WRITTEN_AT)
    halves = sorted({row["half"] for row in rows})
    return {half: await _figures(engine, [row for row in rows if row["half"] == half], misses) for half in halves}


async def _figures(engine: PatternEntities, rows: list[_Message], misses: bool) -> dict[str, Any]:
    right, found, expected = Counter[str](), Counter[str](), Counter[str]()
    values_right = values = 0
    times: list[float] = []
    wrong: list[dict[str, Any]] = []
    for row in rows:
        started = time.perf_counter()
        result = await engine.recognise(row["text"], language=row["language"], now=WRITTEN_AT)
        times.append((time.perf_counter() - started) * 1000)
        gold: dict[Span, str | None] = {(e["type"], e["start"], e["end"]): e.get("value") for e in row["entities"]}
        spans: dict[Span, str | None] = {(e.type.value, e.start, e.end): e.value for e in result.entities}
        expected.update(span[0] for span in gold)
        found.update(span[0] for span in spans)
        right.update(span[0] for span in gold.keys() & spans.keys())
        valued = [span for span in gold.keys() & spans.keys() if gold[span] is not None]
        values += len(valued)
        values_right += sum(gold[span] == spans[span] for span in valued)
        differing = {span: spans[span] for span in valued if gold[span] != spans[span]}
        if gold.keys() != spans.keys() or differing:
            wrong.append(
                {
                    "text": row["text"],
                    "missed": _named(row["text"], gold.keys() - spans.keys()),
                    "wrongly_found": _named(row["text"], spans.keys() - gold.keys()),
                    "wrong_values": list(differing.values()),
                }
            )
    figures: dict[str, Any] = {
        "texts": len(rows),
        "languages": len({row["language"] for row in rows}),
        "all": _rates(right.total(), found.total(), expected.total()),
        "types": {kind: _rates(right[kind], found[kind], expected[kind]) for kind in sorted(expected | found)},
        "values_right": round(values_right / values, 4) if values else None,
        "ms_per_text": round(sum(times) / len(times), 2),
        "ms_p95": round(percentile(times, 95), 2),
    }
    return {**figures, "misses": wrong} if misses else figures


def _rates(right: int, found: int, expected: int) -> dict[str, float | int]:
    precision = right / found if found else 0.0
    recall = right / expected if expected else 0.0
    both = precision + recall
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / both, 4) if both else 0.0,
        "expected": expected,
    }


def _named(text: str, spans: set[Span]) -> list[str]:
    return [f"{kind}: {text[start:end]}" for kind, start, end in sorted(spans, key=lambda span: span[1])]


def main() -> int:
    """Measure and print; the exit code."""
    parser = argparse.ArgumentParser(description="Measure how well entities are found.")
    parser.add_argument("--test", type=Path, default=FILE)
    parser.add_argument("--misses", action="store_true", help="also print what was missed and what was found wrongly")
    arguments = parser.parse_args()
    return print_figures(measure(arguments.test, misses=arguments.misses))


if __name__ == "__main__":
    sys.exit(main())
