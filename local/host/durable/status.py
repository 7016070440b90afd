"""How instances and their histories are shown to clients."""

from __future__ import annotations

import json
from typing import Any

from local.host.durable.events import ANSWERS, SCHEDULES, Event, EventType
from local.host.durable.records import Instance

NAMES = {
    EventType.EXECUTION_STARTED: "ExecutionStarted",
    EventType.EXECUTION_COMPLETED: "ExecutionCompleted",
    EventType.EXECUTION_TERMINATED: "ExecutionTerminated",
    EventType.TASK_SCHEDULED: "TaskScheduled",
    EventType.TASK_COMPLETED: "TaskCompleted",
    EventType.TASK_FAILED: "TaskFailed",
    EventType.CHILD_CREATED: "SubOrchestrationInstanceCreated",
    EventType.CHILD_COMPLETED: "SubOrchestrationInstanceCompleted",
    EventType.CHILD_FAILED: "SubOrchestrationInstanceFailed",
    EventType.TIMER_CREATED: "TimerCreated",
    EventType.TIMER_FIRED: "TimerFired",
    EventType.EVENT_SENT: "EventSent",
    EventType.EVENT_RAISED: "EventRaised",
}


def describe(instance: Instance, *, show_input: bool = True) -> dict[str, Any]:
    """The status of an instance as JSON value; times in whole seconds."""
    return {
        "name": instance.name,
        "instanceId": instance.id,
        "runtimeStatus": instance.status,
        "input": _value(instance.input) if show_input else None,
        "customStatus": _value(instance.custom_status),
        "output": _value(instance.output),
        "createdTime": _whole_seconds(instance.created),
        "lastUpdatedTime": _whole_seconds(instance.updated),
    }


def describe_history(events: list[Event], *, show_output: bool) -> list[dict[str, Any]]:
    """The history as clients see it: an answered call is one entry, turns are left out."""
    asked = {happened["EventId"]: happened for happened in events if happened["EventType"] in SCHEDULES}
    answered = {_answers(happened) for happened in events}
    shown = []
    for happened in events:
        kind, number = happened["EventType"], happened["EventId"]
        if kind not in NAMES or (kind in SCHEDULES and number in answered):
            continue
        entry: dict[str, Any] = {"EventType": NAMES[EventType(kind)], "Timestamp": happened["Timestamp"]}
        origin = asked.get(_answers(happened))
        if origin is not None:
            entry["ScheduledTime"] = origin["Timestamp"]
        name = (origin or happened).get("Name")
        if name and kind not in (EventType.EVENT_RAISED, EventType.EVENT_SENT):
            entry["FunctionName"] = name
        fields = ["FireAt", "Reason", "Details", "OrchestrationStatus", "InstanceId"]
        if kind == EventType.EVENT_RAISED:
            fields.append("Name")
        if show_output:
            fields += ["Result", "Input"]
        entry.update({field: happened[field] for field in fields if happened.get(field) is not None})
        shown.append(entry)
    return shown


def _answers(happened: Event) -> int | None:
    """The sequence number that an event answers."""
    if happened["EventType"] in ANSWERS:
        return int(happened["TaskScheduledId"])
    return int(happened["TimerId"]) if happened["EventType"] == EventType.TIMER_FIRED else None


def _value(text: str | None) -> Any:
    return None if text is None else json.loads(text)


def _whole_seconds(moment: str) -> str:
    return moment[:19] + "Z"
