"""Request charges, estimated by the rule that docs/local-cosmos.md states."""

from __future__ import annotations

from math import ceil


def read_charge(size: int) -> float:
    """Request units of a point read of an item of that many bytes: 1 for the first kilobyte, 0.1 for each further."""
    return 1.0 + 0.1 * (_kilobytes(size) - 1)


def write_charge(size: int, *, replaces: bool) -> float:
    """Request units of a write with every property indexed; what replaces an item undoes its index entries too."""
    return (10.3 if replaces else 5.3) + 0.5 * (_kilobytes(size) - 1)


def query_charge(looked_at: int, size: int) -> float:
    """Request units of one page: 2.3, 0.02 for each item looked at, 0.3 for each kilobyte sent."""
    return round(2.3 + 0.02 * looked_at + 0.3 * _kilobytes(size), 2)


def _kilobytes(size: int) -> int:
    return max(1, ceil(size / 1024))
