"""The dashboard as routes of the site: its page, and what the page asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from aiohttp import web

from local.dashboard.access import Access
from local.dashboard.documents import Documents
from local.dashboard.indexes import Indexes
from local.dashboard.parts import Parts
from local.dashboard.problem import Unavailable
from local.dashboard.queues import Queues

STATIC = Path(__file__).with_name("static")

REQUESTS_SHOWN = 60
"""Of each part, newest first."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

Answer = Callable[[web.Request], Awaitable[Any]]


class Dashboard:
    """Shows the stack that keeps its data in `data`. Who may look is decided by local.observation, for every part."""

    def __init__(self, data: Path, access: Access) -> None:
        self._parts = Parts(data)
        self._documents = Documents(access)
        self._queues = Queues(access)
        self._indexes = Indexes(access)
        self._files = {file.name: file for file in STATIC.iterdir() if file.suffix in _TYPES}

    def add_to(self, application: web.Application) -> None:
        """Serve it below /_local of an application that does not run yet."""
        application.on_startup.append(self._open)
        application.on_cleanup.append(self._close)
        application.router.add_get("/_local", self._page)
        application.router.add_get("/_local/", self._page)
        application.router.add_get("/_local/static/{name}", self._static)
        for method, path, answer in self._table():
            application.router.add_route(method, f"/_local/api{path}", _as_json(answer))
        application.router.add_route("*", "/_local/{rest:.*}", _unknown)

    def _table(self) -> list[tuple[str, str, Answer]]:
        return [
            ("GET", "/parts", lambda _: self._parts.overview()),
            ("GET", "/parts/{part}/log", self._log),
            ("GET", "/requests", lambda _: self._parts.ask_all(f"/_local/requests?limit={REQUESTS_SHOWN}")),
            ("GET", "/faults", lambda _: self._parts.ask_all("/_local/faults")),
            ("PUT", "/faults/{part}", self._set_faults),
            ("GET", "/orchestrations", self._orchestrations),
            ("GET", "/orchestrations/{id}", self._orchestration),
            ("GET", "/connections", lambda _: self._parts.ask("pubsub", "/_local/connections")),
            ("GET", "/queues", lambda _: self._queues.overview()),
            ("GET", "/queues/{name}", lambda request: self._queues.peek(request.match_info["name"])),
            ("GET", "/documents", lambda _: self._documents.containers()),
            ("POST", "/documents/query", self._query_documents),
            ("GET", "/indexes", lambda _: self._indexes.overview()),
            ("POST", "/indexes/query", self._query_index),
        ]

    async def _open(self, _: web.Application) -> None:
        await self._parts.open()

    async def _close(self, _: web.Application) -> None:
        await asyncio.gather(self._parts.close(), self._documents.close(), self._queues.close())

    async def _page(self, _: web.Request) -> web.Response:
        return await self._file("index.html")

    async def _static(self, request: web.Request) -> web.Response:
        return await self._file(request.match_info["name"])

    async def _file(self, name: str) -> web.Response:
        file = self._files.get(name)
        if file is None:
            return web.Response(status=404, headers=HEADERS)
        body = await asyncio.to_thread(file.read_bytes)
        return web.Response(body=body, content_type=_TYPES[file.suffix], charset="utf-8", headers=HEADERS)

    async def _log(self, request: web.Request) -> dict[str, str]:
        return {"log": await self._parts.log(request.match_info["part"])}

    async def _set_faults(self, request: web.Request) -> Any:
        faults = await _body(request)
        return await self._parts.ask(request.match_info["part"], "/_local/faults", method="PUT", json=faults)

    async def _orchestrations(self, request: web.Request) -> Any:
        chosen = {name: request.query.get(name, "") for name in ("status", "contains")}
        return await self._parts.ask("host", f"/_local/orchestrations?{urlencode(chosen)}")

    async def _orchestration(self, request: web.Request) -> Any:
        return await self._parts.ask("host", f"/_local/orchestrations/{quote(request.match_info['id'], safe='')}")

    async def _query_documents(self, request: web.Request) -> Any:
        return await self._documents.query(await _body(request))

    async def _query_index(self, request: web.Request) -> Any:
        return await self._indexes.query(await _body(request))


async def _body(request: web.Request) -> Any:
    try:
        return await request.json()
    except ValueError as error:
        raise Unavailable(f"the body is not JSON: {error}", 400) from error


async def _unknown(_: web.Request) -> web.Response:
    return web.json_response({"error": "there is no such page"}, status=404, headers=HEADERS)


def _as_json(answer: Answer) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handler(request: web.Request) -> web.Response:
        try:
            return web.json_response(await answer(request), headers=HEADERS)
        except Unavailable as error:
            return web.json_response({"error": str(error)}, status=error.status, headers=HEADERS)

    return handler
