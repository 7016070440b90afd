"""Timer triggers, observed over HTTP."""

import json

import azure.functions as func

clockwork = func.Blueprint()
RUNS: dict[str, list[bool]] = {"tick": [], "hourly": [], "at_start": []}


@clockwork.timer_trigger(arg_name="timer", schedule="%TICK_SCHEDULE%")
async def tick(timer: func.TimerRequest) -> None:
    """Every second."""
    RUNS["tick"].append(timer.past_due)


@clockwork.timer_trigger(arg_name="timer", schedule="0 0 * * * *")
def hourly(timer: func.TimerRequest) -> None:
    """Every hour: with the monitor, so that a missed run is made good."""
    RUNS["hourly"].append(timer.past_due)


@clockwork.timer_trigger(arg_name="timer", schedule="12:00:00", run_on_startup=True, use_monitor=False)
def at_start(timer: func.TimerRequest) -> None:
    """Twice a day, and once when the host starts."""
    RUNS["at_start"].append(timer.past_due)


@clockwork.route(route="runs", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
def runs(req: func.HttpRequest) -> func.HttpResponse:
    """What ran so far: for each timer, whether each run was past due."""
    return func.HttpResponse(json.dumps(RUNS), mimetype="application/json")
