"""Leaves an engine alone after repeated failures, then lets one request at a time try it."""

from __future__ import annotations

from collections.abc import Callable

FAILURES_THAT_OPEN = 3
"""So many failures in a row and an engine is left alone (architecture: circuit breaker)."""

OPEN_SECONDS = 30.0
"""How long it is left alone before one request may try it again (architecture: circuit breaker)."""


class Breaker:
    """The health of one engine, as its answers and failures tell it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds from any beginning."""
        self._clock = clock
        self._opened_at: float | None = None
        self._on_trial = False
        self.failures = 0
        """Failures since the last answer."""
        self.problem: str | None = None
        """Why it failed last, if it has not answered since."""

    @property
    def closed(self) -> bool:
        """Whether every request may go to the engine."""
        return self._opened_at is None

    def admit(self) -> bool:
        """Whether a request may go to the engine now; each admitted one must end in one of the three below."""
        if self._opened_at is None:
            return True
        if self._on_trial or self._clock() - self._opened_at < OPEN_SECONDS:
            return False
        self._on_trial = True
        return True

    def answered(self) -> None:
        """The engine is well."""
        self.failures = 0
        self.problem = None
        self._opened_at = None
        self._on_trial = False

    def failed(self, problem: str) -> None:
        """The engine did not do its work; `problem` says why in words that may be shown."""
        self.failures += 1
        self.problem = problem
        if self.failures >= FAILURES_THAT_OPEN:
            self._opened_at = self._clock()
        self._on_trial = False

    def release(self) -> None:
        """Nothing was learnt of the engine's health."""
        self._on_trial = False
