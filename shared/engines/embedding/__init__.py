"""Embedding: sentences as points, near each other when they mean alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 384
"""Length of an embedding (all-MiniLM-L6-v2); the knowledge index is built for it."""


class EmbeddingEngine(Protocol):
    @property
    def name(self) -> str:
        """Names the model: what was trained on one embedding does not fit another."""

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of DIMENSIONS numbers for each text, of length 1, so that a dot product is the cosine."""
