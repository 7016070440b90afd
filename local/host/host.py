"""The host as one aiohttp application: the functions, the extensions they need, and the host's own pages."""

from __future__ import annotations

import asyncio
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from local.host.administration import Administration
from local.host.app_settings import whole_number
from local.host.cors import Cors
from local.host.extension import Extension
from local.host.host_json import function_timeout, http_options, read_host_json
from local.host.http_triggers import HttpTriggers
from local.host.keys import SYSTEM, Keys
from local.host.loading import load_functions
from local.host.registry import build_extensions, check_types
from local.host.worker import Worker

log = logging.getLogger("host")

_WEBHOOKS = "/runtime/webhooks/"
# The documented default of FUNCTIONS_REQUEST_BODY_SIZE_LIMIT, in bytes.
_BODY_LIMIT = 104_857_600


@dataclass(frozen=True, slots=True)
class HostOptions:
    """Where the app and its data are, and what the command line says about access."""

    app: Path
    data: Path
    base_url: str
    enable_auth: bool = False
    cors: str = ""
    cors_credentials: bool = False


class Host:
    """Loads the app when it is built; raises AppError when the app cannot be served."""

    def __init__(self, options: HostOptions) -> None:
        host_json = read_host_json(options.app, os.environ)
        http = http_options(host_json)
        keys = Keys(options.data / "host-keys.json", enforced=options.enable_auth)
        functions = load_functions(options.app, os.environ)
        check_types(functions)
        self.worker = Worker(
            functions, options.app, timeout_seconds=function_timeout(host_json), system_key=keys.system_key
        )
        self._extensions = build_extensions(self.worker, host_json, options.data, options.base_url)
        self.worker.check()
        self._keys = keys
        self._cors = Cors(options.cors, credentials=options.cors_credentials)
        self._custom_headers = http.custom_headers
        self._triggers = HttpTriggers(self.worker, http, keys)
        self._administration = Administration(
            self.worker, self._triggers, keys, self._extensions, options.base_url, http.route_prefix
        )

    def application(self) -> web.Application:
        """The application to serve; extensions start and stop with it."""
        limit = whole_number(os.environ, "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT") or _BODY_LIMIT
        application = web.Application(client_max_size=limit)
        application.add_routes(self._administration.routes())
        for extension in self._extensions:
            application.add_routes([self._guarded(route) for route in extension.routes()])
        application.router.add_route("*", "/{path:.*}", self._answer)
        application.on_response_prepare.append(self._finish)
        application.on_startup.append(self._start)
        application.on_shutdown.append(self._stop)
        return application

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        return self._cors.preflight(request) or await self._triggers.answer(request)

    async def _finish(self, request: web.BaseRequest, response: web.StreamResponse) -> None:
        headers = response.headers
        for name, value in self._custom_headers.items():
            if name not in headers:
                headers[name] = value
        if self._cors.enabled:
            self._cors.mark(request, response)

    def _guarded(self, route: web.RouteDef) -> web.RouteDef:
        if not route.path.startswith(_WEBHOOKS):
            return route
        key_name = f"{route.path[len(_WEBHOOKS) :].split('/')[0].lower()}_extension"
        handler = route.handler

        async def guarded(request: web.Request) -> web.StreamResponse:
            if not self._keys.allows(request, SYSTEM, key_name):
                return web.Response(status=401)
            response: web.StreamResponse = await handler(request)
            return response

        return web.RouteDef(route.method, route.path, guarded, route.kwargs)

    async def _start(self, _: web.Application) -> None:
        for extension in self._extensions:
            await extension.start()

    async def _stop(self, _: web.Application) -> None:
        results = await asyncio.gather(
            self._administration.stop(), *(_within(extension) for extension in self._extensions), return_exceptions=True
        )
        for result in results:
            if isinstance(result, Exception):
                log.error("stopping: %s", result, exc_info=result)


async def _within(extension: Extension) -> None:
    """A second to stop: what takes longer is cut, and the next start takes it up."""
    try:
        await asyncio.wait_for(extension.stop(), timeout=1.0)
    except TimeoutError:
        log.warning("%s did not stop within a second", type(extension).__name__)
