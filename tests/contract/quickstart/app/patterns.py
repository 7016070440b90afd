# An app as its own authors write it: without type checks.
# mypy: ignore-errors

import json
from datetime import timedelta

import azure.durable_functions as df
import azure.functions as func

bp = df.Blueprint()

jobs: dict[str, int] = {}


@bp.route(route="orchestrators/{functionName}", methods=["POST"])
@bp.durable_client_input(client_name="client")
async def http_start(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    function_name = req.route_params["functionName"]
    body = req.get_body()
    instance_id = await client.start_new(function_name, client_input=json.loads(body) if body else None)
    return client.create_check_status_response(req, instance_id)


# Chaining


@bp.orchestration_trigger(context_name="context")
def hello_sequence(context: df.DurableOrchestrationContext):
    first = yield context.call_activity("say_hello", "Tokyo")
    second = yield context.call_activity("say_hello", "Seattle")
    third = yield context.call_activity("say_hello", "London")
    return [first, second, third]


@bp.activity_trigger(input_name="city")
def say_hello(city: str) -> str:
    return f"Hello {city}!"


# Fan out, fan in


@bp.orchestration_trigger(context_name="context")
def total_length(context: df.DurableOrchestrationContext):
    words = context.get_input()
    tasks = [context.call_activity("measure", word) for word in words]
    lengths = yield context.task_all(tasks)
    return sum(lengths)


@bp.activity_trigger(input_name="word")
async def measure(word: str) -> int:
    return len(word)


# Human interaction, with a time limit


@bp.orchestration_trigger(context_name="context")
def approval(context: df.DurableOrchestrationContext):
    due_time = context.current_utc_datetime + timedelta(seconds=context.get_input())
    timeout = context.create_timer(due_time)
    decision = context.wait_for_external_event("Approval")
    winner = yield context.task_any([decision, timeout])
    if winner != decision:
        return "Escalated"
    timeout.cancel()
    return "Approved" if decision.result else "Rejected"


# Monitor: an orchestration that starts itself anew until the job is done


@bp.orchestration_trigger(context_name="context")
def watch_job(context: df.DurableOrchestrationContext):
    state = context.get_input()
    status = yield context.call_activity("job_status", state["job"])
    if status == "Done":
        return state["looks"]
    yield context.create_timer(context.current_utc_datetime + timedelta(milliseconds=50))
    context.continue_as_new({"job": state["job"], "looks": state["looks"] + 1})


@bp.activity_trigger(input_name="job")
def job_status(job: str) -> str:
    jobs[job] = jobs.get(job, 0) + 1
    return "Done" if jobs[job] > 4 else "Running"


# An entity that counts


@bp.entity_trigger(context_name="context", entity_name="Counter")
def counter(context: df.DurableEntityContext) -> None:
    current = context.get_state(lambda: 0)
    if context.operation_name == "add":
        current += context.get_input()
    elif context.operation_name == "reset":
        current = 0
    context.set_result(current)
    context.set_state(current)


@bp.orchestration_trigger(context_name="context")
def count_up(context: df.DurableOrchestrationContext):
    entity = df.EntityId("Counter", context.get_input())
    context.signal_entity(entity, "add", 3)
    return (yield context.call_entity(entity, "add", 4))


@bp.route(route="counters/{key}", methods=["GET", "POST"])
@bp.durable_client_input(client_name="client")
async def counters(req: func.HttpRequest, client: df.DurableOrchestrationClient) -> func.HttpResponse:
    entity = df.EntityId("Counter", req.route_params["key"])
    if req.method == "POST":
        await client.signal_entity(entity, "add", int(req.params.get("amount", "1")))
        return func.HttpResponse(status_code=202)
    state = await client.read_entity_state(entity)
    if not state.entity_exists:
        return func.HttpResponse(status_code=404)
    return func.HttpResponse(str(state.entity_state))


# The storage account starts orchestrations too


@bp.queue_trigger(arg_name="msg", queue_name="quickstart-cities", connection="AzureWebJobsStorage")
@bp.durable_client_input(client_name="client")
async def greet_cities(msg: func.QueueMessage, client: df.DurableOrchestrationClient) -> None:
    await client.start_new("hello_sequence", instance_id=msg.get_body().decode())
