"""The task hub at work: starts what waits when the host starts, and from then on whatever each step leads to."""

from __future__ import annotations

import asyncio
import uuid
from datetime import datetime
from pathlib import Path

from local.database import first_reading
from local.host.durable.activities import Activities
from local.host.durable.entities import Entities, entity_id, request
from local.host.durable.events import Event, EventType, event, now, wire_time
from local.host.durable.functions import ENTITY, ORCHESTRATOR, Functions
from local.host.durable.orchestrations import Orchestrations
from local.host.durable.pools import Pool, Timers
from local.host.durable.records import Activity, Instance, Message, Timer, Turn, started
from local.host.durable.rewind import rewind
from local.host.durable.settings import DurableSettings
from local.host.durable.store import Store
from local.host.traces import Trace
from local.host.worker import Worker

LONGEST_INSTANCE_ID = 256


class InvalidRequest(ValueError):
    """A client asks for what cannot be done; the message says why."""


class Engine:
    """Everything a client may ask of the task hub, and the loops that carry it out."""

    def __init__(self, worker: Worker, settings: DurableSettings, path: Path) -> None:
        self.settings = settings
        self.functions = Functions(worker.functions)
        self._path = path
        with first_reading(path):
            self.store = Store(path, settings.hub_name)
        self._turns = Orchestrations(worker, self.functions, self.store, settings.default_version)
        self._batches = Entities(worker, self.functions, self.store, settings.entity_batch)
        self._calls = Activities(worker, self.functions)
        self._orchestrators: Pool[str] = Pool(settings.orchestrators_at_once, self._turn)
        self._entities: Pool[str] = Pool(settings.entities_at_once, self._batch)
        self._activities: Pool[Activity] = Pool(settings.activities_at_once, self._activity)
        self._timers = Timers(self._fire)
        self._waiters: dict[str, list[asyncio.Future[None]]] = {}

    def start(self) -> None:
        """Take up all that a former run of the host left undone."""
        with first_reading(self._path):
            activities, timers, instances, entities = self.store.pending()
        for call in activities:
            self._activities.wake(call)
        self._timers.add(timers)
        for instance_id in instances:
            self._orchestrators.wake(instance_id)
        for identity in entities:
            self._entities.wake(identity)

    async def stop(self) -> None:
        """Stop at once; activities that were running run again after the next start."""
        self._timers.close()
        await asyncio.gather(self._activities.close(), self._orchestrators.close(), self._entities.close())
        self.store.close()

    def start_instance(
        self,
        name: str,
        instance_id: str | None,
        input_text: str | None,
        version: str | None,
        caller: Trace | None = None,
    ) -> str:
        """Start an orchestration in the caller's trace and give its id; `input_text` is JSON.

        Raises InvalidRequest for an unknown orchestrator, an id that cannot be one, and an id in use.
        """
        function = self.functions.find(ORCHESTRATOR, name)
        if function is None:
            raise InvalidRequest(self.functions.missing(ORCHESTRATOR, name))
        identity = instance_id or uuid.uuid4().hex
        check_instance_id(identity)
        there = self.store.instance(identity)
        if there and not there.finished and not self.settings.replaces_running:
            raise InvalidRequest(f"An Orchestration instance with the status {there.status} already exists.")
        moment = wire_time(now())
        instance = Instance(
            id=identity,
            execution=uuid.uuid4().hex,
            name=name,
            version=self.settings.default_version if version is None else version,
            status="Pending",
            input=input_text,
            output=None,
            custom_status=None,
            created=moment,
            updated=moment,
        )
        self._turns.forget(identity)
        self.store.create(instance, started(instance, caller))
        self._orchestrators.wake(identity)
        return identity

    def tell(self, instance_id: str, happened: Event) -> None:
        """Send a history event to an unfinished instance: an external event, an end, a pause."""
        self.store.send(Message(instance_id, None, happened))
        self._orchestrators.wake(instance_id)

    def raise_event(self, instance_id: str, name: str, input_text: str) -> None:
        """Send an external event; `input_text` is JSON."""
        self.tell(instance_id, event(EventType.EVENT_RAISED, at=now(), Name=name, Input=input_text))

    def signal_entity(self, name: str, key: str, operation: str, input_text: str | None) -> None:
        """Queue an operation without a reply. Raises InvalidRequest for an unknown entity."""
        if self.functions.find(ENTITY, name) is None:
            raise InvalidRequest(self.functions.missing(ENTITY, name))
        identity = entity_id(name, key)
        self.store.ask_entity(identity, request(operation, input_text))
        self._entities.wake(identity)

    def rewind(self, instance: Instance) -> None:
        """Run the calls again through which a failed instance failed, in its sub-orchestrations too."""
        rewound = rewind(self.store, instance)
        self.store.rewrite((part.instance, part.history, part.nudge) for part in rewound)
        for part in rewound:
            self._turns.forget(part.instance.id)
            self._orchestrators.wake(part.instance.id)

    async def finished(self, instance_id: str, seconds: float) -> bool:
        """Wait until the instance is finished; False when it is not after that time."""
        instance = self.store.instance(instance_id)
        if instance is None or instance.finished:
            return instance is not None
        waiter = asyncio.get_running_loop().create_future()
        waiters = self._waiters.setdefault(instance_id, [])
        waiters.append(waiter)
        try:
            await asyncio.wait_for(waiter, seconds)
        except TimeoutError:
            return False
        finally:
            waiters.remove(waiter)
            if not waiters:
                self._waiters.pop(instance_id, None)
        return True

    async def _turn(self, instance_id: str) -> None:
        turn = await self._turns.turn(instance_id)
        if turn is not None:
            self._follow_up(turn)

    def _follow_up(self, turn: Turn) -> None:
        for call in turn.activities:
            self._activities.wake(call)
        self._timers.add(turn.timers)
        for child, _ in turn.children:
            self._orchestrators.wake(child.id)
        for message in turn.messages:
            self._orchestrators.wake(message.instance)
        for identity, _ in turn.requests:
            self._entities.wake(identity)
        if turn.next_execution:
            self._orchestrators.wake(turn.instance.id)
        if turn.instance.finished:
            for waiter in self._waiters.get(turn.instance.id, []):
                if not waiter.done():
                    waiter.set_result(None)

    async def _activity(self, call: Activity) -> None:
        if not self.store.still_wanted(call):
            return
        result = await self._calls.run(call, self.store.trace(call.instance))
        if self.store.complete(call, result):
            self._orchestrators.wake(call.instance)

    def _fire(self, due: list[Timer], moment: datetime) -> None:
        fired = [
            (timer, event(EventType.TIMER_FIRED, at=moment, TimerId=timer.task, FireAt=timer.fire_at)) for timer in due
        ]
        for instance_id in self.store.fire(fired):
            self._orchestrators.wake(instance_id)

    async def _batch(self, identity: str) -> None:
        instances, entities = await self._batches.batch(identity)
        for instance_id in instances:
            self._orchestrators.wake(instance_id)
        for other in entities:
            self._entities.wake(other)
        if self.store.requests(identity, 1):
            self._entities.wake(identity)


def check_instance_id(identity: str) -> None:
    """Raises InvalidRequest for an id that Azure Storage could not keep."""
    if identity.startswith("@"):
        raise InvalidRequest("Instance ids must not begin with '@'.")
    if len(identity) > LONGEST_INSTANCE_ID:
        raise InvalidRequest(f"Instance ids must not be longer than {LONGEST_INSTANCE_ID} characters.")
    if any(character in "/\\#?" or ord(character) < 32 for character in identity):
        raise InvalidRequest("Instance ids must not contain '/', '\\', '#', '?' or control characters.")
