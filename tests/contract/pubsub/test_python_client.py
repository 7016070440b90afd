"""The real Python client against the service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from azure.messaging.webpubsubclient.aio import WebPubSubClient, WebPubSubClientCredential
from azure.messaging.webpubsubclient.models import (
    CallbackType,
    SendMessageError,
    WebPubSubDataType,
    WebPubSubProtocolType,
)
from azure.messaging.webpubsubservice.aio import WebPubSubServiceClient

from tests.contract.pubsub.event_handler import HandlerServer, Reply
from tests.contract.pubsub.support import EVERY_ROLE, TIME_LIMIT_SECONDS, Line, Target, client_url


class Ears:
    """What the client tells, in order."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()

    async def next(self, kind: str) -> Any:
        """The next thing told; it must be of this kind."""
        told, details = await asyncio.wait_for(self.heard.get(), TIME_LIMIT_SECONDS)
        assert told == kind
        return details


@asynccontextmanager
async def a_client(
    service: WebPubSubServiceClient,
    protocol: WebPubSubProtocolType = WebPubSubProtocolType.JSON_RELIABLE,
    groups: tuple[str, ...] = (),
    **options: Any,
) -> AsyncIterator[tuple[WebPubSubClient, Ears]]:
    """A started client of user ann, connected."""

    async def url() -> str:
        return await client_url(service, "ann", EVERY_ROLE, groups)

    client, ears = WebPubSubClient(WebPubSubClientCredential(url), protocol_type=protocol, **options), Ears()
    for kind in (CallbackType.CONNECTED, CallbackType.SERVER_MESSAGE, CallbackType.GROUP_MESSAGE):

        async def hear(details: Any, kind: str = kind.value) -> None:
            ears.heard.put_nowait((kind, details))

        await client.subscribe(kind, hear)
    async with client:
        await ears.next("connected")
        yield client, ears


@pytest.mark.parametrize("protocol", list(WebPubSubProtocolType))
async def test_a_round_trip(service: WebPubSubServiceClient, protocol: WebPubSubProtocolType) -> None:
    async with a_client(service, protocol) as (client, ears):
        await client.join_group("g")
        await client.send_to_group("g", {"n": 1}, WebPubSubDataType.JSON)
        await client.send_to_group("g", "olá", WebPubSubDataType.TEXT)
        await client.send_to_group("g", memoryview(b"\x00\xff"), WebPubSubDataType.BINARY)
        await client.send_to_group("g", "unheard", WebPubSubDataType.TEXT, no_echo=True)
        await service.send_to_user("ann", {"n": 2})
        assert [(await ears.next("group-message")).data for _ in range(3)] == [{"n": 1}, "olá", b"\x00\xff"]
        assert (await ears.next("server-message")).data == {"n": 2}
        await client.leave_group("g")
        assert not await service.group_exists("g")


async def test_an_event_without_handler_fails(service: WebPubSubServiceClient) -> None:
    async with a_client(service, message_retry_total=0) as (client, _):
        with pytest.raises(SendMessageError) as failure:
            await client.send_event("order", {"n": 1}, WebPubSubDataType.JSON)
        assert failure.value.error_detail is not None
        assert failure.value.error_detail.name == "InternalServerError"


async def test_an_event_is_answered(handler: HandlerServer, eventful: Target) -> None:
    handler.replies["order"] = [Reply(body=b'{"taken":true}', headers={"Content-Type": "application/json"})]
    async with eventful.service("watched") as service, a_client(service) as (client, ears):
        await client.send_event("order", {"n": 1}, WebPubSubDataType.JSON)
        assert (await ears.next("server-message")).data == {"taken": True}


async def test_cuts_lose_and_double_nothing(
    target: Target, hub: str, service: WebPubSubServiceClient, line: Line
) -> None:
    async with target.service(hub, line.endpoint) as far, a_client(far, groups=("g",)) as (_, ears):
        for n in range(30):
            if n in (5, 20):
                line.cut()
            await service.send_to_group("g", {"n": n})
            if n in (10, 25):
                line.mend()
        assert [(await ears.next("group-message")).data["n"] for _ in range(30)] == list(range(30))
        assert line.opened > 1


async def test_a_stopped_client_leaves_nothing_behind(service: WebPubSubServiceClient) -> None:
    async with a_client(service):
        assert await service.user_exists("ann")
    assert not await service.user_exists("ann")
