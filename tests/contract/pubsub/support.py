"""What the tests of the Web PubSub contract speak with: a bare client, signed calls, a line that can be cut."""

from __future__ import annotations

import asyncio
import io
import json
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import jwt
from azure.messaging.webpubsubservice.aio import WebPubSubServiceClient
from yarl import URL

TIME_LIMIT_SECONDS = 60.0
"""For what should come at once; it is reached only by what never comes."""
JSON_PROTOCOL = "json.webpubsub.azure.v1"
RELIABLE_PROTOCOL = "json.reliable.webpubsub.azure.v1"
EVERY_ROLE = ["webpubsub.joinLeaveGroup", "webpubsub.sendToGroup"]

Frame = dict[str, Any]


@dataclass(frozen=True)
class Target:
    """A Web PubSub service under test."""

    endpoint: str
    access_key: str

    @property
    def connection_string(self) -> str:
        return f"Endpoint={self.endpoint};AccessKey={self.access_key};Version=1.0;"

    def service(self, hub: str, endpoint: str | None = None) -> WebPubSubServiceClient:
        """The real service client; with another endpoint it signs client URLs for that one."""
        target = self if endpoint is None else Target(endpoint, self.access_key)
        return WebPubSubServiceClient.from_connection_string(target.connection_string, hub=hub)


def a_hub() -> str:
    return f"contract{uuid.uuid4().hex}"


async def client_url(
    service: WebPubSubServiceClient,
    user_id: str | None = None,
    roles: Sequence[str] = (),
    groups: Sequence[str] = (),
) -> str:
    token = await service.get_client_access_token(user_id=user_id, roles=list(roles), groups=list(groups))
    return str(token["url"])


class WireClient:
    """A client that sees the frames themselves."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self._next_ack = 0

    async def frame(self) -> Frame:
        """The next frame, as JSON."""
        text = await self.socket.receive_str(timeout=TIME_LIMIT_SECONDS)
        frame: Frame = json.loads(text)
        return frame

    async def frames(self, count: int) -> list[Frame]:
        return [await self.frame() for _ in range(count)]

    async def send(self, **frame: object) -> None:
        await self.socket.send_str(json.dumps(frame))

    async def request(self, **frame: object) -> Frame:
        """Send the frame with an ackId of its own; the answer is the very next frame."""
        self._next_ack += 1
        await self.send(**frame, ackId=self._next_ack)
        ack = await self.frame()
        assert (ack["type"], ack["ackId"]) == ("ack", self._next_ack)
        return ack

    async def close_code(self) -> int | None:
        """How the service ended the connection, after all frames that came before."""
        while not self.socket.closed:
            await self.socket.receive(timeout=TIME_LIMIT_SECONDS)
        return self.socket.close_code

    async def nothing_more(self) -> bool:
        """Whether the service has sent nothing up to its answer to a ping."""
        await self.send(type="ping")
        return await self.frame() == {"type": "pong"}


class Clients:
    """Opens client connections of one hub, and holds them until the test ends."""

    def __init__(self, session: aiohttp.ClientSession, service: WebPubSubServiceClient) -> None:
        self._session = session
        self.service = service
        self._open: list[WireClient] = []

    async def close(self) -> None:
        await asyncio.gather(*(client.socket.close() for client in self._open))

    async def dial(self, url: str, protocols: Sequence[str] = ()) -> WireClient:
        """A client at this very URL."""
        socket = await self._session.ws_connect(url, protocols=protocols, autoclose=True, max_msg_size=0)
        client = WireClient(socket)
        self._open.append(client)
        return client

    async def open(
        self,
        user_id: str | None = None,
        *,
        roles: Sequence[str] = (),
        groups: Sequence[str] = (),
        protocol: str = JSON_PROTOCOL,
    ) -> tuple[WireClient, Frame]:
        """A client of a JSON subprotocol and its `connected` frame."""
        url = await client_url(self.service, user_id, roles, groups)
        client = await self.dial(url, [protocol])
        connected = await client.frame()
        assert (connected["type"], connected["event"]) == ("system", "connected")
        return client, connected

    async def reliable(self, user_id: str | None = None, **options: Any) -> tuple[WireClient, Frame, str]:
        """A reliable client, its `connected` frame, and the URL that recovers it."""
        url = await client_url(self.service, user_id, options.get("roles", ()), options.get("groups", ()))
        client = await self.dial(url, [RELIABLE_PROTOCOL])
        connected = await client.frame()
        return client, connected, recovery_url(url, connected)

    async def raw(self, user_id: str | None = None, query: str = "", **options: Any) -> WireClient:
        """A client without a subprotocol."""
        url = await client_url(self.service, user_id, options.get("roles", ()), options.get("groups", ()))
        return await self.dial(url + query)


def recovery_url(url: str, connected: Frame) -> str:
    return f"{url}&" + urlencode(
        {
            "awps_connection_id": connected["connectionId"],
            "awps_reconnection_token": connected["reconnectionToken"],
        }
    )


def a_token(key: str, audience: str | None, *, expires_in: float | None = 60, **claims: object) -> str:
    """A token as the SDKs sign it; None leaves a claim out."""
    if audience is not None:
        claims["aud"] = audience
    if expires_in is not None:
        claims["exp"] = int(time.time() + expires_in)
    return jwt.encode(claims, key, algorithm="HS256")


@dataclass
class Rest:
    """REST calls as bare HTTP, signed unless told otherwise."""

    session: aiohttp.ClientSession
    target: Target
    hub: str

    async def call(
        self,
        method: str,
        path: str,
        *,
        query: str = "api-version=2024-12-01",
        token: str | None = "",
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        url = f"{self.target.endpoint}/api/hubs/{self.hub}{path}?{query}"
        if token == "":
            token = a_token(self.target.access_key, url)
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        content = io.BytesIO(body) if isinstance(body, bytes) else body
        async with self.session.request(
            method, URL(url, encoded=True), data=content, headers=sent, skip_auto_headers=["Content-Type"]
        ) as response:
            return Answer(
                response.status, response.headers.get("x-ms-error-code"), await response.read(), response.headers
            )


@dataclass(frozen=True)
class Answer:
    status: int
    code: str | None
    body: bytes
    headers: Any = field(repr=False, default=None)


class Line:
    """A TCP line to the service that can be cut without a farewell, and mended."""

    def __init__(self, target: Target) -> None:
        parts = urlsplit(target.endpoint)
        self._host, self._port = parts.hostname, parts.port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None]] = set()
        self.whole = True
        self.opened = 0
        self._cuts = 0

    @property
    def endpoint(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    def cut(self) -> None:
        """Reset every connection, and every new one until the line is mended."""
        self.whole = False
        self._cuts += 1
        for writer in list(self._writers):
            writer.transport.abort()

    def mend(self) -> None:
        self.whole = True

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.whole:
            writer.transport.abort()
            return
        cuts = self._cuts
        far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
        if self._cuts != cuts:
            # The line was cut while this connection was being made.
            writer.transport.abort()
            far_writer.transport.abort()
            return
        self.opened += 1
        self._writers |= {writer, far_writer}
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            pump = asyncio.create_task(self._pump(source, sink))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
        except ConnectionError:
            sink.transport.abort()
        finally:
            sink.close()
            self._writers.discard(sink)


@asynccontextmanager
async def line_to(target: Target) -> AsyncIterator[Line]:
    line = Line(target)
    await line.start()
    try:
        yield line
    finally:
        await line.stop()
