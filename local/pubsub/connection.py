"""One client of a hub, with all that outlives its socket."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp import CookieJar

from local.pubsub.payloads import Message
from local.pubsub.permissions import Permissions
from local.pubsub.wire import ClientSocket

_ACK_MEMORY = 1000
_QUEUED_MESSAGES_LIMIT = 1000
_QUEUED_BYTES_LIMIT = 16 * 1024 * 1024


class Protocol(StrEnum):
    """What a client speaks on its socket, by the subprotocol it chose."""

    JSON = "json.webpubsub.azure.v1"
    RELIABLE = "json.reliable.webpubsub.azure.v1"
    RAW = ""


@dataclass(slots=True)
class Origin:
    """Where an upstream event comes from; what the event handler set comes back with the next event."""

    hub: str
    connection_id: str
    host: str
    user_id: str | None = None
    subprotocol: str | None = None
    state: str | None = None
    cookies: CookieJar | None = None
    events: int = 0

    def next_event(self) -> int:
        """The `ce-id` of the event after the last one; the connect event, before all others, is 0."""
        self.events += 1
        return self.events


class AckMemory:
    """The last 1000 ackIds that succeeded, so that a repeated request is not carried out twice."""

    __slots__ = ("_known", "_order")

    def __init__(self) -> None:
        self._known: set[int] = set()
        self._order: deque[int] = deque()

    def __contains__(self, ack_id: int) -> bool:
        return ack_id in self._known

    def add(self, ack_id: int) -> None:
        """Remember the ackId and forget the oldest one when there are too many."""
        self._known.add(ack_id)
        self._order.append(ack_id)
        if len(self._order) > _ACK_MEMORY:
            self._known.discard(self._order.popleft())


class Unacknowledged:
    """The numbered messages that a reliable client has not confirmed, in order."""

    __slots__ = ("_bytes", "_last", "_messages")

    def __init__(self) -> None:
        self._messages: deque[tuple[int, Message, int]] = deque()
        self._bytes = 0
        self._last = 0

    def __len__(self) -> int:
        return len(self._messages)

    def add(self, message: Message) -> int | None:
        """The sequence id under which the message waits, or None when the queue is over its limits."""
        size = len(message.envelope)
        if len(self._messages) >= _QUEUED_MESSAGES_LIMIT or self._bytes + size > _QUEUED_BYTES_LIMIT:
            return None
        self._last += 1
        self._messages.append((self._last, message, size))
        self._bytes += size
        return self._last

    def confirm(self, sequence_id: int) -> None:
        """Forget everything up to and including this sequence id."""
        while self._messages and self._messages[0][0] <= sequence_id:
            self._bytes -= self._messages.popleft()[2]

    def frames(self) -> list[bytes]:
        """What is not confirmed, as frames with their first numbers."""
        return [message.numbered_frame(sequence_id) for sequence_id, message, _ in self._messages]


@dataclass(slots=True, eq=False)
class Connection:
    """A connection: who it is, what it may do, and the socket it has at the moment, if any.

    A reliable connection without a socket waits to be recovered and is a full member meanwhile.
    """

    origin: Origin
    protocol: Protocol
    permissions: Permissions
    groups: set[str] = field(default_factory=set)
    socket: ClientSocket | None = None
    ended: bool = False
    acknowledged: AckMemory = field(default_factory=AckMemory)
    unacknowledged: Unacknowledged | None = None
    expiry: asyncio.TimerHandle | None = None
    # Frames are handled one at a time, also when a new socket takes over while an event is under way.
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def connection_id(self) -> str:
        """The id the service gave this connection."""
        return self.origin.connection_id

    @property
    def user_id(self) -> str | None:
        """Who connected; None for an anonymous client."""
        return self.origin.user_id

    def deliver(self, message: Message) -> bool:
        """Send or queue the message. False when a reliable client has fallen too far behind to be kept."""
        if self.unacknowledged is not None:
            sequence_id = self.unacknowledged.add(message)
            if sequence_id is None:
                return False
            if self.socket is not None:
                self.socket.write(message.numbered_frame(sequence_id))
        elif self.socket is not None:
            self.socket.write(message.bare_frame if self.protocol is Protocol.RAW else message.frame)
        return True
