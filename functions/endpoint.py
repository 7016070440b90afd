"""One decorator for every HTTP endpoint: who may call, what comes in, what goes out, and what errors look like."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Generic, TypeVar, cast

import azure.durable_functions as df
import azure.functions as func
from pydantic import BaseModel, ValidationError

from functions.pipelines.start import Pipelines
from shared.errors import (
    Conflict,
    DomainError,
    Forbidden,
    InvalidRequest,
    NoRoom,
    NotFound,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from shared.models.account import Role
from shared.security.principal import Principal
from shared.services import Services, services
from shared.settings import SettingsInvalid

log = logging.getLogger(__name__)

PROBLEM_TYPE = "application/problem+json"
_JSON_TYPE = "application/json"

_STATUS: list[tuple[type[DomainError], int, str]] = [
    (InvalidRequest, 400, "The request is not valid"),
    (Unauthenticated, 401, "Not signed in"),
    (Forbidden, 403, "Not allowed"),
    (NotFound, 404, "Not found"),
    (Conflict, 409, "The state of things does not allow it"),
    (TooLarge, 413, "The request is too large"),
    (NoRoom, 507, "There is no room to store it"),
    (Unavailable, 503, "A service is not available"),
]


class Caller(Enum):
    """Who may call an endpoint: the one place where roles are checked."""

    ANYONE = "anyone"
    ACCOUNT = "account"
    CUSTOMER = "customer"
    STAFF = "staff"
    ADMIN = "admin"

    def admits(self, principal: Principal) -> bool:
        """Whether a caller with this account may pass."""
        if self is Caller.CUSTOMER:
            return principal.account.role is Role.CUSTOMER
        if self is Caller.ADMIN:
            return principal.account.role is Role.ADMIN
        return principal.is_staff if self is Caller.STAFF else True


class NoBody(BaseModel):
    """For endpoints that read no body."""


class RawBody(BaseModel):
    """For endpoints that read a body as it is; subclasses name its media type."""

    media_type: ClassVar[str] = "application/octet-stream"
    content: bytes


class NoParameters(BaseModel):
    """For endpoints without parameters in path or query."""


B = TypeVar("B", bound=BaseModel)
P = TypeVar("P", bound=BaseModel)


@dataclass(frozen=True)
class Call(Generic[B, P]):
    """One request that passed every check."""

    request: func.HttpRequest
    services: Services
    body: B
    parameters: P
    caller: Principal | None
    pipelines: Pipelines | None

    @property
    def principal(self) -> Principal:
        """Who calls; there always is somebody unless the endpoint is for anyone."""
        assert self.caller is not None
        return self.caller


Handler = Callable[[Call[Any, Any]], Awaitable[BaseModel | func.HttpResponse]]


@dataclass(frozen=True)
class Endpoint:
    """What is known of an endpoint, for serving and for describing it."""

    name: str
    method: str
    route: str
    caller: Caller
    summary: str
    body: type[BaseModel]
    parameters: type[BaseModel]
    answer: type[BaseModel] | None
    status: int
    handler: Handler
    max_bytes: int | None = None
    """Largest body; null for the one that the settings give for all."""


ENDPOINTS: list[Endpoint] = []
"""Every endpoint of the application, in the order of their blueprints."""


def endpoint(
    blueprint: df.Blueprint,
    method: str,
    route: str,
    *,
    caller: Caller,
    answer: type[BaseModel] | None,
    body: type[BaseModel] = NoBody,
    parameters: type[BaseModel] = NoParameters,
    status: int = 200,
    starts_pipelines: bool = False,
    max_bytes: int | None = None,
) -> Callable[[Handler], Handler]:
    """Registers a handler as an HTTP function. `answer=None`: the handler makes its own response."""

    def register(handler: Handler) -> Handler:
        summary = (handler.__doc__ or "").strip().splitlines()[0]
        described = Endpoint(
            handler.__name__, method, route, caller, summary, body, parameters, answer, status, handler, max_bytes
        )
        ENDPOINTS.append(described)
        trigger = _with_client(described) if starts_pipelines else _without_client(described)
        trigger.__name__ = handler.__name__
        trigger = blueprint.route(route=route, methods=[method], auth_level=func.AuthLevel.ANONYMOUS)(trigger)
        if starts_pipelines:
            blueprint.durable_client_input(client_name="durable")(trigger)
        return handler

    return register


def _without_client(described: Endpoint) -> Any:
    async def trigger(req):  # type: ignore[no-untyped-def]  # the worker reads annotations; see below
        return await respond(described, req, None)

    trigger.__annotations__ = {"req": func.HttpRequest, "return": func.HttpResponse}
    return trigger


def _with_client(described: Endpoint) -> Any:
    async def trigger(req, durable):  # type: ignore[no-untyped-def]
        return await respond(described, req, Pipelines(durable))

    # Real classes, not the text that postponed annotations would leave: the worker compares them with the bindings.
    trigger.__annotations__ = {"req": func.HttpRequest, "durable": str, "return": func.HttpResponse}
    return trigger


async def respond(described: Endpoint, request: func.HttpRequest, pipelines: Pipelines | None) -> func.HttpResponse:
    """The response to a request, whatever happens on the way."""
    try:
        result = await described.handler(await _admit(described, request, pipelines))
    except DomainError as error:
        return problem(error)
    except SettingsInvalid as error:
        log.error("%s", error)
        return problem(Unavailable("The application is not configured; its log says what is missing."))
    except Exception as error:
        # Messages of unknown errors may quote what a person wrote, so only the place is logged.
        place = "".join(traceback.format_tb(error.__traceback__))
        log.error("%s failed with %s\n%s", described.name, type(error).__name__, place)
        return _problem_response(500, "error", "Something went wrong", "The failure has been logged.", {})
    if isinstance(result, func.HttpResponse):
        return result
    return func.HttpResponse(result.model_dump_json(), status_code=described.status, mimetype=_JSON_TYPE)


async def _admit(
    described: Endpoint, request: func.HttpRequest, pipelines: Pipelines | None
) -> Call[BaseModel, BaseModel]:
    provided = await services()
    principal = None
    if described.caller is not Caller.ANYONE:
        principal = await provided.accounts.identify(_bearer_token(request))
        if not described.caller.admits(principal):
            raise Forbidden(f"This is for {described.caller.value} accounts; yours is {principal.account.role.value}.")
    return Call(
        request=request,
        services=provided,
        body=_body(described, request, described.max_bytes or provided.settings.request_max_bytes),
        parameters=_parameters(described, request),
        caller=principal,
        pipelines=pipelines,
    )


def _bearer_token(request: func.HttpRequest) -> str:
    header: str = request.headers.get("authorization", "")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("Send a session token: Authorization: Bearer TOKEN.")
    return token.strip()


def _body(described: Endpoint, request: func.HttpRequest, maximum: int) -> BaseModel:
    if described.body is NoBody:
        return NoBody()
    raw = request.get_body()
    if len(raw) > maximum:
        raise TooLarge(f"The body has {len(raw)} bytes; {maximum} are allowed.")
    if issubclass(described.body, RawBody):
        return described.body(content=raw)
    try:
        return described.body.model_validate_json(raw or b"{}")
    except ValidationError as error:
        raise InvalidRequest.from_validation(error) from None


def _parameters(described: Endpoint, request: func.HttpRequest) -> BaseModel:
    try:
        return described.parameters.model_validate({**request.params, **request.route_params})
    except ValidationError as error:
        raise InvalidRequest.from_validation(error) from None


def problem(error: DomainError) -> func.HttpResponse:
    """The error as RFC 9457 problem details."""
    status, title = next((status, title) for kind, status, title in _STATUS if isinstance(error, kind))
    extras: dict[str, object] = {name: value for name, value in error.extras.items() if value is not None}
    if isinstance(error, InvalidRequest) and error.fields:
        extras["errors"] = [{"field": each.field, "message": each.message} for each in error.fields]
    return _problem_response(status, error.code, title, error.detail, extras)


def _problem_response(status: int, code: str, title: str, detail: str, extras: dict[str, object]) -> func.HttpResponse:
    content = {"type": f"urn:problem:{code}", "title": title, "status": status, "detail": detail, "code": code}
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return func.HttpResponse(
        json.dumps({**content, **extras}, ensure_ascii=False),
        status_code=status,
        mimetype=PROBLEM_TYPE,
        headers=cast("dict[str, str]", headers),
    )
