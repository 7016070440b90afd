"""What models cost: collected for whoever asked, through however many engines, attempts and tasks the question went."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from shared.models.analysis import TokenUsage

log = logging.getLogger(__name__)


class UsageCollector:
    """Adds up the cost of the calls that are made for one question."""

    def __init__(self) -> None:
        self.total = TokenUsage()
        self._open = True

    def add(self, usage: TokenUsage) -> bool:
        """Count the cost of a call; false when the question has been answered and nobody looks here any more."""
        if self._open:
            self.total += usage
        return self._open

    def close(self) -> None:
        """Take no more."""
        self._open = False


_collector: ContextVar[UsageCollector | None] = ContextVar("usage_collector", default=None)


@contextmanager
def collected_usage() -> Iterator[UsageCollector]:
    """Collects what the calls within the block cost, also those in tasks that are started there."""
    collector = UsageCollector()
    token = _collector.set(collector)
    try:
        yield collector
    finally:
        collector.close()
        _collector.reset(token)


def tell_usage(model: str, usage: TokenUsage) -> None:
    """Count a call for whoever asked. What comes too late, or is asked for by nobody, is logged in numbers."""
    collector = _collector.get()
    counted = collector is not None and collector.add(usage)
    log.log(
        logging.DEBUG if counted else logging.INFO,
        "%s used tokens%s: %d prompt, %d answer, %d thoughts, %d in all",
        *(model, "" if counted else " that are counted nowhere"),
        *(usage.prompt, usage.answer, usage.thoughts, usage.total),
    )
