"""The HTTP API of the task hub: what the SDK's client and the management addresses call."""

from __future__ import annotations

import base64
import json
import sqlite3
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from local.database import explanation
from local.host.durable.engine import Engine, InvalidRequest
from local.host.durable.events import EventType, event, now, read_time, wire_time
from local.host.durable.links import Links
from local.host.durable.records import UNFINISHED, Instance
from local.host.durable.status import describe, describe_history
from local.host.traces import received

CONTINUATION = "x-ms-continuation-token"
NO_LIMIT = -1


class Api:
    """Handlers over an engine; the same ones serve the webhooks and the local address of the SDK."""

    def __init__(self, engine: Engine, links: Links, *, own_origin: bool) -> None:
        """With `own_origin`, answers carry addresses on the origin that the caller used."""
        self._engine = engine
        self._store = engine.store
        self._links = links
        self._own_origin = own_origin

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """All routes below a prefix."""
        table: list[tuple[str, str, Callable[[web.Request], Awaitable[web.StreamResponse]]]] = [
            ("POST", "/orchestrators/{name}", self._start),
            ("POST", "/orchestrators/{name}/{id}", self._start),
            ("GET", "/instances", self._list),
            ("GET", "/instances/", self._list),
            ("DELETE", "/instances", self._purge_many),
            ("DELETE", "/instances/", self._purge_many),
            ("GET", "/instances/{id}", self._status),
            ("DELETE", "/instances/{id}", self._purge),
            ("POST", "/instances/{id}/raiseEvent/{event}", self._raise_event),
            ("POST", "/instances/{id}/terminate", self._tells(EventType.EXECUTION_TERMINATED)),
            ("POST", "/instances/{id}/suspend", self._tells(EventType.SUSPENDED)),
            ("POST", "/instances/{id}/resume", self._tells(EventType.RESUMED)),
            ("POST", "/instances/{id}/rewind", self._rewind),
            ("POST", "/instances/{id}/restart", self._restart),
            ("GET", "/entities", self._list_entities),
            ("GET", "/entities/", self._list_entities),
            ("GET", "/entities/{name}", self._list_entities),
            ("GET", "/entities/{name}/{key}", self._entity),
            ("POST", "/entities/{name}/{key}", self._signal),
            ("DELETE", "/entities/{name}/{key}", self._signal),
        ]
        return [web.RouteDef(method, prefix + path, self._guarded(handler), {}) for method, path, handler in table]

    def _guarded(self, handler: Handler) -> Handler:
        """Say what is wrong with a request in the extension's shape, whichever handler finds it."""

        async def answer(request: web.Request) -> web.StreamResponse:
            hub = request.query.get("taskHub", self._links.hub_name)
            try:
                if hub.lower() != self._links.hub_name.lower():
                    raise InvalidRequest(f"taskHub: this host serves '{self._links.hub_name}', not '{hub}'.")
                return await handler(request)
            except InvalidRequest as error:
                return _refusal(str(error))
            except sqlite3.Error as error:
                if (why := explanation(error)) is None:
                    raise
                return web.json_response({"Message": why}, status=503)

        return answer

    # Orchestrations

    async def _start(self, request: web.Request) -> web.Response:
        body = (await request.text()).strip()
        _check_json(body, "the input")
        instance_id = self._engine.start_instance(
            request.match_info["name"],
            request.match_info.get("id"),
            body or None,
            request.query.get("version"),
            received(request.headers),
        )
        seconds = _seconds(request, "timeout")
        if seconds is None:
            return self._check_status(request, instance_id)
        _seconds(request, "pollingInterval")
        await self._engine.finished(instance_id, seconds)
        instance = self._store.instance(instance_id)
        if instance is None or not instance.finished:
            return self._check_status(request, instance_id)
        if instance.status == "Completed":
            return web.json_response(text=instance.output or "null")
        return web.json_response(describe(instance), status=500 if instance.status == "Failed" else 200)

    def _check_status(self, request: web.Request, instance_id: str) -> web.Response:
        links = self._links.of_instance(instance_id, self._origin(request))
        headers = {"Location": links["statusQueryGetUri"], "Retry-After": "10"}
        return web.json_response(links, status=202, headers=headers)

    def _origin(self, request: web.Request) -> str | None:
        return f"{request.scheme}://{request.host}" if self._own_origin else None

    async def _status(self, request: web.Request) -> web.Response:
        instance = self._found(request)
        shown = describe(instance, show_input=_flag(request, "showInput", default=True))
        if _flag(request, "showHistory"):
            show_output = _flag(request, "showHistoryOutput")
            shown["historyEvents"] = describe_history(self._store.history(instance.id), show_output=show_output)
        if not instance.finished:
            location = self._links.of_instance(instance.id, self._origin(request))["statusQueryGetUri"]
            return web.json_response(shown, status=202, headers={"Location": location, "Retry-After": "5"})
        failed = instance.status == "Failed" and _flag(request, "returnInternalServerErrorOnFailure")
        return web.json_response(shown, status=500 if failed else 200)

    async def _list(self, request: web.Request) -> web.Response:
        where, values = _condition(request)
        token = request.headers.get(CONTINUATION)
        if token:
            where, values = f"{where} AND id > ?", [*values, _read_token(token)]
        top = _whole_number(request, "top")
        limit = NO_LIMIT if top is None else top + 1
        found = self._store.instances(where, values, limit)
        shown = found if top is None else found[:top]
        headers = {}
        if len(shown) < len(found):
            headers[CONTINUATION] = base64.urlsafe_b64encode(shown[-1].id.encode()).decode() if shown else ""
        show_input = _flag(request, "showInput", default=True)
        return web.json_response([describe(instance, show_input=show_input) for instance in shown], headers=headers)

    async def _raise_event(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            raise InvalidRequest("Only application/json request content is supported")
        body = (await request.text()).strip()
        _check_json(body, "the event")
        instance = self._unfinished(request)
        self._engine.raise_event(instance.id, request.match_info["event"], body or "null")
        return web.Response(status=202)

    def _tells(self, kind: EventType) -> Handler:
        async def tell(request: web.Request) -> web.Response:
            instance = self._unfinished(request)
            self._engine.tell(instance.id, event(kind, at=now(), Input=request.query.get("reason", "")))
            return web.Response(status=202)

        return tell

    async def _rewind(self, request: web.Request) -> web.Response:
        instance = self._found(request)
        if instance.status in ("Completed", "Terminated", "Canceled"):
            raise web.HTTPGone(text="")
        if instance.status != "Failed":
            raise InvalidRequest("The rewind operation is only supported on failed orchestration instances.")
        self._engine.rewind(instance)
        return web.Response(status=202)

    async def _restart(self, request: web.Request) -> web.Response:
        instance = self._store.instance(request.match_info["id"])
        if instance is None:
            raise InvalidRequest(f"An orchestrator with the instanceId {request.match_info['id']} was not found.")
        anew = _flag(request, "restartWithNewInstanceId", default=True)
        instance_id = uuid.uuid4().hex if anew else instance.id
        self._engine.start_instance(
            instance.name, instance_id, instance.input, instance.version, received(request.headers)
        )
        return self._check_status(request, instance_id)

    async def _purge(self, request: web.Request) -> web.Response:
        instance = self._found(request)
        if not instance.finished:
            raise web.HTTPNotFound(text="")
        self._store.delete([instance.id])
        return web.json_response({"instancesDeleted": 1})

    async def _purge_many(self, request: web.Request) -> web.Response:
        if "createdTimeFrom" not in request.query:
            raise InvalidRequest("createdTimeFrom: please provide a value for 'createdTimeFrom'.")
        where, values = _condition(request)
        unfinished = ", ".join("?" for _ in UNFINISHED)
        found = self._store.instances(f"{where} AND status NOT IN ({unfinished})", [*values, *UNFINISHED], NO_LIMIT)
        if not found:
            raise web.HTTPNotFound(text="")
        self._store.delete([instance.id for instance in found])
        return web.json_response({"instancesDeleted": len(found)})

    def _found(self, request: web.Request) -> Instance:
        instance = self._store.instance(request.match_info["id"])
        if instance is None:
            raise web.HTTPNotFound(text="")
        return instance

    def _unfinished(self, request: web.Request) -> Instance:
        instance = self._found(request)
        if instance.finished:
            raise web.HTTPGone(text="")
        return instance

    # Entities

    async def _entity(self, request: web.Request) -> web.Response:
        state = self._store.entity_state(f"@{request.match_info['name'].lower()}@{_key(request)}")
        if state is None:
            raise web.HTTPNotFound(text="")
        return web.json_response(text=state)

    async def _signal(self, request: web.Request) -> web.Response:
        body = (await request.text()).strip()
        _check_json(body, "the operation's input")
        operation = "delete" if request.method == "DELETE" else request.query.get("op", "")
        self._engine.signal_entity(request.match_info["name"], _key(request), operation, body or None)
        return web.Response(status=202)

    async def _list_entities(self, request: web.Request) -> web.Response:
        clauses = ["1 = 1"]
        values: list[Any] = []
        name = request.match_info.get("name")
        if name:
            clauses.append("substr(id, 1, ?) = ?")
            values += [len(name) + 2, f"@{name.lower()}@"]
        for field, sign in (("lastOperationTimeFrom", ">="), ("lastOperationTimeTo", "<=")):
            if field in request.query:
                clauses.append(f"updated {sign} ?")
                values.append(_time(request, field))
        top = _whole_number(request, "top")
        rows = self._store.entities(" AND ".join(clauses), values, NO_LIMIT if top is None else top)
        fetch_state = _flag(request, "fetchState")
        shown = []
        for identity, state, updated in rows:
            entity_name, key = identity[1:].split("@", 1)
            entry = {"entityId": {"name": entity_name, "key": key}, "lastOperationTime": updated}
            shown.append({**entry, "state": json.loads(state)} if fetch_state else entry)
        return web.json_response(shown)


def _condition(request: web.Request) -> tuple[str, list[Any]]:
    """The query's filters as a condition over instances. Raises InvalidRequest naming a field that cannot be read."""
    clauses = ["1 = 1"]
    values: list[Any] = []
    for field, sign in (("createdTimeFrom", ">="), ("createdTimeTo", "<=")):
        if request.query.get(field):
            clauses.append(f"created {sign} ?")
            values.append(_time(request, field))
    states = [state for state in request.query.get("runtimeStatus", "").split(",") if state]
    if states:
        clauses.append(f"lower(status) IN ({', '.join('?' for _ in states)})")
        values += [state.strip().lower() for state in states]
    prefix = request.query.get("instanceIdPrefix", "")
    if prefix:
        clauses.append("substr(id, 1, ?) = ?")
        values += [len(prefix), prefix]
    return " AND ".join(clauses), values


def _time(request: web.Request, field: str) -> str:
    try:
        return wire_time(read_time(request.query[field]))
    except ValueError as error:
        raise InvalidRequest(f"{field}: '{request.query[field]}' is not an ISO 8601 time.") from error


def _flag(request: web.Request, field: str, *, default: bool = False) -> bool:
    text = request.query.get(field, "").lower()
    if text not in ("", "true", "false"):
        raise InvalidRequest(f"{field}: '{text}' is neither true nor false.")
    return text == "true" if text else default


def _whole_number(request: web.Request, field: str) -> int | None:
    text = request.query.get(field)
    if not text:
        return None
    if not text.isdecimal():
        raise InvalidRequest(f"{field}: '{text}' is not a whole number.")
    return int(text) or None


def _seconds(request: web.Request, field: str) -> float | None:
    text = request.query.get(field)
    if not text:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise InvalidRequest(f"{field}: '{text}' is not a number of seconds.") from error


def _read_token(token: str) -> str:
    try:
        return base64.urlsafe_b64decode(token).decode()
    except ValueError as error:
        raise InvalidRequest(f"{CONTINUATION}: not a token of this host.") from error


def _key(request: web.Request) -> str:
    """An entity's key; '$' stands for the empty one."""
    key = request.match_info["key"]
    return "" if key == "$" else key


def _check_json(body: str, what: str) -> None:
    if not body:
        return
    try:
        json.loads(body)
    except ValueError as error:
        raise InvalidRequest(f"{what} is not JSON: {error}") from error


def _refusal(message: str) -> web.Response:
    body = {
        "Message": "One or more of the arguments submitted is incorrect",
        "ExceptionMessage": message,
        "ExceptionType": "System.ArgumentException",
        "StackTrace": "",
    }
    return web.json_response(body, status=400)
