"""Frames onto a client's socket, without a task or a copy for each connection."""

from __future__ import annotations

import asyncio
import struct
from collections import deque

_WAITING_FRAMES_LIMIT = 1000
_WAITING_BYTES_LIMIT = 16 * 1024 * 1024
_CLOSE_TIMEOUT_SECONDS = 5.0
_CLOSE_REASON_LIMIT_BYTES = 123

_TEXT, _BINARY, _CLOSE, _PONG = 0x1, 0x2, 0x8, 0xA


def _frame(opcode: int, content: bytes) -> bytes:
    length = len(content)
    if length < 126:
        return struct.pack("!BB", 0x80 | opcode, length) + content
    if length < 65536:
        return struct.pack("!BBH", 0x80 | opcode, 126, length) + content
    return struct.pack("!BBQ", 0x80 | opcode, 127, length) + content


def text_frame(content: bytes) -> bytes:
    """A whole WebSocket text frame, as a server sends it (RFC 6455, section 5.2)."""
    return _frame(_TEXT, content)


def binary_frame(content: bytes) -> bytes:
    """A whole WebSocket binary frame."""
    return _frame(_BINARY, content)


def pong_frame(content: bytes = b"") -> bytes:
    """An answer to a WebSocket ping, or, unasked, a sign of life."""
    return _frame(_PONG, content)


class ClientSocket:
    """The sending half of one client's WebSocket.

    Nothing here waits: the transport buffers, and a receiver that falls 1000 frames or 16 MiB
    behind is cut off.
    """

    __slots__ = ("_close_timer", "_transport", "_waiting", "_written", "close_sent")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._written = 0
        self._waiting: deque[int] | None = None
        self._close_timer: asyncio.TimerHandle | None = None
        self.close_sent = False

    def write(self, frame: bytes) -> None:
        """Send the frame, unless the socket is closed or closing."""
        if self.close_sent or self._transport.is_closing():
            return
        self._transport.write(frame)
        self._written += len(frame)
        backlog = self._transport.get_write_buffer_size()
        if backlog:
            self._note_backlog(backlog)
        elif self._waiting is not None:
            self._waiting = None

    def _note_backlog(self, backlog: int) -> None:
        if self._waiting is None:
            self._waiting = deque()
        self._waiting.append(self._written)
        flushed = self._written - backlog
        while self._waiting[0] <= flushed:
            self._waiting.popleft()
        if backlog > _WAITING_BYTES_LIMIT or len(self._waiting) > _WAITING_FRAMES_LIMIT:
            self._transport.abort()

    def close(self, code: int, reason: str = "") -> None:
        """Send a close frame; the transport goes when the client answers, or after five seconds."""
        if self.close_sent:
            return
        text = reason.encode()[:_CLOSE_REASON_LIMIT_BYTES].decode(errors="ignore").encode()
        self.write(_frame(_CLOSE, struct.pack("!H", code) + text))
        self.close_sent = True
        if not self._transport.is_closing():
            self._close_timer = asyncio.get_running_loop().call_later(_CLOSE_TIMEOUT_SECONDS, self.abort)

    def finish(self) -> None:
        """Close the transport once what is buffered is written."""
        self._cancel_timer()
        self._transport.close()

    def abort(self) -> None:
        """Cut the connection without another byte."""
        self._cancel_timer()
        self._transport.abort()

    def _cancel_timer(self) -> None:
        if self._close_timer is not None:
            self._close_timer.cancel()
            self._close_timer = None
