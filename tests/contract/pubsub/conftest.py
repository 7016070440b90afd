from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from azure.messaging.webpubsubservice.aio import WebPubSubServiceClient

from tests.contract.pubsub.event_handler import EventHandler
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
        return process.wait(timeout=15)


@pytest.fixture(scope="session")
def handler_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture(scope="session")
def local_target(handler_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """The stand-in with event handlers for a few hubs, each at a path of its own."""
    if os.environ.get(CLOUD):
        pytest.skip("says something of the stand-in alone")
    file = tmp_path_factory.mktemp("pubsub") / "event-handlers.json"
    file.write_text(json.dumps({"WebPubSub": {"Hubs": _handlers(f"http://127.0.0.1:{handler_port}")}}))
    options = ["--event-handlers", str(file), "--hub-events", f"watched=http://127.0.0.1:{handler_port}/watched"]
    process, target = start_service(*options)
    yield target
    assert stop_service(process) == 0


def _handlers(address: str) -> dict[str, object]:
    every = ["connect", "connected", "disconnected"]
    picky = {"UrlTemplate": f"{address}/picky/{{event}}", "SystemEvents": [], "EventPattern": "order, Invoice"}
    rest = {"UrlTemplate": f"{address}/rest/{{hub}}/{{event}}", "EventPattern": "*"}
    hubs = {
        "guarded": [{"UrlTemplate": f"{address}/guarded", "SystemEvents": every, "EventPattern": "*"}],
        "picky": [picky, rest],
        "narrow": [picky],
    }
    for hub in ("refused", "listed", "foreign", "old", "late"):
        hubs[hub] = [{"UrlTemplate": f"{address}/{hub}", "EventPattern": "*"}]
    return {hub: {"EventHandlers": handlers} for hub, handlers in hubs.items()}


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
async def handler(local_target: Target, handler_port: int) -> AsyncIterator[EventHandler]:
    async with EventHandler(handler_port) as handler:
        yield handler
