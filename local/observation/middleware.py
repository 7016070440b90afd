"""The one middleware of every part: it records requests, plays faults, and answers /_local/requests and /faults."""

from __future__ import annotations

import asyncio
import sqlite3
import time

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from local.database import explanation
from local.observation.dialects import refuse
from local.observation.faults import FaultError, Faults, draw
from local.observation.guard import is_local, refusal
from local.observation.recording import DROPPED, GONE, KEPT, Recording

BEGAN = web.RequestKey("began", float)
SWITCHING_PROTOCOLS = 101
WITH_SOCKETS = frozenset({"pubsub"})
"""Parts whose answers are looked at once more when they begin: elsewhere that would cost time and find nothing."""
FULL = 507
"""HTTP's own word for a disk that takes no more (RFC 4918, section 11.5)."""


def observe(application: web.Application, part: str) -> web.Application:
    """Put the middleware before all others of an application that does not run yet; gives the application."""
    observation = Observation(part)
    application.middlewares.insert(0, observation.middleware())
    if part in WITH_SOCKETS:
        application.on_response_prepare.append(observation.note_upgrade)
    return application


class Observation:
    """What is seen of one part, and the faults it plays. Forgotten when the part ends."""

    def __init__(self, part: str) -> None:
        self.recording = Recording()
        self.faults = Faults()
        self._faulty = False
        self._part = part

    def middleware(self) -> Middleware:
        """For the application's list."""
        # Names of this function rather than attributes: every request of every part comes through here.
        clock, add, sockets = time.perf_counter, self.recording.add, self._part in WITH_SOCKETS

        @web.middleware
        async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
            raw_path = request.raw_path
            if raw_path.startswith("/_local") and is_local(request.path):
                return await self._own(request, handler)
            began = clock()
            if sockets and "Upgrade" in request.headers:
                request[BEGAN] = began
            if self._faulty:
                return await self._with_faults(request, handler, began)
            try:
                response = await handler(request)
            except BaseException as error:
                return self._failed(request, error, began)
            status = response.status
            if status != SWITCHING_PROTOCOLS:
                add(request.method, raw_path, status, clock() - began)
            return response

        return watch

    async def note_upgrade(self, request: web.BaseRequest, response: web.StreamResponse) -> None:
        """A socket counts when it opens; its handler ends only with it."""
        if response.status == SWITCHING_PROTOCOLS and BEGAN in request:
            seconds = time.perf_counter() - request[BEGAN]
            self.recording.add(request.method, request.raw_path, SWITCHING_PROTOCOLS, seconds)

    async def _with_faults(self, request: web.Request, handler: Handler, began: float) -> web.StreamResponse:
        fate = draw(self.faults, request.raw_path)
        late = f"latency {fate.delay * 1000:.0f} ms" if fate.delay else ""
        if fate.delay:
            await asyncio.sleep(fate.delay)
        response: web.StreamResponse
        if fate.dropped == "before":
            return self._dropped(request, began, fate.dropped)
        if fate.throttled is not None:
            response, fault = refuse(self._part, 429, retry_after=fate.throttled), "throttled"
        elif fate.failed is not None:
            response, fault = refuse(self._part, fate.failed), "failed"
        else:
            try:
                response, fault = await handler(request), late
            except BaseException as error:
                return self._failed(request, error, began, late)
        if fate.dropped == "after" and response.status != SWITCHING_PROTOCOLS:
            return self._dropped(request, began, fate.dropped)
        if response.status != SWITCHING_PROTOCOLS:
            self.recording.add(request.method, request.raw_path, response.status, time.perf_counter() - began, fault)
        return response

    def _dropped(self, request: web.Request, began: float, moment: str) -> web.StreamResponse:
        seconds = time.perf_counter() - began
        self.recording.add(request.method, request.raw_path, DROPPED, seconds, f"dropped {moment} it was handled")
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=503)

    def _failed(self, request: web.Request, error: BaseException, began: float, fault: str = "") -> web.StreamResponse:
        """Record what the handler raised; a full disk gets an answer, everything else goes on."""
        status, answer = 500, None
        if isinstance(error, web.HTTPException):
            status = error.status
        elif isinstance(error, asyncio.CancelledError):
            status = GONE
        elif isinstance(error, sqlite3.Error) and (why := explanation(error)) is not None:
            status, answer = FULL, refuse(self._part, FULL, why)
        self.recording.add(request.method, request.raw_path, status, time.perf_counter() - began, fault)
        if answer is None:
            raise error
        return answer

    async def _own(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        refused = refusal(request)
        if refused is not None:
            return refused
        match request.method, request.path:
            case "GET", "/_local/requests":
                return self._requests(request)
            case "GET", "/_local/faults":
                return web.json_response(self.faults.shown())
            case "PUT", "/_local/faults":
                return await self._set_faults(request)
            case _, "/_local/requests" | "/_local/faults":
                return web.json_response({"error": f"{request.method} is not known here"}, status=405)
        return await handler(request)

    def _requests(self, request: web.Request) -> web.Response:
        numbers = {"after": request.query.get("after", "0"), "limit": request.query.get("limit", str(KEPT))}
        for name, text in numbers.items():
            if not text.isdecimal() or len(text) > 15:
                return web.json_response({"error": f"{name}: must be a whole number"}, status=400)
        return web.json_response(self.recording.shown(int(numbers["after"]), int(numbers["limit"])))

    async def _set_faults(self, request: web.Request) -> web.Response:
        try:
            self.faults = Faults.read(await request.json())
            self._faulty = self.faults.any
        except FaultError as error:
            return web.json_response({"error": str(error)}, status=400)
        except ValueError:
            return web.json_response({"error": "the body: must be JSON"}, status=400)
        return web.json_response(self.faults.shown())
