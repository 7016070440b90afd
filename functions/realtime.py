"""Realtime: addresses to connect to, and the handler of what clients do over their socket."""

from __future__ import annotations

from urllib.parse import urlsplit

import azure.durable_functions as df
import azure.functions as func
from pydantic import BaseModel, ConfigDict

from functions.endpoint import Call, Caller, NoBody, NoParameters, endpoint
from shared.errors import InvalidRequest
from shared.models.base import Identifier, Model
from shared.models.events import SocketAccess
from shared.realtime.upstream import read_event

realtime = df.Blueprint()


class NegotiateRequest(Model):
    conversation_id: Identifier | None = None
    """For customers with several conversations; the session's own by default."""


class CustomerParameters(Model):
    customer_id: Identifier


class AgentParameters(Model):
    agent_id: Identifier


class EventParameters(BaseModel):
    model_config = ConfigDict(extra="ignore")


@endpoint(
    realtime,
    "POST",
    "realtime/negotiate",
    caller=Caller.ACCOUNT,
    body=NegotiateRequest,
    answer=SocketAccess,
)
async def negotiate(call: Call[NegotiateRequest, NoParameters]) -> SocketAccess:
    """Where to connect for live events."""
    return await call.services.sockets.connect(call.principal, call.body.conversation_id)


@endpoint(
    realtime,
    "GET",
    "ws/customer/{customer_id}",
    caller=Caller.ACCOUNT,
    parameters=CustomerParameters,
    answer=SocketAccess,
)
async def customer_socket(call: Call[NoBody, CustomerParameters]) -> SocketAccess:
    """Where a customer connects for live events."""
    return await call.services.sockets.connect_as(call.principal, call.parameters.customer_id, staff=False)


@endpoint(
    realtime,
    "GET",
    "ws/agent/{agent_id}",
    caller=Caller.ACCOUNT,
    parameters=AgentParameters,
    answer=SocketAccess,
)
async def agent_socket(call: Call[NoBody, AgentParameters]) -> SocketAccess:
    """Where an agent connects for live events."""
    return await call.services.sockets.connect_as(call.principal, call.parameters.agent_id, staff=True)


@endpoint(
    realtime,
    "OPTIONS",
    "realtime/events",
    caller=Caller.ANYONE,
    parameters=EventParameters,
    answer=None,
)
async def allow_events(call: Call[NoBody, EventParameters]) -> func.HttpResponse:
    """Web PubSub's question whether it may send events here."""
    origin = call.request.headers.get("webhook-request-origin", "")
    ours = urlsplit(call.services.settings.web_pubsub_endpoint).hostname or ""
    if ours.lower() not in [each.strip().lower() for each in origin.split(",")]:
        raise InvalidRequest("The header WebHook-Request-Origin does not name our Web PubSub resource.")
    return func.HttpResponse(status_code=200, headers={"WebHook-Allowed-Origin": ours})


@endpoint(
    realtime,
    "POST",
    "realtime/events",
    caller=Caller.ANYONE,
    parameters=EventParameters,
    answer=None,
    starts_pipelines=True,
)
async def receive_event(call: Call[NoBody, EventParameters]) -> func.HttpResponse:
    """An event of a socket, signed by Web PubSub."""
    keys = [call.services.settings.web_pubsub_access_key.get_secret_value()]
    headers = {name.lower(): value for name, value in call.request.headers.items()}
    outcome = await call.services.sockets.handle(read_event(headers, call.request.get_body(), keys))
    if outcome.received is not None and outcome.received.created and call.pipelines is not None:
        await call.pipelines.start_message(outcome.received.message)
    if outcome.answer is not None:
        return func.HttpResponse(outcome.answer.model_dump_json(), mimetype="application/json")
    return func.HttpResponse(status_code=204)
