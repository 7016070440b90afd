"""Faults on demand: what a part shall do to its callers now and then, as the cloud does on its bad days."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

LONGEST_LATENCY = 60_000
"""Milliseconds; more than any client waits."""

LONGEST_RETRY_AFTER = 300_000
"""Milliseconds."""


class FaultError(ValueError):
    """A fault that cannot be set; the message names the field."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Requests that wait before they are taken up."""

    probability: float = 0.0
    milliseconds: int = 500


@dataclass(frozen=True, slots=True)
class Throttling:
    """429, as the service says it when it is asked too much."""

    probability: float = 0.0
    retry_after_milliseconds: int = 1000


@dataclass(frozen=True, slots=True)
class Failure:
    """A 5xx instead of an answer; nothing was done."""

    probability: float = 0.0
    status: int = 503


@dataclass(frozen=True, slots=True)
class Drop:
    """A connection that breaks: before the request is taken up, or after it was done and before its answer."""

    probability: float = 0.0
    moment: str = "before"


@dataclass(frozen=True, slots=True)
class Faults:
    """All that a part does to its callers; by default nothing."""

    latency: Latency = field(default_factory=Latency)
    throttling: Throttling = field(default_factory=Throttling)
    failure: Failure = field(default_factory=Failure)
    drop: Drop = field(default_factory=Drop)
    path: str = ""
    """Only requests whose path holds this text; empty: all."""

    @property
    def any(self) -> bool:
        """Whether anything can happen at all."""
        return any(each.probability > 0 for each in (self.latency, self.throttling, self.failure, self.drop))

    def shown(self) -> dict[str, Any]:
        """As JSON value, in the shape that `read` takes."""
        return asdict(self)

    @classmethod
    def read(cls, content: Any) -> Faults:
        """The faults in a JSON value; what it does not name is off. Raises FaultError."""
        _expect_object(content, "the body", {"latency", "throttling", "failure", "drop", "path"})
        path = content.get("path", "")
        if not isinstance(path, str) or len(path) > 200:
            raise FaultError("path: must be a text of at most 200 characters")
        return cls(_latency(content), _throttling(content), _failure(content), _drop(content), path)


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to one request."""

    delay: float = 0.0
    """Seconds."""
    throttled: int | None = None
    """Milliseconds after which to come back."""
    failed: int | None = None
    """Status."""
    dropped: str | None = None


def draw(faults: Faults, raw_path: str, chance: Callable[[], float] = random.random) -> Fate:
    """What happens to a request; each fault is drawn by itself, and a dropped connection outdoes the others."""
    if faults.path and faults.path not in raw_path.partition("?")[0]:
        return Fate()
    delay = faults.latency.milliseconds / 1000 if chance() < faults.latency.probability else 0.0
    if chance() < faults.drop.probability:
        return Fate(delay, dropped=faults.drop.moment)
    if chance() < faults.throttling.probability:
        return Fate(delay, throttled=faults.throttling.retry_after_milliseconds)
    if chance() < faults.failure.probability:
        return Fate(delay, failed=faults.failure.status)
    return Fate(delay)


def _latency(content: dict[str, Any]) -> Latency:
    given = _section(content, "latency", {"probability", "milliseconds"})
    default = Latency()
    return Latency(
        _probability(given, "latency"),
        _whole(given, "latency", "milliseconds", default.milliseconds, 0, LONGEST_LATENCY),
    )


def _throttling(content: dict[str, Any]) -> Throttling:
    given = _section(content, "throttling", {"probability", "retry_after_milliseconds"})
    default = Throttling().retry_after_milliseconds
    return Throttling(
        _probability(given, "throttling"),
        _whole(given, "throttling", "retry_after_milliseconds", default, 0, LONGEST_RETRY_AFTER),
    )


def _failure(content: dict[str, Any]) -> Failure:
    given = _section(content, "failure", {"probability", "status"})
    return Failure(_probability(given, "failure"), _whole(given, "failure", "status", Failure().status, 500, 599))


def _drop(content: dict[str, Any]) -> Drop:
    given = _section(content, "drop", {"probability", "moment"})
    moment = given.get("moment", "before")
    if moment not in ("before", "after"):
        raise FaultError("drop.moment: must be before or after")
    return Drop(_probability(given, "drop"), moment)


def _section(content: dict[str, Any], name: str, known: set[str]) -> dict[str, Any]:
    given = content.get(name, {})
    _expect_object(given, name, known)
    assert isinstance(given, dict)
    return given


def _expect_object(value: Any, place: str, known: set[str]) -> None:
    if not isinstance(value, dict):
        raise FaultError(f"{place}: must be an object")
    for name in value:
        if name not in known:
            raise FaultError(f"{place}: unknown field {name!r}; known are {', '.join(sorted(known))}")


def _probability(given: dict[str, Any], place: str) -> float:
    value = given.get("probability", 0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise FaultError(f"{place}.probability: must be a number from 0 to 1")
    return float(value)


def _whole(given: dict[str, Any], place: str, name: str, default: int, least: int, most: int) -> int:
    value = given.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise FaultError(f"{place}.{name}: must be a whole number from {least} to {most}")
    return value
