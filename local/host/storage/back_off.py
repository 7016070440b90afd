"""Waiting between two looks at something that may be idle for hours."""

from __future__ import annotations

import asyncio
import random

LEAST = 0.1
"""Seconds of the first wait."""


class BackOff:
    """Waits longer each time, up to a bound, until something was found or `wake` says that there is something."""

    def __init__(self, most: float) -> None:
        self._most = most
        self._next = LEAST
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """End the wait under way, or the next one, and begin with short ones again."""
        self._woken.set()

    def reset(self) -> None:
        """Begin with short waits again."""
        self._next = LEAST

    async def wait(self, at_least: float = 0.0) -> None:
        """Wait, then expect to wait half as long again. `at_least` is in seconds."""
        seconds = max(self._next, at_least)
        self._next = min(self._most, self._next * random.uniform(1.4, 1.6))
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return
        self._woken.clear()
        self.reset()
