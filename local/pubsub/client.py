"""The client endpoint: who may open a WebSocket, as what, and how a lost one is taken up again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import WSMsgType, web
from multidict import MultiMapping

from local.pubsub.connection import Connection, Origin, Protocol, Unacknowledged
from local.pubsub.events import Admission, ConnectRefused
from local.pubsub.hub import Hub
from local.pubsub.names import is_group, is_identifier
from local.pubsub.payloads import encoded
from local.pubsub.permissions import Permissions
from local.pubsub.service import Service
from local.pubsub.session import RawTarget, Session
from local.pubsub.tokens import Claims, InvalidToken, bearer, check_client_audience
from local.pubsub.wire import ClientSocket, text_frame

_MESSAGE_LIMIT_BYTES = 1024 * 1024
_POLICY_VIOLATION = 1008
_DATA_AND_SIGNS_OF_LIFE = {WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.PING, WSMsgType.PONG}
_PRIVATE_HEADERS = "x-asrs-internal-"


@dataclass(frozen=True, slots=True)
class _Opening:
    """What a client asks for when it opens a new connection."""

    claims: Claims
    admission: Admission
    offered: Sequence[str]
    raw_target: RawTarget | None


class _BadRequest(Exception):
    """The request for a connection is refused with 400; the message says why."""


async def open_client(request: web.Request, service: Service, hub_name: str) -> web.StreamResponse:
    """Answer a request for a client WebSocket, and serve it until it ends."""
    if not web.WebSocketResponse().can_prepare(request):
        return web.Response(status=400, text="A WebSocket request is needed.")
    connection_id = _last(request.query, "awps_connection_id")
    if connection_id:
        return await _recover(request, service, hub_name, connection_id)
    try:
        claims = _checked_claims(request, service, hub_name)
        opening = _opening(request, claims)
    except InvalidToken:
        return web.Response(status=401)
    except _BadRequest as error:
        return web.Response(status=400, text=str(error))
    return await _open(request, service, service.hub(hub_name), opening)


def _checked_claims(request: web.Request, service: Service, hub_name: str) -> Claims:
    token = _last(request.query, "access_token") or bearer(request.headers.get("Authorization"))
    claims = service.keys.claims(token)
    check_client_audience(claims, request.host, f"/client/hubs/{hub_name}")
    return claims


def _opening(request: web.Request, claims: Claims) -> _Opening:
    roles, groups = _texts(claims.get("role")), _texts(claims.get("webpubsub.group"))
    if not all(is_group(group) for group in groups):
        raise _BadRequest("The token names an invalid group.")
    user_id = claims.get("sub") or None
    if user_id is not None and not is_identifier(user_id):
        raise _BadRequest("The token names an invalid user.")
    offered = [
        name.strip()
        for header in request.headers.getall("Sec-WebSocket-Protocol", [])
        for name in header.split(",")
        if name.strip()
    ]
    return _Opening(claims, Admission(user_id, roles, groups), offered, _raw_target(request.query))


def _raw_target(query: MultiMapping[str]) -> RawTarget | None:
    mode = (_last(query, "webpubsub_mode") or "sendEvent").lower()
    if mode == "sendevent":
        return None
    if mode != "sendtogroup":
        raise _BadRequest("webpubsub_mode must be sendEvent or sendToGroup.")
    group = _last(query, "group")
    if not is_group(group):
        raise _BadRequest("group must be a name of 1 to 1024 characters.")
    assert group is not None
    no_echo = (_last(query, "noEcho") or "false").lower()
    if no_echo not in ("true", "false"):
        raise _BadRequest("noEcho must be true or false.")
    return RawTarget(group, no_echo == "true")


async def _open(request: web.Request, service: Service, hub: Hub, opening: _Opening) -> web.StreamResponse:
    origin = Origin(hub.name, uuid.uuid4().hex, request.url.host or "")
    origin.user_id = opening.admission.user_id
    try:
        admission = await service.events.connect(origin, _connect_request(request, opening), opening.admission)
    except ConnectRefused as error:
        return web.Response(status=error.status)
    if admission.subprotocol is not None and admission.subprotocol not in opening.offered:
        return web.Response(status=500)
    subprotocol = admission.subprotocol or _first_supported(opening.offered)
    origin.user_id, origin.subprotocol = admission.user_id, subprotocol
    connection = Connection(origin, _protocol(subprotocol), Permissions(admission.roles))
    if connection.protocol is Protocol.RELIABLE:
        connection.unacknowledged = Unacknowledged()

    response = await _upgrade(request, subprotocol)
    socket = _socket(request)
    connection.socket = socket
    hub.add(connection, admission.groups)
    if connection.protocol is not Protocol.RAW:
        socket.write(_connected_frame(service, connection))
    service.events.connected(origin)
    await Session(service, hub, connection, socket, opening.raw_target).run(response)
    return response


async def _recover(request: web.Request, service: Service, hub_name: str, connection_id: str) -> web.StreamResponse:
    hub = service.hubs.get(hub_name.lower())
    connection = hub.connections.get(connection_id) if hub else None
    token = _last(request.query, "awps_reconnection_token") or ""
    try:
        service.keys.check_recovery_token(token, connection_id)
    except InvalidToken:
        connection = None
    if hub is None or connection is None or connection.unacknowledged is None:
        offered = request.headers.get("Sec-WebSocket-Protocol", "").split(",")[0].strip()
        return await _refuse_recovery(request, await _upgrade(request, offered or None))
    if connection.socket is not None:
        lost = connection.socket
        hub.drop(connection, lost)
        lost.abort()
    response = await _upgrade(request, connection.origin.subprotocol)
    if connection.ended or connection.socket is not None:
        # While the handshake was written, the connection ended or another recovery won.
        return await _refuse_recovery(request, response)
    socket = _socket(request)
    hub.resume(connection, socket)
    await Session(service, hub, connection, socket).run(response)
    return response


async def _upgrade(request: web.Request, subprotocol: str | None) -> web.WebSocketResponse:
    # One byte more than the limit, because aiohttp's own limit is exclusive.
    response = web.WebSocketResponse(
        protocols=(subprotocol,) if subprotocol else (),
        autoclose=False,
        autoping=False,
        compress=False,
        max_msg_size=_MESSAGE_LIMIT_BYTES + 1,
    )
    if subprotocol:
        # A recovered connection keeps its subprotocol, whatever the client offers this time.
        response.headers["Sec-WebSocket-Protocol"] = subprotocol
    await response.prepare(request)
    return response


def _socket(request: web.Request) -> ClientSocket:
    # A client that vanished during the upgrade leaves no transport; aiohttp ends the handler then.
    if request.transport is None:
        raise ConnectionResetError("the client is gone")
    return ClientSocket(request.transport)


async def _refuse_recovery(request: web.Request, response: web.WebSocketResponse) -> web.WebSocketResponse:
    # Only a close frame with this code makes the client give up and open a new connection.
    socket = _socket(request)
    socket.close(_POLICY_VIOLATION, "The connection cannot be recovered.")
    while (await response.receive()).type in _DATA_AND_SIGNS_OF_LIFE:
        pass
    socket.finish()
    return response


def _connected_frame(service: Service, connection: Connection) -> bytes:
    frame: dict[str, object] = {
        "type": "system",
        "event": "connected",
        "userId": connection.user_id,
        "connectionId": connection.connection_id,
    }
    if connection.protocol is Protocol.RELIABLE:
        frame["reconnectionToken"] = service.keys.recovery_token(connection.connection_id)
    return text_frame(encoded(frame))


def _connect_request(request: web.Request, opening: _Opening) -> dict[str, object]:
    headers: dict[str, list[str]] = {}
    for name, value in request.headers.items():
        if name.lower() != "authorization" and not name.lower().startswith(_PRIVATE_HEADERS):
            headers.setdefault(name, []).append(value)
    query: dict[str, list[str]] = {}
    for name, value in request.query.items():
        if name.lower() != "access_token":
            query.setdefault(name, []).append(value)
    return {
        "claims": {name: _texts(value) for name, value in opening.claims.items()},
        "query": query,
        "headers": headers,
        "subprotocols": list(opening.offered),
        "clientCertificates": [],
    }


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    return [str(entry) for entry in value] if isinstance(value, list) else [str(value)]


def _protocol(subprotocol: str | None) -> Protocol:
    try:
        return Protocol((subprotocol or "").lower())
    except ValueError:
        return Protocol.RAW


def _first_supported(offered: Sequence[str]) -> str | None:
    return next((name for name in offered if _protocol(name) is not Protocol.RAW), None)


def _last(query: MultiMapping[str], name: str) -> str | None:
    return next((value for key, value in reversed(list(query.items())) if key.lower() == name.lower()), None)
