"""The vectors of one field in memory, and the exact search for the nearest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]

_ROWS = 8192
"""Vectors of one slab: memory grows by a slab, and is never copied."""


class VectorField:
    """Vectors by document number, scaled to length 1 so that their product is the cosine."""

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._slabs: dict[int, NDArray[np.float32]] = {}
        self._held: dict[int, NDArray[np.bool_]] = {}

    def put(self, number: int, vector: Vector | None) -> None:
        """Set or forget a document's vector."""
        slab, row = divmod(number, _ROWS)
        if vector is None:
            if slab in self._held:
                self._held[slab][row] = False
                self._slabs[slab][row] = 0
            return
        if slab not in self._slabs:
            self._slabs[slab] = np.zeros((_ROWS, self._dimensions), np.float32)
            self._held[slab] = np.zeros(_ROWS, np.bool_)
        self._slabs[slab][row] = scaled(vector)
        self._held[slab][row] = True

    def nearest(
        self, wanted: Vector, count: int, mask: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """At most `count` documents of the mask, nearest first, with their cosine; ties go to the lower number."""
        numbers: list[NDArray[np.int64]] = []
        cosines: list[NDArray[np.float32]] = []
        query = scaled(wanted)
        for slab, vectors in self._slabs.items():
            first = slab * _ROWS
            allowed = self._held[slab].copy()
            within = mask[first : first + _ROWS]
            allowed[: len(within)] &= within
            allowed[len(within) :] = False
            rows = np.flatnonzero(allowed)
            if not len(rows):
                continue
            # Below this share, gathering the rows is cheaper than multiplying all of them.
            found = vectors[rows] @ query if len(rows) * 4 < _ROWS else (vectors @ query)[rows]
            if len(rows) > count:
                best = np.argpartition(-found, count - 1)[:count]
                rows, found = rows[best], found[best]
            numbers.append(rows + first)
            cosines.append(found)
        if not numbers:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        all_numbers, all_cosines = np.concatenate(numbers), np.concatenate(cosines)
        order = np.lexsort((all_numbers, -all_cosines))[:count]
        return all_numbers[order], all_cosines[order]


def scaled(vector: Vector) -> Vector:
    """The vector at length 1; a vector of zeros stays as it is."""
    length = np.linalg.norm(vector)
    return (vector / length).astype(np.float32) if length > 0 else vector.astype(np.float32)
