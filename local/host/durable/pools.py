"""Runs work as it arrives, without polling: keyed work one at a time for each key, timers when they are due."""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterable
from datetime import datetime
from typing import Generic, TypeVar

from local.host.durable.events import now, read_time
from local.host.durable.records import Timer

Key = TypeVar("Key", bound=Hashable)

AGAIN_AFTER_SECONDS = 5.0
"""How soon work is tried again that failed in the host itself, such as on a full disk."""

logger = logging.getLogger("local.host.durable")


class Pool(Generic[Key]):
    """Runs `run(key)` for every key that is woken, at most `limit` at once and never twice at once for one key.

    A key woken while it runs, runs once more afterwards; one whose run raises, after some seconds.
    """

    def __init__(
        self, limit: int, run: Callable[[Key], Awaitable[None]], *, again_after: float = AGAIN_AFTER_SECONDS
    ) -> None:
        self._limit = limit
        self._run = run
        self._again_after = again_after
        self._waiting: OrderedDict[Key, None] = OrderedDict()
        self._running: dict[Key, asyncio.Task[None]] = {}
        self._again: set[Key] = set()
        self._open = True

    def wake(self, key: Key) -> None:
        """Run the key as soon as there is room."""
        if key in self._running:
            self._again.add(key)
        elif self._open:
            self._waiting[key] = None
            self._start()

    async def close(self) -> None:
        """Cancel what runs and start nothing more."""
        self._open = False
        self._waiting.clear()
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self) -> None:
        while self._open and self._waiting and len(self._running) < self._limit:
            key, _ = self._waiting.popitem(last=False)
            self._running[key] = asyncio.create_task(self._drive(key))

    async def _drive(self, key: Key) -> None:
        try:
            await self._run(key)
        except Exception:
            # What was not stored stays to be done: nobody else would wake it before the next start.
            logger.exception("durable work %r failed in the host itself", key)
            asyncio.get_running_loop().call_later(self._again_after, self.wake, key)
        finally:
            del self._running[key]
            if key in self._again:
                self._again.discard(key)
                self._waiting[key] = None
            self._start()


class Timers:
    """Calls `fire` with the timers that are due; sleeps until the next one is."""

    def __init__(self, fire: Callable[[list[Timer], datetime], None]) -> None:
        self._fire = fire
        self._heap: list[Timer] = []
        self._alarm: asyncio.TimerHandle | None = None
        self._open = True

    def add(self, timers: Iterable[Timer]) -> None:
        """Fire these too, each once its time has come; a time in the past fires at once."""
        for timer in timers:
            heapq.heappush(self._heap, timer)
        self._set_alarm()

    def close(self) -> None:
        """Fire no more."""
        self._open = False
        if self._alarm:
            self._alarm.cancel()

    def _set_alarm(self) -> None:
        if self._alarm:
            self._alarm.cancel()
            self._alarm = None
        if self._heap and self._open:
            wait = (read_time(self._heap[0].fire_at) - now()).total_seconds()
            self._alarm = asyncio.get_running_loop().call_later(max(0.0, wait), self._ring)

    def _ring(self) -> None:
        self._alarm = None
        moment, due = now(), []
        while self._heap and read_time(self._heap[0].fire_at) <= moment:
            due.append(heapq.heappop(self._heap))
        try:
            if due:
                self._fire(due, moment)
        finally:
            self._set_alarm()
