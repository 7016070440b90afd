"""Runs activities as the SDK's own converters hand values over, and says how they failed."""

from __future__ import annotations

import traceback

from azure.functions import meta
from azure.functions.durable_functions import ActivityTriggerConverter

from local.host.durable.events import Event, EventType, event, now
from local.host.durable.functions import ACTIVITY, Functions
from local.host.durable.http_call import call_http
from local.host.durable.pools import logger
from local.host.durable.records import Activity
from local.host.durable.replay import HTTP_ACTIVITY
from local.host.traces import Trace
from local.host.worker import Worker

FRAMES_TOLD = 6
"""Innermost frames of a failed activity that the history keeps."""


class Activities:
    """Runs one activity at a time for each call."""

    def __init__(self, worker: Worker, functions: Functions) -> None:
        self._worker = worker
        self._functions = functions

    async def run(self, call: Activity, caller: Trace | None) -> Event:
        """The event that answers the call: completed with the result's JSON text, or failed with the reason."""
        try:
            result = await self._result(call, caller)
        except Exception as error:
            # What the exception says may hold customers' words: the history keeps it, the log does not.
            logger.warning("activity %s of %s failed: %s", call.name, call.instance, type(error).__name__)
            reason = f"{type(error).__name__}: {error}"
            return event(
                EventType.TASK_FAILED,
                at=now(),
                TaskScheduledId=call.task,
                Reason=f"Activity function '{call.name}' failed: {reason}",
                Details="".join(traceback.format_exception(error, limit=-FRAMES_TOLD, chain=False)).rstrip(),
            )
        return event(EventType.TASK_COMPLETED, at=now(), TaskScheduledId=call.task, Result=result)

    async def _result(self, call: Activity, caller: Trace | None) -> str:
        if call.name == HTTP_ACTIVITY:
            return await call_http(call.input or "{}")
        function = self._functions.find(ACTIVITY, call.name)
        if function is None:
            raise LookupError(self._functions.missing(ACTIVITY, call.name))
        given = ActivityTriggerConverter.decode(meta.Datum(call.input or "null", "json"), trigger_metadata=None)
        returned = await self._worker.invoke(function.name, given, caller=caller)
        return str(ActivityTriggerConverter.encode(returned, expected_type=None).value)
