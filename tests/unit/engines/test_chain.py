"""The chain: order, time limits, the breaker, and what is told when nobody answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from shared.engines.chain import FAILURES_THAT_OPEN, OPEN_SECONDS, Chain, NoEngineAnswered, NotServed
from shared.models.analysis import LanguageResult

SECRET = "my card is 4111 1111 1111 1111"


class Detector:
    """An engine that answers with its name, unless it is told to do otherwise."""

    def __init__(self, name: str, behave: Callable[[], Awaitable[None]] | None = None) -> None:
        self.name = name
        self.behave = behave
        self.asked = 0

    async def detect(self, text: str) -> LanguageResult:
        self.asked += 1
        if self.behave is not None:
            await self.behave()
        return LanguageResult(engine=self.name, language="en", confidence=1.0)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def fail() -> None:
    raise ConnectionError(SECRET)


async def not_served() -> None:
    raise NotServed(SECRET)


async def hang() -> None:
    await asyncio.Event().wait()


def a_chain(
    *engines: Detector, limit: float = 5, engine_limit: float = 5, clock: Clock | None = None
) -> Chain[Detector]:
    return Chain("language", engines, limit=limit, engine_limit=engine_limit, clock=clock or Clock())


async def ask(chain: Chain[Detector]) -> LanguageResult:
    return await chain.ask(lambda engine: engine.detect(SECRET))


async def refused(chain: Chain[Detector]) -> NoEngineAnswered:
    with pytest.raises(NoEngineAnswered) as raised:
        await ask(chain)
    return raised.value


async def test_the_first_engine_answers_and_the_second_is_not_asked() -> None:
    first, second = Detector("first"), Detector("second")

    result = await ask(a_chain(first, second))

    assert result.engine == "first"
    assert result.latency_ms > 0
    assert second.asked == 0


@pytest.mark.parametrize("behave", [fail, not_served, hang])
async def test_the_next_engine_answers_when_one_does_not(behave: Callable[[], Awaitable[None]]) -> None:
    chain = a_chain(Detector("first", behave), Detector("second"), engine_limit=0.01)

    assert (await ask(chain)).engine == "second"


async def test_when_none_answers_the_error_says_why_for_each() -> None:
    chain = a_chain(Detector("broken", fail), Detector("slow", hang), Detector("other", not_served), engine_limit=0.01)

    error = await refused(chain)

    assert error.capability == "language"
    assert error.reasons == {"broken": "ConnectionError", "slow": "time limit", "other": "not served"}
    assert not error.not_served


async def test_engines_that_all_do_not_serve_are_told_from_engines_that_fail() -> None:
    assert (await refused(a_chain(Detector("one", not_served), Detector("two", not_served)))).not_served
    assert (await refused(a_chain())).not_served
    assert not (await refused(a_chain(Detector("one", not_served), Detector("two", fail)))).not_served


async def test_neither_log_nor_error_holds_the_text(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        error = await refused(a_chain(Detector("broken", fail), Detector("other", not_served)))

    assert "broken" in caplog.text
    assert "ConnectionError" in caplog.text
    assert SECRET not in caplog.text + str(error)


async def test_the_chain_has_a_time_limit_of_its_own() -> None:
    first, second = Detector("first", hang), Detector("second", hang)
    clock = Clock()

    async def use_up_the_time() -> None:
        clock.now += 1
        raise ConnectionError

    first.behave = use_up_the_time
    error = await refused(a_chain(first, second, limit=1, clock=clock))

    assert error.reasons["second"] == "no time left"
    assert second.asked == 0


async def test_an_engine_cut_short_by_an_earlier_one_is_not_blamed() -> None:
    clock = Clock()
    second = Detector("second", hang)

    async def leave_little_time() -> None:
        clock.now += 0.99
        raise NotServed

    chain = a_chain(Detector("first", leave_little_time), second, limit=1, engine_limit=0.5, clock=clock)
    for _ in range(FAILURES_THAT_OPEN):
        await refused(chain)

    assert second.asked == FAILURES_THAT_OPEN
    assert [state.failures for state in chain.states()] == [0, 0]


async def test_three_failures_leave_an_engine_alone_until_the_pause_is_over() -> None:
    clock = Clock()
    first = Detector("first", fail)
    chain = a_chain(first, Detector("second"), clock=clock)
    for _ in range(FAILURES_THAT_OPEN):
        await ask(chain)
    assert chain.states()[0].breaker == "open"

    clock.now += OPEN_SECONDS - 1
    await ask(chain)
    assert first.asked == FAILURES_THAT_OPEN

    first.behave = None
    clock.now += 1
    assert (await ask(chain)).engine == "first"
    assert (chain.states()[0].breaker, chain.states()[0].failures) == ("closed", 0)


async def test_a_failed_trial_begins_another_pause() -> None:
    clock = Clock()
    first = Detector("first", fail)
    chain = a_chain(first, Detector("second"), clock=clock)
    for _ in range(FAILURES_THAT_OPEN):
        await ask(chain)

    clock.now += OPEN_SECONDS
    await ask(chain)
    clock.now += OPEN_SECONDS - 1
    await ask(chain)

    assert first.asked == FAILURES_THAT_OPEN + 1


async def test_only_one_request_tries_an_engine_that_was_left_alone() -> None:
    clock, entered, go_on = Clock(), asyncio.Event(), asyncio.Event()
    first = Detector("first", fail)
    chain = a_chain(first, Detector("second"), clock=clock)
    for _ in range(FAILURES_THAT_OPEN):
        await ask(chain)

    async def wait_to_go_on() -> None:
        entered.set()
        await go_on.wait()

    first.behave = wait_to_go_on
    clock.now += OPEN_SECONDS
    trial = asyncio.create_task(ask(chain))
    await entered.wait()
    assert (await ask(chain)).engine == "second"
    go_on.set()
    assert (await trial).engine == "first"


@pytest.mark.parametrize("end_without_news", ["cancelled", "not served"])
async def test_a_trial_that_tells_nothing_leaves_room_for_the_next(end_without_news: str) -> None:
    clock, entered = Clock(), asyncio.Event()
    first = Detector("first", fail)
    chain = a_chain(first, Detector("second"), clock=clock)
    for _ in range(FAILURES_THAT_OPEN):
        await ask(chain)
    clock.now += OPEN_SECONDS

    async def begin_and_hang() -> None:
        entered.set()
        await hang()

    first.behave = begin_and_hang if end_without_news == "cancelled" else not_served
    trial = asyncio.create_task(ask(chain))
    if end_without_news == "cancelled":
        await entered.wait()
        trial.cancel()
    await asyncio.wait([trial])

    first.behave = None
    assert (await ask(chain)).engine == "first"


async def test_requests_that_are_not_served_do_not_count_as_failures() -> None:
    first = Detector("first", not_served)
    chain = a_chain(first, Detector("second"))
    for _ in range(FAILURES_THAT_OPEN + 1):
        await ask(chain)

    assert first.asked == FAILURES_THAT_OPEN + 1
    assert chain.states()[0].failures == 0


@pytest.mark.parametrize(("limit", "engine_limit"), [(0, 1), (1, 0), (-1, 1)])
def test_time_limits_must_be_above_zero(limit: float, engine_limit: float) -> None:
    with pytest.raises(ValueError, match="language"):
        a_chain(limit=limit, engine_limit=engine_limit)
