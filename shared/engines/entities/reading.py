"""A text made ready for patterns, and what patterns find in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from shared.models.analysis import Entity, EntityType


@dataclass(frozen=True)
class Reading:
    """A text in the two forms in which patterns look at it, and what is known about it."""

    text: str
    """Composed (NFC): an accented letter is one character here, however it was typed."""
    folded: str
    """`text` in lower case without accents; character by character the same length."""
    language: str | None
    """Base language, such as `pt`; null when it is unknown."""
    region: str | None
    """Such as `BR`, when the language code told it."""
    at: datetime
    """When it was written: what `tomorrow` counts from."""


@dataclass(frozen=True)
class Finding:
    """A span of a reading that means something."""

    type: EntityType
    start: int
    end: int
    confidence: float
    value: str | None = None
    rank: int = 5
    """Where findings overlap, the lowest rank wins, and of equals the longest."""


def reading(text: str, language: str | None, at: datetime) -> tuple[Reading, Sequence[int] | None]:
    """The reading of a text, and where in the text each of its characters begins; null when that is the same place."""
    parts = language.split("-") if language else []
    region = next((part.upper() for part in parts[1:] if len(part) == 2), None)
    composed, places = _composed(text)
    return Reading(composed, fold(composed), parts[0].lower() if parts else None, region, at), places


def fold(text: str) -> str:
    """The text in lower case and without accents, each character in its own place."""
    return text.lower() if text.isascii() else "".join(map(_fold_character, text))


def without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """Those that win where several claim the same characters, in the order of the text."""
    kept: list[Finding] = []
    taken: set[int] = set()
    for finding in sorted(findings, key=lambda f: (f.rank, f.start - f.end, f.start, f.type)):
        span = range(finding.start, finding.end)
        if finding.start < finding.end and taken.isdisjoint(span):
            kept.append(finding)
            taken.update(span)
    return sorted(kept, key=lambda f: f.start)


def as_entity(text: str, places: Sequence[int] | None, finding: Finding) -> Entity:
    """The finding with offsets into the text as it was typed."""
    start, end = finding.start, finding.end
    if places is not None:
        start, end = places[start], places[end]
    return Entity(
        type=finding.type,
        text=text[start:end],
        start=start,
        end=end,
        value=finding.value,
        confidence=finding.confidence,
    )


def _composed(text: str) -> tuple[str, Sequence[int] | None]:
    if unicodedata.is_normalized("NFC", text):
        return text, None
    characters: list[str] = []
    places: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        cluster = unicodedata.normalize("NFC", text[start:end])
        characters.append(cluster)
        # Whatever a cluster becomes, a span that begins or ends inside it takes the whole of it.
        places.extend([start] * len(cluster))
        start = end
    return "".join(characters), [*places, len(text)]


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    parts = unicodedata.normalize("NFD", character)
    base = parts[0] if all(unicodedata.combining(mark) for mark in parts[1:]) else character
    lowered = base.lower()
    return lowered if len(lowered) == 1 else base
