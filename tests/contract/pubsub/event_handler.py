"""An event handler in the test's own process: it keeps what it is told and answers as the test says."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType

from aiohttp import web
from multidict import CIMultiDictProxy

from tests.contract.pubsub.support import TIME_LIMIT_SECONDS


@dataclass(frozen=True)
class Event:
    """A request to the handler."""

    method: str
    path: str
    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def name(self) -> str:
        return self.headers.get("ce-eventName", "")


@dataclass(frozen=True)
class Reply:
    """What the handler answers."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class HandlerServer:
    """Answers 200 without a body, unless `replies` hold something else for an event; the last reply stays."""

    def __init__(self) -> None:
        self._runner: web.AppRunner | None = None
        self._waiting: list[Event] = []
        self._changed = asyncio.Condition()
        self.replies: dict[str, list[Reply]] = {}
        self.handshakes: list[Event] = []
        self.handshake_replies: dict[str, Reply] = {}
        self.gate = asyncio.Event()
        self.gate.set()
        self.down = asyncio.Event()
        """While it is set, connections are reset, as where nothing runs yet."""
        self.turned_away = asyncio.Event()

    async def __aenter__(self) -> HandlerServer:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    @property
    def address(self) -> str:
        assert self._runner is not None
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        self.gate.set()
        await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        if self.down.is_set():
            assert request.transport is not None
            request.transport.abort()
            self.turned_away.set()
            return web.Response()
        event = Event(request.method, request.raw_path, request.headers, await request.read())
        if request.method != "POST":
            self.handshakes.append(event)
            allow = Reply(headers={"WebHook-Allowed-Origin": "*"})
            reply = self.handshake_replies.get(f"{request.method} {request.path}", allow)
            return web.Response(status=reply.status, headers=reply.headers)
        async with self._changed:
            self._waiting.append(event)
            self._changed.notify_all()
        await self.gate.wait()
        queue = self.replies.get(event.name, [Reply()])
        reply = queue.pop(0) if len(queue) > 1 else queue[0]
        return web.Response(status=reply.status, body=reply.body or None, headers=reply.headers)

    async def event(self, name: str) -> Event:
        """The next event of this name that no one has asked for yet."""

        def waiting() -> list[Event]:
            return [event for event in self._waiting if event.name == name]

        async with asyncio.timeout(TIME_LIMIT_SECONDS), self._changed:
            await self._changed.wait_for(waiting)
            event = waiting()[0]
            self._waiting.remove(event)
            return event

    def told(self) -> list[str]:
        """The names of the events that no one has asked for."""
        return [event.name for event in self._waiting]
