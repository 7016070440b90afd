"""A history becomes bars: what was asked for, from when to when, and how it ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from local.host.durable.events import Event, EventType, event
from local.host.durable.overview import timeline

BEGIN = datetime(2026, 1, 1, 12, tzinfo=UTC)


def at(seconds: float, kind: EventType, **fields: Any) -> Event:
    return event(kind, at=BEGIN + timedelta(seconds=seconds), **fields)


def test_calls_are_bars_with_their_end_and_their_result() -> None:
    history = [
        at(0, EventType.TURN_STARTED),
        at(1, EventType.TASK_SCHEDULED, event_id=0, Name="greet", Input='["Ada"]'),
        at(1, EventType.TASK_SCHEDULED, event_id=1, Name="greet"),
        at(1, EventType.TASK_SCHEDULED, event_id=2, Name="greet"),
        at(2, EventType.TASK_COMPLETED, TaskScheduledId=0, Result='"Hello"'),
        at(3, EventType.TASK_FAILED, TaskScheduledId=1, Reason="no voice"),
    ]

    done, failed, running = timeline(history)["bars"]

    assert (done["state"], done["input"], done["result"]) == ("completed", '["Ada"]', '"Hello"')
    assert (done["begin"][17:19], done["end"][17:19]) == ("01", "02")
    assert (failed["state"], failed["result"]) == ("failed", "no voice")
    assert (running["state"], running["end"]) == ("waiting", None)


def test_timers_children_and_events_have_their_place() -> None:
    history = [
        at(0, EventType.TIMER_CREATED, event_id=0, FireAt="2026-01-01T12:00:05Z"),
        at(0, EventType.CHILD_CREATED, event_id=1, Name="child", InstanceId="the-child"),
        at(2, EventType.EVENT_RAISED, Name="approval"),
        at(4, EventType.CHILD_COMPLETED, TaskScheduledId=1, Result="1"),
        at(5, EventType.TIMER_FIRED, TimerId=0, FireAt="2026-01-01T12:00:05Z"),
    ]

    drawn = timeline(history)

    assert [(bar["kind"], bar["state"]) for bar in drawn["bars"]] == [
        ("timer", "completed"),
        ("orchestration", "completed"),
    ]
    assert drawn["bars"][1]["instance"] == "the-child"
    assert [(point["event"], point["name"]) for point in drawn["points"]] == [("EventRaised", "approval")]


def test_long_results_are_cut() -> None:
    history = [
        at(0, EventType.TASK_SCHEDULED, event_id=0, Name="write"),
        at(1, EventType.TASK_COMPLETED, TaskScheduledId=0, Result="x" * 100_000),
    ]

    assert len(timeline(history)["bars"][0]["result"]) == 4000
