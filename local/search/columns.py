"""The values of one field over all documents, in memory: what filters, orders and facets are answered from.

Distinct values are numbered as they come, a document holds numbers, and comparing is done once per distinct value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Codes = NDArray[np.int32]

NONE = -1
"""The code of null."""


class Column:
    """One field. Values must be hashable and, but for null, sort among themselves."""

    def __init__(self, *, is_collection: bool) -> None:
        self.is_collection = is_collection
        self._values: list[Any] = []
        self._codes_of: dict[Any, int] = {}
        self._single: Codes = np.full(0, NONE, np.int32)
        self._several: dict[int, tuple[int, ...]] = {}
        self._flat: tuple[NDArray[np.int64], Codes] | None = None
        self._ranks: Codes | None = None

    def put(self, number: int, value: Any) -> None:
        """Set a document's value: null, one value, or for a collection a list of them."""
        if self.is_collection:
            self._flat = None
            self._several.pop(number, None)
            if value:
                self._several[number] = tuple(self._code(each) for each in value)
            return
        if number >= len(self._single):
            grown = np.full(max(1024, number + 1 + number // 4), NONE, np.int32)
            grown[: len(self._single)] = self._single
            self._single = grown
        self._single[number] = NONE if value is None else self._code(value)

    def where(self, size: int, holds: Callable[[Any], bool]) -> Mask:
        """The documents below `size` with a value for which it holds; for a collection, with any such value."""
        return self._masked(size, np.fromiter(map(holds, self._values), np.bool_, len(self._values)))

    def where_in(self, size: int, wanted: Iterable[Any]) -> Mask:
        """The documents with one of the values."""
        chosen = np.zeros(len(self._values), np.bool_)
        chosen[[self._codes_of[value] for value in wanted if value in self._codes_of]] = True
        return self._masked(size, chosen)

    def filled(self, size: int) -> Mask:
        """The documents that have a value at all."""
        return self._masked(size, np.ones(len(self._values), np.bool_))

    def _masked(self, size: int, chosen: Mask) -> Mask:
        """`chosen` tells for every distinct value whether it counts."""
        mask = np.zeros(size, np.bool_)
        if self.is_collection:
            numbers, codes = self._elements()
            mask[numbers[chosen[codes]]] = True
            return mask
        codes = self._single[:size]
        # One more place at the end, where the code of null points.
        mask[: len(codes)] = np.append(chosen, False)[codes]
        return mask

    def ranks(self, numbers: NDArray[np.int64]) -> Codes:
        """For each document the place of its value in the order of all values; -1 for null, which comes first."""
        order = self._order()
        codes = np.full(len(numbers), NONE, np.int32)
        known = numbers < len(self._single)
        codes[known] = self._single[numbers[known]]
        return np.append(order, np.int32(NONE))[codes]

    def counts(self, mask: Mask) -> dict[Any, int]:
        """How many of these documents have each value; a value twice in one document counts once."""
        if self.is_collection:
            numbers, codes = self._elements()
            within = mask[numbers]
            pairs = np.unique(np.stack([numbers[within], codes[within].astype(np.int64)]), axis=1)
            codes = pairs[1].astype(np.int32)
        else:
            codes = self._single[: len(mask)][mask[: len(self._single)]]
            codes = codes[codes != NONE]
        totals = np.bincount(codes, minlength=len(self._values))
        return {self._values[code]: int(totals[code]) for code in np.flatnonzero(totals)}

    def _code(self, value: Any) -> int:
        code = self._codes_of.get(value)
        if code is None:
            code = self._codes_of[value] = len(self._values)
            self._values.append(value)
            self._ranks = None
        return code

    def _order(self) -> Codes:
        if self._ranks is None:
            ordered = sorted(range(len(self._values)), key=self._values.__getitem__)
            self._ranks = np.empty(len(ordered), np.int32)
            self._ranks[ordered] = np.arange(len(ordered), dtype=np.int32)
        return self._ranks

    def _elements(self) -> tuple[NDArray[np.int64], Codes]:
        if self._flat is None:
            sizes = np.fromiter(map(len, self._several.values()), np.int64, len(self._several))
            numbers = np.repeat(np.fromiter(self._several, np.int64, len(self._several)), sizes)
            codes = np.fromiter((code for each in self._several.values() for code in each), np.int32, int(sizes.sum()))
            self._flat = numbers, codes
        return self._flat
