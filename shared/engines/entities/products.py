"""Products of a list, found by their names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from shared.engines.entities.reading import Finding, Reading, fold, plain
from shared.models.analysis import EntityType

_TOKEN = re.compile(r"\w+|[^\w\s]")
_WRITTEN_TOGETHER = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts that put no space between words: Thai, Lao, Japanese, Chinese."""


class Products:
    """The names that are looked for: whole words, in any case and with any spaces; of several the longest."""

    def __init__(self, names: Iterable[str]) -> None:
        """Raises ValueError for a name without a letter or digit."""
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        self._together: list[tuple[str, str]] = []
        for name in dict.fromkeys(" ".join(name.split()) for name in names):
            folded = fold(plain(name))
            if not any(character.isalnum() for character in folded):
                raise ValueError(f"products: {name!r} holds no letter or digit")
            if _WRITTEN_TOGETHER.search(name):
                self._together.append((folded, name))
            else:
                tokens = tuple(_TOKEN.findall(folded))
                self._by_first[tokens[0]].append((tokens, name))
        for choices in self._by_first.values():
            choices.sort(key=lambda choice: len(choice[0]), reverse=True)

    def find(self, reading: Reading) -> Iterator[Finding]:
        """The products named; the value is the name as it stands in the list."""
        if self._by_first:
            yield from self._in_words(reading)
        for folded, name in self._together:
            start = reading.folded.find(folded)
            while start >= 0:
                yield Finding(EntityType.PRODUCT, start, start + len(folded), 0.95, name, rank=2)
                start = reading.folded.find(folded, start + len(folded))

    def _in_words(self, reading: Reading) -> Iterator[Finding]:
        matches = list(_TOKEN.finditer(reading.folded))
        tokens = [match[0] for match in matches]
        for position, token in enumerate(tokens):
            for wanted, name in self._by_first.get(token, ()):
                if tuple(tokens[position : position + len(wanted)]) == wanted:
                    start, end = matches[position].start(), matches[position + len(wanted) - 1].end()
                    yield Finding(EntityType.PRODUCT, start, end, 0.95, name, rank=2)
                    break
