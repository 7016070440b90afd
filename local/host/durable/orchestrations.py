"""One turn of an orchestration: its new messages go in, what it asks for comes out, both stored together."""

from __future__ import annotations

import json
import uuid
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from azure.functions import OrchestrationContext

from local.host.durable.events import Event, EventType, dump, event, now, read_time, wire_time
from local.host.durable.functions import ORCHESTRATOR, Functions
from local.host.durable.pools import logger
from local.host.durable.records import Activity, Instance, Message, Parent, Timer, Turn, started, trace_of
from local.host.durable.replay import Action, OrchestrationFault, Replay, Replayed
from local.host.durable.store import Store
from local.host.worker import Worker

OUT_OF_PROCESS = "$OutOfProcData$:"
"""Stands before the JSON state in the message of the exception by which the SDK reports a failed orchestrator."""

HISTORIES_KEPT = 2000
"""Histories held in memory; a longer idle orchestration is read from disk again."""

LONG_TIMER = {
    "longRunningTimerIntervalDuration": "3.00:00:00",
    "maximumShortTimerDuration": "6.00:00:00",
    "defaultHttpAsyncRequestSleepTimeMillseconds": 30000,
}
"""How Azure Storage cuts long timers; sent so that an app sees the same ids here as there."""


@dataclass(slots=True)
class History:
    """The current execution's events, and the same as the texts that are sent with every turn."""

    execution: str
    events: list[Event] = field(default_factory=list)
    played: list[str] = field(default_factory=list)

    def extend(self, events: list[Event]) -> None:
        """Add what a committed turn left."""
        self.events += events
        self.played += [_sent(happened, played=True) for happened in events]

    def respell(self, position: int, name: str) -> Event:
        """Change an event's name, and give the event."""
        self.events[position]["Name"] = name
        self.played[position] = _sent(self.events[position], played=True)
        return self.events[position]


@dataclass(slots=True)
class Answer:
    """What an orchestrator gave back."""

    actions: list[list[Action]]
    schema: int
    done: bool
    output: Any
    error: str | None
    custom_status: Any

    @classmethod
    def read(cls, text: str) -> Answer:
        """Raises OrchestrationFault when the text is not an orchestrator's state."""
        try:
            state = json.loads(text)
            return cls(
                actions=state["actions"],
                schema=int(state.get("schemaVersion", 0)),
                done=bool(state.get("isDone")),
                output=state.get("output"),
                error=state.get("error"),
                custom_status=state.get("customStatus"),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise OrchestrationFault(f"The orchestrator's answer cannot be read: {error!r}") from error


class Orchestrations:
    """Runs turns; never two at once for one instance."""

    def __init__(self, worker: Worker, functions: Functions, store: Store, default_version: str) -> None:
        self._worker = worker
        self._functions = functions
        self._store = store
        self._default_version = default_version
        self._histories: OrderedDict[str, History] = OrderedDict()

    async def turn(self, instance_id: str) -> Turn | None:
        """Take in what waits for the instance. Gives the turn once it is stored, None when there was nothing to do."""
        instance = self._store.instance(instance_id)
        if instance is None or instance.finished:
            self.forget(instance_id)
            return None
        turn = Turn(instance)
        ready = self._take(turn, self._store.inbox(instance_id))
        end = next((message for message in ready if message.event["EventType"] == EventType.EXECUTION_TERMINATED), None)
        history = self._history(instance)
        turn.first_position = len(history.events)
        if end is not None:
            self._terminate(turn, end.event)
        elif ready:
            await self._play(turn, history, ready)
        elif not turn.taken:
            return None
        if not self._store.commit(turn):
            self.forget(instance_id)
            return None
        if instance.finished or turn.next_execution:
            self.forget(instance_id)
        else:
            history.extend(turn.events)
        return turn

    def forget(self, instance_id: str) -> None:
        """Drop what is held in memory: the history on disk was changed, or is not needed any more."""
        self._histories.pop(instance_id, None)

    def _history(self, instance: Instance) -> History:
        history = self._histories.get(instance.id)
        if history is None or history.execution != instance.execution:
            history = History(instance.execution)
            history.extend(self._store.history(instance.id))
            self._histories[instance.id] = history
            if len(self._histories) > HISTORIES_KEPT:
                self._histories.popitem(last=False)
        self._histories.move_to_end(instance.id)
        return history

    def _take(self, turn: Turn, waiting: list[Message]) -> list[Message]:
        """The messages to play now: none of an earlier execution, and none but an end while suspended."""
        instance = turn.instance
        ready: list[Message] = []
        held: list[Message] = []
        for message in waiting:
            kind = message.event["EventType"]
            if message.execution not in (None, instance.execution):
                turn.taken.append(message.number)
            elif kind == EventType.SUSPENDED:
                instance.status = "Suspended"
                turn.taken.append(message.number)
            elif kind == EventType.RESUMED:
                if instance.status == "Suspended":
                    instance.status = "Running"
                turn.taken.append(message.number)
                ready, held = ready + held, []
            elif instance.status == "Suspended" and kind != EventType.EXECUTION_TERMINATED:
                held.append(message)
            else:
                ready.append(message)
        turn.taken += [message.number for message in ready]
        return ready

    def _terminate(self, turn: Turn, end: Event) -> None:
        instance, moment = turn.instance, now()
        turn.events = [
            event(EventType.TURN_STARTED, at=moment),
            end,
            event(EventType.TURN_COMPLETED, at=moment),
        ]
        turn.drop_activities = True
        instance.status, instance.output = "Terminated", dump(end["Input"])
        self._tell_parent(turn, EventType.CHILD_FAILED, Reason=end["Input"], Details="")

    async def _play(self, turn: Turn, history: History, ready: list[Message]) -> None:
        instance = turn.instance
        moment = _turn_time(history.events, ready)
        turn.events = [event(EventType.TURN_STARTED, at=moment), *(message.event for message in ready)]
        turn.trace = trace_of(chain(history.events, turn.events))
        if instance.status == "Pending":
            instance.status = "Running"
        try:
            answer, replayed = await self._replay(turn, history, moment)
        except OrchestrationFault as fault:
            self._fail(turn, str(fault))
        else:
            self._ask_for(turn, replayed)
            if replayed.finished:
                self._conclude(turn, answer, replayed)
        turn.events.append(event(EventType.TURN_COMPLETED, at=moment))

    async def _replay(self, turn: Turn, history: History, moment: datetime) -> tuple[Answer, Replayed]:
        """What the orchestrator answers and what it comes to; asked again when an event's name changed its case.

        Raises OrchestrationFault.
        """
        instance = turn.instance
        while True:
            answer = await self._ask(turn, history)
            if answer.custom_status is not None:
                instance.custom_status = dump(answer.custom_status)
            replay = Replay(instance.id, instance.execution, history.events + turn.events, moment, self._functions)
            replayed = replay.run(answer.actions, answer.schema)
            if not replayed.respelled:
                return answer, replayed
            for position, spelling in replayed.respelled.items():
                if position < turn.first_position:
                    turn.changed[position] = history.respell(position, spelling)
                else:
                    turn.events[position - turn.first_position]["Name"] = spelling

    async def _ask(self, turn: Turn, history: History) -> Answer:
        """Invoke the orchestrator with the whole history. Raises OrchestrationFault when it gives no actions."""
        instance = turn.instance
        function = self._functions.find(ORCHESTRATOR, instance.name)
        if function is None:
            raise OrchestrationFault(self._functions.missing(ORCHESTRATOR, instance.name))
        payload = {
            "input": None if instance.input is None else json.loads(instance.input),
            "instanceId": instance.id,
            "isReplaying": bool(history.events),
            "parentInstanceId": instance.parent.instance if instance.parent else None,
            "upperSchemaVersion": 1,
            "upperSchemaVersionNew": 2,
            **LONG_TIMER,
        }
        sent = ",".join([*history.played, *(_sent(happened, played=False) for happened in turn.events)])
        body = f'{{"history":[{sent}],{dump(payload)[1:]}'
        try:
            given = OrchestrationContext(body)
            return Answer.read(await self._worker.invoke(function.name, given, caller=turn.trace))
        except OrchestrationFault:
            raise
        except Exception as error:
            _, marker, state = str(error).rpartition(OUT_OF_PROCESS)
            if marker:
                return Answer.read(state)
            raise OrchestrationFault(f"{type(error).__name__}: {error}") from error

    def _ask_for(self, turn: Turn, replayed: Replayed) -> None:
        """Turn what the orchestration newly scheduled into work."""
        instance = turn.instance
        turn.events += replayed.new_events
        turn.cancelled_timers = replayed.cancelled_timers
        for asked in replayed.new_events:
            kind, number = asked["EventType"], asked["EventId"]
            if kind == EventType.TASK_SCHEDULED:
                call = Activity(instance.id, instance.execution, number, asked["Name"], asked["Input"])
                turn.activities.append(call)
            elif kind == EventType.TIMER_CREATED:
                fire_at = wire_time(read_time(asked["FireAt"]))
                turn.timers.append(Timer(fire_at, instance.execution, number, instance.id))
            elif kind == EventType.EVENT_SENT:
                turn.requests.append((asked["InstanceId"], asked["Input"]))
            else:
                self._add_child(turn, asked)

    def _add_child(self, turn: Turn, asked: Event) -> None:
        instance, child_id, moment = turn.instance, asked["InstanceId"], wire_time(now())
        there = self._store.instance(child_id)
        if (there and not there.finished) or any(child.id == child_id for child, _ in turn.children):
            reason = "An Orchestration instance with the status Running already exists."
            failed = _child_failed(asked["Name"], asked["EventId"], reason)
            turn.messages.append(Message(instance.id, instance.execution, failed))
            return
        child = Instance(
            id=child_id,
            execution=uuid.uuid4().hex,
            name=asked["Name"],
            version=asked["Version"] or self._default_version,
            status="Pending",
            input=asked["Input"],
            output=None,
            custom_status=None,
            created=moment,
            updated=moment,
            parent=Parent(instance.id, instance.execution, asked["EventId"]),
        )
        turn.children.append((child, started(child, turn.trace)))

    def _conclude(self, turn: Turn, answer: Answer, replayed: Replayed) -> None:
        """Everything the orchestration waited for is done: it has failed, goes on as new, is complete, or waits on."""
        instance = turn.instance
        if answer.error is not None:
            self._fail(turn, answer.error)
        elif replayed.next_input is not None:
            instance.input = dump(replayed.next_input)
            turn.next_execution = uuid.uuid4().hex
            successor = Message(instance.id, turn.next_execution, started(instance, turn.trace))
            successor.event["OrchestrationInstance"]["ExecutionId"] = turn.next_execution
            turn.kept = [successor, *(Message(instance.id, None, unread) for unread in replayed.unread)]
        elif answer.done:
            instance.status, instance.output = "Completed", dump(answer.output)
            turn.events.append(_completed("Completed", instance.output))
            self._tell_parent(turn, EventType.CHILD_COMPLETED, Result=instance.output)

    def _fail(self, turn: Turn, text: str) -> None:
        instance = turn.instance
        reason = f"Orchestrator function '{instance.name}' failed: {text}"
        logger.warning("orchestration %s (%s) failed: its status says why", instance.id, instance.name)
        instance.status, instance.output = "Failed", dump(reason)
        turn.events.append(_completed("Failed", instance.output))
        if instance.parent:
            failed = _child_failed(instance.name, instance.parent.task, text)
            turn.messages.append(Message(instance.parent.instance, instance.parent.execution, failed))

    def _tell_parent(self, turn: Turn, kind: EventType, **fields: Any) -> None:
        parent = turn.instance.parent
        if parent:
            answer = event(kind, at=now(), TaskScheduledId=parent.task, **fields)
            turn.messages.append(Message(parent.instance, parent.execution, answer))


def _sent(happened: Event, *, played: bool) -> str:
    return f'{dump(happened)[:-1]},"IsPlayed":{"true" if played else "false"}}}'


def _turn_time(past: list[Event], ready: list[Message]) -> datetime:
    """The turn's clock: the present, but later than the turn before and not before a timer that fired."""
    moment = now()
    if past:
        moment = max(moment, read_time(past[-1]["Timestamp"]) + timedelta(microseconds=1))
    fired = [read_time(message.event["FireAt"]) for message in ready if "FireAt" in message.event]
    return max([moment, *fired])


def _completed(status: str, result: str) -> Event:
    return event(EventType.EXECUTION_COMPLETED, at=now(), OrchestrationStatus=status, Result=result)


def _child_failed(name: str, task: int, text: str) -> Event:
    return event(
        EventType.CHILD_FAILED,
        at=now(),
        TaskScheduledId=task,
        Reason=f"Orchestrator function '{name}' failed: {text}",
        Details=f"Message: {text}, StackTrace: ",
    )
