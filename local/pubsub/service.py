"""The whole service: its hubs, keys and events, and what runs beside the requests."""

from __future__ import annotations

import asyncio

from local.pubsub.connection import Connection
from local.pubsub.events import Events
from local.pubsub.hub import Hub
from local.pubsub.settings import Settings
from local.pubsub.tokens import Keys
from local.pubsub.upstream import Upstream
from local.pubsub.wire import ClientSocket, pong_frame

_KEEP_ALIVE_SECONDS = 120.0
_GOING_AWAY = 1001


class Service:
    """What REST calls and client connections share. Create it in a running event loop."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.keys = Keys(settings.access_keys)
        self.hubs: dict[str, Hub] = {}
        self.sockets: set[ClientSocket] = set()
        self._upstream = Upstream(settings.access_keys)
        self.events = Events(self._upstream, settings.handlers)
        self._closing = False
        self._keep_alive = asyncio.create_task(self._send_signs_of_life())

    def hub(self, name: str) -> Hub:
        """The hub of this name, whatever its case; it comes into being when first used."""
        name = name.lower()
        hub = self.hubs.get(name)
        if hub is None:
            hub = self.hubs[name] = Hub(name, self.settings.recovery_seconds, self._ended)
        return hub

    def _ended(self, connection: Connection, reason: str) -> None:
        if not self._closing:
            self.events.disconnected(connection.origin, reason)

    async def _send_signs_of_life(self) -> None:
        # One task for all: a pong nobody asked for needs no answer, and keeps proxies from seeing an idle line.
        frame = pong_frame()
        while True:
            await asyncio.sleep(_KEEP_ALIVE_SECONDS)
            for socket in list(self.sockets):
                socket.write(frame)

    def disconnect_all(self) -> None:
        """Tell every client that the service goes away, and wait for none of them."""
        self._closing = True
        for socket in list(self.sockets):
            socket.close(_GOING_AWAY)
            socket.finish()

    async def close(self) -> None:
        """Stop everything that runs beside the requests."""
        self._closing = True
        self._keep_alive.cancel()
        await asyncio.gather(self._keep_alive, return_exceptions=True)
        for hub in self.hubs.values():
            for connection in list(hub.connections.values()):
                hub.abort(connection)
        await self.events.close()
        await self._upstream.close()
