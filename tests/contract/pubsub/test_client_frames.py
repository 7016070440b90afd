"""What a client of a JSON subprotocol may send, and what it gets back."""

from __future__ import annotations

import json

import aiohttp
import pytest
from azure.messaging.webpubsubservice.aio import WebPubSubServiceClient

from tests.contract.pubsub.support import (
    EVERY_ROLE,
    JSON_PROTOCOL,
    RELIABLE_PROTOCOL,
    TIME_LIMIT_SECONDS,
    Clients,
    WireClient,
    client_url,
)


async def a_member(clients: Clients, protocol: str = JSON_PROTOCOL) -> WireClient:
    client, _ = await clients.open("ann", roles=EVERY_ROLE, groups=["g"], protocol=protocol)
    return client


async def test_join_send_leave(clients: Clients) -> None:
    client, _ = await clients.open("ann", roles=EVERY_ROLE)
    assert await client.request(type="joinGroup", group="g") == {"type": "ack", "ackId": 1, "success": True}
    assert (await client.request(type="joinGroup", group="g"))["success"]
    await client.send(type="sendToGroup", group="g", dataType="text", data="hi", ackId=3)
    echo, ack = await client.frames(2)
    assert echo == {
        "type": "message",
        "from": "group",
        "fromUserId": "ann",
        "group": "g",
        "dataType": "text",
        "data": "hi",
    }
    assert ack == {"type": "ack", "ackId": 3, "success": True}
    assert (await client.request(type="leaveGroup", group="g"))["error"]["name"] == "Duplicate"
    await client.send(type="leaveGroup", group="g", ackId=9)
    assert (await client.frame())["success"]
    await client.send(type="sendToGroup", group="g", data=1)
    assert await client.nothing_more()


async def test_a_sender_does_not_become_a_member(clients: Clients) -> None:
    member = await a_member(clients)
    sender, _ = await clients.open("bob", roles=EVERY_ROLE)
    assert (await sender.request(type="sendToGroup", group="g", data={"n": 1}))["success"]
    assert (await member.frame())["data"] == {"n": 1}
    assert await sender.nothing_more()


async def test_no_echo_skips_the_sender_alone(clients: Clients) -> None:
    client, other = await a_member(clients), await a_member(clients)
    assert (await client.request(type="sendToGroup", group="g", data=1, noEcho=True))["success"]
    assert (await other.frame())["data"] == 1


async def test_data_types_and_metadata_pass_through(clients: Clients) -> None:
    client = await a_member(clients)
    frames: list[dict[str, object]] = [
        {"dataType": "JSON", "data": [1, {"a": None}]},
        {"dataType": "binary", "data": "AQI="},
        {"data": "json text", "metadata": {"Key": "value"}},
        {"metadata": {"only": "metadata"}},
    ]
    for frame in frames:
        await client.send(type="SendToGroup", group="g", **frame)
    received = await client.frames(4)
    assert [(frame["dataType"], frame["data"], frame.get("metadata")) for frame in received] == [
        ("json", [1, {"a": None}], None),
        ("binary", "AQI=", None),
        ("json", "json text", {"Key": "value"}),
        ("text", "", {"only": "metadata"}),
    ]


async def test_json_data_is_passed_on_as_it_was_written(clients: Clients) -> None:
    client = await a_member(clients)
    data = '{ "n" : 1.0, "big": 1e999, "u": "\\u00e9" }'
    await client.socket.send_str(f'{{"type":"sendToGroup","group":"g","data":{data}}}')
    assert f'"data":{data}' in await client.socket.receive_str(timeout=TIME_LIMIT_SECONDS)


async def test_a_repeated_ack_id_is_carried_out_once(clients: Clients) -> None:
    first, second = await a_member(clients), await a_member(clients)
    for client in (first, second):
        await client.send(type="sendToGroup", group="g", data=1, ackId=7, noEcho=True)
    assert [frame["type"] for frame in await first.frames(2)] == ["ack", "message"]
    assert [frame["type"] for frame in await second.frames(2)] == ["message", "ack"]
    await first.send(type="sendToGroup", group="g", data=2, ackId=7)
    ack = await first.frame()
    assert (ack["success"], ack["error"]["name"]) == (False, "Duplicate")
    assert await second.nothing_more()


async def test_a_failed_ack_id_may_be_tried_again(service: WebPubSubServiceClient, clients: Clients) -> None:
    client, connected = await clients.open("ann")
    await client.send(type="joinGroup", group="g", ackId=1)
    assert (await client.frame())["error"]["name"] == "Forbidden"
    await service.grant_permission("joinLeaveGroup", connected["connectionId"], target_name="g")
    await client.send(type="joinGroup", group="g", ackId=1)
    assert (await client.frame())["success"]


async def test_a_thousand_ack_ids_are_remembered(clients: Clients) -> None:
    client = await a_member(clients)
    for ack_id in range(1001):
        await client.send(type="joinGroup", group="g", ackId=ack_id)
    assert all([(await client.frame())["success"] for _ in range(1001)])
    # 0 was forgotten; taking it in again pushes 1 out.
    for ack_id, success in [(1, False), (0, True), (1, True)]:
        await client.send(type="joinGroup", group="g", ackId=ack_id)
        assert (await client.frame())["success"] is success


async def test_frames_without_ack_id_are_not_answered(clients: Clients) -> None:
    client, _ = await clients.open("ann")
    await client.send(type="joinGroup", group="g")
    await client.send(type="joinGroup", group="g", ackId=None)
    await client.send(type="sequenceAck", sequenceId=5)
    await client.send(type="event", event="nobody", data=1)
    assert await client.nothing_more()


async def test_an_event_that_no_one_takes_fails(clients: Clients) -> None:
    client, _ = await clients.open("ann")
    ack = await client.request(type="event", event="order", data={"n": 1})
    assert ack["error"] == {"name": "InternalServerError", "message": "Internal server error"}
    assert await client.nothing_more()


@pytest.mark.parametrize(
    ("roles", "action", "group", "allowed"),
    [
        ([], "joinGroup", "g", False),
        ([], "leaveGroup", "g", False),
        ([], "sendToGroup", "g", False),
        (["webpubsub.joinLeaveGroup"], "joinGroup", "any", True),
        (["webpubsub.joinLeaveGroup"], "sendToGroup", "any", False),
        (["webpubsub.sendToGroup.g"], "sendToGroup", "g", True),
        (["webpubsub.sendToGroup.g"], "sendToGroup", "G", False),
        (["WebPubSub.sendToGroup"], "sendToGroup", "g", False),
        (["webpubsub.sendToGroup.*"], "sendToGroup", "g", False),
        (["webpubsub.sendToGroups.*"], "sendToGroup", "g", True),
        (["webpubsub.sendToGroups.*"], "sendToGroup", "g.h", False),
        (["webpubsub.sendToGroups.**"], "sendToGroup", "g.h", True),
        (["webpubsub.joinLeaveGroups.a.*.c"], "joinGroup", "a.b.c", True),
        (["webpubsub.joinLeaveGroups.a.*.c"], "joinGroup", "a.b.b.c", False),
        (["webpubsub.joinLeaveGroups.a.**.c"], "joinGroup", "a.b.b.c", True),
        (["webpubsub.joinLeaveGroups.user?"], "joinGroup", "user1", True),
        (["webpubsub.joinLeaveGroups.user?"], "joinGroup", "user.", False),
        (["webpubsub.joinLeaveGroups.a\\*"], "joinGroup", "a*", True),
        (["webpubsub.joinLeaveGroups.a\\*"], "joinGroup", "ab", False),
        (["webpubsub.joinLeaveGroups.*.*.*.*.*.*"], "joinGroup", "a.b.c.d.e.f", False),
        ([f"webpubsub.joinLeaveGroups.p{number}*" for number in range(10)], "joinGroup", "p8x", True),
        ([f"webpubsub.joinLeaveGroups.p{number}*" for number in range(10)], "joinGroup", "p9x", False),
    ],
)
async def test_roles(clients: Clients, roles: list[str], action: str, group: str, allowed: bool) -> None:
    client, _ = await clients.open("ann", roles=roles)
    extra = {"data": 1} if action == "sendToGroup" else {}
    ack = await client.request(type=action, group=group, **extra)
    assert ack["success"] is allowed
    assert allowed or ack["error"]["name"] == "Forbidden"


async def test_a_revoked_group_is_denied_under_a_wider_role(service: WebPubSubServiceClient, clients: Clients) -> None:
    client, connected = await clients.open("ann", roles=EVERY_ROLE)
    await service.revoke_permission("sendToGroup", connected["connectionId"], target_name="g")
    assert not (await client.request(type="sendToGroup", group="g", data=1))["success"]
    assert (await client.request(type="sendToGroup", group="h", data=1))["success"]
    await service.grant_permission("sendToGroup", connected["connectionId"], target_name="g")
    assert (await client.request(type="sendToGroup", group="g", data=1))["success"]


BAD_FRAMES = [
    "",
    "nonsense",
    "[]",
    '{"type":"ping"',
    '{"type":"ping",}',
    '{"type":"ping"} {}',
    "{}",
    '{"type":"dance"}',
    '{"type":"joinGroup"}',
    '{"type":"joinGroup","group":""}',
    '{"type":"joinGroup","group":" "}',
    '{"type":"joinGroup","group":1}',
    json.dumps({"type": "joinGroup", "group": "g" * 1025}),
    '{"type":"joinGroup","group":"g","ackId":-1}',
    '{"type":"joinGroup","group":"g","ackId":"1"}',
    '{"type":"joinGroup","group":"g","ackId":18446744073709551616}',
    '{"type":"sendToGroup","group":"g"}',
    '{"type":"sendToGroup","group":"g","data":null}',
    '{"type":"sendToGroup","group":"g","data":NaN}',
    '{"type":"sendToGroup","group":"g","dataType":"text","data":1}',
    '{"type":"sendToGroup","group":"g","dataType":"text","data":"\\ud800"}',
    '{"type":"sendToGroup","group":"g","dataType":"binary","data":"?"}',
    '{"type":"sendToGroup","group":"g","dataType":"protobuf","data":""}',
    '{"type":"sendToGroup","group":"g","data":1,"noEcho":1}',
    '{"type":"sendToGroup","group":"g","data":1,"ttlSeconds":301}',
    '{"type":"sendToGroup","group":"g","data":1,"metadata":{"k":1}}',
    '{"type":"sendToGroup","group":"g","data":1,"metadata":{"k":"1","k":"2"}}',
    '{"type":"sendToGroup","group":"g","data":1,"metadata":{"k k":"1"}}',
    '{"type":"event","event":"1st","data":1}',
    '{"type":"event","data":1}',
    '{"type":"sequenceAck"}',
    '{"type":"sendToGroup","group":"g","data":' + "[" * 100_000,
]


@pytest.mark.parametrize("text", BAD_FRAMES, ids=range(len(BAD_FRAMES)))
async def test_a_bad_frame_ends_the_connection(service: WebPubSubServiceClient, clients: Clients, text: str) -> None:
    client, connected = await clients.open("ann", roles=EVERY_ROLE, protocol=RELIABLE_PROTOCOL)
    await client.socket.send_str(text)
    assert await client.close_code() == 1007
    assert not await service.connection_exists(connected["connectionId"])


async def test_a_binary_frame_ends_the_connection(service: WebPubSubServiceClient, clients: Clients) -> None:
    client, connected = await clients.open("ann", protocol=RELIABLE_PROTOCOL)
    await client.socket.send_bytes(b'{"type":"ping"}')
    assert await client.close_code() == 1003
    assert not await service.connection_exists(connected["connectionId"])


async def test_text_that_is_not_utf8_ends_the_connection(service: WebPubSubServiceClient, clients: Clients) -> None:
    client, connected = await clients.open("ann", protocol=RELIABLE_PROTOCOL)
    await client.socket.send_frame(b"\xff\xfe", aiohttp.WSMsgType.TEXT)
    assert await client.close_code() == 1007
    assert not await service.connection_exists(connected["connectionId"])


async def test_messages_up_to_a_mebibyte(service: WebPubSubServiceClient, clients: Clients) -> None:
    client = await a_member(clients)
    head, tail = '{"type":"sendToGroup","group":"g","data":"', '"}'
    await client.socket.send_str(head + "x" * (1024 * 1024 - len(head) - len(tail)) + tail)
    assert len((await client.frame())["data"]) > 1_000_000
    await client.socket.send_str(head + "x" * (1024 * 1024 + 1 - len(head) - len(tail)) + tail)
    assert await client.close_code() == 1009


async def test_a_client_that_says_goodbye_is_gone_at_once(service: WebPubSubServiceClient, clients: Clients) -> None:
    for code in (1000, None):
        client, connected = await clients.open("ann", protocol=RELIABLE_PROTOCOL)
        if code is None:
            await client.socket.send_frame(b"", aiohttp.WSMsgType.CLOSE)
            assert await client.close_code() == 1000
        else:
            await client.socket.close(code=code)
        assert not await service.connection_exists(connected["connectionId"])


async def test_an_event_handlerless_raw_client_is_closed(service: WebPubSubServiceClient, clients: Clients) -> None:
    client = await clients.dial(await client_url(service))
    await client.socket.send_str("hello")
    assert await client.close_code() == 1011
