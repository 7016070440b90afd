"""The real JavaScript client, in Node, against the service."""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from azure.messaging.webpubsubservice.aio import WebPubSubServiceClient

from tests.contract.pubsub.event_handler import HandlerServer, Reply
from tests.contract.pubsub.support import EVERY_ROLE, TIME_LIMIT_SECONDS, Line, Target, client_url

FOLDER = Path(__file__).parent / "javascript"

Told = dict[str, Any]


@pytest.fixture(scope="session")
def installed() -> None:
    """The client's npm packages; installed when they are not there."""
    if not (FOLDER / "node_modules" / "@azure" / "web-pubsub-client").exists():
        subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund"], cwd=FOLDER, check=True, timeout=120, capture_output=True
        )


class Driver:
    """The client's process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def next(self) -> Told:
        """What the client tells next."""
        assert self._process.stdout is not None
        text = await asyncio.wait_for(self._process.stdout.readline(), TIME_LIMIT_SECONDS)
        told: Told = json.loads(text)
        return told

    async def take(self, what: str) -> Told:
        """What the client tells next, which must be this."""
        told = await self.next()
        assert told["what"] == what, told
        return told

    async def do(self, does: str, **details: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"does": does, **details}).encode() + b"\n")
        await self._process.stdin.drain()

    async def settle(self, does: str, **details: object) -> Told:
        """Do it and give its outcome, which is the next thing told."""
        await self.do(does, **details)
        told = await self.next()
        assert told.get("does") == does, told
        return told


@asynccontextmanager
async def a_client(
    service: WebPubSubServiceClient, protocol: str = "reliable", groups: tuple[str, ...] = ()
) -> AsyncIterator[Driver]:
    """A started client of user ann, connected."""
    url = await client_url(service, "ann", EVERY_ROLE, groups)
    command = ["node", str(FOLDER / "client.js"), url, protocol]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    try:
        driver = Driver(process)
        await driver.do("start")
        told = [await driver.next(), await driver.next()]
        assert {entry["what"] for entry in told} == {"done", "connected"}
        yield driver
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await asyncio.wait_for(process.wait(), TIME_LIMIT_SECONDS)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("protocol", ["json", "reliable"])
async def test_a_round_trip(service: WebPubSubServiceClient, protocol: str) -> None:
    async with a_client(service, protocol) as client:
        assert (await client.settle("joinGroup", group="g"))["what"] == "done"
        payload = base64.b64encode(b"\x00\xff").decode()
        for data_type, data in [("json", {"n": 1}), ("text", "olá"), ("binary", payload)]:
            await client.do("sendToGroup", group="g", data=data, dataType=data_type)
            heard = await client.take("group-message")
            await client.take("done")
            assert (heard["dataType"], heard["data"], heard["fromUserId"]) == (data_type, data, "ann")
        await service.send_to_user("ann", {"n": 2})
        assert (await client.take("server-message"))["data"] == {"n": 2}
        assert (await client.settle("leaveGroup", group="g"))["what"] == "done"
        assert not await service.group_exists("g")


@pytest.mark.usefixtures("installed")
async def test_a_duplicate_counts_as_success(service: WebPubSubServiceClient) -> None:
    async with a_client(service) as client:
        sent = {"group": "g", "data": "once", "dataType": "text", "ackId": 77}
        assert not (await client.settle("sendToGroup", **sent))["isDuplicated"]
        assert (await client.settle("sendToGroup", **sent))["isDuplicated"]


@pytest.mark.usefixtures("installed")
async def test_an_event_is_answered(handler: HandlerServer, eventful: Target) -> None:
    handler.replies["order"] = [Reply(body=b'{"taken":true}', headers={"Content-Type": "application/json"})]
    async with eventful.service("watched") as service, a_client(service) as client:
        await client.do("sendEvent", event="order", data={"n": 1}, dataType="json")
        assert (await client.take("server-message"))["data"] == {"taken": True}
        await client.take("done")


@pytest.mark.usefixtures("installed")
async def test_cuts_lose_and_double_nothing(
    target: Target, hub: str, service: WebPubSubServiceClient, line: Line
) -> None:
    async with target.service(hub, line.endpoint) as far, a_client(far, groups=("g",)) as client:
        for n in range(30):
            if n in (5, 20):
                line.cut()
            await service.send_to_group("g", {"n": n})
            if n in (10, 25):
                line.mend()
        assert [(await client.take("group-message"))["data"]["n"] for _ in range(30)] == list(range(30))
        assert line.opened > 1


@pytest.mark.usefixtures("installed")
async def test_a_client_closed_by_the_server_hears_why_and_returns(service: WebPubSubServiceClient) -> None:
    async with a_client(service) as client:
        await service.close_user_connections("ann", reason="moved")
        told = await client.take("disconnected")
        assert told["message"] == "Application server closed the connection. Reason: moved"
        assert (await client.take("connected"))["userId"] == "ann"


@pytest.mark.usefixtures("installed")
async def test_a_stopped_client_leaves_nothing_behind(service: WebPubSubServiceClient) -> None:
    async with a_client(service) as client:
        await client.do("stop")
        while (await client.next())["what"] != "stopped":
            pass
        assert not await service.user_exists("ann")
