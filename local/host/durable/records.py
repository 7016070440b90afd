"""What the task hub holds: instances, messages, work, and the turn that changes them together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from local.host.durable.events import Event, EventType, event, now
from local.host.traces import Trace

UNFINISHED = ("Pending", "Running", "ContinuedAsNew", "Suspended")
"""The states of an instance that still has something to do."""


@dataclass(slots=True)
class Parent:
    """The orchestration that waits for a sub-orchestration, and the sequence number it waits under."""

    instance: str
    execution: str
    task: int


@dataclass(slots=True)
class Instance:
    """One orchestration; input, output and custom status are JSON texts."""

    id: str
    execution: str
    name: str
    version: str | None
    status: str
    input: str | None
    output: str | None
    custom_status: str | None
    created: str
    updated: str
    parent: Parent | None = None

    @property
    def finished(self) -> bool:
        """Whether nothing will happen to it any more."""
        return self.status not in UNFINISHED


@dataclass(slots=True)
class Message:
    """A history event on its way to an instance; `number` orders those that wait, 0 before it is stored."""

    instance: str
    execution: str | None
    event: Event
    number: int = 0


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity call to be run."""

    instance: str
    execution: str
    task: int
    name: str
    input: str | None


@dataclass(frozen=True, slots=True, order=True)
class Timer:
    """A timer to fire; ordered by time."""

    fire_at: str
    execution: str
    task: int
    instance: str


@dataclass(slots=True)
class Turn:
    """What one turn changes, to be stored as a whole or not at all."""

    instance: Instance
    taken: list[int] = field(default_factory=list)
    first_position: int = 0
    events: list[Event] = field(default_factory=list)
    changed: dict[int, Event] = field(default_factory=dict)
    """Earlier events that read differently now, by position."""
    activities: list[Activity] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    cancelled_timers: list[int] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    children: list[tuple[Instance, Event]] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    drop_activities: bool = False
    trace: Trace | None = None
    """The trace that the execution belongs to, and with it all it asks for."""
    next_execution: str | None = None
    """Set when the orchestration continues as new: the old history goes, the messages in `kept` open the new one."""
    kept: list[Message] = field(default_factory=list)


def started(instance: Instance, caller: Trace | None = None) -> Event:
    """The message that begins the instance's execution, in the trace of whoever asked for it."""
    parent = instance.parent
    return event(
        EventType.EXECUTION_STARTED,
        at=now(),
        Name=instance.name,
        Version=instance.version or "",
        Input=instance.input,
        OrchestrationInstance={"InstanceId": instance.id, "ExecutionId": instance.execution},
        ParentInstance={"InstanceId": parent.instance, "TaskScheduleId": parent.task} if parent else None,
        ParentTraceContext={"TraceParent": caller.parent, "TraceState": caller.state} if caller else None,
    )


def trace_of(events: Iterable[Event]) -> Trace | None:
    """The trace that an execution belongs to, by the event that began it; None when nobody gave it one."""
    for happened in events:
        if happened["EventType"] == EventType.EXECUTION_STARTED:
            found = happened.get("ParentTraceContext")
            return Trace(found["TraceParent"], found["TraceState"]) if found else None
    return None
