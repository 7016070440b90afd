"""A text made ready for patterns, and what patterns find in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from shared.models.analysis import Entity, EntityType

JOINED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese and Korean letters: beside a number or a link the sentence goes on."""

STARTS, ENDS = rf"(?<![^\W{JOINED}])", rf"(?![^\W{JOINED}])"
"""Where something may start and end: no letter or digit beside it, but for those of scripts that put no space there."""

_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Characters that say how to break or direct a line; they come with what is copied and mean nothing."""

_INVISIBLE_END = re.compile(rf"{_INVISIBLE.pattern}+$")

_ALIKE = {
    **{ord(space): " " for space in "\u00a0\u2007\u2009\u202f\u3000"},
    **{ord(hyphen): "-" for hyphen in "\u2010\u2011\u2012\u2212"},
    **{wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)},
    ord("٫"): ".",
    ord("٬"): ",",
}
"""Characters that patterns look at as their plain form."""


@dataclass(frozen=True)
class Reading:
    """A text in the two forms in which patterns look at it, and what is known about it."""

    text: str
    """Composed (NFC): an accented letter is one character here, however it was typed. Digits of every script are those
    of ASCII, as are full-width letters and signs; every space is a plain one, and what cannot be seen is left out."""
    folded: str
    """`text` in lower case without accents; character by character the same length."""
    language: str | None
    """Base language, such as `pt`; null when it is unknown."""
    region: str | None
    """Such as `BR`, when the language code told it."""
    at: datetime
    """When it was written: what `tomorrow` counts from."""

    @cached_property
    def has_digits(self) -> bool:
        """Whether there is anything to be read as a number."""
        return any(character.isdigit() for character in self.text)


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
    alike = plain(composed)
    return Reading(alike, fold(alike), parts[0].lower() if parts else None, region, at), places


def plain(text: str) -> str:
    """The text with digits, signs and spaces of all kinds in their plain form, each character in its own place."""
    return text if text.isascii() else "".join(map(_plain_character, text))


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
        # Whatever cannot be seen belongs to the character before it, but for the last one of a finding.
        end = start + len(_INVISIBLE_END.sub("", text[start:end]))
    return Entity(
        type=finding.type,
        text=text[start:end],
        start=start,
        end=end,
        value=finding.value,
        confidence=finding.confidence,
    )


def _composed(text: str) -> tuple[str, Sequence[int] | None]:
    if _INVISIBLE.search(text) is None and unicodedata.is_normalized("NFC", text):
        return text, None
    characters: list[str] = []
    places: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        cluster = unicodedata.normalize("NFC", _INVISIBLE.sub("", text[start:end]))
        characters.append(cluster)
        # Whatever a cluster becomes, a span that begins or ends inside it takes the whole of it.
        places.extend([start] * len(cluster))
        start = end
    return "".join(characters), [*places, len(text)]


@lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character.translate(_ALIKE)


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    parts = unicodedata.normalize("NFD", character)
    base = parts[0] if all(unicodedata.combining(mark) for mark in parts[1:]) else character
    lowered = base.lower()
    return lowered if len(lowered) == 1 else base
