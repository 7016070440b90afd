"""Examples put together from what customers want (phrases.json) and the openings in which they say so.

Without them the model would learn that an opening such as `I need help` belongs to the intents whose examples happen to
use it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PHRASES = Path(__file__).with_name("phrases.json")

OPENINGS_PER_PHRASE = 5
"""In so many openings each phrase is put; which ones moves on from phrase to phrase, so that all are used alike."""


@dataclass(frozen=True)
class Combined:
    """A phrase in an opening."""

    text: str
    intent: str
    phrase: str


def combined(path: Path = PHRASES) -> Iterator[Combined]:
    """Every phrase in some openings, always the same ones.

    The file holds `openings` by kind (a text with `{}` for the phrase) and `phrases` by intent and kind.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    openings: dict[str, list[str]] = content["openings"]
    next_opening = dict.fromkeys(openings, 0)
    for intent, kinds in content["phrases"].items():
        for kind, phrases in kinds.items():
            for phrase in phrases:
                for _ in range(OPENINGS_PER_PHRASE):
                    opening = openings[kind][next_opening[kind] % len(openings[kind])]
                    next_opening[kind] += 1
                    yield Combined(opening.format(phrase), intent, phrase)
