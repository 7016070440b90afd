"""Retry policies of functions: `@app.retry(...)`."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from local.host.timespans import parse_timespan

log = logging.getLogger("host")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a failed function is tried again (-1: for ever), and after how many seconds."""

    attempts: int = 0
    least: float = 0.0
    most: float = 0.0
    exponential: bool = False

    @staticmethod
    def parse(settings: dict[str, Any] | None) -> RetryPolicy:
        """From the decorator's arguments; none at all is no retry. Raises ValueError naming the argument."""
        if settings is None:
            return RetryPolicy()
        try:
            attempts = int(settings["max_retry_count"])
        except (KeyError, TypeError, ValueError):
            raise ValueError("retry: max_retry_count must be a whole number") from None
        strategy = settings.get("strategy")
        if strategy == "fixed_delay":
            delay = _seconds(settings, "delay_interval")
            return RetryPolicy(attempts, delay, delay)
        if strategy == "exponential_backoff":
            least, most = _seconds(settings, "minimum_interval"), _seconds(settings, "maximum_interval")
            if least > most:
                raise ValueError("retry: minimum_interval is longer than maximum_interval")
            return RetryPolicy(attempts, least, most, exponential=True)
        raise ValueError(f"retry: strategy must be fixed_delay or exponential_backoff, not '{strategy}'")

    async def run(self, call: Callable[[dict[str, Any]], Awaitable[Any]]) -> Any:
        """What the call gives, tried again while it fails. Raises what the last attempt raised.

        The call receives the metadata for the invocation's context: `retry_count` and `max_retry_count`.
        """
        attempt = 0
        while True:
            try:
                return await call({"retry_count": attempt, "max_retry_count": self.attempts})
            except Exception as error:
                if self.attempts != -1 and attempt >= self.attempts:
                    raise
                log.warning("attempt %d failed (%s): trying again", attempt + 1, type(error).__name__)
            await asyncio.sleep(self.pause(attempt))
            attempt += 1

    def pause(self, attempt: int) -> float:
        """Seconds after the attempt with this number, counted from 0: doubled each time, with a fifth of jitter."""
        if not self.exponential:
            return self.least
        return min(self.most, self.least * 2.0 ** min(attempt, 32) * random.uniform(0.8, 1.2))


def _seconds(settings: dict[str, Any], key: str) -> float:
    try:
        return parse_timespan(str(settings.get(key) or "")).total_seconds()
    except ValueError as error:
        raise ValueError(f"retry: {key}: {error}") from None
