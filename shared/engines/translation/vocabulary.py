"""The vocabulary of a translation model: texts as numbers of word pieces, and back (SentencePiece's unigram model).

In Python, since the library's own takes 33 MB for each vocabulary; word by word it is as fast as a model can wait for.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

UNKNOWN = 1
"""The piece that stands for what the vocabulary has not."""

_BEGIN = "▁"
"""Stands in a piece for the space before a word."""

_UNKNOWN_COSTS = 10.0
"""How much less likely a character that no piece has is than the least likely piece (SentencePiece)."""

_WORDS_KEPT = 4096
"""Words whose pieces are remembered."""

_DROPPED = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]")
_AS_SPACE = re.compile(r"[\u200b-\u200f\u2028\u2029\ufeff\ufffd\u2581\u1680\s]+")


class Vocabulary:
    """Word pieces with their likelihoods, numbered in the order of the file."""

    def __init__(self, file: Path) -> None:
        """Reads a tokenizer.json whose model is of the kind Unigram. Raises OSError, ValueError."""
        model = json.loads(file.read_text(encoding="utf-8"))["model"]
        if model.get("type") != "Unigram":
            raise ValueError(f"{file.name}: a model of the kind {model.get('type')!r} instead of 'Unigram'")
        self._pieces: list[str] = [piece for piece, _ in model["vocab"]]
        self._likelihoods: list[float] = [likelihood for _, likelihood in model["vocab"]]
        self._numbers = {piece: number for number, piece in enumerate(self._pieces)}
        self._longest = max(map(len, self._pieces))
        self._unknown = min(self._likelihoods) - _UNKNOWN_COSTS
        self._of_word = lru_cache(_WORDS_KEPT)(self._cut)

    def encode(self, text: str) -> list[int]:
        """The pieces of a text, the likeliest ones together."""
        plain = _AS_SPACE.sub(" ", unicodedata.normalize("NFKC", _DROPPED.sub("", text)))
        return [number for word in plain.split() for number in self._of_word(_BEGIN + word)]

    def decode(self, numbers: Sequence[int]) -> str:
        """The text that the pieces make."""
        return "".join(self._pieces[number] for number in numbers).replace(_BEGIN, " ").lstrip(" ")

    def _cut(self, word: str) -> tuple[int, ...]:
        """The likeliest way to cut a word into pieces (Viterbi); what no piece has is one UNKNOWN."""
        best: list[tuple[float, int, int]] = [(0.0, 0, UNKNOWN)]
        for end in range(1, len(word) + 1):
            ways = [
                (best[start][0] + self._likelihoods[number], start, number)
                for start in range(max(0, end - self._longest), end)
                if (number := self._numbers.get(word[start:end])) is not None
            ]
            if word[end - 1] not in self._numbers:
                ways.append((best[end - 1][0] + self._unknown, end - 1, UNKNOWN))
            # Of equals the one whose last piece is the longest, as SentencePiece has it.
            best.append(max(ways, key=lambda way: way[0]))
        pieces: list[int] = []
        end = len(word)
        while end:
            _, end, number = best[end]
            if not (number == UNKNOWN and pieces and pieces[-1] == UNKNOWN):
                pieces.append(number)
        return tuple(reversed(pieces))
