"""Carries out the actions of an orchestrator against its history, to find out what in them is new.

The SDK answers every turn with all actions since the execution began. They are run again here, in order, over the
history's events, one event at a time; the ids given on the way (0, 1, 2, …) are the ones the SDK gives on its side,
so the order in which things start and complete is part of the protocol, retries and their timers included.
"""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from local.host.durable.events import ANSWERS, SCHEDULES, Event, EventType, dump, event, read_time, wire_time

HTTP_ACTIVITY = "BuiltIn::HttpActivity"
"""The name under which the history holds a durable HTTP call."""

Action = dict[str, Any]
Settled = Callable[["Step"], None]


class OrchestrationFault(Exception):
    """The orchestration cannot go on: it asks for what does not exist, or not for what it asked for before."""


class Names(Protocol):
    """The functions an orchestration may name."""

    def require(self, kind: str, name: str) -> None:
        """Raises OrchestrationFault when there is no function `name` of this trigger type."""


class Step:
    """Something the orchestration waits for."""

    __slots__ = ("_then", "done", "failed")

    def __init__(self, *, done: bool = False) -> None:
        self.done = done
        self.failed = False
        self._then: list[Settled] = []

    def then(self, callback: Settled) -> None:
        """Call back once it is done; at once when it is."""
        if self.done:
            callback(self)
        else:
            self._then.append(callback)

    def settle(self, *, failed: bool = False) -> None:
        """Mark it done; a second time changes nothing."""
        if self.done:
            return
        self.done, self.failed = True, failed
        callbacks, self._then = self._then, []
        for callback in callbacks:
            callback(self)


@dataclass(slots=True)
class Replayed:
    """What a turn's actions come to."""

    new_events: list[Event] = field(default_factory=list)
    cancelled_timers: list[int] = field(default_factory=list)
    unread: list[Event] = field(default_factory=list)
    respelled: dict[int, str] = field(default_factory=dict)
    """By position in the history: events raised in another case than the one that waits for them."""
    finished: bool = False
    next_input: str | None = None


class Replay:
    """One turn's run; use once."""

    def __init__(self, instance_id: str, execution_id: str, history: list[Event], at: datetime, names: Names) -> None:
        self._instance_id = instance_id
        self._execution_id = execution_id
        self._history = history
        self._at = at
        self._names = names
        self._clock = history[0]["Timestamp"]
        self._next_id = 0
        self._scheduled = {e["EventId"]: e for e in history if e["EventType"] in SCHEDULES}
        self._steps: dict[int, Step] = {}
        self._early: dict[int, bool] = {}
        self._replies: dict[str, Step] = {}
        self._waiting: dict[str, list[tuple[str, Step]]] = {}
        self._unread: dict[str, deque[tuple[int, Event]]] = {}
        self._result = Replayed()
        self._starters: dict[int, Callable[[Action], Step]] = {
            0: self._activity,
            1: self._retried(self._activity),
            2: self._child,
            3: self._retried(self._child),
            4: self._continue_as_new,
            5: self._timer,
            6: self._external_event,
            7: self._call_entity,
            8: self._http,
            9: self._signal_entity,
            11: self._any,
            12: self._all,
        }

    def run(self, actions: list[list[Action]], schema: int) -> Replayed:
        """Run the answer's actions; `schema` is its schemaVersion (0 when it has none).

        Raises OrchestrationFault when they do not fit the history or name a function that does not exist.
        """
        self._follow(deque(_in_order(actions, schema)))
        for position, happened in enumerate(self._history):
            self._feed(position, happened)
        forgotten = [e for number, e in self._scheduled.items() if number not in self._steps]
        if forgotten:
            raise OrchestrationFault(_non_deterministic(forgotten[0], "was not asked for again"))
        left = sorted(entry for queue in self._unread.values() for entry in queue)
        self._result.unread = [e for _, e in left]
        return self._result

    def _follow(self, actions: deque[Action]) -> None:
        """Start one action after the other, each when the one before is done."""

        def go_on(_: Step) -> None:
            while actions:
                step = self._start(actions.popleft())
                if not step.done:
                    step.then(go_on)
                    return
            self._result.finished = True

        go_on(Step(done=True))

    def _feed(self, position: int, happened: Event) -> None:
        kind = happened["EventType"]
        if kind == EventType.TURN_STARTED:
            self._clock = max(self._clock, happened["Timestamp"])
        elif kind in ANSWERS:
            failed = kind in (EventType.TASK_FAILED, EventType.CHILD_FAILED)
            self._answer(happened["TaskScheduledId"], failed)
        elif kind == EventType.TIMER_FIRED:
            self._answer(happened["TimerId"], failed=False)
        elif kind == EventType.EVENT_RAISED:
            self._raise(position, happened)

    def _answer(self, number: int, failed: bool) -> None:
        step = self._steps.get(number)
        if step is None:
            self._early[number] = failed
        else:
            step.settle(failed=failed)

    def _raise(self, position: int, happened: Event) -> None:
        reply = self._replies.pop(happened["Name"], None)
        if reply is not None:
            reply.settle()
            return
        name = happened["Name"].lower()
        waiting = self._waiting.get(name)
        if waiting:
            spelling, step = waiting.pop()
            self._read(position, happened, spelling)
            step.settle()
        else:
            self._unread.setdefault(name, deque()).append((position, happened))

    def _start(self, action: Action) -> Step:
        starter = self._starters.get(action["actionType"])
        if starter is None:
            raise OrchestrationFault(f"The action type {action['actionType']!r} is not supported.")
        return starter(action)

    def _activity(self, action: Action, retry_of: int | None = None) -> Step:
        self._names.require("activityTrigger", action["functionName"])
        fields = {"Name": action["functionName"], "Version": "", "Input": action.get("input")}
        return self._schedule(EventType.TASK_SCHEDULED, fields, retry_of)

    def _http(self, action: Action) -> Step:
        fields = {"Name": HTTP_ACTIVITY, "Version": "", "Input": dump(action["httpRequest"])}
        return self._schedule(EventType.TASK_SCHEDULED, fields, None)

    def _child(self, action: Action, retry_of: int | None = None) -> Step:
        self._names.require("orchestrationTrigger", action["functionName"])
        child_id = action.get("instanceId") or f"{self._execution_id}:{self._next_id:x}"
        if child_id == self._instance_id:
            raise OrchestrationFault(f"The orchestration '{child_id}' cannot be its own sub-orchestration.")
        fields = {
            "Name": action["functionName"],
            "Version": action.get("version"),
            "InstanceId": child_id,
            "Input": dump(action.get("input")),
        }
        return self._schedule(EventType.CHILD_CREATED, fields, retry_of)

    def _timer(self, action: Action, retry_of: int | None = None) -> Step:
        number = self._next_id
        step = self._schedule(EventType.TIMER_CREATED, {"FireAt": action["fireAt"]}, retry_of)
        if action.get("isCanceled"):
            self._result.cancelled_timers.append(number)
            step.settle()
        return step

    def _retried(self, start: Callable[[Action, int | None], Step]) -> Callable[[Action], Step]:
        """Attempts with a timer after each failure, the last one's too: the SDK counts that timer."""

        def begin(action: Action) -> Step:
            whole, first_id = Step(), self._next_id
            options = action["retryOptions"]
            pause = timedelta(milliseconds=options["firstRetryIntervalInMilliseconds"])
            left = int(options["maxNumberOfAttempts"])

            def attempt(retry_of: int | None) -> None:
                nonlocal left
                left -= 1
                start(action, retry_of).then(after_attempt)

            def after_attempt(step: Step) -> None:
                if not step.failed:
                    whole.settle()
                    return
                fire_at = wire_time(read_time(self._clock) + pause)
                self._timer({"fireAt": fire_at}, first_id).then(after_timer)

            def after_timer(_: Step) -> None:
                if left > 0:
                    attempt(first_id)
                else:
                    whole.settle(failed=True)

            attempt(None)
            return whole

        return begin

    def _continue_as_new(self, action: Action) -> Step:
        self._result.next_input = action.get("input") or "null"
        return Step(done=True)

    def _external_event(self, action: Action) -> Step:
        spelling = str(action["externalEventName"])
        unread = self._unread.get(spelling.lower())
        if unread:
            self._read(*unread.popleft(), spelling)
            return Step(done=True)
        step = Step()
        self._waiting.setdefault(spelling.lower(), []).append((spelling, step))
        return step

    def _read(self, position: int, happened: Event, spelling: str) -> None:
        """The names of events know no case here, but they do in the SDK."""
        if happened["Name"] != spelling:
            self._result.respelled[position] = spelling

    def _call_entity(self, action: Action) -> Step:
        request_id = self._send(action, signal=False)
        step = self._replies[request_id] = Step()
        return step

    def _signal_entity(self, action: Action) -> Step:
        self._send(action, signal=True)
        return Step(done=True)

    def _send(self, action: Action, *, signal: bool) -> str:
        """Schedule the message to an entity and give its id, which is the same in every turn."""
        entity_id = str(action["instanceId"])
        self._names.require("entityTrigger", entity_id[1:].split("@", 1)[0])
        request_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self._execution_id}:{self._next_id}"))
        request = {
            "op": action["operation"],
            "signal": signal,
            "input": dump(action.get("input")),
            "id": request_id,
            "parent": self._instance_id,
            "parentExecution": self._execution_id,
        }
        fields = {"InstanceId": entity_id, "Name": "op", "Input": dump(request)}
        self._schedule(EventType.EVENT_SENT, fields, None)
        return request_id

    def _any(self, action: Action) -> Step:
        whole = Step()
        for child in [self._start(part) for part in action["compoundActions"]]:
            child.then(lambda _: whole.settle())
        return whole if action["compoundActions"] else Step(done=True)

    def _all(self, action: Action) -> Step:
        """Done when every part is, even after one has failed; the SDK goes on at the first failure."""
        whole, left = Step(), len(action["compoundActions"])

        def one_done(_: Step) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                whole.settle()

        for child in [self._start(part) for part in action["compoundActions"]]:
            child.then(one_done)
        return whole if action["compoundActions"] else Step(done=True)

    def _schedule(self, kind: EventType, fields: dict[str, Any], retry_of: int | None) -> Step:
        number = self._next_id
        self._next_id += 1
        past = self._scheduled.get(number)
        if past is None:
            origin = {} if retry_of is None else {"RetryOf": retry_of}
            self._result.new_events.append(event(kind, event_id=number, at=self._at, **fields, **origin))
        elif past["EventType"] != kind or past.get("Name") != fields.get("Name"):
            raise OrchestrationFault(_non_deterministic(past, "is another one now"))
        step = self._steps[number] = Step()
        if number in self._early:
            step.settle(failed=self._early.pop(number))
        return step


def _in_order(actions: list[list[Action]], schema: int) -> Iterable[Action]:
    """One action after the other. In the first schema each inner list is one wait, for whichever comes first."""
    if schema > 0:
        return actions[0] if actions else []
    return [{"actionType": 11, "compoundActions": inner} for inner in actions]


def _non_deterministic(past: Event, what: str) -> str:
    kind, name = EventType(past["EventType"]).name, past.get("Name") or ""
    return (
        f"Non-Deterministic workflow detected: the {kind} event with sequence number {past['EventId']} {name} {what}. "
        "Was the orchestrator's code changed, or does it use the clock, randomness or I/O?"
    )
