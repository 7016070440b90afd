"""Translations that were made before, and those under way: what two people ask for at once is made once."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from shared.engines.translation import TranslationOptions
from shared.models.analysis import TranslationResult

SECONDS = 24 * 3600.0
"""How long a translation is kept; its text is a person's, and no worker is to hold it for ever."""

ENTRY_BYTES = 2048
"""What an entry takes beside its text: the result's fields and the key."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for. The same asked for again, of the same engines, has the same answer."""

    text: str
    source: str
    target: str
    options: TranslationOptions
    engines: tuple[str, ...]

    def key(self, glossary: str) -> bytes:
        """A digest: an entry does not hold the text a second time."""
        parts = (*self.engines, "", self.source, self.target, self.options, glossary)
        return hashlib.sha256(repr((parts, self.text)).encode()).digest()


@dataclass
class _Kept:
    result: TranslationResult
    until: float
    bytes: int


@dataclass
class _Flight:
    task: asyncio.Task[TranslationResult | None]
    waiting: int = 0


class TranslationCache:
    """Keeps what was translated well in this worker's memory, the latest used longest."""

    def __init__(
        self, limit: int, *, glossary: str = "", seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`limit` is in bytes, 0 keeps nothing; `glossary` is the fingerprint of the one in use."""
        self._limit = limit
        self._glossary = glossary
        self._seconds = seconds
        self._clock = clock
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._flights: dict[bytes, _Flight] = {}
        self.bytes = 0
        """What the entries take together."""

    async def ask(
        self,
        wanted: Wanted,
        translate: Callable[[], Coroutine[Any, Any, TranslationResult | None]],
        worth_keeping: Callable[[TranslationResult], bool],
    ) -> TranslationResult | None:
        """What was kept, else what `translate` gives. Callers that ask at once wait for one translation; it is given
        up when none of them waits any more."""
        if not self._limit:
            return await translate()
        key = wanted.key(self._glossary)
        found = self._found(key)
        if found is not None:
            return found.model_copy(update={"cached": True, "latency_ms": 0.0})
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(asyncio.create_task(translate()))
            flight.task.add_done_callback(lambda task: self._landed(key, task, worth_keeping))
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                flight.task.cancel()
                self._flights.pop(key, None)

    def _landed(
        self,
        key: bytes,
        task: asyncio.Task[TranslationResult | None],
        worth_keeping: Callable[[TranslationResult], bool],
    ) -> None:
        flight = self._flights.get(key)
        if flight is not None and flight.task is task:
            del self._flights[key]
        # The failure is the callers' to see; asked for here, or asyncio would log it when they have all gone.
        result = None if task.cancelled() or task.exception() else task.result()
        if result is not None and worth_keeping(result):
            self._keep(key, result)

    def _found(self, key: bytes) -> TranslationResult | None:
        kept = self._kept.get(key)
        if kept is None:
            return None
        if kept.until <= self._clock():
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        return kept.result

    def _keep(self, key: bytes, result: TranslationResult) -> None:
        size = ENTRY_BYTES + len((result.text or "").encode("utf-8", "surrogatepass"))
        if size > self._limit:
            return
        if key in self._kept:
            self._drop(key)
        self._kept[key] = _Kept(result, self._clock() + self._seconds, size)
        self.bytes += size
        while self.bytes > self._limit:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: bytes) -> None:
        self.bytes -= self._kept.pop(key).bytes
