"""The last requests of a part, kept in memory: what was asked, what was answered, how long it took."""

from __future__ import annotations

import itertools
import time
from collections import deque
from typing import Any

KEPT = 500
"""Requests that are remembered; some 200 kB."""

LONGEST_PATH = 400
"""Characters of a path that are kept."""

GONE = 499
"""Shown as the status of a request whose client did not wait for the answer."""

DROPPED = 0
"""Shown as the status of a request whose connection a fault dropped."""


class Recording:
    """The ring of recent requests, and counts of all since the part started."""

    def __init__(self) -> None:
        self._recent: deque[tuple[int, float, str, str, int, float, str]] = deque(maxlen=KEPT)
        self._classes = [0] * 10
        self._total = 0
        self._faulted = 0
        self._since = time.time()

    def add(self, method: str, raw_path: str, status: int, seconds: float, fault: str = "") -> None:
        """Remember one request; of its query only the names are kept, for values may be tokens."""
        if "?" in raw_path or len(raw_path) > LONGEST_PATH:
            raw_path = without_values(raw_path)
        self._total = number = self._total + 1
        self._classes[status // 100] += 1
        if fault:
            self._faulted += 1
        self._recent.append((number, time.time(), method, raw_path, status, seconds * 1000, fault))

    def shown(self, after: int = 0, limit: int = KEPT) -> dict[str, Any]:
        """Counts, and the newest requests with a number above `after`, newest first; latencies in milliseconds."""
        names = ("number", "time", "method", "path", "status", "milliseconds", "fault")
        newest = itertools.islice(reversed(self._recent), limit)
        latencies = sorted(entry[5] for entry in self._recent if entry[4] != 101)
        return {
            "since": self._since,
            "total": self._total,
            "faulted": self._faulted,
            "byClass": {_class_name(first): count for first, count in enumerate(self._classes) if count},
            "p50": _nearest_rank(latencies, 0.5),
            "p95": _nearest_rank(latencies, 0.95),
            "requests": [dict(zip(names, entry, strict=True)) for entry in newest if entry[0] > after],
        }


def without_values(raw_path: str) -> str:
    """A path with the names of its query alone, cut to LONGEST_PATH."""
    path, mark, query = raw_path.partition("?")
    if mark:
        path += "?" + "&".join(pair.partition("=")[0] for pair in query.split("&"))
    return path if len(path) <= LONGEST_PATH else path[: LONGEST_PATH - 1] + "…"


def _class_name(first: int) -> str:
    return f"{first}xx" if first else "dropped"


def _nearest_rank(ordered: list[float], share: float) -> float | None:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None
