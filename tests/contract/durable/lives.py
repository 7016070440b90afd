"""A task hub that dies: engine after engine on one data folder, each cut off in the middle of a transaction.

SIGKILL of a real host takes half a second, so here only what a kill leaves is real: the file. An engine dies when its
connection has carried out so many statements; from then on nothing it does reaches the file, the statements of the
open transaction among them, and its event loop ends with everything that ran in it.
"""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from local.database import Database
from local.host.durable.engine import Engine, InvalidRequest
from local.host.durable.events import EventType, event, now
from local.host.durable.records import Activity, Instance, Message, Timer
from local.host.durable.settings import read_settings
from local.host.worker import Worker
from tests.contract.durable.plan import Awaited

HUB = read_settings({"extensions": {"durableTask": {"hubName": "PlansHub"}}})
PATIENCE_SECONDS = 60.0


class Killed(BaseException):
    """The process is no more; no `except Exception` may go on."""


class MortalConnection:
    """A connection that carries out so many statements and then none, as if the process had been killed.

    `after` says whether the last one was carried out when the kill came.
    """

    def __init__(self, connection: sqlite3.Connection, statements: int | None, *, after: bool) -> None:
        self._connection = connection
        self._left = statements
        self._after = after
        self.dead = asyncio.Event()

    def execute(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        return self._carry_out(lambda: self._connection.execute(sql, values))

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> sqlite3.Cursor:
        return self._carry_out(lambda: self._connection.executemany(sql, rows))

    def close(self) -> None:
        """What was not committed is rolled back, as the next start after a kill does it."""
        self._connection.rollback()
        self._connection.close()

    def _carry_out(self, statement: Callable[[], sqlite3.Cursor]) -> sqlite3.Cursor:
        if self.dead.is_set():
            raise Killed
        if self._left is None:
            return statement()
        self._left -= 1
        if self._left > 0:
            return statement()
        self.dead.set()
        if self._after:
            statement()
        raise Killed


@dataclass(frozen=True)
class Life:
    """How long one host lives."""

    statements: int | None = None
    """None: to the end."""
    after: bool = False


class UnreliableEngine(Engine):
    """Is killed, and delivers twice: turns, activities and their results, timers, batches of entities."""

    def __init__(self, worker: Worker, data: Path, life: Life, doubles: float, dice: random.Random) -> None:
        super().__init__(worker, HUB, data / "durable.db")
        self.line = MortalConnection(self.store._db, life.statements, after=life.after)
        self.store._db = cast(Database, self.line)
        self._doubles = doubles
        self._dice = dice
        self._strays: set[asyncio.Task[None]] = set()

    def _times(self) -> int:
        return 2 if self._dice.random() < self._doubles else 1

    async def _turn(self, instance_id: str) -> None:
        if self._times() > 1:
            self._stray(super()._turn, instance_id)
        await super()._turn(instance_id)

    async def _batch(self, identity: str) -> None:
        if self._times() > 1:
            self._stray(super()._batch, identity)
        await super()._batch(identity)

    def _stray(self, run: Callable[[str], Coroutine[Any, Any, None]], key: str) -> None:
        """Begin it in a moment, beside whatever runs then: no pool knows of it."""

        async def late() -> None:
            await asyncio.sleep(self._dice.choice((0, 0.001, 0.003)))
            await run(key)

        task = asyncio.create_task(late())
        self._strays.add(task)
        task.add_done_callback(self._strays.discard)

    async def _activity(self, call: Activity) -> None:
        await asyncio.gather(*(super(UnreliableEngine, self)._activity(call) for _ in range(self._times())))
        if self._times() > 1:
            self._deliver_again(call)

    def _deliver_again(self, call: Activity) -> None:
        """Put the newest stored answer into the inbox once more."""
        for message in self.store.inbox(call.instance):
            if message.execution == call.execution and message.event.get("TaskScheduledId") == call.task:
                self.store.send(Message(call.instance, call.execution, message.event))
                self._orchestrators.wake(call.instance)
                return

    def _fire(self, due: list[Timer], moment: datetime) -> None:
        for _ in range(self._times()):
            super()._fire(due, moment)


@dataclass
class Case:
    """One orchestration, what its client does, and what goes wrong meanwhile."""

    worker: Worker
    data: Path
    instance: str
    plan: list[dict[str, Any]]
    events: list[Awaited]
    lives: list[Life]
    doubles: float
    pauses: bool
    dice: random.Random
    done: set[object] = field(default_factory=set)
    """What the client need not do again in the next life."""

    def run(self) -> Instance:
        """Live life after life until the orchestration is finished, and give what it left."""
        for life in [*self.lives, Life()]:
            finished = asyncio.run(self._live(life))
            if finished is not None:
                return finished
        raise AssertionError("the last life has no end")

    async def _live(self, life: Life) -> Instance | None:
        faults: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
        engine = UnreliableEngine(self.worker, self.data, life, self.doubles, self.dice)
        try:
            return await asyncio.wait_for(self._to_the_end(engine), PATIENCE_SECONDS)
        finally:
            engine.line.dead.set()
            engine.line.close()
            assert [fault for fault in faults if not isinstance(fault.get("exception"), Killed)] == []

    async def _to_the_end(self, engine: UnreliableEngine) -> Instance | None:
        death = asyncio.create_task(engine.line.dead.wait())
        life = asyncio.create_task(self._use(engine))
        await asyncio.wait({death, life}, return_when=asyncio.FIRST_COMPLETED)
        if not life.done():
            return None
        if isinstance(life.exception(), Killed):
            return None
        return life.result()

    async def _use(self, engine: UnreliableEngine) -> Instance:
        engine.start()
        self._start(engine)
        others = [asyncio.create_task(self._raise(engine, each)) for each in self.events]
        if self.pauses:
            others.append(asyncio.create_task(self._pause(engine)))
        assert await engine.finished(self.instance, PATIENCE_SECONDS)
        await asyncio.gather(*others)
        instance = engine.store.instance(self.instance)
        assert instance is not None
        return instance

    def _start(self, engine: UnreliableEngine) -> None:
        """Ask for the start, and sometimes ask again; what runs already must not be started anew."""
        while self.dice.random() < self.doubles or engine.store.instance(self.instance) is None:
            there = engine.store.instance(self.instance)
            if there is not None and there.finished:
                return
            try:
                engine.start_instance("root", self.instance, json.dumps(json.dumps(self.plan)), None)
                assert there is None, "a running orchestration was started anew"
            except InvalidRequest:
                assert there is not None
                return

    async def _raise(self, engine: UnreliableEngine, expected: Awaited) -> None:
        """Raise the event as soon as its instance is there, perhaps twice."""
        await asyncio.sleep(self.dice.choice((0, 0, 0.002, 0.005)))
        while expected not in self.done:
            there = engine.store.instance(expected.instance)
            if there is not None and not there.finished:
                for _ in range(1 + (self.dice.random() < self.doubles)):
                    engine.raise_event(expected.instance, expected.name, json.dumps(expected.value))
                self.done.add(expected)
            elif there is not None:
                self.done.add(expected)
            else:
                await asyncio.sleep(0.001)

    async def _pause(self, engine: UnreliableEngine) -> None:
        """Suspend the orchestration for a moment, whatever it is doing."""
        for kind in (EventType.SUSPENDED, EventType.RESUMED):
            there = engine.store.instance(self.instance)
            if there is not None and not there.finished and kind not in self.done:
                engine.tell(self.instance, event(kind, at=now(), Input="pause"))
                self.done.add(kind)
            await asyncio.sleep(0.002)
