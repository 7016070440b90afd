"""COUNT, SUM, AVG, MIN and MAX over the rows of one group."""

from __future__ import annotations

import math

from local.cosmos.sql.parser import QueryError
from local.cosmos.sql.values import UNDEFINED, is_number, is_primitive_key, number, sort_key


class Accumulator:
    """One aggregate of one group: `add` every row's argument, then ask for the `result`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._count = 0
        self._sum = 0.0
        self._spoiled = False
        self._extreme: object = UNDEFINED

    def add(self, value: object) -> None:
        """Take in the argument's value of one row; undefined never counts."""
        if value is UNDEFINED:
            return
        self._count += 1
        if self._name in ("SUM", "AVG"):
            if is_number(value):
                self._sum += float(value)  # type: ignore[arg-type]
            else:
                self._spoiled = True
        elif self._name in ("MIN", "MAX"):
            self._add_extreme(value)

    def _add_extreme(self, value: object) -> None:
        key = sort_key(value)
        if not is_primitive_key(key):
            self._spoiled = True
        elif self._extreme is UNDEFINED:
            self._extreme = value
        else:
            known = sort_key(self._extreme)
            if (key < known) if self._name == "MIN" else (key > known):
                self._extreme = value

    def result(self) -> object:
        """The aggregate's value; UNDEFINED if a value of a wrong type spoiled it or there is nothing to give."""
        if self._name == "COUNT":
            return self._count
        if self._spoiled:
            return UNDEFINED
        if not math.isfinite(self._sum):
            raise QueryError(f"The result of {self._name} does not fit a double.")
        if self._name == "SUM":
            return number(self._sum)
        if self._name == "AVG":
            return number(self._sum / self._count) if self._count else UNDEFINED
        return self._extreme

    def partial(self) -> object:
        """What a client needs to merge this with other ranges: the result, but sum and count for AVG."""
        if self._name != "AVG":
            return self.result()
        if self.result() is UNDEFINED:
            return UNDEFINED
        return {"sum": number(self._sum), "count": self._count}
