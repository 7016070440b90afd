"""The host's own pages: the homepage, and /admin for tools and tests."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

from local.host.extension import Extension, RunsByHand
from local.host.http_triggers import HttpTriggers, describe
from local.host.keys import ADMIN, Keys
from local.host.worker import LoadedFunction, Worker

log = logging.getLogger("host")

_NO_HOMEPAGE = "AzureWebJobsDisableHomepage"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_HOMEPAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Functions host</title></head>
<body><h1>Your functions are up and running</h1></body></html>"""


class Administration:
    """Routes beside those of the functions; /admin asks for the master key when keys are enforced."""

    def __init__(
        self,
        worker: Worker,
        triggers: HttpTriggers,
        keys: Keys,
        extensions: list[Extension],
        base_url: str,
        prefix: str,
    ) -> None:
        self._worker = worker
        self._triggers = triggers
        self._keys = keys
        self._extensions = extensions
        self._base_url = base_url
        self._prefix = prefix
        self._started = time.monotonic()
        self._runs: set[asyncio.Task[None]] = set()

    def routes(self) -> list[web.RouteDef]:
        """The homepage and /admin."""
        return [
            web.get("/", self._homepage, allow_head=False),
            web.get("/admin/host/status", self._guarded(self._status), allow_head=False),
            web.get("/admin/host/ping", self._ping, allow_head=False),
            web.post("/admin/host/ping", self._ping),
            web.get("/admin/functions", self._guarded(self._list), allow_head=False),
            web.get("/admin/functions/{name}", self._guarded(self._show), allow_head=False),
            web.post("/admin/functions/{name}", self._guarded(self._invoke)),
        ]

    async def stop(self) -> None:
        """Cancel the runs started by hand."""
        for run in self._runs:
            run.cancel()
        await asyncio.gather(*self._runs, return_exceptions=True)

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            if not self._keys.allows(request, ADMIN):
                return web.Response(status=401)
            return await handler(request)

        return guarded

    async def _homepage(self, request: web.Request) -> web.Response:
        if os.environ.get(_NO_HOMEPAGE, "").lower() in ("1", "true"):
            return web.Response(status=204)
        return web.Response(text=_HOMEPAGE, content_type="text/html")

    async def _ping(self, request: web.Request) -> web.Response:
        return web.Response()

    async def _status(self, request: web.Request) -> web.Response:
        uptime = int((time.monotonic() - self._started) * 1000)
        return web.json_response(
            {"id": "local", "state": "Running", "version": "4.0.0", "processUptime": uptime, "errors": []}
        )

    def _describe(self, functions: Iterable[LoadedFunction]) -> list[dict[str, object]]:
        http = self._triggers.functions
        return [describe(one, http.get(one.name), self._base_url, self._prefix) for one in functions]

    async def _list(self, request: web.Request) -> web.Response:
        return web.json_response(self._describe(self._worker.functions.values()))

    async def _show(self, request: web.Request) -> web.Response:
        function = self._worker.functions.get(request.match_info["name"])
        return web.json_response(self._describe([function])[0]) if function else web.Response(status=404)

    async def _invoke(self, request: web.Request) -> web.Response:
        function = self._worker.functions.get(request.match_info["name"])
        if function is None:
            return web.Response(status=404)
        runner = next((one for one in self._extensions if function.trigger_type in one.trigger_types), None)
        if not isinstance(runner, RunsByHand):
            return _bad_request(f"'{function.name}' has a {function.trigger_type}, which is not run by hand")
        try:
            content = await request.json() if request.body_exists else {}
        except ValueError:
            return _bad_request('the body must be JSON such as {"input": "text"}')
        value = content.get("input") if isinstance(content, dict) else None
        if not isinstance(content, dict) or not isinstance(value, str | None):
            return _bad_request('"input" must be a string')
        run = asyncio.create_task(self._run(runner, function.name, value))
        self._runs.add(run)
        run.add_done_callback(self._runs.discard)
        return web.Response(status=202)

    async def _run(self, runner: RunsByHand, name: str, value: str | None) -> None:
        try:
            await runner.run_by_hand(name, value)
        except Exception:
            log.exception("function '%s' failed", name)


def _bad_request(message: str) -> web.Response:
    return web.json_response({"message": message}, status=400)
