"""Carries out orchestrations given as data; the random tests compare them with plain evaluation of the same data."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)

Steps = Generator[Any, Any, Any]
Step = dict[str, Any]


@app.route(route="binding")
@app.generic_input_binding(arg_name="client", type="durableClient")
async def binding(req: func.HttpRequest, client: str) -> func.HttpResponse:
    return func.HttpResponse(client, mimetype="application/json")


@app.orchestration_trigger(context_name="context")
def root(context: df.DurableOrchestrationContext) -> Steps:
    """A whole plan, and at its end what its counter stands at."""
    results = yield from carry_out(context, context.get_input())
    total = yield context.call_entity(df.EntityId("Counter", context.instance_id), "get")
    return [results, total]


@app.orchestration_trigger(context_name="context")
def planned(context: df.DurableOrchestrationContext) -> Steps:
    results = yield from carry_out(context, context.get_input())
    return results


@app.orchestration_trigger(context_name="context")
def looped(context: df.DurableOrchestrationContext) -> Steps:
    """A plan again and again, each time in a new execution."""
    state = context.get_input()
    results = yield from carry_out(context, state["plan"])
    rounds = [*state["rounds"], results]
    if len(rounds) < state["times"]:
        context.continue_as_new({**state, "rounds": rounds})
        return None
    return rounds


@app.orchestration_trigger(context_name="context")
def fragile(context: df.DurableOrchestrationContext) -> Steps:
    """Fails as its one activity does."""
    result = yield context.call_activity("step", context.get_input())
    return result


def carry_out(context: df.DurableOrchestrationContext, plan: list[Step]) -> Steps:
    results = []
    for step in plan:
        if step["kind"] == "deadline":
            results.append((yield from event_or_deadline(context, step)))
            continue
        try:
            task = as_task(context, step)
            value = yield task
            results.append(shown(step, task, value))
        except Exception:
            results.append("failed")
    return results


def event_or_deadline(context: df.DurableOrchestrationContext, step: Step) -> Steps:
    deadline = context.create_timer(context.current_utc_datetime + timedelta(milliseconds=step["milliseconds"]))
    event = context.wait_for_external_event(step["name"])
    winner = yield context.task_any([event, deadline])
    if winner == deadline:
        return "too late"
    deadline.cancel()
    return event.result


def as_task(context: df.DurableOrchestrationContext, step: Step) -> Any:
    kind = step["kind"]
    if kind == "activity":
        return context.call_activity("step", step)
    if kind == "retry":
        return context.call_activity_with_retry("step", df.RetryOptions(1, step["attempts"]), step)
    if kind == "timer":
        return context.create_timer(context.current_utc_datetime + timedelta(milliseconds=step["milliseconds"]))
    if kind == "event":
        return context.wait_for_external_event(step["name"])
    if kind == "count":
        return context.call_entity(df.EntityId("Counter", step["counter"]), "add", step["value"])
    if kind == "sub":
        return context.call_sub_orchestrator("planned", step["plan"], step["id"])
    if kind == "sub_retry":
        return context.call_sub_orchestrator_with_retry("fragile", df.RetryOptions(1, step["attempts"]), step)
    if kind == "loop":
        return context.call_sub_orchestrator(
            "looped", {"plan": step["plan"], "times": step["times"], "rounds": []}, step["id"]
        )
    tasks = [as_task(context, part) for part in step["parts"]]
    return context.task_all(tasks) if kind == "all" else context.task_any(tasks)


def shown(step: Step, task: Any, value: Any) -> Any:
    """A task's value as data: of a race, which part won and with what."""
    kind = step["kind"]
    if isinstance(value, Exception):
        return "failed"
    if kind == "count":
        return "counted"
    if kind == "timer":
        return None
    if kind == "any":
        place = task.children.index(value)
        return [place, shown(step["parts"][place], value, value.result)]
    if kind == "all":
        return [shown(*each) for each in zip(step["parts"], task.children, value, strict=True)]
    return value


@app.activity_trigger(input_name="step")
async def step(step: Step) -> Any:
    """Leave a mark for every run. Fails at the first `failures` runs, and always when that is below zero."""
    await asyncio.sleep(step["before"] / 1000)
    marks = Path(step["marks"]) / step["name"]
    with marks.open("a") as file:
        file.write("x")
    runs = marks.stat().st_size
    await asyncio.sleep(step["after"] / 1000)
    if step["failures"] < 0 or runs <= step["failures"]:
        raise RuntimeError(step["name"])
    return step["value"]


@app.entity_trigger(context_name="context", entity_name="Counter")
def counter(context: df.DurableEntityContext) -> None:
    # No two batches take the same time, so that one delivered twice may be overtaken by the next.
    time.sleep(random.choice((0, 0.001, 0.006)))
    value = context.get_state(lambda: 0)
    if context.operation_name == "add":
        value += context.get_input()
        context.set_state(value)
    context.set_result(value)
