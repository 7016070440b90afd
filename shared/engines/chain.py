"""A chain of engines for one capability: the first that is healthy and in time answers."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, Protocol, TypeVar

from opentelemetry.trace import Span, Tracer, get_tracer
from pydantic import Field
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    wait_random_exponential,
)

from shared.engines.breaker import FAILURES_THAT_OPEN, OPEN_SECONDS, Breaker
from shared.errors import DomainError
from shared.models.analysis import Result
from shared.models.base import Model

__all__ = [
    "FAILURES_THAT_OPEN",
    "NOT_SERVED",
    "OPEN_SECONDS",
    "Chain",
    "Engine",
    "EngineFailed",
    "EngineState",
    "NoEngineAnswered",
    "NotServed",
]

log = logging.getLogger(__name__)

NOT_SERVED = "not served"
"""The reason given in NoEngineAnswered for an engine that raised NotServed."""

ATTEMPTS = 3
"""How often an engine is asked in one step, when each failure is one that may be retried."""

FIRST_PAUSE = 0.2
"""Seconds, at most, before the second attempt; doubled before the third. The pause itself is drawn at random."""

_pause_at_random = wait_random_exponential(multiplier=FIRST_PAUSE, max=5.0)


class Engine(Protocol):
    """What every engine has, whatever it can do.

    One that answers over the network also has `embedded = False`; without it an engine is embedded in this process.
    """

    @property
    def name(self) -> str:
        """What results call it, such as `langid` or `azure-language`."""


class NotServed(Exception):
    """An engine's way to say that it works but does not serve this request, such as a language pair it lacks."""


class EngineFailed(Exception):
    """An engine's way to say why it failed, in words that may be shown and that hold nothing of the text."""

    def __init__(self, reason: str, *, retriable: bool = False, retry_after: float | None = None) -> None:
        """`retriable`: asking again may help, and does no harm; `retry_after`: not before so many seconds."""
        super().__init__(reason)
        self.reason = reason
        self.retriable = retriable
        self.retry_after = retry_after


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
T = TypeVar("T")


@dataclass
class _Question(Generic[E, R]):
    """What one caller asks, and what has become of it."""

    call: Callable[[E], Awaitable[R]]
    deadline: float
    whole_chain: bool = True
    """Whether no engine has used up any of the time yet."""
    settled: bool = False
    """Whether the caller has gone: engines that were not asked yet are not asked any more."""
    reasons: dict[str, str] = field(default_factory=dict)


class Chain(Generic[E]):
    """Engines of one capability in the order in which they are asked."""

    def __init__(
        self,
        capability: str,
        engines: Sequence[E],
        *,
        limit: float,
        engine_limit: float,
        hedge_after: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        tracer: Tracer | None = None,
    ) -> None:
        """`limit` and `engine_limit` are seconds: for the whole chain, and for each of its engines.

        `hedge_after`, in seconds: when the engines up to the last that answers over the network have not answered by
        then, the embedded ones after it are asked beside them. Null: each waits for those before it.
        """
        if limit <= 0 or engine_limit <= 0:
            raise ValueError(f"the time limits of {capability} must be above zero, got {limit} and {engine_limit}")
        if hedge_after is not None and hedge_after < 0:
            raise ValueError(f"hedge_after of {capability} must not be negative, got {hedge_after}")
        self.capability = capability
        self._guarded = [(engine, Breaker(clock)) for engine in engines]
        self._limit = limit
        self._engine_limit = engine_limit
        self._ahead = max((place for place, engine in enumerate(engines, 1) if not _is_embedded(engine)), default=0)
        """How many engines stand before the embedded ones that may be asked beside them."""
        self._hedge_after = hedge_after if 0 < self._ahead < len(engines) else None
        self._clock = clock
        self._tracer = tracer or get_tracer(__name__)
        self._behind: set[asyncio.Task[Any]] = set()

    @property
    def engines(self) -> list[E]:
        """The engines, in their order."""
        return [engine for engine, _ in self._guarded]

    def embedded(self) -> Chain[E]:
        """The same chain without the engines that answer over the network; what is learnt of the others is shared."""
        chain = copy(self)
        chain._guarded = [guarded for guarded in self._guarded if _is_embedded(guarded[0])]
        chain._ahead, chain._hedge_after = 0, None
        return chain

    async def ask(self, call: Callable[[E], Awaitable[R]]) -> R:
        """The first answer, with `latency_ms` filled in. Raises NoEngineAnswered when there is none."""
        question = _Question(call, self._clock() + self._limit)
        if self._hedge_after is None:
            answer = await self._ask_in_turn(self._guarded, question)
        else:
            answer = await self._ask_hedged(question, self._hedge_after)
        if answer is None:
            raise NoEngineAnswered(self.capability, question.reasons)
        return answer

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

    async def close(self) -> None:
        """Give up what is still under way behind callers that have their answer. The engines are not closed."""
        for task in self._behind:
            task.cancel()
        if self._behind:
            await asyncio.wait(self._behind)

    async def _ask_hedged(self, question: _Question[E, R], hedge_after: float) -> R | None:
        """The first answer, with the embedded engines asked beside the others when these are late."""
        others, embedded = self._guarded[: self._ahead], self._guarded[self._ahead :]
        ahead = self._start(self._ask_in_turn(others, question))
        beside: asyncio.Task[R | None] | None = None
        try:
            await asyncio.wait({ahead}, timeout=hedge_after)
            if ahead.done():
                answer = ahead.result()
                return await self._ask_in_turn(embedded, question) if answer is None else answer
            beside = self._start(self._ask_in_turn(embedded, question))
            answer = await _first_answer(ahead, beside)
        except asyncio.CancelledError:
            ahead.cancel()
            if beside is not None:
                beside.cancel()
            raise
        question.settled = True
        # The others go on behind the caller up to their time limit, and so tell whether they are well.
        beside.cancel()
        return answer

    async def _ask_in_turn(self, guarded: Sequence[tuple[E, Breaker]], question: _Question[E, R]) -> R | None:
        """The first answer of these engines, one after the other; null when there is none, with the reasons noted."""
        for engine, breaker in guarded:
            remaining = question.deadline - self._clock()
            if remaining <= 0 or question.settled:
                question.reasons[engine.name] = "no time left"
                continue
            if not breaker.admit():
                question.reasons[engine.name] = "left alone after repeated failures"
                continue
            allowed = min(self._engine_limit, remaining)
            # What earlier engines used up is not this one's fault.
            blame_for_time = question.whole_chain or allowed >= self._engine_limit
            question.whole_chain = False
            answer = await self._step(engine, breaker, question.call, allowed, blame_for_time)
            if not isinstance(answer, str):
                return answer
            question.reasons[engine.name] = answer
        return None

    async def _step(
        self, engine: E, breaker: Breaker, call: Callable[[E], Awaitable[R]], allowed: float, blame_for_time: bool
    ) -> R | str:
        """The engine's answer, or the reason why there is none."""
        # An exception's message may quote the customer: the span tells the outcome in our words alone.
        with self._tracer.start_as_current_span(
            f"{self.capability} {engine.name}",
            attributes={"engine.capability": self.capability, "engine.name": engine.name},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            started = time.perf_counter()
            working = self._start(self._attempts(engine, call, self._clock() + allowed, span))
            try:
                await asyncio.wait({working}, timeout=allowed)
            except asyncio.CancelledError:
                working.cancel()
                breaker.release()
                raise
            reason = _reason(working)
            span.set_attribute("engine.outcome", reason or "answered")
            if reason is None:
                breaker.answered()
                taken = (time.perf_counter() - started) * 1000
                return working.result().model_copy(update={"latency_ms": taken})
            # An engine that does not let itself be cancelled is left behind: nobody waits for it.
            timed_out = not working.done()
            working.cancel()
            if reason == NOT_SERVED or (timed_out and not blame_for_time):
                breaker.release()
            else:
                breaker.failed(reason)
            if reason != NOT_SERVED:
                log.warning("engine %s of %s did not answer: %s", engine.name, self.capability, reason)
            return reason

    async def _attempts(self, engine: E, call: Callable[[E], Awaitable[R]], deadline: float, span: Span) -> R:
        """The engine's answer, asked again after failures that may be retried, while there is time."""

        async def attempt() -> R:
            return await call(engine)

        def is_enough(state: RetryCallState) -> bool:
            return state.attempt_number >= ATTEMPTS or self._clock() + state.upcoming_sleep >= deadline

        def tell(state: RetryCallState) -> None:
            failure = state.outcome.exception() if state.outcome else None
            span.set_attribute("engine.attempts", state.attempt_number + 1)
            log.info("engine %s of %s is asked again after: %s", engine.name, self.capability, failure)

        retrying = AsyncRetrying(
            retry=retry_if_exception(lambda failure: isinstance(failure, EngineFailed) and failure.retriable),
            wait=_pause,
            stop=is_enough,
            before_sleep=tell,
            sleep=asyncio.sleep,
            reraise=True,
        )
        return await retrying(attempt)

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._behind.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._behind.discard(task)
        if not task.cancelled():
            # Asked for here, or asyncio would log the failure of a task left behind, and with it perhaps the text.
            task.exception()


async def _first_answer(preferred: asyncio.Task[R | None], other: asyncio.Task[R | None]) -> R | None:
    """The first answer of the two, the preferred one's when both are there; null when neither has one."""
    running = {preferred, other}
    while running:
        _, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        for task in (preferred, other):
            answer = task.result() if task.done() else None
            if answer is not None:
                return answer
    return None


def _pause(state: RetryCallState) -> float:
    """Seconds before the next attempt: what the service asks for, or at random so that callers spread."""
    failure = state.outcome.exception() if state.outcome else None
    asked_for = failure.retry_after if isinstance(failure, EngineFailed) else None
    at_random = _pause_at_random(state)
    return at_random if asked_for is None else asked_for + at_random / 2


def _reason(task: asyncio.Task[Any]) -> str | None:
    """Why the task has no answer, null when it has one; nothing of what it was asked about."""
    if not task.done():
        return "time limit"
    if task.cancelled():
        return "CancelledError"
    failure = task.exception()
    if failure is None:
        return None
    if isinstance(failure, NotServed):
        return NOT_SERVED
    if isinstance(failure, EngineFailed):
        return failure.reason
    # Domain errors are made to be shown; of others the type alone, since their message may quote the customer.
    return failure.detail if isinstance(failure, DomainError) else type(failure).__name__


def _is_embedded(engine: Engine) -> bool:
    return getattr(engine, "embedded", True)
