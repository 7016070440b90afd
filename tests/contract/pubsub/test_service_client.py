"""The real service SDK against the service: what it sends, whom it reaches, what it learns."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from azure.messaging.webpubsubservice import WebPubSubServiceClient as BlockingServiceClient
from azure.messaging.webpubsubservice.aio import WebPubSubServiceClient

from tests.contract.pubsub.support import JSON_PROTOCOL, RELIABLE_PROTOCOL, Clients, Target, client_url


@pytest.mark.parametrize(
    ("content", "content_type", "data_type", "data"),
    [
        ({"price": 12.5, "text": "São Paulo"}, "application/json", "json", {"price": 12.5, "text": "São Paulo"}),
        ('plain "text"', "text/plain", "text", 'plain "text"'),
        (b"\x00\xff", "application/octet-stream", "binary", "AP8="),
    ],
)
async def test_a_message_keeps_its_data_type(
    service: WebPubSubServiceClient, clients: Clients, content: Any, content_type: str, data_type: str, data: object
) -> None:
    client, _ = await clients.open("ann")
    await service.send_to_all(content, content_type=content_type)
    assert await client.frame() == {"type": "message", "from": "server", "dataType": data_type, "data": data}


async def test_a_group_message_reaches_the_group_alone(service: WebPubSubServiceClient, clients: Clients) -> None:
    member, _ = await clients.open("ann", groups=["desk.1"])
    other, _ = await clients.open("bob", groups=["desk.2"])
    await service.send_to_group("desk.1", {"n": 1})
    assert await member.frame() == {
        "type": "message",
        "from": "group",
        "fromUserId": None,
        "group": "desk.1",
        "dataType": "json",
        "data": {"n": 1},
    }
    assert await other.nothing_more()


async def test_user_and_connection_are_reached_by_their_ids(service: WebPubSubServiceClient, clients: Clients) -> None:
    first, first_connected = await clients.open("ann o'hara +%/?")
    second, _ = await clients.open("Ann")
    await service.send_to_connection(first_connected["connectionId"], {"to": "connection"})
    await service.send_to_user("Ann", {"to": "user"})
    assert (await first.frame())["data"] == {"to": "connection"}
    assert (await second.frame())["data"] == {"to": "user"}
    assert await first.nothing_more()
    assert await second.nothing_more()


async def test_an_excluded_connection_is_left_out(service: WebPubSubServiceClient, clients: Clients) -> None:
    heard, _ = await clients.open(groups=["g"])
    left_out, connected = await clients.open(groups=["g"])
    await service.send_to_group("g", {"n": 1}, excluded=[connected["connectionId"], "unknown"])
    await service.send_to_all({"n": 2}, excluded=[connected["connectionId"]])
    assert [frame["data"]["n"] for frame in await heard.frames(2)] == [1, 2]
    assert await left_out.nothing_more()


async def test_a_filter_chooses_the_receivers(service: WebPubSubServiceClient, clients: Clients) -> None:
    ann, _ = await clients.open("ann", groups=["vip"])
    bob, _ = await clients.open("bob", groups=["vip"])
    await service.send_to_all({"n": 1}, filter="userId eq 'ann' and 'vip' in groups")
    assert (await ann.frame())["data"] == {"n": 1}
    assert await bob.nothing_more()


async def test_sending_to_nobody_succeeds(service: WebPubSubServiceClient) -> None:
    await service.send_to_group("empty", {"n": 1})
    await service.send_to_user("nobody", {"n": 1})
    await service.send_to_connection("none", {"n": 1})


async def test_existence_follows_the_connections(service: WebPubSubServiceClient, clients: Clients) -> None:
    client, connected = await clients.open("ann", groups=["g"])
    connection_id = connected["connectionId"]
    assert await service.connection_exists(connection_id)
    assert await service.user_exists("ann")
    assert await service.group_exists("g")
    assert not await service.group_exists("G")
    await service.close_connection(connection_id)
    await client.close_code()
    assert not await service.connection_exists(connection_id)
    assert not await service.user_exists("ann")
    assert not await service.group_exists("g")


async def test_membership_is_changed_by_the_server(service: WebPubSubServiceClient, clients: Clients) -> None:
    client, connected = await clients.open("ann")
    connection_id = connected["connectionId"]
    await service.add_connection_to_group("a", connection_id)
    await service.add_user_to_group("b", "ann")
    await service.remove_connection_from_group("a", connection_id)
    await service.send_to_group("a", {"group": "a"})
    await service.send_to_group("b", {"group": "b"})
    assert (await client.frame())["group"] == "b"
    await service.add_connection_to_group("a", connection_id)
    await service.remove_user_from_group("b", "ann")
    await service.send_to_group("b", {"group": "b"})
    await service.send_to_group("a", {"group": "a"})
    assert (await client.frame())["group"] == "a"


async def test_all_memberships_end_at_once(service: WebPubSubServiceClient, clients: Clients) -> None:
    _, first = await clients.open("ann", groups=["a", "b"])
    _, _ = await clients.open("bob", groups=["c", "d"])
    await service.remove_connection_from_all_groups(first["connectionId"])
    await service.remove_user_from_all_groups("bob")
    assert [await service.group_exists(group) for group in "abcd"] == [False] * 4


async def test_unknown_targets_of_a_group_change(service: WebPubSubServiceClient) -> None:
    with pytest.raises(ResourceNotFoundError) as refusal:
        await service.add_connection_to_group("g", "unknown")
    assert refusal.value.error is not None
    assert refusal.value.error.code == "Error.Connection.NotExisted"
    with pytest.raises(ResourceNotFoundError):
        await service.add_user_to_group("g", "nobody")
    await service.remove_connection_from_group("g", "unknown")
    await service.remove_user_from_group("g", "nobody")
    await service.remove_connection_from_all_groups("unknown")
    await service.remove_user_from_all_groups("nobody")


async def test_a_group_is_listed_page_by_page(service: WebPubSubServiceClient, clients: Clients) -> None:
    opened = [(await clients.open(f"user{number}", groups=["g"]))[1] for number in range(5)]
    expected = sorted((frame["connectionId"], frame["userId"]) for frame in opened)
    listed = service.list_connections(group="g", maxpagesize=2)
    assert [(member.connection_id, member.user_id) async for member in listed] == expected
    first_three = service.list_connections(group="g", maxpagesize=2, top=3)
    assert [member.connection_id async for member in first_three] == [entry[0] for entry in expected[:3]]
    assert [member async for member in service.list_connections(group="empty")] == []


@pytest.mark.parametrize("protocol", [JSON_PROTOCOL, RELIABLE_PROTOCOL])
async def test_closing_tells_why(service: WebPubSubServiceClient, clients: Clients, protocol: str) -> None:
    client, connected = await clients.open("ann", protocol=protocol)
    await service.close_connection(connected["connectionId"], reason="signed out")
    assert await client.frame() == {
        "type": "system",
        "event": "disconnected",
        "message": "Application server closed the connection. Reason: signed out",
    }
    assert await client.close_code() == 1000


async def test_many_are_closed_but_the_excluded(service: WebPubSubServiceClient, clients: Clients) -> None:
    grouped, _ = await clients.open(groups=["g"])
    spared, spared_connected = await clients.open("ann", groups=["g"])
    await service.close_group_connections("g", excluded=[spared_connected["connectionId"]])
    assert (await grouped.frame())["message"] == "Application server closed the connection."
    assert await spared.nothing_more()
    other, _ = await clients.open("bob")
    await service.close_user_connections("ann")
    assert (await spared.frame())["event"] == "disconnected"
    await service.close_all_connections(reason="the end")
    assert (await other.frame())["message"].endswith("Reason: the end")


async def test_closing_nobody_succeeds(service: WebPubSubServiceClient) -> None:
    await service.close_connection("unknown")
    await service.close_user_connections("nobody")
    await service.close_group_connections("empty")


async def test_permissions_are_granted_and_revoked(service: WebPubSubServiceClient, clients: Clients) -> None:
    client, connected = await clients.open("ann")
    connection_id = connected["connectionId"]
    assert not await service.has_permission("joinLeaveGroup", connection_id, target_name="g")
    assert (await client.request(type="joinGroup", group="g"))["error"]["name"] == "Forbidden"
    await service.grant_permission("joinLeaveGroup", connection_id, target_name="g")
    assert await service.has_permission("joinLeaveGroup", connection_id, target_name="g")
    assert (await client.request(type="joinGroup", group="g"))["success"]
    await service.revoke_permission("joinLeaveGroup", connection_id, target_name="g")
    assert (await client.request(type="leaveGroup", group="g"))["error"]["name"] == "Forbidden"
    assert await service.group_exists("g")


async def test_a_permission_needs_a_connection(service: WebPubSubServiceClient) -> None:
    with pytest.raises(ResourceNotFoundError):
        await service.grant_permission("sendToGroup", "unknown", target_name="g")
    assert not await service.has_permission("sendToGroup", "unknown", target_name="g")
    await service.revoke_permission("sendToGroup", "unknown", target_name="g")


async def test_a_wrong_key_is_refused(target: Target, hub: str) -> None:
    async with Target(target.endpoint, "another-key-that-is-long-enough-to-be-one").service(hub) as stranger:
        with pytest.raises(ClientAuthenticationError):
            await stranger.send_to_all({"n": 1})


async def test_a_filter_that_cannot_be_read_is_refused(service: WebPubSubServiceClient, clients: Clients) -> None:
    client, _ = await clients.open()
    with pytest.raises(HttpResponseError, match=r"Error\.BadRequest") as refusal:
        await service.send_to_all({"n": 1}, filter="userId equals 'ann'")
    assert refusal.value.status_code == 400
    assert await client.nothing_more()


async def test_the_blocking_client_does_the_same(target: Target, hub: str, clients: Clients) -> None:
    client, connected = await clients.open("ann")

    def speak() -> list[bool]:
        with BlockingServiceClient.from_connection_string(target.connection_string, hub=hub) as service:
            service.add_connection_to_group("g", connected["connectionId"])
            service.send_to_group("g", "hello", content_type="text/plain")
            listed = [member.connection_id for member in service.list_connections(group="g")]
            return [service.group_exists("g"), listed == [connected["connectionId"]], service.user_exists("bob")]

    assert await asyncio.to_thread(speak) == [True, True, False]
    assert (await client.frame())["data"] == "hello"


async def test_a_token_without_a_user_is_anonymous(service: WebPubSubServiceClient, clients: Clients) -> None:
    client = await clients.dial(await client_url(service), [JSON_PROTOCOL])
    assert (await client.frame()).get("userId") is None
