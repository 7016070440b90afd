"""The events of an orchestration's history, in the shape the Durable SDK reads."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any

Event = dict[str, Any]
"""EventType, EventId and Timestamp, and what the type adds; IsPlayed is added when a turn sends the history."""


class EventType(IntEnum):
    """Numbers as the Durable Task framework gives them; the SDK knows the events by these alone."""

    EXECUTION_STARTED = 0
    EXECUTION_COMPLETED = 1
    EXECUTION_TERMINATED = 3
    TASK_SCHEDULED = 4
    TASK_COMPLETED = 5
    TASK_FAILED = 6
    CHILD_CREATED = 7
    CHILD_COMPLETED = 8
    CHILD_FAILED = 9
    TIMER_CREATED = 10
    TIMER_FIRED = 11
    TURN_STARTED = 12
    TURN_COMPLETED = 13
    EVENT_SENT = 14
    EVENT_RAISED = 15
    GENERIC = 17
    SUSPENDED = 19
    RESUMED = 20


SCHEDULES = frozenset(
    {EventType.TASK_SCHEDULED, EventType.CHILD_CREATED, EventType.TIMER_CREATED, EventType.EVENT_SENT}
)
"""Events that carry a sequence number as their EventId: what the orchestration asked for."""

ANSWERS = frozenset(
    {EventType.TASK_COMPLETED, EventType.TASK_FAILED, EventType.CHILD_COMPLETED, EventType.CHILD_FAILED}
)
"""Events that name the sequence number they answer in TaskScheduledId."""


def event(kind: EventType, *, event_id: int = -1, at: datetime, **fields: Any) -> Event:
    """One history event; -1 is the id of everything that is not scheduled by the orchestration."""
    return {"EventType": int(kind), "EventId": event_id, "Timestamp": wire_time(at), **fields}


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def wire_time(moment: datetime) -> str:
    """A moment as history and database hold it: six digits of a second, so that texts sort as times do."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_time(text: str) -> datetime:
    """A moment from its text; one without a zone is UTC. Raises ValueError for anything else than ISO 8601."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def dump(value: Any) -> str:
    """JSON without blanks: histories are sent whole at every turn."""
    return json.dumps(value, separators=(",", ":"))
