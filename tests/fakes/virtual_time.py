"""An event loop whose clock jumps to the next thing that happens: hours pass in a moment, always the same way."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Jumping(selectors.SelectSelector):
    """Moves the clock instead of waiting."""

    def __init__(self, advance: Callable[[float], None]) -> None:
        super().__init__()
        self._advance = advance

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everything waits, and nothing will ever happen")
        self._advance(max(0.0, timeout))
        return super().select(0)


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """For code that waits for time alone; it knows nothing of threads and sockets."""

    def __init__(self) -> None:
        self._now = 0.0
        super().__init__(_Jumping(self._advance_by))

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._now

    def _advance_by(self, seconds: float) -> None:
        self._now += seconds


def in_virtual_time(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What the coroutine gives, on a loop of its own whose clock begins at zero."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(work())


def moment() -> float:
    """The virtual time, rounded to a microsecond."""
    return round(asyncio.get_running_loop().time(), 6)
