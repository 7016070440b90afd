"""HTTP triggers of every shape."""

import asyncio
import json
import logging
import os
import sys
import threading

import azure.functions as func

catalogue = func.Blueprint()  # type: ignore[no-untyped-call]
ANYONE = func.AuthLevel.ANONYMOUS
GATE = asyncio.Event()
waiting = most = 0


@catalogue.route(route="hello", methods=["GET", "POST"], auth_level=ANYONE)
def hello(req: func.HttpRequest) -> func.HttpResponse:
    """The quickstart's function: a name from the query or from the body."""
    name = req.params.get("name")
    if not name:
        try:
            name = req.get_json().get("name")
        except ValueError:
            return func.HttpResponse("no name", status_code=400)
    return func.HttpResponse(f"{os.environ['GREETING']}, {name}.")


@catalogue.route(route="empty", methods=["GET"], auth_level=ANYONE)
async def empty(req: func.HttpRequest) -> func.HttpResponse:
    """Does nothing."""
    return func.HttpResponse()


@catalogue.route(route="echo/{first:alpha}/{second:int?}", auth_level=ANYONE)
async def echo(req: func.HttpRequest, context: func.Context) -> func.HttpResponse:
    """What of the request reaches a function."""
    seen = {
        "method": req.method,
        "url": req.url,
        "params": dict(req.params),
        "route": dict(req.route_params),
        "headers": dict(req.headers),
        "body": req.get_body().decode(),
        "function": context.function_name,
        "invocation": context.invocation_id,
        "trace": context.trace_context.trace_parent,
        "thread": threading.current_thread().name,
    }
    return func.HttpResponse(json.dumps(seen), mimetype="application/json")


@catalogue.route(route="files/{*path}", methods=["GET"], auth_level=ANYONE)
def files(req: func.HttpRequest) -> str:
    """A catch-all, answering with plain text."""
    return f"path={req.route_params.get('path')}"


@catalogue.route(route="files/index", methods=["GET"], auth_level=ANYONE)
def files_index(req: func.HttpRequest) -> str:
    """A literal that wins over the catch-all."""
    return "index"


@catalogue.route(route="form", methods=["POST"], auth_level=ANYONE)
def form(req: func.HttpRequest) -> func.HttpResponse:
    """Form fields and an uploaded file."""
    upload = req.files.get("upload")
    size = len(upload.read()) if upload else 0
    return func.HttpResponse(f"{req.form.get('field')} {size}")


@catalogue.route(route="cookies", auth_level=ANYONE)
def cookies(req: func.HttpRequest) -> func.HttpResponse:
    """Two cookies, and a header that host.json sets as well."""
    response = func.HttpResponse("ok", headers={"X-Kept": "from the function"})
    response.headers.add("Set-Cookie", "one=1; Path=/; HttpOnly")
    response.headers.add("Set-Cookie", "two=2; Path=/; Secure; SameSite=Lax")
    return response


@catalogue.route(route="described", auth_level=ANYONE)
def described(req: func.HttpRequest) -> str:
    """A string that describes a response."""
    return json.dumps({"statusCode": 418, "headers": {"X-Tea": "yes"}, "body": {"pot": "short"}})


@catalogue.route(route="nothing", auth_level=ANYONE)
def nothing(req: func.HttpRequest) -> func.HttpResponse:
    """Forgets to answer."""
    return None  # type: ignore[return-value]


@catalogue.route(route="broken", auth_level=ANYONE)
def broken(req: func.HttpRequest) -> func.HttpResponse:
    """Raises."""
    raise LookupError("the shelf is empty")


@catalogue.route(route="slow", auth_level=ANYONE)
async def slow(req: func.HttpRequest) -> func.HttpResponse:
    """Runs longer than functionTimeout allows."""
    await asyncio.Event().wait()
    return func.HttpResponse("late")


@catalogue.route(route="stuck", auth_level=ANYONE)
def stuck(req: func.HttpRequest) -> func.HttpResponse:
    """Holds a thread longer than functionTimeout allows."""
    logging.info("stuck and holding a thread")
    threading.Event().wait()
    return func.HttpResponse("late")


@catalogue.route(route="exit", auth_level=ANYONE)
def leave(req: func.HttpRequest) -> func.HttpResponse:
    """Tries to end the process it runs in."""
    sys.exit("bye")


@catalogue.timer_trigger(arg_name="timer", schedule="0 0 0 1 1 *", use_monitor=False)
async def open_gate(timer: func.TimerRequest) -> None:
    """Lets all who wait at the gate pass; run by hand, past every bound on requests."""
    GATE.set()


@catalogue.route(route="gate", methods=["GET"], auth_level=ANYONE)
async def wait_at_gate(req: func.HttpRequest) -> func.HttpResponse:
    """Waits for the gate, then says how many waited at once at most."""
    global waiting, most
    waiting += 1
    most = max(most, waiting)
    try:
        await GATE.wait()
    finally:
        waiting -= 1
    return func.HttpResponse(str(most))


@catalogue.generic_trigger(arg_name="req", type="httpTrigger", route="out", authLevel="anonymous")
@catalogue.generic_output_binding(arg_name="answer", type="http")
def out(req: func.HttpRequest, answer: func.Out[func.HttpResponse]) -> None:
    """Answers through an output parameter."""
    answer.set(func.HttpResponse("set", status_code=201))


@catalogue.route(route="locked", methods=["GET"])
def locked(req: func.HttpRequest) -> func.HttpResponse:
    """Needs a function key when keys are enforced."""
    return func.HttpResponse("open")


@catalogue.route(route="vault", methods=["GET"], auth_level=func.AuthLevel.ADMIN)
def vault(req: func.HttpRequest) -> func.HttpResponse:
    """Needs the master key when keys are enforced."""
    return func.HttpResponse("open")


@catalogue.route(route="asleep", auth_level=ANYONE)
def asleep(req: func.HttpRequest) -> func.HttpResponse:
    """Can be switched off by AzureWebJobs.asleep.Disabled."""
    return func.HttpResponse("awake")
