"""Long texts, cut into pieces that a service takes; together the pieces are the text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from shared.engines.translation import sentences

MOST_CHARACTERS = 5120
"""Characters in one document (Azure AI Language, data limits). It counts graphemes, which are never more than these."""

_JOINERS = frozenset("\u200d\ufe0f\u20e3")


@dataclass(frozen=True)
class Piece:
    """A part of a text, with its place in it in code points."""

    text: str
    start: int


def pieces(text: str, most: int = MOST_CHARACTERS) -> list[Piece]:
    """The text in pieces of at most `most` characters, cut between sentences, else words, else characters."""
    if len(text) <= most:
        return [Piece(text, 0)]
    found: list[Piece] = []
    start = end = 0
    for part, _ in sentences.split(text):
        if end + len(part) - start > most and end > start:
            found.append(Piece(text[start:end], start))
            start = end
        end += len(part)
        while end - start > most:
            cut = _whole_character(text, start, start + most)
            found.append(Piece(text[start:cut], start))
            start = cut
    return [*found, Piece(text[start:], start)] if start < len(text) else found


def _whole_character(text: str, start: int, cut: int) -> int:
    """The last place up to `cut` where no accent, joiner or skin tone is parted from what it belongs to."""
    for place in range(cut, start, -1):
        if not _belongs_to_previous(text[place]) and text[place - 1] != "\u200d":
            return place
    return cut


def _belongs_to_previous(character: str) -> bool:
    is_skin_tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    return character in _JOINERS or is_skin_tone or unicodedata.category(character).startswith("M")
