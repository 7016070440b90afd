"""Every pattern of Durable Functions, small: what the contract tests run on the real host."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import azure.durable_functions as df
import azure.functions as func

app = df.DFApp(http_auth_level=func.AuthLevel.ANONYMOUS)

Steps = Generator[Any, Any, Any]

EFFECTS = Path(os.environ.get("EFFECTS_FILE", os.devnull))


def leave_effect(name: str) -> None:
    """Append one line, which a killed process leaves behind as a whole."""
    with EFFECTS.open("a", encoding="utf-8") as file:
        file.write(name + "\n")


# Clients


@app.route(route="binding")
@app.generic_input_binding(arg_name="client", type="durableClient")
async def binding(req: func.HttpRequest, client: str) -> func.HttpResponse:
    return func.HttpResponse(client, mimetype="application/json")


@app.route(route="start/{name}", methods=["POST"])
@app.durable_client_input(client_name="client")
async def start(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    body = req.get_body()
    instance_id = await client.start_new(
        req.route_params["name"], req.params.get("id"), json.loads(body) if body else None
    )
    answer: func.HttpResponse = client.create_check_status_response(req, instance_id)
    return answer


# Activities


@app.activity_trigger(input_name="city")
def hello(city: str) -> str:
    return f"Hello {city}!"


@app.activity_trigger(input_name="number")
async def double(number: int) -> int:
    return number * 2


@app.activity_trigger(input_name="value")
def echo(value: Any) -> Any:
    return value


@app.activity_trigger(input_name="what")
def fail(what: str) -> None:
    raise ValueError(f"cannot {what}")


@app.activity_trigger(input_name="task")
def fail_until(task: dict[str, Any]) -> int:
    """Fails until it was tried `after` times; the tries are counted in a file."""
    counter = EFFECTS.with_name(f"tries-{task['name']}")
    with counter.open("a") as file:
        file.write("x")
    tries = counter.stat().st_size
    if tries <= task["after"]:
        raise RuntimeError(f"try {tries}")
    return tries


@app.activity_trigger(input_name="what")
async def place_in_trace(what: str, context: func.Context) -> str:
    return str(context.trace_context.trace_parent)


@app.activity_trigger(input_name="task")
async def slow(task: dict[str, Any]) -> str:
    await asyncio.sleep(task["seconds"])
    leave_effect(task["name"])
    return str(task["name"])


@app.activity_trigger(input_name="number")
async def crowded(number: int) -> None:
    leave_effect("in")
    await asyncio.sleep(0.02)
    leave_effect("out")


# Orchestrators


@app.orchestration_trigger(context_name="context")
def chain(context: df.DurableOrchestrationContext) -> Steps:
    first = yield context.call_activity(hello, "Tokyo")
    second = yield context.call_activity("hello", "Seattle")
    third = yield context.call_activity("hello", "London")
    return [first, second, third]


@app.orchestration_trigger(context_name="context")
def echo_input(context: df.DurableOrchestrationContext) -> Steps:
    value = yield context.call_activity("echo", context.get_input())
    return value


@app.orchestration_trigger(context_name="context")
def traced(context: df.DurableOrchestrationContext) -> Steps:
    """Two activities, one of them in a sub-orchestration, and in the next execution two more."""
    asked = context.get_input()
    own = yield context.call_activity("place_in_trace", "own")
    below = yield context.call_sub_orchestrator("traced_below", None)
    places = [*asked["places"], own, below]
    if asked["again"]:
        context.continue_as_new({"again": False, "places": places})
        return None
    return places


@app.orchestration_trigger(context_name="context")
def traced_later(context: df.DurableOrchestrationContext) -> Steps:
    yield context.wait_for_external_event("Go")
    place = yield context.call_activity("place_in_trace", "later")
    return place


@app.orchestration_trigger(context_name="context")
def traced_below(context: df.DurableOrchestrationContext) -> Steps:
    place = yield context.call_activity("place_in_trace", "below")
    return place


@app.orchestration_trigger(context_name="context")
def returns_at_once(context: df.DurableOrchestrationContext) -> str:
    return "done"


@app.orchestration_trigger(context_name="context")
def fan_out(context: df.DurableOrchestrationContext) -> Steps:
    numbers = yield context.task_all([context.call_activity("double", n) for n in range(context.get_input())])
    return sum(numbers)


@app.orchestration_trigger(context_name="context")
def first_of(context: df.DurableOrchestrationContext) -> Steps:
    tasks = [context.call_activity("slow", task) for task in context.get_input()]
    winner = yield context.task_any(tasks)
    return winner.result


@app.orchestration_trigger(context_name="context")
def approval(context: df.DurableOrchestrationContext) -> Steps:
    """Human interaction: an event or a deadline, whichever comes first."""
    deadline = context.create_timer(context.current_utc_datetime + timedelta(seconds=context.get_input()))
    event = context.wait_for_external_event("Approval")
    context.set_custom_status("waiting")
    winner = yield context.task_any([event, deadline])
    if winner == event:
        deadline.cancel()
        after = yield context.call_activity("echo", event.result)
        return {"approved": after}
    return {"approved": None}


@app.orchestration_trigger(context_name="context")
def two_events(context: df.DurableOrchestrationContext) -> Steps:
    first = yield context.wait_for_external_event("First")
    second = yield context.wait_for_external_event("Second")
    return [first, second]


@app.orchestration_trigger(context_name="context")
def timers(context: df.DurableOrchestrationContext) -> Steps:
    begin = context.current_utc_datetime
    for milliseconds in context.get_input():
        yield context.create_timer(context.current_utc_datetime + timedelta(milliseconds=milliseconds))
    return (context.current_utc_datetime - begin).total_seconds()


@app.orchestration_trigger(context_name="context")
def retries(context: df.DurableOrchestrationContext) -> Steps:
    task = context.get_input()
    options = df.RetryOptions(task.get("pause", 20), task["attempts"])
    tries = yield context.call_activity_with_retry("fail_until", options, task)
    after = yield context.call_activity("double", tries)
    return [tries, after]


@app.orchestration_trigger(context_name="context")
def catches(context: df.DurableOrchestrationContext) -> Steps:
    try:
        yield context.call_activity("fail", "swim")
    except Exception as error:
        return str(error)


@app.orchestration_trigger(context_name="context")
def fails(context: df.DurableOrchestrationContext) -> Steps:
    yield context.call_activity("fail", context.get_input())


@app.orchestration_trigger(context_name="context")
def raises(context: df.DurableOrchestrationContext) -> Steps:
    context.set_custom_status({"step": 1})
    yield context.call_activity("hello", "x")
    raise KeyError("orchestrator's own")


@app.orchestration_trigger(context_name="context")
def calls_unknown(context: df.DurableOrchestrationContext) -> Steps:
    yield context.call_activity("nowhere", 1)


@app.orchestration_trigger(context_name="context")
def returns_unserialisable(context: df.DurableOrchestrationContext) -> set[int]:
    return {1, 2}


@app.orchestration_trigger(context_name="context")
def parent(context: df.DurableOrchestrationContext) -> Steps:
    children = [context.call_sub_orchestrator("fan_out", n) for n in context.get_input()]
    sums = yield context.task_all(children)
    named = yield context.call_sub_orchestrator("who_am_i", None, f"{context.instance_id}-named")
    return {"sums": sums, "named": named}


@app.orchestration_trigger(context_name="context")
def who_am_i(context: df.DurableOrchestrationContext) -> list[str]:
    return [context.instance_id, context.parent_instance_id]


@app.orchestration_trigger(context_name="context")
def versions(context: df.DurableOrchestrationContext) -> Steps:
    """The version of itself and of two sub-orchestrations, one with a version given."""
    if context.parent_instance_id:
        return context.version
    given = yield context.call_sub_orchestrator("versions", version="7")
    default = yield context.call_sub_orchestrator("versions")
    return [context.version, given, default]


@app.orchestration_trigger(context_name="context")
def crowd(context: df.DurableOrchestrationContext) -> Steps:
    yield context.task_all([context.call_activity("crowded", n) for n in range(context.get_input())])


@app.orchestration_trigger(context_name="context")
def child_fails(context: df.DurableOrchestrationContext) -> Steps:
    try:
        yield context.call_sub_orchestrator("fails", "jump")
    except Exception as error:
        return str(error)


@app.orchestration_trigger(context_name="context")
def child_retries(context: df.DurableOrchestrationContext) -> Steps:
    options = df.RetryOptions(20, 3)
    result = yield context.call_sub_orchestrator_with_retry("until", options, context.get_input())
    return result


@app.orchestration_trigger(context_name="context")
def until(context: df.DurableOrchestrationContext) -> Steps:
    result = yield context.call_activity("fail_until", context.get_input())
    return result


@app.orchestration_trigger(context_name="context")
def counts_down(context: df.DurableOrchestrationContext) -> Steps:
    """Eternal orchestration that ends at zero."""
    left = context.get_input()
    yield context.call_activity("echo", left)
    if left:
        context.continue_as_new(left - 1)
        return None
    return "liftoff"


@app.orchestration_trigger(context_name="context")
def collects(context: df.DurableOrchestrationContext) -> Steps:
    """One event for every execution; what it has is carried along."""
    have = context.get_input()
    value = yield context.wait_for_external_event("Item")
    have.append(value)
    if len(have) < 3:
        context.continue_as_new(have)
        return None
    return have


@app.orchestration_trigger(context_name="context")
def counts(context: df.DurableOrchestrationContext) -> Steps:
    counter = df.EntityId("Counter", context.get_input())
    context.signal_entity(counter, "add", 3)
    yield context.call_entity(counter, "add", 4)
    value = yield context.call_entity(counter, "get")
    return value


@app.orchestration_trigger(context_name="context")
def entity_error(context: df.DurableOrchestrationContext) -> Steps:
    counter = df.EntityId("Counter", "broken")
    try:
        yield context.call_entity(counter, "explode", "boom")
    except Exception as error:
        return str(error)


@app.orchestration_trigger(context_name="context")
def calls_http(context: df.DurableOrchestrationContext) -> Steps:
    response = yield context.call_http("GET", context.get_input())
    return response


@app.orchestration_trigger(context_name="context")
def ids(context: df.DurableOrchestrationContext) -> Steps:
    first = str(context.new_guid())
    yield context.call_activity("echo", 1)
    second = str(context.new_guid())
    yield context.call_activity("echo", 2)
    return [first, second]


@app.orchestration_trigger(context_name="context")
def monitor(context: df.DurableOrchestrationContext) -> Steps:
    """Polls on a timer until the activity says it is there."""
    job = context.get_input()
    for attempt in range(20):
        try:
            tries = yield context.call_activity("fail_until", job)
            return [attempt, tries]
        except Exception:
            context.set_custom_status(f"attempt {attempt}")
        yield context.create_timer(context.current_utc_datetime + timedelta(milliseconds=30))
    return None


@app.orchestration_trigger(context_name="context")
def long_haul(context: df.DurableOrchestrationContext) -> Steps:
    """Fan-out, timers and sub-orchestrations together: the one that is killed."""
    count = context.get_input()
    work = [context.call_activity("slow", {"name": f"a{n}", "seconds": 0.02 * (n % 5)}) for n in range(count)]
    work += [context.call_sub_orchestrator("leg", n) for n in range(3)]
    work.append(context.create_timer(context.current_utc_datetime + timedelta(seconds=0.4)))
    results = yield context.task_all(work)
    last = yield context.call_activity("slow", {"name": "last", "seconds": 0})
    return [*results[:-1], last]


@app.orchestration_trigger(context_name="context")
def leg(context: df.DurableOrchestrationContext) -> Steps:
    number = context.get_input()
    done = []
    for step in range(3):
        done.append((yield context.call_activity("slow", {"name": f"leg{number}.{step}", "seconds": 0.05})))
        yield context.create_timer(context.current_utc_datetime + timedelta(milliseconds=50))
    return done


# Entities


@app.entity_trigger(context_name="context", entity_name="Counter")
def counter(context: df.DurableEntityContext) -> None:
    value = context.get_state(lambda: 0)
    operation = context.operation_name
    if operation == "add":
        value += context.get_input()
        context.set_state(value)
        context.set_result(value)
    elif operation == "get":
        context.set_result(value)
    elif operation == "explode":
        raise RuntimeError(context.get_input())
    elif operation == "delete":
        context.destruct_on_exit()
    else:
        logging.warning("unknown operation %s", operation)
