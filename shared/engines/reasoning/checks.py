"""What an engine says of a message, held against the message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shared.engines.reasoning import Named
from shared.models.analysis import Entity

SURE_OF_NAMED = 0.7
"""The confidence of what a model names and the text holds: chosen, below that of our own patterns."""

_SHORTEST_QUOTE = 3


def entities_in(text: str, named: Iterable[Named], found: Sequence[Entity]) -> list[Entity]:
    """What was found, and of what a model names that which stands in the text word for word, in the text's order.

    What was found stands before what is named; no two overlap.
    """
    kept = list(found)
    for each in named:
        wanted = each.text.strip()
        if not wanted:
            continue
        start_of_word = r"(?<!\w)" if wanted[0].isalnum() else ""
        end_of_word = r"(?!\w)" if wanted[-1].isalnum() else ""
        for match in re.finditer(start_of_word + re.escape(wanted) + end_of_word, text):
            start, end = match.span()
            if all(end <= other.start or other.end <= start for other in kept):
                kept.append(Entity(type=each.type, text=wanted, start=start, end=end, confidence=SURE_OF_NAMED))
    return sorted(kept, key=lambda entity: entity.start)


def literal_lines(quotes: Iterable[str], original: str, sent: str) -> list[str]:
    """The quoted lines that the message holds, as they stand in it, each once; the others are dropped.

    `sent` is the message as it left, perhaps with marks for what was taken out: a quote of such a line is that line.
    """
    lines, as_sent = original.splitlines(), sent.splitlines()
    pairs = list(zip(as_sent, lines, strict=True)) if len(lines) == len(as_sent) else []
    found: list[str] = []
    for quote in quotes:
        for part in (line.strip() for line in quote.splitlines()):
            if len(part) < _SHORTEST_QUOTE:
                continue
            if part in original:
                found.append(part)
            else:
                found += [whole.strip() for mark, whole in pairs if part in mark][:1]
    return list(dict.fromkeys(found))
