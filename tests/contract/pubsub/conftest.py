from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from azure.messaging.webpubsubservice.aio import WebPubSubServiceClient

from local.pubsub.application import build_application
from local.pubsub.settings import SYSTEM_EVENTS, EventHandler, Settings
from tests.contract.pubsub.event_handler import HandlerServer
from tests.contract.pubsub.support import Clients, Line, Rest, Target, a_hub, line_to

CLOUD = "WEB_PUBSUB_CONTRACT_CONNECTION_STRING"
ACCESS_KEY = "contract-tests-only-web-pubsub-access-key"
_ROOT = Path(__file__).parents[3]


def start_service(*options: str) -> tuple[subprocess.Popen[str], Target]:
    """The stand-in as a process of its own, ready to be called."""
    command = [sys.executable, "-m", "local.pubsub", "--port", "0", "--access-key", ACCESS_KEY, "--exit-with-stdin"]
    process = subprocess.Popen(
        [*command, *options], cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    ready = process.stdout.readline().split()
    assert ready[:1] == ["ready"], "the service did not start"
    return process, Target(ready[1], ACCESS_KEY)


def stop_service(process: subprocess.Popen[str]) -> int:
    with process:
        assert process.stdin is not None
        process.stdin.close()
        return process.wait(timeout=60)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Target]:
    """The stand-in in the test's own loop: nothing of it, not even a late event, reaches another test."""
    runner = web.AppRunner(await build_application(settings), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield Target(f"http://127.0.0.1:{runner.addresses[0][1]}", settings.access_keys[0])
    finally:
        await runner.cleanup()


@pytest.fixture(scope="session")
def local_target() -> Iterator[Target]:
    if os.environ.get(CLOUD):
        pytest.skip("says something of the stand-in alone")
    process, target = start_service()
    yield target
    assert stop_service(process) == 0


def _handlers(address: str) -> dict[str, list[EventHandler]]:
    """Event handlers of a few hubs, each at a path of its own."""
    picky = EventHandler(f"{address}/picky/{{event}}", frozenset(), "order, Invoice")
    rest = EventHandler(f"{address}/rest/{{hub}}/{{event}}", frozenset())
    plain = ("watched", "refused", "listed", "foreign", "old")
    return {
        "guarded": [EventHandler(f"{address}/guarded", SYSTEM_EVENTS)],
        "picky": [picky, rest],
        "narrow": [picky],
        **{hub: [EventHandler(f"{address}/{hub}")] for hub in plain},
    }


@pytest.fixture(scope="session")
def target(request: pytest.FixtureRequest) -> Target:
    """The service under test: Azure's own when a connection string is given, else the stand-in."""
    given = os.environ.get(CLOUD)
    if not given:
        local: Target = request.getfixturevalue("local_target")
        return local
    parts = dict(part.split("=", 1) for part in given.rstrip(";").split(";"))
    return Target(parts["Endpoint"].rstrip("/"), parts["AccessKey"])


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        yield session


@pytest.fixture
def hub() -> str:
    return a_hub()


@pytest.fixture
async def service(target: Target, hub: str) -> AsyncIterator[WebPubSubServiceClient]:
    async with target.service(hub) as service:
        yield service


@pytest.fixture
async def clients(session: aiohttp.ClientSession, service: WebPubSubServiceClient) -> AsyncIterator[Clients]:
    clients = Clients(session, service)
    yield clients
    await clients.close()


@pytest.fixture
def rest(session: aiohttp.ClientSession, target: Target, hub: str) -> Rest:
    return Rest(session, target, hub)


@pytest.fixture
async def line(target: Target) -> AsyncIterator[Line]:
    async with line_to(target) as line:
        yield line


@pytest.fixture
async def handler() -> AsyncIterator[HandlerServer]:
    async with HandlerServer() as handler:
        yield handler


@pytest.fixture
async def eventful(handler: HandlerServer) -> AsyncIterator[Target]:
    """The stand-in with event handlers."""
    async with running(Settings((ACCESS_KEY,), _handlers(handler.address))) as target:
        yield target
