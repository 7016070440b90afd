"""The shipped model: how much each piece of a word speaks for each language. Made by `training/`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shared.engines.language.words import BUCKETS, pieces_of

WEIGHTS = Path(__file__).with_name("model.npy")
CLASSES = Path(__file__).with_name("model.json")

STEP = 1 / 16
"""What one step of the weights, kept in eight bits, is worth."""

UNREADABLE = "zxx"
"""The class of what is in no language: keys struck at random, code, laughter, names. ISO 639-2's code for it."""

Scores = NDArray[np.float32]


class LanguageModel:
    """Reads words. The weights are mapped, not loaded: workers on one machine share them."""

    def __init__(self) -> None:
        """Raises ValueError when the files do not fit each other."""
        self.classes: list[str] = json.loads(CLASSES.read_text(encoding="utf-8"))
        """Languages, languages in another script than their own such as `hi-Latn`, and UNREADABLE."""
        self._weights: NDArray[np.int8] = np.load(WEIGHTS, mmap_mode="r", allow_pickle=False)
        if self._weights.shape != (BUCKETS, len(self.classes)):
            raise ValueError(f"{WEIGHTS.name}: has not a row for each piece and a column for each of {CLASSES.name}")

    def read(self, words: Sequence[str]) -> tuple[Scores, Scores]:
        """The logits of the classes for all words together, and for each word alone (a row for each)."""
        buckets, owners = pieces_of(words)
        order = np.argsort(owners, kind="stable")
        weights = self._weights[buckets[order]].astype(np.float32) * STEP
        counts = np.bincount(owners, minlength=len(words))
        sums = np.add.reduceat(weights, np.concatenate(([0], np.cumsum(counts)[:-1])), axis=0)
        whole: Scores = (sums.sum(axis=0) / np.sqrt(len(buckets))).astype(np.float32)
        return whole, (sums / np.sqrt(counts)[:, None]).astype(np.float32)
