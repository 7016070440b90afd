"""The REST interface: which call does what."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

from local.pubsub.calls import Call, refused_as_bad_request
from local.pubsub.connection import Connection
from local.pubsub.filters import FilterError, compiled_filter
from local.pubsub.listing import connections_page
from local.pubsub.names import is_group
from local.pubsub.payloads import DataType, Message, UnsupportedMediaType, media_type, parsed_json
from local.pubsub.permissions import TooManyPermissions
from local.pubsub.problems import API_VERSIONS, Problem, bad_request
from local.pubsub.service import Service

_MINUTES_LIMIT = 2**31 - 1
_Operation = Callable[[Call], Awaitable[web.Response]]


async def _send_to_all(call: Call) -> web.Response:
    call.check_ttl()
    call.authorize()
    return await _send(call, lambda: call.hub.connections.values())


async def _send_to_group(call: Call) -> web.Response:
    group = call.group
    call.check_ttl()
    call.authorize()
    return await _send(call, lambda: call.hub.in_group(group), group)


async def _send_to_user(call: Call) -> web.Response:
    user = call.user
    call.check_ttl()
    call.authorize()
    return await _send(call, lambda: call.hub.of_user(user))


async def _send_to_connection(call: Call) -> web.Response:
    connection_id = call.connection_id
    call.check_ttl()
    call.authorize()
    return await _send(call, lambda: _one(call, connection_id))


async def _send(call: Call, targets: Callable[[], Iterable[Connection]], group: str | None = None) -> web.Response:
    condition = call.filter()
    message = Message(await call.payload(), group=group)
    chosen = [connection for connection in targets() if condition is None or condition(connection)]
    call.hub.send(message, chosen, call.excluded())
    return web.Response(status=202)


async def _connection_exists(call: Call) -> web.Response:
    connection_id = call.connection_id
    call.authorize()
    return web.Response(status=200 if connection_id in call.hub.connections else 404)


async def _group_exists(call: Call) -> web.Response:
    group = call.group
    call.authorize()
    if group not in call.hub.groups:
        raise Problem(404, "Warning.Group.NotExisted", "The group has no connection.", "Group")
    return web.Response()


async def _user_exists(call: Call) -> web.Response:
    user = call.user
    call.authorize()
    if user not in call.hub.users:
        raise Problem(404, "Warning.User.NotExisted", "The user has no connection.", "User")
    return web.Response()


async def _close_connection(call: Call) -> web.Response:
    connection_id = call.connection_id
    call.authorize()
    return _close(call, _one(call, connection_id))


async def _close_all(call: Call) -> web.Response:
    call.authorize()
    return _close(call, call.hub.connections.values())


async def _close_group(call: Call) -> web.Response:
    group = call.group
    call.authorize()
    return _close(call, call.hub.in_group(group))


async def _close_user(call: Call) -> web.Response:
    user = call.user
    call.authorize()
    return _close(call, call.hub.of_user(user))


def _close(call: Call, connections: Iterable[Connection]) -> web.Response:
    excluded, reason = call.excluded(), call.value("reason")
    for connection in [each for each in connections if each.connection_id not in excluded]:
        call.hub.close(connection, reason)
    return web.Response(status=204)


async def _add_connection_to_group(call: Call) -> web.Response:
    group, connection_id = call.group, call.connection_id
    call.authorize()
    connection = call.hub.connections.get(connection_id)
    if connection is None:
        raise Problem(404, "Error.Connection.NotExisted", "The connection does not exist.", "Connection")
    call.hub.join(connection, group)
    return web.Response()


async def _remove_connection_from_group(call: Call) -> web.Response:
    group, connection_id = call.group, call.connection_id
    call.authorize()
    for connection in _one(call, connection_id):
        call.hub.leave(connection, group)
    return web.Response(status=204)


async def _remove_connection_from_all_groups(call: Call) -> web.Response:
    connection_id = call.connection_id
    call.authorize()
    for connection in _one(call, connection_id):
        call.hub.leave_all(connection)
    return web.Response(status=204)


async def _list_connections(call: Call) -> web.Response:
    return web.json_response(connections_page(call))


async def _add_user_to_group(call: Call) -> web.Response:
    group, user = call.group, call.user
    call.authorize()
    connections = call.hub.of_user(user)
    if not connections:
        raise Problem(404, "Error.User.NotExisted", "The user has no connection.", "User")
    for connection in connections:
        call.hub.join(connection, group)
    return web.Response()


async def _remove_user_from_group(call: Call) -> web.Response:
    group, user = call.group, call.user
    call.authorize()
    for connection in call.hub.of_user(user):
        call.hub.leave(connection, group)
    return web.Response(status=204)


async def _remove_user_from_all_groups(call: Call) -> web.Response:
    user = call.user
    call.authorize()
    for connection in call.hub.of_user(user):
        call.hub.leave_all(connection)
    return web.Response(status=204)


async def _add_to_groups(call: Call) -> web.Response:
    for connection, group in await _bulk(call):
        call.hub.join(connection, group)
    return web.Response()


async def _remove_from_groups(call: Call) -> web.Response:
    for connection, group in await _bulk(call):
        call.hub.leave(connection, group)
    return web.Response()


async def _bulk(call: Call) -> list[tuple[Connection, str]]:
    """The connections and groups that the body of a bulk call names, chosen before anything changes."""
    call.authorize()
    content = await call.body()
    try:
        data_type, charset = media_type(call.request.headers.get("Content-Type", ""))
    except UnsupportedMediaType as error:
        raise Problem(415) from error
    if data_type is not DataType.JSON:
        raise Problem(415)
    with refused_as_bad_request(ValueError):
        body = parsed_json(content.decode(charset))
    groups, condition = (body.get("groups"), body.get("filter")) if isinstance(body, dict) else (None, None)
    if not isinstance(groups, list) or not groups or not all(is_group(group) for group in groups):
        raise bad_request("groups must be a list of one or more group names")
    if not isinstance(condition, str | None):
        raise bad_request("filter must be text")
    with refused_as_bad_request(FilterError):
        matches = compiled_filter(condition) if condition else None
    chosen = [each for each in call.hub.connections.values() if matches is None or matches(each)]
    return [(connection, group) for connection in chosen for group in groups]


async def _grant_permission(call: Call) -> web.Response:
    action, group = call.permission
    connection_id = call.connection_id
    call.authorize()
    connection = call.hub.connections.get(connection_id)
    if connection is None:
        raise Problem(404, "Info.Connection.NotExisted", "The connection does not exist.", "Connection")
    try:
        connection.permissions.grant(action, group)
    except TooManyPermissions as error:
        raise Problem(
            409, "Error.Connection.Conflict", "The connection has 1000 permissions already.", "Connection"
        ) from error
    return web.Response()


async def _has_permission(call: Call) -> web.Response:
    action, group = call.permission
    connection_id = call.connection_id
    call.authorize()
    connection = call.hub.connections.get(connection_id)
    if connection is None or not connection.permissions.allows(action, group):
        raise Problem(404, "Info.Connection.NotExisted", "The connection has no such permission.", "Connection")
    return web.Response()


async def _revoke_permission(call: Call) -> web.Response:
    action, group = call.permission
    connection_id = call.connection_id
    call.authorize()
    for connection in _one(call, connection_id):
        connection.permissions.revoke(action, group)
    return web.Response(status=204)


async def _generate_token(call: Call) -> web.Response:
    minutes = call.integer("minutesToExpire", 1, _MINUTES_LIMIT)
    client_type = (call.value("clientType") or "Default").lower()
    if client_type not in ("default", "mqtt"):
        raise bad_request("clientType must be Default or MQTT", "clientType")
    groups = call.values("group")
    if not all(is_group(group) for group in groups):
        raise bad_request("group must be 1 to 1024 characters, not all blank", "group")
    call.authorize_entra()
    if client_type == "mqtt":
        raise Problem(501, "NotImplemented", "MQTT clients are not served here.", "clientType")
    token = call.service.keys.client_token(
        f"{call.host_url}/client/hubs/{call.hub.name}",
        user_id=call.value("userId"),
        roles=call.values("role"),
        groups=groups,
        minutes=60 if minutes is None else minutes,
    )
    return web.json_response({"token": token})


def _one(call: Call, connection_id: str) -> list[Connection]:
    connection = call.hub.connections.get(connection_id)
    return [] if connection is None else [connection]


_ROUTES: list[tuple[str, str, _Operation]] = [
    ("POST", "/:send", _send_to_all),
    ("POST", "/groups/{group}/:send", _send_to_group),
    ("POST", "/users/{user}/:send", _send_to_user),
    ("POST", "/connections/{connection}/:send", _send_to_connection),
    ("HEAD", "/connections/{connection}", _connection_exists),
    ("HEAD", "/groups/{group}", _group_exists),
    ("HEAD", "/users/{user}", _user_exists),
    ("DELETE", "/connections/{connection}", _close_connection),
    ("POST", "/:closeConnections", _close_all),
    ("POST", "/groups/{group}/:closeConnections", _close_group),
    ("POST", "/users/{user}/:closeConnections", _close_user),
    ("PUT", "/groups/{group}/connections/{connection}", _add_connection_to_group),
    ("DELETE", "/groups/{group}/connections/{connection}", _remove_connection_from_group),
    ("DELETE", "/connections/{connection}/groups", _remove_connection_from_all_groups),
    ("GET", "/groups/{group}/connections", _list_connections),
    ("PUT", "/users/{user}/groups/{group}", _add_user_to_group),
    ("DELETE", "/users/{user}/groups/{group}", _remove_user_from_group),
    ("DELETE", "/users/{user}/groups", _remove_user_from_all_groups),
    ("POST", "/:addToGroups", _add_to_groups),
    ("POST", "/:removeFromGroups", _remove_from_groups),
    ("PUT", "/permissions/{permission}/connections/{connection}", _grant_permission),
    ("HEAD", "/permissions/{permission}/connections/{connection}", _has_permission),
    ("DELETE", "/permissions/{permission}/connections/{connection}", _revoke_permission),
    ("POST", "/:generateToken", _generate_token),
]


def _expression(template: str) -> re.Pattern[str]:
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template)
    return re.compile(f"/api/hubs/(?P<hub>[^/]+){pattern}/?", re.IGNORECASE)


_COMPILED = [(method, _expression(template), operation) for method, template, operation in _ROUTES]


async def answer_rest(request: web.Request, service: Service) -> web.Response:
    """Answer a call below /api/hubs.

    Routes are found in the path as it was sent: decoded, a slash in a name would be taken for a separator.
    """
    path = request.raw_path.partition("?")[0]
    response = await _answered(request, service, path)
    response.headers["api-supported-versions"] = ", ".join(API_VERSIONS)
    return response


async def _answered(request: web.Request, service: Service, path: str) -> web.Response:
    allowed: set[str] = set()
    for method, expression, operation in _COMPILED:
        match = expression.fullmatch(path)
        if match is None:
            continue
        if method == request.method:
            try:
                return await operation(Call(request, service, match.groupdict()))
            except Problem as problem:
                return problem.response()
        allowed.add(method)
    if allowed:
        return web.Response(status=405, headers={"Allow": ", ".join(sorted(allowed))})
    return web.Response(status=404)
