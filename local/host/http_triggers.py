"""HTTP triggers: which function a request is for, whether it may run, and running it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from local.host.errors import AppError, FunctionTimeoutError
from local.host.host_json import HttpOptions
from local.host.http_messages import to_request, to_response
from local.host.keys import LEVELS, Keys
from local.host.routes import RouteTable
from local.host.traces import received
from local.host.worker import LoadedFunction, Worker

log = logging.getLogger("host")

_RESERVED = ("admin", "runtime")


@dataclass(frozen=True, slots=True)
class HttpFunction:
    """A function with an HTTP trigger, as far as a request needs it."""

    name: str
    route: str
    methods: tuple[str, ...] | None
    level: str
    output: str


class HttpTriggers:
    """Answers requests by the functions of the worker."""

    def __init__(self, worker: Worker, options: HttpOptions, keys: Keys) -> None:
        self.functions: dict[str, HttpFunction] = {}
        self._worker = worker
        self._options = options
        self._keys = keys
        self._routes: RouteTable[HttpFunction] = RouteTable()
        self._outstanding = 0
        bound = options.max_concurrent_requests
        self._turns = asyncio.Semaphore(bound) if bound > 0 else None
        for function in worker.functions.values():
            if function.trigger_type == "httpTrigger":
                self._add(function)

    async def answer(self, request: web.Request) -> web.Response:
        """The function's answer; 404 without a route for path and method, 401 without the key it asks for.

        429 when extensions.http.maxOutstandingRequests are under way, 413 for a body above the limit,
        500 when the function fails, runs too long or returns nothing that HTTP can carry.
        """
        found = self._routes.find(request.method, request.raw_path.partition("?")[0])
        if found is None:
            return web.Response(status=404)
        function, route_params = found
        if not self._keys.allows(request, function.level, function.name):
            return web.Response(status=401)
        bound = self._options.max_outstanding_requests
        if 0 < bound <= self._outstanding:
            return web.Response(status=429, headers={"X-FUNCTION-SCALEOUT": "1"})
        self._outstanding += 1
        try:
            if self._turns is None:
                return await self._run(request, function, route_params)
            async with self._turns:
                return await self._run(request, function, route_params)
        finally:
            self._outstanding -= 1

    async def _run(self, request: web.Request, function: HttpFunction, route_params: dict[str, str]) -> web.Response:
        body = await request.read() if request.body_exists else b""
        caller = received(request.headers)
        try:
            outcome = await self._worker.run(function.name, to_request(request, body, route_params), caller=caller)
            returned = outcome.returned
            if returned is None and function.output != "$return":
                returned = outcome.outputs[function.output]
            return to_response(returned)
        except FunctionTimeoutError as error:
            log.error("%s", error)
        except Exception:
            log.exception("function '%s' failed", function.name)
        return web.Response(status=500)

    def _add(self, function: LoadedFunction) -> None:
        trigger = function.trigger
        route = str(trigger.get("route") or function.name).strip("/")
        if route.lower().startswith(_RESERVED):
            raise AppError(
                f"function '{function.name}': the route '{route}' conflicts with one or more built in routes: "
                "the cloud refuses every route that starts with 'admin' or 'runtime', whatever the prefix"
            )
        level = str(trigger.get("authLevel") or "function").lower()
        if level not in LEVELS:
            raise AppError(f"function '{function.name}': unknown authLevel '{level}'")
        methods = trigger.get("methods")
        http = HttpFunction(
            name=function.name,
            route=route,
            methods=None if methods is None else tuple(str(method).upper() for method in methods),
            level=level,
            output=_output_name(function),
        )
        for other in self.functions.values():
            if other.route.lower() == route.lower() and _overlap(other.methods, http.methods):
                raise AppError(
                    f"function '{function.name}': its route conflicts with the route defined by '{other.name}'"
                )
        self.functions[function.name] = http
        template = "/".join(part for part in (self._options.route_prefix, route) if part)
        try:
            self._routes.add(template, http.methods, http)
        except AppError as error:
            raise AppError(f"function '{function.name}': {error}") from None
        self._keys.function_key(function.name)


def _overlap(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> bool:
    return one is None or other is None or bool(set(one) & set(other))


def _output_name(function: LoadedFunction) -> str:
    for binding in function.bindings:
        if binding["type"] == "http":
            return str(binding["name"])
    raise AppError(f"function '{function.name}' has an HTTP trigger and no HTTP output")


def describe(function: LoadedFunction, http: HttpFunction | None, base_url: str, prefix: str) -> dict[str, Any]:
    """The function as GET /admin/functions shows it."""
    path = "/".join(part for part in (prefix, http.route) if part) if http else ""
    return {
        "name": function.name,
        "script_root_path_href": None,
        "href": f"{base_url}/admin/functions/{function.name}",
        "invoke_url_template": f"{base_url}/{path}" if http else None,
        "language": "python",
        "config": {"bindings": function.bindings, "name": function.name, "language": "python"},
        "isDisabled": False,
        "isDirect": function.trigger_type == "httpTrigger",
    }
