"""The events of client connections, told to event handlers as CloudEvents (HTTP binding, binary mode)."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import CookieJar
from yarl import URL

from local.pubsub.connection import Origin
from local.pubsub.names import METADATA_HEADER_PREFIX, is_group, metadata_from_headers
from local.pubsub.payloads import DataType, Payload, UnsupportedMediaType, encoded, media_type, parsed_json, payload_of
from local.pubsub.settings import EventHandler
from local.pubsub.upstream import Answer, Upstream, UpstreamFailure

_CONTENT_TYPES = {
    DataType.JSON: "application/json",
    DataType.TEXT: "text/plain; charset=utf-8",
    DataType.BINARY: "application/octet-stream",
}

_log = logging.getLogger(__name__)


class ConnectRefused(Exception):
    """The event handler does not let the client in; `status` is what the client is to be told."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the event handler refused the connection with {status}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Admission:
    """Who a client is and what it may do, by its token or by the connect handler's answer."""

    user_id: str | None
    roles: Sequence[str]
    groups: Sequence[str]
    subprotocol: str | None = None


class Events:
    """Tells the first matching handler of a hub about each event."""

    def __init__(self, upstream: Upstream, handlers: Mapping[str, Sequence[EventHandler]]) -> None:
        self._upstream = upstream
        self._handlers = handlers
        self._running: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Stop what is still under way."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def connect(self, origin: Origin, request: Mapping[str, object], admission: Admission) -> Admission:
        """Ask the connect handler, if there is one, who may come in as what. Raises ConnectRefused."""
        handler = self._system_handler(origin, "connect")
        if handler is None:
            return admission
        headers = {**self._headers(origin, "sys", "connect", 0), "Content-Type": "application/json"}
        headers.pop("ce-subprotocol", None)
        try:
            answer = await self._post(handler, origin, "connect", headers, encoded(request))
            if not answer.accepted:
                raise ConnectRefused(answer.status)
            admission = _admission(answer.body, admission)
        except (UpstreamFailure, ValueError) as error:
            _log.warning("hub %s: the connect event failed: %s", origin.hub, error)
            raise ConnectRefused(500) from error
        _keep_state(origin, answer)
        return admission

    def connected(self, origin: Origin) -> None:
        """Tell that the client is in, without waiting."""
        self._tell(origin, "connected", {})

    def disconnected(self, origin: Origin, reason: str) -> None:
        """Tell that the client is gone for good, without waiting."""
        self._tell(origin, "disconnected", {"reason": reason})

    async def user_event(self, origin: Origin, event: str, payload: Payload) -> Payload | None:
        """The handler's answer to the client, or None if it has none. Raises UpstreamFailure."""
        number = origin.next_event()
        handlers = self._handlers.get(origin.hub, ())
        handler = next((handler for handler in handlers if handler.takes_user_event(event)), None)
        if handler is None:
            raise UpstreamFailure("no event handler takes this event")
        headers = self._headers(origin, "user", event, number)
        headers["Content-Type"] = _CONTENT_TYPES[payload.data_type]
        for key, value in payload.metadata.items():
            headers[METADATA_HEADER_PREFIX + key] = value
        answer = await self._post(handler, origin, event, headers, payload.content)
        if not answer.accepted:
            raise UpstreamFailure(f"the event handler answered {answer.status}")
        reply = _reply(answer)
        _keep_state(origin, answer)
        return reply

    def _tell(self, origin: Origin, event: str, body: Mapping[str, object]) -> None:
        number = origin.next_event()
        handler = self._system_handler(origin, event)
        if handler is None:
            return
        headers = {**self._headers(origin, "sys", event, number), "Content-Type": "application/json"}
        task = asyncio.create_task(self._deliver(self._post(handler, origin, event, headers, encoded(body)), event))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _deliver(self, post: Coroutine[Any, Any, Answer], event: str) -> None:
        try:
            answer = await post
        except UpstreamFailure as error:
            _log.warning("the %s event was not delivered: %s", event, error)
            return
        if not answer.accepted:
            _log.warning("the %s event was answered with %d", event, answer.status)

    def _system_handler(self, origin: Origin, event: str) -> EventHandler | None:
        handlers = self._handlers.get(origin.hub, ())
        return next((handler for handler in handlers if handler.takes_system_event(event)), None)

    def _headers(self, origin: Origin, kind: str, event: str, number: int) -> dict[str, str]:
        headers = {
            "WebHook-Request-Origin": origin.host,
            "ce-specversion": "1.0",
            "ce-awpsversion": "1.0",
            "ce-type": f"azure.webpubsub.{kind}.{event}",
            "ce-source": f"/hubs/{origin.hub}/client/{origin.connection_id}",
            "ce-id": str(number),
            "ce-time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "ce-signature": self._upstream.signature(origin.connection_id),
            "ce-hub": origin.hub,
            "ce-connectionId": origin.connection_id,
            "ce-eventName": event,
            "x-ms-client-request-id": str(uuid.uuid4()),
        }
        known = {
            "ce-userId": origin.user_id,
            "ce-subprotocol": origin.subprotocol,
            "ce-connectionState": origin.state,
        }
        headers.update({name: value for name, value in known.items() if value is not None})
        return headers

    async def _post(
        self, handler: EventHandler, origin: Origin, event: str, headers: dict[str, str], body: bytes
    ) -> Answer:
        url = handler.url(origin.hub, event)
        if origin.cookies is not None and (cookies := origin.cookies.filter_cookies(URL(url))):
            headers["Cookie"] = "; ".join(f"{name}={morsel.coded_value}" for name, morsel in cookies.items())
        answer = await self._upstream.post(url, handler.url(origin.hub, "validate"), origin.host, headers, body)
        if answer.accepted and answer.cookies:
            origin.cookies = origin.cookies or CookieJar(unsafe=True)
            origin.cookies.update_cookies(answer.cookies, URL(url))
        return answer


def _keep_state(origin: Origin, answer: Answer) -> None:
    states = answer.headers.getall("ce-connectionState", [])
    if states:
        origin.state = states[-1]


def _reply(answer: Answer) -> Payload | None:
    try:
        metadata = metadata_from_headers(answer.headers.items())
        if not answer.body:
            return Payload(DataType.TEXT, b"", metadata) if metadata else None
        data_type, charset = media_type(answer.headers.get("Content-Type", ""))
        return payload_of(data_type, charset, answer.body, metadata)
    except (ValueError, UnsupportedMediaType) as error:
        raise UpstreamFailure(f"the event handler's answer cannot be passed on: {error}") from error


def _admission(body: bytes, by_token: Admission) -> Admission:
    """The token's admission with what the handler's answer changes. Raises ValueError for an unusable answer."""
    answer = parsed_json(body) if body.strip() else None
    if answer is None:
        return by_token
    if not isinstance(answer, dict):
        raise ValueError("the answer to the connect event is not an object")
    user_id, subprotocol = answer.get("userId"), answer.get("subprotocol")
    if not isinstance(user_id, str | None) or not isinstance(subprotocol, str | None):
        raise ValueError("userId and subprotocol must be text")
    roles, groups = answer.get("roles"), answer.get("groups")
    if roles is not None and not (isinstance(roles, list) and all(isinstance(role, str) for role in roles)):
        raise ValueError("roles must be a list of text")
    if groups is not None and not (isinstance(groups, list) and all(is_group(group) for group in groups)):
        raise ValueError("groups must be a list of valid group names")
    return Admission(
        user_id=by_token.user_id if user_id is None else user_id or None,
        roles=by_token.roles if roles is None else roles,
        groups=groups or by_token.groups,
        subprotocol=subprotocol or None,
    )
