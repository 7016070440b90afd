"""Who may open a client connection, and as what."""

from __future__ import annotations

import io

import aiohttp
import pytest
from azure.messaging.webpubsubservice.aio import WebPubSubServiceClient

from tests.contract.pubsub.support import (
    JSON_PROTOCOL,
    RELIABLE_PROTOCOL,
    TIME_LIMIT_SECONDS,
    Clients,
    Target,
    a_token,
    client_url,
)


async def refusal(clients: Clients, url: str) -> int:
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await clients.dial(url, [JSON_PROTOCOL])
    return caught.value.status


async def test_tokens_are_checked(target: Target, hub: str, clients: Clients) -> None:
    http = f"{target.endpoint}/client/hubs/{hub}"
    address = http.replace("http", "ws", 1)
    key = target.access_key
    for token in (
        "nonsense",
        a_token("another-key-that-is-long-enough-to-be-one", http),
        a_token(key, http + "x"),
        a_token(key, "http://elsewhere.example/client/hubs/" + hub),
        a_token(key, http, expires_in=-400),
        a_token(key, http, expires_in=None),
    ):
        assert await refusal(clients, f"{address}?access_token={token}") == 401
    assert await refusal(clients, address) == 401
    accepted = a_token(key, http.upper(), sub="ann")
    client = await clients.dial(f"{address}?ACCESS_TOKEN={accepted}", [JSON_PROTOCOL])
    assert (await client.frame())["userId"] == "ann"


async def test_a_token_may_come_in_a_header(session: aiohttp.ClientSession, target: Target, hub: str) -> None:
    http = f"{target.endpoint}/client/hubs/{hub}"
    headers = {"Authorization": f"Bearer {a_token(target.access_key, http)}"}
    async with session.ws_connect(http, headers=headers, protocols=[JSON_PROTOCOL]) as socket:
        assert (await socket.receive_json(timeout=TIME_LIMIT_SECONDS))["event"] == "connected"


async def test_a_plain_request_is_refused(session: aiohttp.ClientSession, service: WebPubSubServiceClient) -> None:
    url = (await client_url(service)).replace("ws", "http", 1)
    async with session.get(url) as answer:
        assert answer.status == 400


async def test_the_first_supported_subprotocol_wins(service: WebPubSubServiceClient, clients: Clients) -> None:
    url = await client_url(service)
    client = await clients.dial(url, ["mqtt", JSON_PROTOCOL.upper(), RELIABLE_PROTOCOL])
    assert client.socket.protocol == JSON_PROTOCOL.upper()
    assert "reconnectionToken" not in await client.frame()
    reliable = await clients.dial(url, [RELIABLE_PROTOCOL, JSON_PROTOCOL])
    assert (await reliable.frame())["reconnectionToken"]
    raw = await clients.dial(url, ["mqtt"])
    assert raw.socket.protocol is None


async def test_groups_of_the_token_are_joined(service: WebPubSubServiceClient, clients: Clients) -> None:
    client, _ = await clients.open(groups=["a", "b"])
    await service.send_to_group("b", {"n": 1})
    assert (await client.frame())["group"] == "b"
    assert await refusal(clients, await client_url(service, groups=["x" * 1025])) == 400


async def test_raw_modes_are_checked_for_everyone(service: WebPubSubServiceClient, clients: Clients) -> None:
    url = await client_url(service)
    for query in ("webpubsub_mode=x", "webpubsub_mode=sendToGroup", "webpubsub_mode=sendToGroup&group=g&noEcho=x"):
        assert await refusal(clients, f"{url}&{query}") == 400
    await clients.dial(f"{url}&webpubsub_mode=x&webpubsub_mode=SENDEVENT")


async def test_raw_clients_read_bare_payloads(service: WebPubSubServiceClient, clients: Clients) -> None:
    client = await clients.raw("ann")
    await service.send_to_user("ann", {"n": 1})
    await service.send_to_user("ann", "text", content_type="text/plain")
    await service.send_to_user("ann", io.BytesIO(b"\x01\x02"), content_type="application/octet-stream")
    received = [await client.socket.receive(timeout=TIME_LIMIT_SECONDS) for _ in range(3)]
    assert [(message.type.name, message.data) for message in received] == [
        ("TEXT", '{"n": 1}'),
        ("TEXT", "text"),
        ("BINARY", b"\x01\x02"),
    ]
    await service.close_user_connections("ann", reason="done")
    closing = await client.socket.receive(timeout=TIME_LIMIT_SECONDS)
    assert (closing.type.name, closing.data, closing.extra) == ("CLOSE", 1000, "")


async def test_raw_clients_can_send_to_a_group(clients: Clients) -> None:
    member, _ = await clients.open(groups=["g"])
    sender = await clients.raw(
        "ann", "&webpubsub_mode=sendToGroup&group=g&noEcho=true", roles=["webpubsub.sendToGroup.g"]
    )
    await sender.socket.send_str("hello")
    await sender.socket.send_bytes(b"\x00")
    frames = await member.frames(2)
    assert [(frame["dataType"], frame["data"], frame["fromUserId"]) for frame in frames] == [
        ("text", "hello", "ann"),
        ("binary", "AA==", "ann"),
    ]


async def test_raw_clients_without_the_role_are_closed(clients: Clients) -> None:
    sender = await clients.raw("ann", "&webpubsub_mode=sendToGroup&group=g", roles=["webpubsub.sendToGroup.other"])
    await sender.socket.send_str("hello")
    assert await sender.close_code() == 1008
