"""The deep pipeline of a message: the orchestrator, and its activities beside it."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import azure.durable_functions as df
import azure.functions as func

from functions.pipelines.discretion import discreet
from functions.pipelines.start import Pipelines
from shared.models.base import base_language
from shared.services import services

pipeline = df.Blueprint()

_RETRY = df.RetryOptions(first_retry_interval_in_milliseconds=500, max_number_of_attempts=3)

Data = dict[str, Any]


@pipeline.orchestration_trigger(context_name="context")
def message(context: df.DurableOrchestrationContext) -> Generator[Any, Any, str]:
    """Reads a stored message deeply and tells the desk."""

    def step(name: str, *arguments: Any) -> Any:
        return context.call_activity_with_retry(name, _RETRY, list(arguments))

    work = yield step("prepare_message", context.get_input())
    if work is None:
        return "nothing to do"
    findings: Data = {}
    if work["sender"] == "customer":
        findings["language"] = yield step("detect_language", work)
    if _needs_translation(work, findings):
        findings["translation"] = yield step("translate_message", work, findings)
    if work["sender"] == "customer":
        findings |= yield step("understand_message", work, findings)
        findings |= yield step("suggest_replies", work, findings)
    yield step("store_analysis", work, findings)
    yield step("announce_analysis", work)
    return "analysed"


def _needs_translation(work: Data, findings: Data) -> bool:
    if work["sender"] != "customer":
        return True
    language = findings["language"]["language"] or work["prior_language"]
    return language is not None and base_language(language) != base_language(work["agent_language"])


@pipeline.activity_trigger(input_name="data")
@discreet
async def prepare_message(data: list) -> Data | None:  # type: ignore[type-arg]  # the worker knows plain classes only
    """What there is to do for a message; null when it is done."""
    work = await (await services()).analysis.prepare(data[0]["conversation_id"], data[0]["message_id"])
    return None if work is None else work.model_dump(mode="json")


@pipeline.activity_trigger(input_name="data")
@discreet
async def detect_language(data: list) -> Data:  # type: ignore[type-arg]
    """The language a customer wrote in."""
    work, _ = _read(data)
    return (await (await services()).analysis.detect_language(work)).model_dump(mode="json")


@pipeline.activity_trigger(input_name="data")
@discreet
async def translate_message(data: list) -> Data:  # type: ignore[type-arg]
    """The message in the other side's language."""
    work, findings = _read(data)
    return (await (await services()).analysis.translate(work, findings)).model_dump(mode="json")


@pipeline.activity_trigger(input_name="data")
@discreet
async def understand_message(data: list) -> Data:  # type: ignore[type-arg]
    """Intent, mood, names, key phrases, what is wanted, and what pasted code tells."""
    work, findings = _read(data)
    return (await (await services()).analysis.understand(work, findings)).model_dump(mode="json")


@pipeline.activity_trigger(input_name="data")
@discreet
async def suggest_replies(data: list) -> Data:  # type: ignore[type-arg]
    """What an agent may answer or do, and what it cost."""
    work, findings = _read(data)
    found = (await (await services()).analysis.suggest(work, findings)).model_dump(mode="json")
    return {"suggestions": found["suggestions"], "suggestion_usage": found["token_usage"]}


@pipeline.activity_trigger(input_name="data")
@discreet
async def store_analysis(data: list) -> bool:  # type: ignore[type-arg]
    """Writes what was found."""
    work, findings = _read(data)
    await (await services()).analysis.store(work, findings)
    return True


@pipeline.activity_trigger(input_name="data")
@discreet
async def announce_analysis(data: list) -> bool:  # type: ignore[type-arg]
    """Tells the desk."""
    work, _ = _read(data)
    await (await services()).analysis.announce(work)
    return True


def _read(data: list[Data]) -> Any:
    from shared.desk.analysis import Findings, MessageWork

    findings = data[1] if len(data) > 1 else {}
    return MessageWork.model_validate(data[0]), Findings.model_validate(findings)


async def sweep_pending(timer, durable):  # type: ignore[no-untyped-def]  # annotated below, with real classes
    """Starts the pipelines of messages that a crash left pending."""
    pipelines = Pipelines(durable)
    for overdue in await (await services()).analysis.overdue():
        await pipelines.restart_message(overdue)


sweep_pending.__annotations__ = {"timer": func.TimerRequest, "durable": str, "return": None}
pipeline.durable_client_input(client_name="durable")(
    pipeline.timer_trigger(arg_name="timer", schedule="%SWEEP_SCHEDULE%", run_on_startup=False)(sweep_pending)
)
