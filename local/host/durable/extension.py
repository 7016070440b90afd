"""Durable Functions as an extension of the functions host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aiohttp import web

from local.host.durable.api import Api
from local.host.durable.engine import Engine
from local.host.durable.links import RPC, WEBHOOKS, Links
from local.host.durable.overview import Overview
from local.host.durable.settings import read_settings
from local.host.worker import Worker

LARGEST_BODY = 64 * 1024 * 1024
"""Bytes of one request to the local address; inputs and events are held in memory."""


class DurableExtension:
    """Runs orchestrations, activities and entities; gives durableClient parameters their value.

    The task hub is kept in `durable.db` in the data folder. Clients in the app reach it through a listener of its
    own on the loopback address, which asks for no key.
    """

    trigger_types = frozenset({"orchestrationTrigger", "activityTrigger", "entityTrigger"})
    binding_types = frozenset({"durableClient"})

    def __init__(self, worker: Worker, host_json: dict[str, Any], data: Path, base_url: str) -> None:
        settings = read_settings(host_json)
        self._engine = Engine(worker, settings, data / "durable.db")
        self._links = Links(base_url, settings.hub_name, worker.system_key("durabletask"))
        self._runner: web.AppRunner | None = None
        self._binding = ""

    def routes(self) -> list[web.RouteDef]:
        """The HTTP API under /runtime/webhooks/durabletask, and what the dashboard shows."""
        api = Api(self._engine, self._links, own_origin=True)
        return [*api.routes(WEBHOOKS), *Overview(self._engine.store).routes()]

    def input_value(self, binding: dict[str, Any]) -> str:
        """What a durableClient parameter gets: the addresses of the task hub as JSON text."""
        return self._binding

    async def start(self) -> None:
        """Open the local address, then take up what a former run left undone."""
        application = web.Application(client_max_size=LARGEST_BODY)
        application.add_routes(Api(self._engine, self._links, own_origin=False).routes(RPC))
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._binding = self._links.binding(f"http://127.0.0.1:{self._runner.addresses[0][1]}")
        self._engine.start()

    async def stop(self) -> None:
        """Stop at once: what was not finished is taken up by the next start."""
        if self._runner:
            await self._runner.cleanup()
        await self._engine.stop()
