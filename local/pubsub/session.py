"""A client's frames, one after another, from the first to the end of its socket."""

from __future__ import annotations

import logging

from aiohttp import WebSocketError, WSMessage, WSMsgType, web

from local.pubsub.connection import Connection, Protocol
from local.pubsub.frames import (
    BadFrame,
    Frame,
    JoinGroup,
    LeaveGroup,
    Ping,
    Request,
    SendToGroup,
    SequenceAck,
    UserEvent,
    parse_frame,
)
from local.pubsub.hub import ENDED, Hub
from local.pubsub.payloads import DataType, Message, Payload, encoded
from local.pubsub.permissions import Action
from local.pubsub.service import Service
from local.pubsub.upstream import UpstreamFailure
from local.pubsub.wire import ClientSocket, pong_frame, text_frame

_NORMAL_CLOSURE = 1000
_UNSUPPORTED_DATA = 1003
_INVALID_PAYLOAD = 1007
_POLICY_VIOLATION = 1008
_INTERNAL_ERROR = 1011
_NO_CLOSE_CODE = 0

_RAW_EVENT = "message"
_PONG = text_frame(encoded({"type": "pong"}))

_log = logging.getLogger(__name__)


class Forbidden(Exception):
    """The connection lacks the permission for what it asks."""


class RawTarget:
    """Where the frames of a client without a subprotocol go: into a group."""

    __slots__ = ("group", "no_echo")

    def __init__(self, group: str, no_echo: bool) -> None:
        self.group = group
        self.no_echo = no_echo


class Session:
    """One socket of one connection; after a recovery the connection has another."""

    def __init__(
        self,
        service: Service,
        hub: Hub,
        connection: Connection,
        socket: ClientSocket,
        raw_target: RawTarget | None = None,
    ) -> None:
        self._service = service
        self._hub = hub
        self._connection = connection
        self._socket = socket
        self._raw_target = raw_target

    async def run(self, response: web.WebSocketResponse) -> None:
        """Handle what the client sends until its socket ends, then settle what becomes of the connection."""
        self._service.sockets.add(self._socket)
        try:
            while True:
                message = await response.receive()
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    if not self._socket.close_sent:
                        await self._handle(message)
                elif message.type is WSMsgType.PING:
                    self._socket.write(pong_frame(bytes(message.data)))
                elif message.type is not WSMsgType.PONG:
                    self._finish(message)
                    return
        finally:
            self._service.sockets.discard(self._socket)
            self._hub.drop(self._connection, self._socket)
            self._socket.finish()

    def _finish(self, message: WSMessage) -> None:
        current = self._connection.socket is self._socket
        if message.type is WSMsgType.CLOSE:
            code = message.data or _NO_CLOSE_CODE
            self._socket.close(code or _NORMAL_CLOSURE)
            if current and code in (_NORMAL_CLOSURE, _NO_CLOSE_CODE):
                self._hub.end(self._connection, message.extra or "")
        elif isinstance(message.data, WebSocketError) and current:
            self._hub.end(self._connection, _PROTOCOL_ERRORS.get(message.data.code, ENDED))

    async def _handle(self, message: WSMessage) -> None:
        async with self._connection.turn:
            if self._connection.ended:
                return
            if self._connection.protocol is Protocol.RAW:
                binary = message.type is WSMsgType.BINARY
                content = bytes(message.data) if binary else message.data.encode()
                await self._handle_raw(Payload(DataType.BINARY if binary else DataType.TEXT, content))
            elif message.type is WSMsgType.BINARY:
                self._refuse(_UNSUPPORTED_DATA, "Binary frames are not part of the subprotocol.")
            else:
                try:
                    frame = parse_frame(message.data)
                except BadFrame as error:
                    self._refuse(_INVALID_PAYLOAD, f"Invalid frame: {error}.")
                else:
                    await self._handle_frame(frame)

    def _refuse(self, code: int, reason: str) -> None:
        self._socket.close(code, reason)
        self._hub.end(self._connection, reason)

    async def _handle_raw(self, payload: Payload) -> None:
        if self._raw_target is not None:
            try:
                self._send_to_group(self._raw_target.group, payload, self._raw_target.no_echo)
            except Forbidden:
                self._refuse(_POLICY_VIOLATION, "The client may not send to the group.")
            return
        try:
            await self._raise_event(_RAW_EVENT, payload)
        except UpstreamFailure as error:
            _log.warning("hub %s: a user event failed: %s", self._hub.name, error)
            self._refuse(_INTERNAL_ERROR, "Internal server error")

    async def _handle_frame(self, frame: Frame) -> None:
        if isinstance(frame, Ping):
            self._socket.write(_PONG)
        elif isinstance(frame, SequenceAck):
            if self._connection.unacknowledged is not None:
                self._connection.unacknowledged.confirm(frame.sequence_id)
        else:
            await self._handle_request(frame)

    async def _handle_request(self, request: Request) -> None:
        acknowledged = self._connection.acknowledged
        if request.ack_id is not None and request.ack_id in acknowledged:
            self._acknowledge(request, "Duplicate", "A request with this ackId was carried out already.")
            return
        try:
            await self._carry_out(request)
        except Forbidden:
            self._acknowledge(request, "Forbidden", "The client has no permission for this group.")
        except UpstreamFailure as error:
            _log.warning("hub %s: a user event failed: %s", self._hub.name, error)
            self._acknowledge(request, "InternalServerError", "Internal server error")
        else:
            if request.ack_id is not None:
                acknowledged.add(request.ack_id)
            self._acknowledge(request)

    async def _carry_out(self, request: Request) -> None:
        match request:
            case JoinGroup(group=group):
                self._require(Action.JOIN_LEAVE, group)
                self._hub.join(self._connection, group)
            case LeaveGroup(group=group):
                self._require(Action.JOIN_LEAVE, group)
                self._hub.leave(self._connection, group)
            case SendToGroup(group=group, payload=payload, no_echo=no_echo):
                self._send_to_group(group, payload, no_echo)
            case UserEvent(event=event, payload=payload):
                await self._raise_event(event, payload)

    def _require(self, action: Action, group: str) -> None:
        if not self._connection.permissions.allows(action, group):
            raise Forbidden

    def _send_to_group(self, group: str, payload: Payload, no_echo: bool) -> None:
        self._require(Action.SEND, group)
        message = Message(payload, group=group, from_user=self._connection.user_id)
        excluded = (self._connection.connection_id,) if no_echo else ()
        self._hub.send(message, self._hub.in_group(group), excluded)

    async def _raise_event(self, event: str, payload: Payload) -> None:
        reply = await self._service.events.user_event(self._connection.origin, event, payload)
        if reply is not None and not self._connection.ended:
            self._hub.send(Message(reply), [self._connection])

    def _acknowledge(self, request: Request, error: str | None = None, message: str = "") -> None:
        if request.ack_id is None:
            return
        ack: dict[str, object] = {"type": "ack", "ackId": request.ack_id, "success": error is None}
        if error is not None:
            ack["error"] = {"name": error, "message": message}
        self._socket.write(text_frame(encoded(ack)))


# Codes with which a WebSocket that breaks RFC 6455 or the size limit is closed, and what the event handler hears.
_PROTOCOL_ERRORS = {
    1002: "The client broke the WebSocket protocol.",
    _INVALID_PAYLOAD: "The client sent text that is not UTF-8.",
    1009: "The message is too big.",
}
