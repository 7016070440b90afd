"""The chain when engines are late or must be asked again, on a clock that the tests turn."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Tracer

from shared.engines.chain import (
    ATTEMPTS,
    FAILURES_THAT_OPEN,
    FIRST_PAUSE,
    Chain,
    EngineFailed,
    NoEngineAnswered,
    NotServed,
)
from shared.models.analysis import LanguageResult
from tests.fakes.virtual_time import in_virtual_time, moment

SECRET = "my card is 4111 1111 1111 1111"
HEDGE, ENGINE, WHOLE = 0.3, 2.0, 3.0

Behaviour = Callable[[], Awaitable[None]]


class Engine:
    """Answers with its name when its behaviour has run."""

    def __init__(self, name: str, *behaviours: Behaviour, embedded: bool) -> None:
        self.name = name
        self.embedded = embedded
        self.behaviours = list(behaviours)
        """One for each time it is asked; the last stays."""
        self.asked_at: list[float] = []
        self.cancelled = 0

    async def detect(self) -> LanguageResult:
        self.asked_at.append(moment())
        behave = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
        try:
            await behave()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return LanguageResult(engine=self.name, language="en", confidence=1.0)


def cloud(*behaviours: Behaviour) -> Engine:
    return Engine("cloud", *behaviours, embedded=False)


def embedded(*behaviours: Behaviour) -> Engine:
    return Engine("embedded", *(behaviours or (at_once,)), embedded=True)


async def at_once() -> None:
    return


async def hang() -> None:
    await asyncio.Event().wait()


async def not_served() -> None:
    raise NotServed


def after(seconds: float) -> Behaviour:
    return lambda: asyncio.sleep(seconds)


def fail(*, retriable: bool, retry_after: float | None = None) -> Behaviour:
    async def behave() -> None:
        raise EngineFailed("HTTP 503", retriable=retriable, retry_after=retry_after)

    return behave


def a_chain(*engines: Engine, hedge_after: float | None = HEDGE, tracer: Tracer | None = None) -> Chain[Engine]:
    clock = asyncio.get_running_loop().time
    return Chain(
        "language",
        engines,
        limit=WHOLE,
        engine_limit=ENGINE,
        hedge_after=hedge_after,
        clock=clock,
        tracer=tracer,
    )


async def ask(chain: Chain[Engine]) -> tuple[str, float]:
    """Who answered, and when."""
    result = await chain.ask(lambda engine: engine.detect())
    return result.engine, moment()


def virtual(test: Callable[[], Any]) -> Callable[[], None]:
    @wraps(test)
    def run() -> None:
        in_virtual_time(test)

    return run


@virtual
async def test_a_cloud_that_hangs_is_answered_for_when_the_hedge_is_due() -> None:
    assert await ask(a_chain(cloud(hang), embedded())) == ("embedded", HEDGE)


@virtual
async def test_without_a_hedge_the_embedded_engine_waits_for_the_clouds_limit() -> None:
    assert await ask(a_chain(cloud(hang), embedded(), hedge_after=None)) == ("embedded", ENGINE)


@virtual
async def test_a_chain_of_clouds_that_hang_ends_at_its_limit() -> None:
    chain = a_chain(cloud(hang), Engine("other", hang, embedded=False))

    with pytest.raises(NoEngineAnswered) as raised:
        await ask(chain)

    assert moment() == WHOLE
    assert raised.value.reasons == {"cloud": "time limit", "other": "time limit"}


@virtual
async def test_an_engine_that_does_not_let_itself_be_cancelled_is_left_behind() -> None:
    release = asyncio.Event()

    async def hold_on() -> None:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue

    assert await ask(a_chain(cloud(hold_on), embedded(), hedge_after=None)) == ("embedded", ENGINE)
    release.set()


@virtual
async def test_a_cloud_in_time_is_not_hedged() -> None:
    last = embedded()

    assert await ask(a_chain(cloud(after(0.2)), last)) == ("cloud", 0.2)
    assert last.asked_at == []


@virtual
async def test_a_cloud_that_fails_early_is_followed_at_once() -> None:
    assert await ask(a_chain(cloud(fail(retriable=False)), embedded())) == ("embedded", 0.0)


@virtual
async def test_the_first_of_the_two_wins_and_the_embedded_engine_is_stopped() -> None:
    last = embedded(after(1.0))
    chain = a_chain(cloud(after(0.5)), last)

    assert await ask(chain) == ("cloud", 0.5)
    await asyncio.sleep(0.01)
    assert (last.asked_at, last.cancelled) == ([HEDGE], 1)


@virtual
async def test_when_both_are_there_the_clouds_answer_is_preferred() -> None:
    both = asyncio.Event()

    async def wait() -> None:
        await both.wait()

    last = embedded(wait)
    asking = asyncio.create_task(ask(a_chain(cloud(wait), last)))
    await asyncio.sleep(1)
    assert last.asked_at == [HEDGE]
    both.set()

    assert await asking == ("cloud", 1.0)


@virtual
async def test_a_hedge_that_does_not_serve_leaves_the_cloud_its_time() -> None:
    assert await ask(a_chain(cloud(after(1.5)), embedded(not_served))) == ("cloud", 1.5)


@virtual
async def test_when_neither_answers_both_reasons_are_given() -> None:
    with pytest.raises(NoEngineAnswered) as raised:
        await ask(a_chain(cloud(hang), embedded(not_served)))

    assert raised.value.reasons == {"cloud": "time limit", "embedded": "not served"}
    assert moment() == ENGINE


@virtual
async def test_beside_a_late_cloud_the_embedded_engines_are_asked_in_turn() -> None:
    first = Engine("first", not_served, embedded=True)
    second = Engine("second", after(0.1), embedded=True)
    last = embedded()

    assert await ask(a_chain(cloud(hang), first, second, last)) == ("second", HEDGE + 0.1)
    assert (first.asked_at, last.asked_at) == ([HEDGE], [])


@virtual
async def test_an_embedded_engine_before_the_cloud_is_no_hedge() -> None:
    first = Engine("first", not_served, embedded=True)

    assert await ask(a_chain(first, cloud(hang), embedded())) == ("embedded", HEDGE)
    assert first.asked_at == [0.0]


@virtual
async def test_embedded_engines_are_not_hedged_by_each_other() -> None:
    first, second = Engine("first", after(1.0), embedded=True), embedded()

    assert await ask(a_chain(first, second)) == ("first", 1.0)
    assert second.asked_at == []


@virtual
async def test_a_late_cloud_goes_on_behind_the_answer_and_shows_that_it_is_well() -> None:
    chain = a_chain(cloud(fail(retriable=False), after(1.0)), embedded())
    await ask(chain)
    assert chain.states()[0].failures == 1

    assert await ask(chain) == ("embedded", HEDGE)
    await asyncio.sleep(ENGINE)

    assert chain.states()[0].failures == 0


@virtual
async def test_a_cloud_that_hangs_behind_the_answers_is_left_alone_in_the_end() -> None:
    first = cloud(hang)
    chain = a_chain(first, embedded())
    for _ in range(FAILURES_THAT_OPEN):
        await ask(chain)
        await asyncio.sleep(ENGINE)
    assert chain.states()[0].breaker == "open"

    now = moment()
    assert await ask(chain) == ("embedded", now)
    assert len(first.asked_at) == first.cancelled == FAILURES_THAT_OPEN


@virtual
async def test_no_further_cloud_is_asked_behind_the_answer() -> None:
    second = Engine("second", at_once, embedded=False)

    async def fail_late() -> None:
        await asyncio.sleep(1)
        raise EngineFailed("HTTP 401")

    assert await ask(a_chain(cloud(fail_late), second, embedded())) == ("embedded", HEDGE)
    await asyncio.sleep(WHOLE)

    assert second.asked_at == []


@virtual
async def test_who_stops_asking_stops_both_engines() -> None:
    first, last = cloud(hang), embedded(hang)
    asking = asyncio.create_task(ask(a_chain(first, last)))
    await asyncio.sleep(1)

    asking.cancel()
    await asyncio.wait({asking})
    await asyncio.sleep(0.01)

    assert asking.cancelled()
    assert (first.cancelled, last.cancelled) == (1, 1)


@virtual
async def test_closing_gives_up_what_is_still_under_way() -> None:
    first = cloud(hang)
    chain = a_chain(first, embedded())
    await ask(chain)
    assert first.cancelled == 0

    await chain.close()

    assert (first.cancelled, moment()) == (1, HEDGE)


@virtual
async def test_a_failure_that_may_be_retried_is_retried_at_a_random_moment() -> None:
    moments = set()
    for _ in range(5):
        first = cloud(fail(retriable=True), at_once)
        began = moment()
        who, _ = await ask(a_chain(first, embedded()))
        assert who == "cloud"
        moments.add(round(first.asked_at[1] - began, 5))

    assert len(moments) > 1
    assert 0 <= min(moments) <= max(moments) <= FIRST_PAUSE


@virtual
async def test_attempts_end_and_count_as_one_failure() -> None:
    first = cloud(fail(retriable=True))
    chain = a_chain(first, embedded(), hedge_after=None)

    assert (await ask(chain))[0] == "embedded"
    assert len(first.asked_at) == ATTEMPTS
    assert chain.states()[0].failures == 1


@virtual
async def test_other_failures_are_not_retried() -> None:
    for behaviour in (fail(retriable=False), not_served):
        first = cloud(behaviour)
        await ask(a_chain(first, embedded()))
        assert len(first.asked_at) == 1


@virtual
async def test_a_service_is_not_asked_before_the_moment_it_names() -> None:
    first = cloud(fail(retriable=True, retry_after=1.0), at_once)

    who, when = await ask(a_chain(first, embedded(), hedge_after=None))

    assert who == "cloud"
    assert 1.0 <= when <= 1.0 + FIRST_PAUSE


@virtual
async def test_a_moment_beyond_the_limit_is_not_waited_for() -> None:
    first = cloud(fail(retriable=True, retry_after=ENGINE))

    assert await ask(a_chain(first, embedded(), hedge_after=None)) == ("embedded", 0.0)
    assert len(first.asked_at) == 1


@pytest.mark.parametrize("fails", ["late", "when it is stopped"])
def test_a_failure_left_behind_tells_the_log_nothing_of_the_text(caplog: pytest.LogCaptureFixture, fails: str) -> None:
    async def fail_late() -> None:
        try:
            await asyncio.sleep(1 if fails == "late" else 2 * ENGINE)
        finally:
            raise ConnectionError(SECRET)

    async def leave_behind() -> None:
        await ask(a_chain(cloud(fail_late), embedded()))
        await asyncio.sleep(2 * ENGINE)
        gc.collect()

    with caplog.at_level(logging.DEBUG):
        in_virtual_time(leave_behind)

    assert ("ConnectionError" if fails == "late" else "time limit") in caplog.text
    assert SECRET not in caplog.text


@virtual
async def test_each_step_is_a_span_that_names_the_engine_and_never_the_text() -> None:
    async def quote() -> None:
        raise ConnectionError(SECRET)

    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))

    await ask(a_chain(cloud(quote), embedded(), tracer=provider.get_tracer("test")))

    first, second = exporter.get_finished_spans()
    assert (first.name, second.name) == ("language cloud", "language embedded")
    assert dict(first.attributes or {}) == {
        "engine.capability": "language",
        "engine.name": "cloud",
        "engine.outcome": "ConnectionError",
    }
    assert (second.attributes or {})["engine.outcome"] == "answered"
    assert SECRET not in first.to_json() + second.to_json()


@virtual
async def test_a_hedge_must_not_begin_before_the_question() -> None:
    with pytest.raises(ValueError, match="hedge_after of language"):
        a_chain(embedded(), hedge_after=-1)
