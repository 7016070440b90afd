from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from local.host.durable.events import now, wire_time
from local.host.durable.pools import Pool, Timers
from local.host.durable.records import Timer


class Work:
    """Work that goes on until it is let go, and what ran when."""

    def __init__(self, limit: int) -> None:
        self.pool: Pool[str] = Pool(limit, self.run)
        self.started: asyncio.Queue[str] = asyncio.Queue()
        self.go_on = asyncio.Semaphore(0)
        self.running = 0
        self.most = 0

    async def run(self, key: str) -> None:
        self.running += 1
        self.most = max(self.most, self.running)
        self.started.put_nowait(key)
        try:
            await self.go_on.acquire()
        finally:
            self.running -= 1

    async def next(self) -> str:
        return await asyncio.wait_for(self.started.get(), 5)


async def test_no_more_run_at_once_than_the_limit() -> None:
    work = Work(limit=2)
    for key in "abcde":
        work.pool.wake(key)
    for expected in "abcde":
        assert await work.next() == expected
        work.go_on.release()
    await work.pool.close()
    assert work.most == 2


async def test_a_key_woken_while_it_runs_runs_once_more_and_never_twice_at_once() -> None:
    work = Work(limit=5)
    work.pool.wake("a")
    await work.next()
    work.pool.wake("a")
    work.pool.wake("a")
    work.go_on.release()
    assert await work.next() == "a"
    work.go_on.release()
    work.pool.wake("b")
    assert await work.next() == "b"
    await work.pool.close()
    assert work.started.empty()


async def test_work_that_fails_does_not_hold_up_the_rest() -> None:
    ran: asyncio.Queue[int] = asyncio.Queue()

    async def run(key: int) -> None:
        ran.put_nowait(key)
        if key == 0:
            raise RuntimeError("expected")

    pool: Pool[int] = Pool(1, run)
    for key in range(3):
        pool.wake(key)
    assert [await asyncio.wait_for(ran.get(), 5) for _ in range(3)] == [0, 1, 2]
    await pool.close()


async def test_work_that_fails_in_the_host_is_tried_again() -> None:
    ran: asyncio.Queue[int] = asyncio.Queue()
    results = iter([OSError("the disk is full"), OSError("the disk is full"), None])

    async def run(key: int) -> None:
        ran.put_nowait(key)
        if problem := next(results):
            raise problem

    pool: Pool[int] = Pool(1, run, again_after=0.0)
    pool.wake(7)
    assert [await asyncio.wait_for(ran.get(), 5) for _ in range(3)] == [7, 7, 7]
    await pool.close()


async def test_a_closed_pool_starts_nothing() -> None:
    work = Work(limit=1)
    work.pool.wake("a")
    work.pool.wake("b")
    await work.next()
    await work.pool.close()
    work.pool.wake("c")
    assert (work.running, work.started.empty()) == (0, True)


async def test_timers_fire_in_the_order_of_their_times_whatever_the_order_they_came_in() -> None:
    fired: asyncio.Queue[int] = asyncio.Queue()

    def fire(due: list[Timer], moment: datetime) -> None:
        assert all(timer.fire_at <= wire_time(moment) for timer in due)
        for timer in due:
            fired.put_nowait(timer.task)

    timers, begin = Timers(fire), now()
    for task, milliseconds in ((3, 40), (1, -1000), (2, 20)):
        timers.add([Timer(wire_time(begin + timedelta(milliseconds=milliseconds)), "execution", task, "instance")])
    timers.add([Timer(wire_time(begin + timedelta(days=3650)), "execution", 4, "instance")])
    assert [await asyncio.wait_for(fired.get(), 5) for _ in range(3)] == [1, 2, 3]
    timers.close()
