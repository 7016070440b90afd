"""The HTTP face of the stand-in: who may ask, what answers, and how refusals look."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import uuid
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from urllib.parse import unquote

from aiohttp import web

from local.search.definition import Json
from local.search.errors import SearchError, bad_request, unsupported
from local.search.service import SearchService

BODY_LIMIT = 16 * 1024 * 1024
"""Bytes of a request, as Azure limits an indexing batch; the SDK halves what is refused."""

API_VERSIONS = ("2026-04-01", "2025-09-01", "2024-07-01", "2023-11-01")
"""The stable versions of the interface that have vector search; the stand-in answers all as the newest."""

_ADDRESS = re.compile(r"/indexes\((?:'|%27)(?P<name>[^'%/]*)(?:'|%27)\)(?P<rest>/.*)?")
_LOOKUP = re.compile(r"/docs\((?:'|%27)(?P<key>.*)(?:'|%27)\)")

_Answer = TypeVar("_Answer")


class SearchApplication:
    """One service over HTTP. All work on its data is done in one thread, off the event loop."""

    def __init__(self, service: SearchService, api_key: str) -> None:
        self._service = service
        self._api_key = api_key.encode()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="search")

    def application(self) -> web.Application:
        """The aiohttp application."""
        application = web.Application(client_max_size=BODY_LIMIT)
        application.router.add_route("*", "/{address:.*}", self._handle)
        application.cleanup_ctx.append(self._lifetime)
        return application

    async def _lifetime(self, application: web.Application) -> AsyncIterator[None]:
        yield
        await asyncio.to_thread(self._worker.shutdown)
        self._service.close()

    async def _handle(self, request: web.Request) -> web.Response:
        try:
            self._check_caller(request)
            response = await self._route(request)
        except SearchError as error:
            response = web.Response(status=error.status, body=error.body(), content_type="application/json")
        except web.HTTPRequestEntityTooLarge:
            refusal = SearchError(413, f"The request is larger than {BODY_LIMIT} bytes.", "RequestEntityTooLarge")
            response = web.Response(status=413, body=refusal.body(), content_type="application/json")
        response.headers["request-id"] = request.headers.get("x-ms-client-request-id") or str(uuid.uuid4())
        return response

    def _check_caller(self, request: web.Request) -> None:
        if "Authorization" in request.headers and "api-key" not in request.headers:
            raise SearchError(403, "The stand-in knows no tokens: authenticate with an api-key.", "Forbidden")
        if not hmac.compare_digest(request.headers.get("api-key", "").encode(), self._api_key):
            raise SearchError(403, "Access denied: the api-key is missing or wrong.", "Forbidden")
        version = request.query.get("api-version")
        if version not in API_VERSIONS:
            raise bad_request(
                f"The api-version {version!r} is missing or not supported; supported are {', '.join(API_VERSIONS)}."
            )

    async def _route(self, request: web.Request) -> web.Response:
        path = request.raw_path.partition("?")[0]
        if path.rstrip("/") == "/indexes":
            return await self._indexes(request)
        match = _ADDRESS.fullmatch(path)
        if match is None:
            raise unsupported(f"{request.method} on {unquote(path)}")
        name, rest = unquote(match["name"]), match["rest"] or ""
        if not rest:
            return await self._index(request, name)
        if lookup := _LOOKUP.fullmatch(rest):
            key, select = unquote(lookup["key"]), request.query.get("$select")
            self._check_method(request, "GET")
            return _json(200, await self._do(lambda: self._service.lookup(name, key, select)))
        return await self._in_index(request, name, unquote(rest))

    async def _indexes(self, request: web.Request) -> web.Response:
        if request.method == "POST":
            body = await _body(request)
            return _json(201, await self._do(lambda: self._service.create(body)))
        self._check_method(request, "GET")
        bodies = await self._do(lambda: [index.body() for index in self._service.catalog.all()])
        wanted = [name for name in request.query.get("$select", "").split(",") if name and name != "*"]
        if wanted:
            bodies = [{name: body[name] for name in wanted if name in body} for body in bodies]
        return _json(200, {"value": bodies})

    async def _index(self, request: web.Request, name: str) -> web.Response:
        match, none_match = request.headers.get("If-Match"), request.headers.get("If-None-Match")
        if request.method == "PUT":
            body = await _body(request)
            if body.get("name", name) != name:
                raise bad_request(f"The index is named {body['name']!r} in the body and '{name}' in the address.")
            answer, is_new = await self._do(lambda: self._service.put(name, body, match, none_match))
            return _json(201 if is_new else 200, answer)
        if request.method == "DELETE":
            await self._do(lambda: self._service.delete(name, match, none_match))
            return web.Response(status=204)
        self._check_method(request, "GET")
        return _json(200, await self._do(lambda: self._service.catalog.find(name).body()))

    async def _in_index(self, request: web.Request, name: str, rest: str) -> web.Response:
        service = self._service
        match request.method, rest:
            case "GET", "/search.stats":
                return _json(200, await self._do(lambda: service.statistics(name)))
            case "GET", "/docs/$count":
                return web.Response(text=str(await self._do(lambda: service.count(name))))
            case "POST", "/docs/search.index":
                body = await _body(request)
                results = await self._do(lambda: service.apply(name, body))
                return _json(200 if all(result["status"] for result in results) else 207, {"value": results})
            case "POST", "/docs/search.post.search":
                body = await _body(request)
                answer, is_semantic = await self._do(lambda: service.search(name, body))
                response = _json(200, answer)
                if is_semantic:
                    response.headers["x-local-semantic"] = "approximate"
                return response
            case "POST", "/docs/search.post.suggest":
                body = await _body(request)
                return _json(200, await self._do(lambda: service.suggest(name, body)))
            case "POST", "/docs/search.post.autocomplete":
                body = await _body(request)
                return _json(200, await self._do(lambda: service.autocomplete(name, body)))
            case _:
                raise unsupported(f"{request.method} on {rest}")

    def _check_method(self, request: web.Request, *allowed: str) -> None:
        if request.method not in allowed:
            raise SearchError(405, f"{request.method} is not allowed here.", "MethodNotAllowed")

    async def _do(self, work: Callable[[], _Answer]) -> _Answer:
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)


async def _body(request: web.Request) -> Json:
    try:
        body = json.loads(await request.read())
        # Half of a surrogate pair cannot be stored; it raises a ValueError here.
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise bad_request(f"The request body is not valid JSON: {error}") from error
    if not isinstance(body, dict):
        raise bad_request("The request body is not a JSON object.")
    return body


def _json(status: int, value: object) -> web.Response:
    return web.Response(
        status=status, body=json.dumps(value, ensure_ascii=False).encode(), content_type="application/json"
    )
