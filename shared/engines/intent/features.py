"""Character and word n-grams weighed by TF-IDF: the same numbers as scikit-learn's, without importing it.

scikit-learn is needed to train. Importing it takes over a second and a hundred megabytes, which no request should pay.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

CHARACTERS_READ = 2000
"""The rest of a longer text is not read: what a customer wants stands in the beginning, and time is bounded."""

_ADDRESS = re.compile(r"https?://\S+|www\.\S+")
_NUMBER = re.compile(r"#?[A-Z]{0,4}-?\d[\w.,:/-]*")
_SPACES = re.compile(r"\s\s+")
_WORD = re.compile(r"(?u)\b\w\w+\b")


def plain(text: str) -> str:
    """The text as engines read it: numbers, addresses and typographic quotes say nothing of what a customer wants."""
    without_addresses = _ADDRESS.sub(" ", text.replace("’", "'"))
    return " ".join(_NUMBER.sub("0", without_addresses).split())


@dataclass(frozen=True)
class Ngrams:
    """A vocabulary of n-grams with the weight of each."""

    of: Literal["char", "word"]
    shortest: int
    longest: int
    vocabulary: dict[str, int]
    """Column of each n-gram."""
    idf: NDArray[np.float32]

    def weigh(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Columns of the plain text's known n-grams and their weights, as one vector of length 1 (or empty)."""
        counts = Counter(column for gram in self._grams(text) if (column := self.vocabulary.get(gram)) is not None)
        columns = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        frequency = np.fromiter((1.0 + math.log(n) for n in counts.values()), dtype=np.float32, count=len(counts))
        weights = frequency * self.idf[columns]
        length = float(np.linalg.norm(weights))
        return columns, weights / length if length else weights

    def _grams(self, text: str) -> Iterable[str]:
        lowered = text[:CHARACTERS_READ].lower()
        return self._characters(lowered) if self.of == "char" else self._words(lowered)

    def _characters(self, text: str) -> Iterable[str]:
        single_spaced = _SPACES.sub(" ", text)
        for size in range(self.shortest, min(self.longest, len(single_spaced)) + 1):
            for start in range(len(single_spaced) - size + 1):
                yield single_spaced[start : start + size]

    def _words(self, text: str) -> Iterable[str]:
        words: Sequence[str] = _WORD.findall(text)
        for size in range(self.shortest, min(self.longest, len(words)) + 1):
            for start in range(len(words) - size + 1):
                yield " ".join(words[start : start + size])
