"""Intent models: training them from own examples, looking at their reports, and choosing the active one."""

from __future__ import annotations

from typing import Annotated, ClassVar

import azure.durable_functions as df
import azure.functions as func
from pydantic import Field

from functions.endpoint import Call, Caller, NoBody, NoParameters, RawBody, endpoint
from shared.desk.intent_examples import Given, read_csv
from shared.models.base import Identifier, Model
from shared.models.intents import IntentModelRecord

intents = df.Blueprint()

EXAMPLES_MAX_BYTES = 5 * 1024 * 1024
"""Largest body with examples; 20,000 messages of common length fit in."""


class IntentExample(Model):
    text: str
    """1 to 2000 characters."""
    intent: str
    """A small letter, then up to 63 small letters, digits and underscores; `out_of_scope` for what is about nothing."""


class IntentModelRequest(Model):
    name: str
    """1 to 100 characters."""
    examples: Annotated[list[IntentExample], Field(fail_fast=True)]
    """Up to 20,000, of at least two intents, at least five different ones of each."""
    with_default_examples: bool = False
    """Whether the product's own examples are learnt beside the given ones."""
    client_model_id: Identifier | None = None
    """Chosen by the client; a repeated request with the same gives the model of the first."""


class ExamplesFile(RawBody):
    """A CSV file in UTF-8 with the columns text and label."""

    media_type: ClassVar[str] = "text/csv"


class ExamplesFileParameters(Model):
    name: str
    with_default_examples: bool = False
    client_model_id: Identifier | None = None


class VersionParameters(Model):
    version: str


class IntentModelAnswer(Model):
    model: IntentModelRecord


class IntentModelsAnswer(Model):
    models: list[IntentModelRecord]
    active: str
    """Version of the model that reads customers' messages; `shipped` for the one that comes with the product."""


@endpoint(
    intents,
    "POST",
    "intents/models",
    caller=Caller.ADMIN,
    body=IntentModelRequest,
    answer=IntentModelAnswer,
    status=202,
    starts_pipelines=True,
    max_bytes=EXAMPLES_MAX_BYTES,
)
async def train_intent_model(call: Call[IntentModelRequest, NoParameters]) -> IntentModelAnswer:
    """Train an intent model from examples; its report is there when its state is ready."""
    asked = call.body
    given = [Given(each.text, each.intent) for each in asked.examples]
    return await _train(call, asked.name, given, asked.with_default_examples, asked.client_model_id)


@endpoint(
    intents,
    "POST",
    "intents/models/csv",
    caller=Caller.ADMIN,
    body=ExamplesFile,
    parameters=ExamplesFileParameters,
    answer=IntentModelAnswer,
    status=202,
    starts_pipelines=True,
    max_bytes=EXAMPLES_MAX_BYTES,
)
async def train_intent_model_from_csv(call: Call[ExamplesFile, ExamplesFileParameters]) -> IntentModelAnswer:
    """Train an intent model from a CSV file with the columns text and label."""
    asked = call.parameters
    given = read_csv(call.body.content)
    return await _train(call, asked.name, given, asked.with_default_examples, asked.client_model_id)


async def _train(
    call: Call[IntentModelRequest, NoParameters] | Call[ExamplesFile, ExamplesFileParameters],
    name: str,
    given: list[Given],
    with_default_examples: bool,
    client_model_id: str | None,
) -> IntentModelAnswer:
    model = await call.services.intents.create(
        call.principal,
        name,
        given,
        with_default_examples=with_default_examples,
        client_model_id=client_model_id,
    )
    if call.pipelines is not None and model.state == "training":
        await call.pipelines.start_intent_training(model.version)
    return IntentModelAnswer(model=model)


@endpoint(intents, "GET", "intents/models", caller=Caller.STAFF, answer=IntentModelsAnswer)
async def list_intent_models(call: Call[NoBody, NoParameters]) -> IntentModelsAnswer:
    """All intent models, the newest first, the shipped one last."""
    found = await call.services.intents.listed()
    return IntentModelsAnswer(models=found.models, active=found.active)


@endpoint(
    intents,
    "GET",
    "intents/models/{version}",
    caller=Caller.STAFF,
    parameters=VersionParameters,
    answer=IntentModelAnswer,
)
async def get_intent_model(call: Call[NoBody, VersionParameters]) -> IntentModelAnswer:
    """One intent model with its whole report."""
    return IntentModelAnswer(model=await call.services.intents.get(call.parameters.version))


@endpoint(
    intents,
    "GET",
    "intents/models/{version}/examples",
    caller=Caller.ADMIN,
    parameters=VersionParameters,
    answer=None,
)
async def intent_model_examples(call: Call[NoBody, VersionParameters]) -> func.HttpResponse:
    """What an intent model was trained on, as a CSV file."""
    content = await call.services.intents.examples(call.parameters.version)
    headers = {"Content-Disposition": f'attachment; filename="intents-{call.parameters.version}.csv"'}
    return func.HttpResponse(content, mimetype="text/csv", charset="utf-8", headers=headers)


@endpoint(
    intents,
    "POST",
    "intents/models/{version}/activate",
    caller=Caller.ADMIN,
    parameters=VersionParameters,
    answer=IntentModelAnswer,
)
async def activate_intent_model(call: Call[NoBody, VersionParameters]) -> IntentModelAnswer:
    """Read customers' messages with this intent model from now on; every worker follows within seconds."""
    return IntentModelAnswer(model=await call.services.intents.activate(call.principal, call.parameters.version))


@endpoint(
    intents,
    "DELETE",
    "intents/models/{version}",
    caller=Caller.ADMIN,
    parameters=VersionParameters,
    answer=None,
    status=204,
)
async def remove_intent_model(call: Call[NoBody, VersionParameters]) -> func.HttpResponse:
    """Remove an intent model with its files; the active one stays."""
    await call.services.intents.remove(call.parameters.version)
    return func.HttpResponse(status_code=204)
