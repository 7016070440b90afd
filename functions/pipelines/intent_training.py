"""Training an intent model: the orchestrator, and its activities beside it."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import azure.durable_functions as df
import azure.functions as func

from functions.pipelines.start import Pipelines
from shared.services import services

intent_training_pipeline = df.Blueprint()

_RETRY = df.RetryOptions(first_retry_interval_in_milliseconds=5_000, max_number_of_attempts=3)


@intent_training_pipeline.orchestration_trigger(context_name="context")
def intent_training(context: df.DurableOrchestrationContext) -> Generator[Any, Any, str]:
    """Trains a model; one whose training fails again and again is marked so."""
    version = context.get_input()
    try:
        state: str = yield context.call_activity_with_retry("run_intent_training", _RETRY, version)
    except Exception:  # the activity has logged what it was
        state = yield context.call_activity_with_retry("give_up_intent_training", _RETRY, version)
    return state


@intent_training_pipeline.activity_trigger(input_name="version")
async def run_intent_training(version: str) -> str:
    """The state that the model is in after its training."""
    return await (await services()).intents.train(version)


@intent_training_pipeline.activity_trigger(input_name="version")
async def give_up_intent_training(version: str) -> str:
    """The state that the model is in now."""
    return await (await services()).intents.give_up(version)


async def sweep_intent_trainings(timer, durable):  # type: ignore[no-untyped-def]  # annotated below, with real classes
    """Starts the trainings again that a crash has lost."""
    pipelines = Pipelines(durable)
    for version in await (await services()).intents.overdue():
        await pipelines.restart_intent_training(version)


sweep_intent_trainings.__annotations__ = {"timer": func.TimerRequest, "durable": str, "return": None}
intent_training_pipeline.durable_client_input(client_name="durable")(
    intent_training_pipeline.timer_trigger(arg_name="timer", schedule="%SWEEP_SCHEDULE%", run_on_startup=False)(
        sweep_intent_trainings
    )
)
