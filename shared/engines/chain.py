"""A chain of engines for one capability: the first that is healthy and in time answers."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, Literal, Protocol, TypeVar

from pydantic import Field

from shared.errors import DomainError
from shared.models.analysis import Result
from shared.models.base import Model

log = logging.getLogger(__name__)

FAILURES_THAT_OPEN = 3
"""So many failures in a row and an engine is left alone (architecture: circuit breaker)."""

OPEN_SECONDS = 30.0
"""How long it is left alone before one request may try it again (architecture: circuit breaker)."""

NOT_SERVED = "not served"
"""The reason given in NoEngineAnswered for an engine that raised NotServed."""


class Engine(Protocol):
    """What every engine has, whatever it can do."""

    @property
    def name(self) -> str:
        """What results call it, such as `langid` or `azure-language`."""


class NotServed(Exception):
    """An engine's way to say that it works but does not serve this request, such as a language pair it lacks."""


class NoEngineAnswered(Exception):
    """Every engine of a chain failed, was left alone, or did not serve the request."""

    def __init__(self, capability: str, reasons: Mapping[str, str]) -> None:
        self.capability = capability
        self.reasons = dict(reasons)
        """Why each engine did not answer, by its name; never holds the text that was asked about."""
        listed = ", ".join(f"{name}: {reason}" for name, reason in self.reasons.items()) or "there is none"
        super().__init__(f"no engine answered for {capability} ({listed})")

    @property
    def not_served(self) -> bool:
        """Whether all engines are well and just do not serve such a request: asking again would not help."""
        return all(reason == NOT_SERVED for reason in self.reasons.values())


class EngineState(Model):
    """How an engine is doing, for the health page."""

    name: str
    capability: str
    breaker: Literal["closed", "open"]
    """`open`: the engine is left alone after repeated failures."""
    failures: int = Field(ge=0)
    """Failures since it last answered."""
    problem: str | None = None
    """Why it failed last, if it has not answered since."""


E = TypeVar("E", bound=Engine)
R = TypeVar("R", bound=Result)


class Chain(Generic[E]):
    """Engines of one capability in the order in which they are asked."""

    def __init__(
        self,
        capability: str,
        engines: Sequence[E],
        *,
        limit: float,
        engine_limit: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`limit` and `engine_limit` are seconds: for the whole chain, and for each of its engines."""
        if limit <= 0 or engine_limit <= 0:
            raise ValueError(f"the time limits of {capability} must be above zero, got {limit} and {engine_limit}")
        self.capability = capability
        self._guarded = [(engine, _Breaker(clock)) for engine in engines]
        self._limit = limit
        self._engine_limit = engine_limit
        self._clock = clock

    @property
    def engines(self) -> list[E]:
        """The engines, in their order."""
        return [engine for engine, _ in self._guarded]

    async def ask(self, call: Callable[[E], Awaitable[R]]) -> R:
        """The first answer, with `latency_ms` filled in. Raises NoEngineAnswered when there is none."""
        deadline = self._clock() + self._limit
        reasons: dict[str, str] = {}
        had_whole_chain = True
        for engine, breaker in self._guarded:
            remaining = deadline - self._clock()
            if remaining <= 0:
                reasons[engine.name] = "no time left"
                continue
            if not breaker.admit():
                reasons[engine.name] = "left alone after repeated failures"
                continue
            allowed = min(self._engine_limit, remaining)
            # What earlier engines used up is not this one's fault.
            blame_for_time = had_whole_chain or allowed >= self._engine_limit
            had_whole_chain = False
            answer = await self._ask_one(engine, breaker, call, allowed, blame_for_time)
            if not isinstance(answer, str):
                return answer
            reasons[engine.name] = answer
        raise NoEngineAnswered(self.capability, reasons)

    def states(self) -> list[EngineState]:
        """How each engine is doing, in the order in which they are asked."""
        return [
            EngineState(
                name=engine.name,
                capability=self.capability,
                breaker="closed" if breaker.closed else "open",
                failures=breaker.failures,
                problem=breaker.problem,
            )
            for engine, breaker in self._guarded
        ]

    async def _ask_one(
        self, engine: E, breaker: _Breaker, call: Callable[[E], Awaitable[R]], allowed: float, blame_for_time: bool
    ) -> R | str:
        """The engine's answer, or the reason why there is none."""
        started = time.perf_counter()
        limit = asyncio.timeout(allowed)
        try:
            async with limit:
                result = await call(engine)
        except NotServed:
            breaker.release()
            return NOT_SERVED
        except asyncio.CancelledError:
            breaker.release()
            raise
        except Exception as error:
            timed_out = limit.expired()
            kind = "time limit" if timed_out else _safe_reason(error)
            if timed_out and not blame_for_time:
                breaker.release()
            else:
                breaker.failed(kind)
            log.warning("engine %s of %s did not answer: %s", engine.name, self.capability, kind)
            return kind
        breaker.answered()
        return result.model_copy(update={"latency_ms": (time.perf_counter() - started) * 1000})


def _safe_reason(error: Exception) -> str:
    """Domain errors are made to be shown; of others the type alone, since their message may quote the customer."""
    return error.detail if isinstance(error, DomainError) else type(error).__name__


class _Breaker:
    """Leaves an engine alone after repeated failures, then lets one request at a time try it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._opened_at: float | None = None
        self._on_trial = False
        self.failures = 0
        self.problem: str | None = None

    @property
    def closed(self) -> bool:
        return self._opened_at is None

    def admit(self) -> bool:
        """Whether a request may go to the engine now; each admitted one must end in one of the three below."""
        if self._opened_at is None:
            return True
        if self._on_trial or self._clock() - self._opened_at < OPEN_SECONDS:
            return False
        self._on_trial = True
        return True

    def answered(self) -> None:
        """The engine is well."""
        self.failures = 0
        self.problem = None
        self._opened_at = None
        self._on_trial = False

    def failed(self, problem: str) -> None:
        """The engine did not do its work; `problem` says why in words that may be shown."""
        self.failures += 1
        self.problem = problem
        if self.failures >= FAILURES_THAT_OPEN:
            self._opened_at = self._clock()
        self._on_trial = False

    def release(self) -> None:
        """Nothing was learnt of the engine's health."""
        self._on_trial = False
