"""What intent models learn from: texts with the intent that a person gave them. Nothing here needs numpy."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

from shared.engines.intent.phrases import combined

EXAMPLES = Path(__file__).with_name("examples.csv")
IN_OTHER_LANGUAGES = Path(__file__).with_name("examples_other_languages.csv")
"""With a column for the language; learnt by the part of the shipped model that reads what nothing translates."""

FEWEST = 5
"""Different examples of an intent, below which it can be neither learnt nor validated."""

MOST_MULTILINGUAL = 500
"""Examples that a model for other languages learns from, beside their translations: each text takes some hundredths of
a second to embed, and of the shipped ones so many teach no less than more (docs/engines.md)."""


@dataclass(frozen=True)
class Example:
    """A text with the intent that a person gave it."""

    text: str
    intent: str
    origin: str
    """What the text was made from; texts of one origin are never on both sides of a validation."""


def read_examples(path: Path) -> list[Example]:
    """Examples of a CSV file with the columns text and label. Raises ValueError naming the line and the field."""
    examples = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"text", "label"} - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{path.name}: column {', '.join(sorted(missing))} is missing")
        for row in reader:
            for field in ("text", "label"):
                if not (row[field] or "").strip():
                    raise ValueError(f"{path.name}, line {reader.line_num}: {field} is empty")
            examples.append(Example(row["text"].strip(), row["label"].strip(), origin=row["text"].strip()))
    return examples


def shipped_examples() -> list[Example]:
    """What the shipped model is trained on: whole sentences, and phrases put into the openings customers use."""
    return read_examples(EXAMPLES) + [Example(c.text, c.intent, origin=c.phrase) for c in combined()]


def shipped_in_other_languages() -> dict[str, list[Example]]:
    """By language, what the shipped model's part for texts that nothing translates is trained on besides."""
    with IN_OTHER_LANGUAGES.open(encoding="utf-8", newline="") as file:
        languages = [row["language"] for row in csv.DictReader(file)]
    found: dict[str, list[Example]] = {}
    for language, example in zip(languages, read_examples(IN_OTHER_LANGUAGES), strict=True):
        found.setdefault(language, []).append(example)
    return found


def for_other_languages(examples: Sequence[Example], most: int = MOST_MULTILINGUAL) -> list[Example]:
    """Those that a model without n-grams learns from: so many at most, of each intent as many as there is room for.

    Whole sentences go first: the openings that phrases are put into are English ones.
    """
    of_intent: dict[str, list[Example]] = {}
    for example in sorted(examples, key=lambda each: each.text != each.origin):
        of_intent.setdefault(example.intent, []).append(example)
    in_turn = chain.from_iterable(zip_longest(*of_intent.values()))
    return [example for example in in_turn if example is not None][:most]
