"""Words of an index that are like a given one, or match a pattern."""

from __future__ import annotations

import re
from collections.abc import Callable

from local.search.postings import Postings
from local.search.tokens import fold

MOST_SIMILAR = 50
"""Words that a fuzzy search looks for at most, as in Lucene."""

_PIECE = re.compile(r"\\(.)|([*?])|(.)", re.DOTALL)


def glob_of(pattern: str) -> tuple[str, str]:
    """The fixed beginning of a pattern with * and ?, and the pattern as SQLite's GLOB writes it."""
    start, glob = "", ""
    is_fixed = True
    for escaped, wild, plain in _PIECE.findall(pattern):
        if wild:
            is_fixed = False
            glob += wild
            continue
        text = fold(escaped or plain)
        start += text if is_fixed else ""
        glob += "".join(f"[{each}]" if each in "*?[" else each for each in text)
    return start, glob


def similar_words(postings: Postings, field: int, wanted: str, most: int) -> list[tuple[str, int]]:
    """The words of the field at most `most` changes of one letter away, each with its distance, nearest first."""
    found = [
        (word, distance)
        for word in postings.words_of_length(field, len(wanted) - most, len(wanted) + most)
        if (distance := distance_within(wanted, word, most)) is not None
    ]
    return sorted(found, key=lambda each: (each[1], each[0]))[:MOST_SIMILAR]


def distance_within(first: str, second: str, most: int) -> int | None:
    """Insertions, deletions, replacements and swaps of neighbours between two words; None for more than `most`."""
    if first == second:
        return 0
    if most == 0 or abs(len(first) - len(second)) > most:
        return None
    before: list[int] = []
    above = list(range(len(second) + 1))
    for row, letter in enumerate(first, 1):
        current = [row]
        for column, other in enumerate(second, 1):
            cost = min(above[column] + 1, current[-1] + 1, above[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == second[column - 2] and first[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > most:
            return None
        before, above = above, current
    return above[-1] if above[-1] <= most else None


def pattern_of(pattern: str) -> Callable[[str], bool]:
    """Whether a word as it is indexed matches the pattern with * and ?."""
    wild = {"*": ".*", "?": "."}
    expression = re.compile(
        "".join(
            wild.get(sign) or re.escape(fold(escaped or plain)) for escaped, sign, plain in _PIECE.findall(pattern)
        ),
        re.DOTALL,
    )
    return lambda word: expression.fullmatch(word) is not None
