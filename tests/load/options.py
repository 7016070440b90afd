"""What can be chosen for a run of the benchmarks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """How much is measured."""

    messages: int = 200
    """Messages sent for each latency figure."""
    kills: int = 100
    """How often the host is killed."""
    seed: int = 1
    """For the random moments, so that a run can be repeated."""
