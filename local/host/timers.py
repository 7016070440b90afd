"""Timer triggers: run on schedule, one run at a time, and make good what was missed while the host was down."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from aiohttp import web
from azure.functions.meta import Datum
from azure.functions.timer import TimerRequestConverter

from local.host.errors import AppError
from local.host.retries import RetryPolicy
from local.host.schedules import Schedule, parse_schedule
from local.host.worker import LoadedFunction, Worker

log = logging.getLogger("host")

# Runs this close together are not monitored: a missed one is made up for by the next anyway.
_MONITORED_FROM = timedelta(minutes=1)
# A machine that slept wakes with its clock far ahead; the schedule is looked at again at least this often, in seconds.
_LONGEST_WAIT = 15.0
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Status:
    """What the monitor keeps of a timer: the run before, the run to come, and when that was written."""

    last: datetime
    next: datetime
    last_updated: datetime

    def to_json(self) -> dict[str, str]:
        """In the shape that functions receive as `schedule_status`."""
        return {
            "Last": self.last.isoformat(),
            "Next": self.next.isoformat(),
            "LastUpdated": self.last_updated.isoformat(),
        }

    @staticmethod
    def from_json(content: dict[str, str]) -> Status:
        """The inverse of `to_json`. Raises KeyError or ValueError."""
        return Status(*(datetime.fromisoformat(content[key]) for key in ("Last", "Next", "LastUpdated")))


class TimerExtension:
    """Runs the app's timer triggers; what it must remember lies in DATA/timers, a file a function."""

    trigger_types = frozenset({"timerTrigger"})
    binding_types: frozenset[str] = frozenset()

    def __init__(self, worker: Worker, host_json: dict[str, Any], data: Path, base_url: str) -> None:
        zone = _zone()
        self._timers = {
            function.name: _Timer(worker, function, zone, data / "timers" / f"{function.name}.json")
            for function in worker.functions.values()
            if function.trigger_type == "timerTrigger"
        }
        self._tasks: list[asyncio.Task[None]] = []

    def routes(self) -> list[web.RouteDef]:
        """None."""
        return []

    def input_value(self, binding: dict[str, Any]) -> Any:
        """Never asked: there are no input bindings of timers."""
        raise AppError(f"binding type '{binding['type']}' is not supported")

    async def start(self) -> None:
        """Begin to wait for each timer's next occurrence."""
        self._tasks = [asyncio.create_task(timer.keep_time()) for timer in self._timers.values()]
        for task in self._tasks:
            task.add_done_callback(_report)

    async def stop(self) -> None:
        """Cancel waits and runs; a monitored run that was cut is past due at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def run_by_hand(self, name: str, value: str | None) -> None:
        """Run the timer's function once, outside of its schedule."""
        await self._timers[name].run(past_due=False)


class _Timer:
    def __init__(self, worker: Worker, function: LoadedFunction, zone: tzinfo, status_file: Path) -> None:
        self._worker = worker
        self._name = function.name
        self._run_on_startup = _flag(function, "runOnStartup", default=False)
        self._file = status_file
        try:
            self._schedule: Schedule = parse_schedule(str(function.trigger.get("schedule", "")), zone)
            self._retry = RetryPolicy.parse(function.retry)
        except ValueError as error:
            raise AppError(f"function '{function.name}': {error}") from None
        monitored = _flag(function, "useMonitor", default=True)
        self._monitored = monitored and self._schedule.is_longer_than(_MONITORED_FROM, datetime.now(UTC))
        self._status: Status | None = None

    async def keep_time(self) -> None:
        """Wait and run, for ever: the next occurrence is looked for once a run has ended."""
        now = datetime.now(UTC)
        past_due = self._take_up(now) if self._monitored else False
        if past_due or self._run_on_startup:
            await self._run_and_note(past_due=past_due)
        while True:
            now = datetime.now(UTC)
            noted = self._status.next if self._status else _NEVER
            await _wait_until(noted if noted > now else self._schedule.after(now))
            await self._run_and_note(past_due=False)

    async def run(self, *, past_due: bool) -> None:
        """One run, tried again as the function's retry policy says. Raises what the last attempt raised."""
        payload = {
            "Schedule": {"AdjustForDST": not self._schedule.is_constant},
            "ScheduleStatus": self._status.to_json() if self._status else None,
            "IsPastDue": past_due,
        }
        request = TimerRequestConverter.decode(Datum(json.dumps(payload), "json"), trigger_metadata=None)
        await self._retry.run(lambda metadata: self._worker.invoke(self._name, request, metadata=metadata))

    async def _run_and_note(self, *, past_due: bool) -> None:
        begun = datetime.now(UTC)
        try:
            await self.run(past_due=past_due)
        except Exception:
            log.exception("function '%s' failed", self._name)
        if self._monitored:
            now = datetime.now(UTC)
            self._note(Status(last=begun, next=self._schedule.after(now), last_updated=now))

    def _take_up(self, now: datetime) -> bool:
        """Whether an occurrence was missed since the status was written; a changed schedule starts afresh."""
        status = self._read()
        if status is not None and status.next == self._schedule.after(status.last_updated):
            self._status = status
            return now > status.next
        self._note(Status(last=_NEVER, next=self._schedule.after(now), last_updated=now))
        return False

    def _read(self) -> Status | None:
        try:
            return Status.from_json(json.loads(self._file.read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            log.warning("%s is not a timer's status (%s): starting afresh", self._file, error)
            return None

    def _note(self, status: Status) -> None:
        self._status = status
        self._file.parent.mkdir(parents=True, exist_ok=True)
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps(status.to_json()), "utf-8")
        new.replace(self._file)


async def _wait_until(moment: datetime) -> None:
    left = (moment - datetime.now(UTC)).total_seconds()
    while left > 0:
        await asyncio.sleep(min(left, _LONGEST_WAIT))
        left = (moment - datetime.now(UTC)).total_seconds()


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a timer stopped", exc_info=error)


def _flag(function: LoadedFunction, key: str, *, default: bool) -> bool:
    value = function.trigger.get(key)
    if value is None:
        return default
    if isinstance(value, bool):
        return value
    if str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    raise AppError(f"function '{function.name}': {key} must be true or false")


def _zone() -> tzinfo:
    name = os.environ.get("WEBSITE_TIME_ZONE")
    if not name:
        return UTC
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        raise AppError(f"WEBSITE_TIME_ZONE: '{name}' is no time zone like Europe/Lisbon") from None
