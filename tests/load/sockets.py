"""A thousand clients of Web PubSub in one process: `python -m tests.load.sockets WS_URL COUNT`.

Bare sockets that look at the clock when bytes arrive: a client library would take longer to read a message than the
server to send it. As the real clients do, each confirms what it received a while later. Commands come line by line:
`expect N` prints, once every client has N more messages, `arrived` and the arrival of each in seconds since the
monotonic clock's beginning; `confirm` confirms what came.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import struct
import sys
import time
from urllib.parse import urlsplit

PROTOCOL = "json.reliable.webpubsub.azure.v1"
OPENED_AT_ONCE = 50
MASK = b"\x01\x02\x03\x04"


class Socket(asyncio.Protocol):
    """One client: its handshake, then the moments at which messages came."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._buffer = b""
        self._greeted = False
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None
        self.received = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        lines = (
            f"GET {self._crowd.path} HTTP/1.1",
            f"Host: {self._crowd.host}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Protocol: {PROTOCOL}",
        )
        transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    def data_received(self, data: bytes) -> None:
        """Note the moment, then count the frames."""
        moment = time.monotonic()
        self._buffer += data
        if not self._greeted:
            self._greet()
        while (frame := self._frame()) is not None:
            if b'"type":"message"' in frame:
                self.received += 1
                self._crowd.arrivals.append(moment)
                self._crowd.look()
            elif b'"event":"connected"' in frame:
                self.ready.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """A client that is cut off would make the measurement too good: it ends."""
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("a client was refused"))
        elif not self._crowd.ending:
            os._exit(1)

    def confirm(self) -> None:
        """Send the sequenceAck for all that came."""
        assert self.transport is not None
        text = json.dumps({"type": "sequenceAck", "sequenceId": self.received}).encode()
        masked = bytes(byte ^ MASK[place % 4] for place, byte in enumerate(text))
        self.transport.write(struct.pack("!BB", 0x81, 0x80 | len(text)) + MASK + masked)

    def _greet(self) -> None:
        head, end, rest = self._buffer.partition(b"\r\n\r\n")
        if end:
            if not head.startswith(b"HTTP/1.1 101"):
                raise ConnectionError(head.decode())
            self._greeted, self._buffer = True, rest

    def _frame(self) -> bytes | None:
        """The content of the next whole frame; a server sends them unmasked."""
        if not self._greeted or len(self._buffer) < 2:
            return None
        size, start = self._buffer[1], 2
        if size == 126:
            size, start = int.from_bytes(self._buffer[2:4]), 4
        if len(self._buffer) < start + size:
            return None
        content, self._buffer = self._buffer[start : start + size], self._buffer[start + size :]
        return content


class Crowd:
    """All clients together."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host, self.path = parts.netloc, f"{parts.path}?{parts.query}"
        assert parts.port is not None
        self._port = parts.port
        self.arrivals: list[float] = []
        self.sockets: list[Socket] = []
        self.ending = False
        self._expected = 0

    async def open(self, count: int) -> None:
        """Connect them all."""
        while len(self.sockets) < count:
            opened = [self._open() for _ in range(min(OPENED_AT_ONCE, count - len(self.sockets)))]
            self.sockets += await asyncio.gather(*opened)

    async def _open(self) -> Socket:
        _, socket = await asyncio.get_running_loop().create_connection(lambda: Socket(self), "127.0.0.1", self._port)
        await socket.ready
        return socket

    def expect(self, messages: int) -> None:
        """Say when every client has that many more messages."""
        self._expected = messages * len(self.sockets)
        self.look()

    def look(self) -> None:
        """Say it now, if they are all there."""
        if self._expected and len(self.arrivals) >= self._expected:
            print("arrived", json.dumps(self.arrivals), flush=True)
            self.arrivals, self._expected = [], 0


async def main() -> None:
    """Open the clients, then do as standard input says until it ends."""
    crowd = Crowd(sys.argv[1])
    await crowd.open(int(sys.argv[2]))
    print("open", flush=True)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := (await reader.readline()).split():
        if line[0] == b"expect":
            crowd.expect(int(line[1]))
        else:
            for socket in crowd.sockets:
                socket.confirm()
    crowd.ending = True


if __name__ == "__main__":
    asyncio.run(main())
