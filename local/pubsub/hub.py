"""A hub: its connections, groups and users, and what is sent to them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable

from local.pubsub.connection import Connection, Protocol
from local.pubsub.payloads import Message, encoded
from local.pubsub.wire import ClientSocket, text_frame

CLOSED_BY_SERVER = "Application server closed the connection."
RECOVERY_EXPIRED = "The connection recovery timeout expired."
ENDED = "The connection ended."

_NORMAL_CLOSURE = 1000


class Hub:
    """The members of one hub. Nothing in here waits, so a caller sees each change whole."""

    def __init__(self, name: str, recovery_seconds: float, ended: Callable[[Connection, str], None]) -> None:
        self.name = name
        self.connections: dict[str, Connection] = {}
        self.groups: dict[str, dict[str, Connection]] = {}
        self.users: dict[str, dict[str, Connection]] = {}
        self._recovery_seconds = recovery_seconds
        self._ended = ended

    def add(self, connection: Connection, groups: Iterable[str]) -> None:
        """Take the connection in, as a member of the groups."""
        self.connections[connection.connection_id] = connection
        if connection.user_id is not None:
            self.users.setdefault(connection.user_id, {})[connection.connection_id] = connection
        for group in groups:
            self.join(connection, group)

    def join(self, connection: Connection, group: str) -> None:
        """Make the connection a member of the group, if it is not one."""
        self.groups.setdefault(group, {})[connection.connection_id] = connection
        connection.groups.add(group)

    def leave(self, connection: Connection, group: str) -> None:
        """End the membership, if there is one; a group without members is no more."""
        connection.groups.discard(group)
        _discard(self.groups, group, connection)

    def leave_all(self, connection: Connection) -> None:
        """End every membership of the connection."""
        for group in list(connection.groups):
            self.leave(connection, group)

    def in_group(self, group: str) -> list[Connection]:
        """The members of the group."""
        return list(self.groups.get(group, {}).values())

    def of_user(self, user_id: str) -> list[Connection]:
        """The connections of the user."""
        return list(self.users.get(user_id, {}).values())

    def send(self, message: Message, to: Iterable[Connection], excluded: Collection[str] = ()) -> None:
        """Deliver the message to the connections, but not to those whose id is excluded."""
        overrun = [
            connection
            for connection in to
            if connection.connection_id not in excluded and not connection.deliver(message)
        ]
        for connection in overrun:
            self.abort(connection)

    def close(self, connection: Connection, reason: str | None) -> None:
        """End the connection on the server's behalf, telling the client why if its protocol can."""
        text = f"{CLOSED_BY_SERVER} Reason: {reason}" if reason else CLOSED_BY_SERVER
        socket = connection.socket
        if socket is not None:
            if connection.protocol is not Protocol.RAW:
                socket.write(text_frame(encoded({"type": "system", "event": "disconnected", "message": text})))
            socket.close(_NORMAL_CLOSURE)
        self.end(connection, text)

    def abort(self, connection: Connection) -> None:
        """End the connection without a word to the client."""
        if connection.socket is not None:
            connection.socket.abort()
        self.end(connection, ENDED)

    def end(self, connection: Connection, reason: str) -> None:
        """Forget the connection for good; a second call changes nothing."""
        if connection.ended:
            return
        connection.ended = True
        connection.socket = None
        _cancel_expiry(connection)
        self.leave_all(connection)
        del self.connections[connection.connection_id]
        if connection.user_id is not None:
            _discard(self.users, connection.user_id, connection)
        self._ended(connection, reason)

    def drop(self, connection: Connection, socket: ClientSocket) -> None:
        """Note that a socket was lost without a farewell: the end, or the start of the time to recover."""
        if connection.ended or connection.socket is not socket:
            return
        if connection.unacknowledged is None:
            self.end(connection, ENDED)
            return
        connection.socket = None
        loop = asyncio.get_running_loop()
        connection.expiry = loop.call_later(self._recovery_seconds, self.end, connection, RECOVERY_EXPIRED)

    def resume(self, connection: Connection, socket: ClientSocket) -> None:
        """Give the connection a new socket and send what its client has not confirmed."""
        assert connection.unacknowledged is not None
        _cancel_expiry(connection)
        connection.socket = socket
        for frame in connection.unacknowledged.frames():
            socket.write(frame)


def _cancel_expiry(connection: Connection) -> None:
    if connection.expiry is not None:
        connection.expiry.cancel()
        connection.expiry = None


def _discard(index: dict[str, dict[str, Connection]], key: str, connection: Connection) -> None:
    members = index.get(key)
    if members is None:
        return
    members.pop(connection.connection_id, None)
    if not members:
        del index[key]
