"""What the developer's dashboard shows of the task hub: the newest instances, and one with its timeline."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from local.host.durable.events import ANSWERS, SCHEDULES, Event, EventType
from local.host.durable.records import Instance
from local.host.durable.status import NAMES
from local.host.durable.store import Store

MOST = 500
"""Instances in one answer."""

LONGEST_TEXT = 4000
"""Characters of an input or a result that are shown."""

_KINDS = {
    EventType.TASK_SCHEDULED: "activity",
    EventType.CHILD_CREATED: "orchestration",
    EventType.TIMER_CREATED: "timer",
    EventType.EVENT_SENT: "event sent",
}
_FAILURES = frozenset({EventType.TASK_FAILED, EventType.CHILD_FAILED})


class Overview:
    """Handlers for /_local/orchestrations; they read and change nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[web.RouteDef]:
        """The list and the single instance."""
        return [
            web.get("/_local/orchestrations", self._list, allow_head=False),
            web.get("/_local/orchestrations/{id}", self._one, allow_head=False),
        ]

    async def _list(self, request: web.Request) -> web.Response:
        top = request.query.get("top", "100")
        if not top.isdecimal() or not 1 <= int(top) <= MOST:
            return web.json_response({"error": f"top: must be a whole number from 1 to {MOST}"}, status=400)
        found = self._store.newest(request.query.get("status", ""), request.query.get("contains", ""), int(top))
        return web.json_response(
            {"counts": self._store.count_by_status(), "instances": [_summary(instance) for instance in found]}
        )

    async def _one(self, request: web.Request) -> web.Response:
        instance = self._store.instance(request.match_info["id"])
        if instance is None:
            return web.json_response({"error": "there is no such instance"}, status=404)
        history = self._store.history(instance.id)
        texts = {name: _cut(getattr(instance, name)) for name in ("input", "output", "custom_status")}
        waiting = [_named(message.event) for message in self._store.inbox(instance.id)]
        return web.json_response({**_summary(instance), **texts, "waiting": waiting, **timeline(history)})


def timeline(history: list[Event]) -> dict[str, Any]:
    """The history as bars and points in time: calls with begin and end (None while they run), turns, events."""
    answers = {_answered(happened): happened for happened in history}
    bars = [_bar(asked, answers.get(asked["EventId"])) for asked in history if asked["EventType"] in SCHEDULES]
    turns = [happened["Timestamp"] for happened in history if happened["EventType"] == EventType.TURN_STARTED]
    other = (EventType.TURN_STARTED, EventType.TURN_COMPLETED, *ANSWERS, *SCHEDULES, EventType.TIMER_FIRED)
    points = [_named(happened) for happened in history if happened["EventType"] not in other]
    return {"events": len(history), "turns": turns, "bars": bars, "points": points}


def _bar(asked: Event, answer: Event | None) -> dict[str, Any]:
    kind = EventType(asked["EventType"])
    if kind == EventType.EVENT_SENT:
        state = "sent"
    elif answer is None:
        state = "waiting"
    else:
        state = "failed" if answer["EventType"] in _FAILURES else "completed"
    result = (answer.get("Result") or answer.get("Reason")) if answer else None
    return {
        "kind": _KINDS[kind],
        "name": asked.get("Name") or ("until " + asked["FireAt"] if "FireAt" in asked else _KINDS[kind]),
        "begin": asked["Timestamp"],
        "end": asked["Timestamp"] if state == "sent" else answer["Timestamp"] if answer else None,
        "state": state,
        "instance": asked.get("InstanceId"),
        "input": _cut(asked.get("Input")),
        "result": _cut(result),
        "details": _cut(answer.get("Details")) if answer else None,
    }


def _named(happened: Event) -> dict[str, Any]:
    kind = happened["EventType"]
    name = NAMES.get(kind) or EventType(kind).name.replace("_", " ").title().replace(" ", "")
    return {"event": name, "time": happened["Timestamp"], "name": happened.get("Name")}


def _answered(happened: Event) -> int | None:
    if happened["EventType"] in ANSWERS:
        return int(happened["TaskScheduledId"])
    return int(happened["TimerId"]) if happened["EventType"] == EventType.TIMER_FIRED else None


def _summary(instance: Instance) -> dict[str, Any]:
    return {
        "id": instance.id,
        "name": instance.name,
        "status": instance.status,
        "created": instance.created,
        "updated": instance.updated,
        "parent": instance.parent.instance if instance.parent else None,
    }


def _cut(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
