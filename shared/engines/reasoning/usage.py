"""What models cost: collected for whoever asked, through however many engines, attempts and tasks the question went."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from shared.models.analysis import TokenUsage

log = logging.getLogger(__name__)

LateUsage = Callable[[TokenUsage], None]
"""Takes the cost of a call whose answer came after the question had been answered otherwise."""


class UsageCollector:
    """Adds up the cost of the calls that are made for one question."""

    def __init__(self, late: LateUsage | None = None) -> None:
        """`late` takes what comes when the question has been answered; null leaves it uncounted."""
        self._late = late
        self.total = TokenUsage()
        self._open = True

    def add(self, usage: TokenUsage) -> bool:
        """Count the cost of a call; false when the question has been answered and nobody counts what comes late."""
        if self._open:
            self.total += usage
        elif self._late is not None:
            self._late(usage)
        else:
            return False
        return True

    def close(self) -> None:
        """The question has been answered: what comes now is late."""
        self._open = False


_collector: ContextVar[UsageCollector | None] = ContextVar("usage_collector", default=None)


@contextmanager
def collected_usage(late: LateUsage | None = None) -> Iterator[UsageCollector]:
    """Collects what the calls within the block cost, also those in tasks that are started there.

    `late` takes what such a task costs after the block.
    """
    collector = UsageCollector(late)
    token = _collector.set(collector)
    try:
        yield collector
    finally:
        collector.close()
        _collector.reset(token)


def tell_usage(model: str, usage: TokenUsage) -> None:
    """Count a call for whoever asked. What nobody counts is logged in numbers."""
    collector = _collector.get()
    counted = collector is not None and collector.add(usage)
    log.log(
        logging.DEBUG if counted else logging.INFO,
        "%s used tokens%s: %d prompt, %d answer, %d thoughts, %d in all",
        *(model, "" if counted else " that are counted nowhere"),
        *(usage.prompt, usage.answer, usage.thoughts, usage.total),
    )
