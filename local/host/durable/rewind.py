"""Takes a failed orchestration back to where its last calls failed, so that these run again."""

from __future__ import annotations

from dataclasses import dataclass

from local.host.durable.events import ANSWERS, SCHEDULES, Event, EventType, event, now
from local.host.durable.records import Instance, Message
from local.host.durable.store import Store

FAILURES = (EventType.TASK_FAILED, EventType.CHILD_FAILED)


@dataclass(slots=True)
class Rewound:
    """An instance as it goes on: running, with a shorter history and a message that makes it take a turn."""

    instance: Instance
    history: list[Event]
    nudge: Message


def rewind(store: Store, instance: Instance) -> list[Rewound]:
    """What the instance, and the failed sub-orchestrations it failed through, look like rewound; stores nothing.

    Only failures after the last call that is no retry count: what the orchestrator handled before stays as it was.
    Calls whose answer came after the end, and was dropped, are made again too.
    """
    history = [
        happened for happened in store.history(instance.id) if happened["EventType"] != EventType.EXECUTION_COMPLETED
    ]
    failed = _last_failures(history)
    rewound: list[Rewound] = []
    undone = failed | _retry_timers(history, failed)
    for asked in _unanswered(history) + [h for h in history if _is_child(h) and h["EventId"] in failed]:
        child = store.instance(asked["InstanceId"]) if _is_child(asked) else None
        if child is not None and child.status == "Failed":
            rewound += rewind(store, child)
        if child is None or child.status in ("Completed", "Terminated"):
            undone.add(asked["EventId"])
        else:
            undone.discard(asked["EventId"])
    kept = [happened for happened in history if not _belongs(happened, undone, failed)]
    nudge = event(EventType.GENERIC, at=now(), Data="Rewound")
    instance.status, instance.output = "Running", None
    return [Rewound(instance, kept, Message(instance.id, instance.execution, nudge)), *rewound]


def _last_failures(history: list[Event]) -> set[int]:
    """Sequence numbers of the calls whose failure nothing followed but retries and their timers."""
    first_attempts = [
        index
        for index, happened in enumerate(history)
        if happened["EventType"] in SCHEDULES and "RetryOf" not in happened
    ]
    since = first_attempts[-1] if first_attempts else 0
    origins = _origins(history)
    last_attempts: dict[int, int] = {}
    for happened in history[since:]:
        if happened["EventType"] in FAILURES:
            number = happened["TaskScheduledId"]
            last_attempts[origins[number]] = number
    return set(last_attempts.values())


def _origins(history: list[Event]) -> dict[int, int]:
    """Of every call and timer, the first attempt of the retries it belongs to, or itself."""
    return {
        int(happened["EventId"]): int(happened["RetryOf"] if "RetryOf" in happened else happened["EventId"])
        for happened in history
        if happened["EventType"] in SCHEDULES
    }


def _retry_timers(history: list[Event], failed: set[int]) -> set[int]:
    """The timers that ran after the last failure of a retried call."""
    origins = _origins(history)
    last_attempts = {origins[number]: number for number in failed}
    return {
        happened["EventId"]
        for happened in history
        if happened["EventType"] == EventType.TIMER_CREATED
        and happened["EventId"] > last_attempts.get(happened.get("RetryOf", -1), happened["EventId"])
    }


def _unanswered(history: list[Event]) -> list[Event]:
    """Activities, sub-orchestrations and timers without an outcome. An entity is not asked twice."""
    answered = {happened["TaskScheduledId"] for happened in history if happened["EventType"] in ANSWERS}
    answered |= {happened["TimerId"] for happened in history if happened["EventType"] == EventType.TIMER_FIRED}
    return [
        happened
        for happened in history
        if happened["EventType"] in SCHEDULES - {EventType.EVENT_SENT} and happened["EventId"] not in answered
    ]


def _is_child(happened: Event) -> bool:
    return bool(happened["EventType"] == EventType.CHILD_CREATED)


def _belongs(happened: Event, undone: set[int], failed: set[int]) -> bool:
    """Whether the event is a call or timer to be made again, or an outcome that no longer counts."""
    kind = happened["EventType"]
    if kind in SCHEDULES:
        return happened["EventId"] in undone
    if kind in FAILURES:
        return happened["TaskScheduledId"] in failed
    return kind == EventType.TIMER_FIRED and happened["TimerId"] in undone
