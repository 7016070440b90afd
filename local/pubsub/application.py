"""The service as a web application."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator

from aiohttp import web

from local.pubsub.calls import BODY_LIMIT_BYTES, decoded_segment
from local.pubsub.client import open_client
from local.pubsub.rest import answer_rest
from local.pubsub.service import Service
from local.pubsub.settings import Settings

_CLIENT_PATH = re.compile(r"/client(?:/hubs/(?P<hub>[^/]+))?/?", re.IGNORECASE)


async def build_application(settings: Settings) -> web.Application:
    """The application; it stops its own background work when it is cleaned up."""
    # It warns of every client whose subprotocol is none of ours; such clients are welcome as raw ones.
    logging.getLogger("aiohttp.websocket").setLevel(logging.ERROR)
    service = Service(settings)

    async def rest(request: web.Request) -> web.StreamResponse:
        return await answer_rest(request, service)

    async def client(request: web.Request) -> web.StreamResponse:
        match = _CLIENT_PATH.fullmatch(request.raw_path.partition("?")[0])
        hub = (decoded_segment(match["hub"]) if match["hub"] else request.query.get("hub")) if match else None
        return await open_client(request, service, hub) if hub else web.Response(status=404)

    async def overview(_: web.Request) -> web.StreamResponse:
        return web.json_response(_overview(service))

    async def lifetime(_: web.Application) -> AsyncIterator[None]:
        yield
        await service.close()

    async def say_goodbye(_: web.Application) -> None:
        service.disconnect_all()

    # A little more than the limit, so that a body over it gets the service's own answer.
    application = web.Application(client_max_size=BODY_LIMIT_BYTES + 1)
    application.router.add_route("*", "/api/hubs/{rest:.*}", rest)
    application.router.add_get("/api/health", _health)
    application.router.add_get("/client{rest:.*}", client)
    application.router.add_get("/_local/connections", overview)
    application.on_shutdown.append(say_goodbye)
    application.cleanup_ctx.append(lifetime)
    return application


async def _health(_: web.Request) -> web.StreamResponse:
    return web.Response()


def _overview(service: Service) -> dict[str, object]:
    """Who is connected and where; served on this machine only, by no other Web PubSub."""
    return {
        "hubs": [
            {
                "hub": hub.name,
                "connections": [
                    {
                        "connectionId": connection.connection_id,
                        "userId": connection.user_id,
                        "subprotocol": connection.origin.subprotocol,
                        "groups": sorted(connection.groups),
                        "connected": connection.socket is not None,
                        "unacknowledged": len(connection.unacknowledged or ()),
                    }
                    for connection in hub.connections.values()
                ],
                "groups": {group: len(members) for group, members in sorted(hub.groups.items())},
            }
            for hub in service.hubs.values()
        ]
    }
