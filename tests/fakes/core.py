"""A programmable HTTP service: answers as it should, until it is told to be slow, to fail, or to answer nonsense."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

Json = Any


@dataclass(frozen=True)
class Recorded:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    """Names in lower case."""
    body: Json
    """Null when there was none."""


@dataclass(frozen=True)
class Answer:
    """What goes back over the wire."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    @classmethod
    def of(cls, body: Json, status: int = 200, headers: dict[str, str] | None = None) -> Self:
        """An answer in JSON. NaN and its like are written as Python writes them."""
        return cls(json.dumps(body).encode(), status, headers or {})

    def response(self) -> web.Response:
        """The same for aiohttp."""
        return web.Response(body=self.body, status=self.status, headers=self.headers, content_type=self.content_type)


@dataclass
class Exchange:
    """One request on its way through the fake."""

    raw: web.Request
    request: Recorded
    usual: Callable[[], Answer]
    """The answer that the real service would give."""


Behaviour = Callable[[Exchange], Awaitable[web.StreamResponse]]


class Fake:
    """A service on a free port of this machine. What it usually answers is its subclass's `answer`."""

    def __init__(self) -> None:
        self.url = ""
        """Its address, once it runs."""
        self.requests: list[Recorded] = []
        self._next: list[Behaviour] = []
        self._always: Behaviour = usual
        self._arrived = asyncio.Condition()

    def answer(self, request: Recorded) -> Answer:
        """What the service gives when nothing is wrong."""
        raise NotImplementedError

    def then(self, *behaviours: Behaviour) -> None:
        """How it behaves for the next requests, one each."""
        self._next += behaviours

    def always(self, behaviour: Behaviour) -> None:
        """How it behaves when nothing else was said."""
        self._always = behaviour

    async def arrived(self, count: int = 1) -> None:
        """Wait until so many requests have come in."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.requests) >= count)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """The service, for as long as the block lasts."""
        application = web.Application(client_max_size=8 * 2**20)
        application.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        try:
            yield self
        finally:
            await runner.cleanup()

    async def _handle(self, raw: web.Request) -> web.StreamResponse:
        text = await raw.text()
        request = Recorded(
            raw.method,
            raw.path,
            dict(raw.query),
            {name.lower(): value for name, value in raw.headers.items()},
            json.loads(text) if text else None,
        )
        async with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()
        behave = self._next.pop(0) if self._next else self._always
        return await behave(Exchange(raw, request, lambda: self.answer(request)))


async def usual(exchange: Exchange) -> web.StreamResponse:
    """As the real service."""
    return exchange.usual().response()


async def hangs(_: Exchange) -> web.StreamResponse:
    """No answer until the caller gives up."""
    await asyncio.Event().wait()
    raise AssertionError("nobody sets the event")


def waits_for(event: asyncio.Event) -> Behaviour:
    """The usual answer, once the event is set."""

    async def behave(exchange: Exchange) -> web.StreamResponse:
        await event.wait()
        return exchange.usual().response()

    return behave


def answers(answer: Answer) -> Behaviour:
    """This answer, whatever was asked."""

    async def behave(_: Exchange) -> web.StreamResponse:
        return answer.response()

    return behave


def fails(status: int, *, retry_after: float | None = None, code: str = "Failed") -> Behaviour:
    """An error in the shape that Azure and Google share. Its message quotes what was sent, as services do."""

    async def behave(exchange: Exchange) -> web.StreamResponse:
        error = {"code": code, "message": f"refused: {json.dumps(exchange.request.body)}", "status": code}
        headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
        return Answer.of({"error": error}, status, headers).response()

    return behave


async def resets(exchange: Exchange) -> web.StreamResponse:
    """The connection is reset without an answer."""
    transport = exchange.raw.transport
    assert transport is not None
    at_once = struct.pack("ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    transport.abort()
    return web.Response()


async def truncates(exchange: Exchange) -> web.StreamResponse:
    """Half of the usual JSON, as if that were all."""
    answer = exchange.usual()
    return Answer(answer.body[: len(answer.body) // 2], content_type=answer.content_type).response()


async def breaks_off(exchange: Exchange) -> web.StreamResponse:
    """Half of the usual answer, and then the connection ends."""
    answer = exchange.usual()
    response = web.StreamResponse(headers={"Content-Type": answer.content_type})
    response.content_length = len(answer.body)
    await response.prepare(exchange.raw)
    await response.write(answer.body[: len(answer.body) // 2])
    assert exchange.raw.transport is not None
    exchange.raw.transport.close()
    return response
