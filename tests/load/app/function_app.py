"""Functions that do nothing: what is measured with them is the host."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)


@app.route(route="empty")
async def empty(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(status_code=204)


@app.route(route="empty-in-a-thread")
def empty_in_a_thread(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(status_code=204)


@app.orchestration_trigger(context_name="context")
def five_steps(context: df.DurableOrchestrationContext) -> Generator[Any, Any, Any]:
    value = 0
    for _ in range(5):
        value = yield context.call_activity("one_more", value)
    return value


@app.orchestration_trigger(context_name="context")
def long_past(context: df.DurableOrchestrationContext) -> Generator[Any, Any, Any]:
    """Fan-outs one after another, and then two waits whose ends can be timed."""
    done = 0
    for _ in range(context.get_input()["rounds"]):
        results = yield context.task_all([context.call_activity("one_more", n) for n in range(50)])
        done += len(results)
    context.set_custom_status("first")
    yield context.wait_for_external_event("First")
    context.set_custom_status("second")
    yield context.wait_for_external_event("Second")
    return done


@app.activity_trigger(input_name="number")
async def one_more(number: int) -> int:
    return number + 1
