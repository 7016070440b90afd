"""Takes a failed orchestration back to where its last calls failed, so that these run again."""

from __future__ import annotations

from dataclasses import dataclass

from local.host.durable.events import SCHEDULES, Event, EventType, event, now
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
    """
    history = [
        happened for happened in store.history(instance.id) if happened["EventType"] != EventType.EXECUTION_COMPLETED
    ]
    failed = _last_failures(history)
    rewound: list[Rewound] = []
    keep_created: set[int] = set()
    for number in failed:
        child = _rewindable_child(store, history, number)
        if child is not None:
            rewound += rewind(store, child)
            keep_created.add(number)
    undone = _with_retry_timers(history, failed)
    kept = [happened for happened in history if not _belongs(happened, undone, keep_created)]
    nudge = event(EventType.GENERIC, at=now(), Data="Rewound")
    instance.status, instance.output = "Running", None
    return [Rewound(instance, kept, Message(instance.id, instance.execution, nudge)), *rewound]


def _last_failures(history: list[Event]) -> set[int]:
    """Sequence numbers of the calls whose failure nothing followed but their own retry timer."""
    scheduled = [index for index, happened in enumerate(history) if _is_first_attempt(happened)]
    since = scheduled[-1] if scheduled else 0
    chains: dict[int, int] = {}
    origins = _origins(history)
    for happened in history[since:]:
        if happened["EventType"] in FAILURES:
            number = happened["TaskScheduledId"]
            chains[origins[number]] = number
    return set(chains.values())


def _origins(history: list[Event]) -> dict[int, int]:
    """Of every call and timer, the first attempt of the retries it belongs to, or itself."""
    return {
        int(happened["EventId"]): int(happened["RetryOf"] if "RetryOf" in happened else happened["EventId"])
        for happened in history
        if happened["EventType"] in SCHEDULES
    }


def _is_first_attempt(happened: Event) -> bool:
    return happened["EventType"] in SCHEDULES and "RetryOf" not in happened


def _rewindable_child(store: Store, history: list[Event], number: int) -> Instance | None:
    for happened in history:
        if happened["EventType"] == EventType.CHILD_CREATED and happened["EventId"] == number:
            child = store.instance(happened["InstanceId"])
            return child if child is not None and child.status == "Failed" else None
    return None


def _with_retry_timers(history: list[Event], failed: set[int]) -> set[int]:
    """The failed calls and the timers that ran after their last failure."""
    origins = _origins(history)
    last_attempt = {origins[number]: number for number in failed}
    timers = {
        happened["EventId"]
        for happened in history
        if happened["EventType"] == EventType.TIMER_CREATED
        and happened["EventId"] > last_attempt.get(happened.get("RetryOf", -1), happened["EventId"])
    }
    return failed | timers


def _belongs(happened: Event, undone: set[int], keep_created: set[int]) -> bool:
    """Whether the event is one of the calls and timers to be undone, or their outcome."""
    kind = happened["EventType"]
    if kind in SCHEDULES:
        return happened["EventId"] in undone and happened["EventId"] not in keep_created
    if kind in FAILURES:
        return happened["TaskScheduledId"] in undone
    return kind == EventType.TIMER_FIRED and happened["TimerId"] in undone
