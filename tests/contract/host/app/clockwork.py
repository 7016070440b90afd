"""Timer triggers, observed over HTTP."""

import asyncio
import json

import azure.functions as func

clockwork = func.Blueprint()  # type: ignore[no-untyped-call]
RUNS: dict[str, list[bool]] = {"tick": [], "hourly": [], "at_start": [], "stumbling": []}
CHANGED = asyncio.Condition()


async def ran(timer: str, past_due: bool) -> None:
    """Note a run, and wake whoever waits for it."""
    async with CHANGED:
        RUNS[timer].append(past_due)
        CHANGED.notify_all()


@clockwork.timer_trigger(arg_name="timer", schedule="%TICK_SCHEDULE%")
async def tick(timer: func.TimerRequest) -> None:
    """Every second."""
    await ran("tick", timer.past_due)


@clockwork.timer_trigger(arg_name="timer", schedule="0 0 * * * *")
async def hourly(timer: func.TimerRequest) -> None:
    """Every hour: with the monitor, so that a missed run is made good."""
    await ran("hourly", timer.past_due)


@clockwork.timer_trigger(arg_name="timer", schedule="12:00:00", run_on_startup=True, use_monitor=False)
async def at_start(timer: func.TimerRequest) -> None:
    """Twice a day, and once when the host starts."""
    await ran("at_start", timer.past_due)


@clockwork.timer_trigger(arg_name="timer", schedule="0 0 0 1 1 *", use_monitor=False)
@clockwork.retry(strategy="fixed_delay", max_retry_count="2", delay_interval="00:00:00")
async def stumbling(timer: func.TimerRequest, context: func.Context) -> None:
    """Succeeds at the third attempt."""
    if context.retry_context.retry_count < 2:
        raise ConnectionError("not yet")
    await ran("stumbling", timer.past_due)


@clockwork.route(route="runs/{timer}/{count:int}", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
async def runs(req: func.HttpRequest) -> func.HttpResponse:
    """Wait until the timer ran so often; then say for each run whether it was past due."""
    timer, count = req.route_params["timer"], int(req.route_params["count"])
    async with CHANGED:
        await CHANGED.wait_for(lambda: len(RUNS[timer]) >= count)
    return func.HttpResponse(json.dumps(RUNS[timer]), mimetype="application/json")
