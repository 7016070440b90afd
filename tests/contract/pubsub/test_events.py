"""What event handlers are told, and what their answers change."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest

from local.pubsub.settings import EventHandler, Settings
from tests.contract.pubsub.conftest import ACCESS_KEY, running
from tests.contract.pubsub.event_handler import Event, HandlerServer, Reply
from tests.contract.pubsub.support import (
    EVERY_ROLE,
    JSON_PROTOCOL,
    RELIABLE_PROTOCOL,
    TIME_LIMIT_SECONDS,
    Clients,
    Target,
    client_url,
    line_to,
)

Open = Callable[[str], Clients]


@pytest.fixture
async def at(eventful: Target, session: aiohttp.ClientSession) -> AsyncIterator[Open]:
    """Clients of the hub of this name."""
    async with AsyncExitStack() as stack:

        def open_hub(hub: str) -> Clients:
            service = eventful.service(hub)
            stack.push_async_callback(service.close)
            clients = Clients(session, service)
            stack.push_async_callback(clients.close)
            return clients

        yield open_hub


def common(event: Event) -> dict[str, str]:
    """The headers that do not change from one run to the next."""
    varying = {"ce-time", "ce-source", "ce-connectionid", "ce-signature", "x-ms-client-request-id"}
    return {
        name.lower(): value
        for name, value in event.headers.items()
        if name.lower().startswith(("ce-", "webhook-", "content-type")) and name.lower() not in varying
    }


async def test_a_connection_is_told_from_first_to_last(handler: HandlerServer, at: Open) -> None:
    client, connected = await at("watched").open("ann öé")
    told = await handler.event("connected")
    assert common(told) == {
        "webhook-request-origin": "127.0.0.1",
        "ce-specversion": "1.0",
        "ce-awpsversion": "1.0",
        "ce-type": "azure.webpubsub.sys.connected",
        "ce-id": "1",
        "ce-hub": "watched",
        "ce-eventname": "connected",
        "ce-userid": "ann öé",
        "ce-subprotocol": JSON_PROTOCOL,
        "content-type": "application/json",
    }
    connection_id = connected["connectionId"]
    assert told.headers["ce-connectionId"] == connection_id
    assert told.headers["ce-source"] == f"/hubs/watched/client/{connection_id}"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told.headers["ce-time"])
    await client.socket.close(message=b"bye")
    ended = await handler.event("disconnected")
    assert (ended.headers["ce-id"], json.loads(ended.body)) == ("2", {"reason": "bye"})


async def test_events_are_signed(handler: HandlerServer, at: Open, eventful: Target) -> None:
    _, connected = await at("watched").open()
    told = await handler.event("connected")
    expected = hmac.new(eventful.access_key.encode(), connected["connectionId"].encode(), hashlib.sha256)
    assert told.headers["ce-signature"] == f"sha256={expected.hexdigest()}"
    assert "ce-userId" not in told.headers


@pytest.mark.parametrize(
    ("frame", "content_type", "body"),
    [
        ({"data": {"n": 1}}, "application/json", b'{"n": 1}'),
        ({"dataType": "text", "data": "olá"}, "text/plain; charset=utf-8", "olá".encode()),
        ({"dataType": "binary", "data": "AP8="}, "application/octet-stream", b"\x00\xff"),
    ],
)
async def test_a_user_event_reaches_the_handler(
    handler: HandlerServer, at: Open, frame: dict[str, object], content_type: str, body: bytes
) -> None:
    client, _ = await at("watched").open("ann")
    ack = await client.request(type="event", event="order", metadata={"Trace": "t1"}, **frame)
    told = await handler.event("order")
    assert ack["success"]
    assert (told.headers["ce-type"], told.headers["Content-Type"]) == ("azure.webpubsub.user.order", content_type)
    assert (told.body, told.headers["x-webpubsub-metadata-trace"]) == (body, "t1")


@pytest.mark.parametrize(
    ("content_type", "body", "data_type", "data"),
    [
        ("application/json", b'{"n": 1}', "json", {"n": 1}),
        ("text/plain", b"hi", "text", "hi"),
        ("application/octet-stream", b"\x00\xff", "binary", "AP8="),
    ],
)
async def test_an_answer_comes_before_the_ack(
    handler: HandlerServer, at: Open, content_type: str, body: bytes, data_type: str, data: object
) -> None:
    headers = {"Content-Type": content_type, "X-WebPubSub-Metadata-Step": "one"}
    handler.replies["order"] = [Reply(body=body, headers=headers)]
    client, _ = await at("watched").open("ann")
    await client.send(type="event", event="order", data=1, ackId=1)
    message, ack = await client.frames(2)
    assert message == {
        "type": "message",
        "from": "server",
        "dataType": data_type,
        "data": data,
        "metadata": {"step": "one"},
    }
    assert ack["success"]


async def test_a_failed_event_keeps_the_connection(handler: HandlerServer, at: Open) -> None:
    unusable = Reply(body=b"<p>", headers={"Content-Type": "text/html"})
    broken = Reply(body=b"{", headers={"Content-Type": "application/json"})
    handler.replies["order"] = [Reply(status=401, body=b"secret detail"), Reply(status=429), unusable, broken, Reply()]
    client, _ = await at("watched").open("ann")
    for _ in range(4):
        ack = await client.request(type="event", event="order", data=1)
        assert ack["error"] == {"name": "InternalServerError", "message": "Internal server error"}
    await client.send(type="event", event="order", data=1, ackId=4)
    assert (await client.frame())["success"]
    assert [(await handler.event("order")).headers["ce-id"] for _ in range(5)] == ["2", "3", "4", "5", "6"]


async def test_an_overloaded_handler_is_asked_again(handler: HandlerServer, at: Open) -> None:
    handler.replies["order"] = [Reply(status=503), Reply()]
    client, _ = await at("watched").open("ann")
    assert (await client.request(type="event", event="order", data={"n": 1}))["success"]
    first, second = [await handler.event("order") for _ in range(2)]
    assert (first.body, common(first)) == (second.body, common(second))
    assert first.headers["x-ms-client-request-id"] == second.headers["x-ms-client-request-id"]


async def test_a_handler_that_is_not_up_yet_is_waited_for(handler: HandlerServer, at: Open) -> None:
    handler.down.set()
    client, _ = await at("watched").open("ann")
    await client.send(type="event", event="order", data=1, ackId=1)
    await handler.turned_away.wait()
    handler.down.clear()
    assert (await client.frame())["success"]
    assert (await handler.event("order")).headers["ce-id"] == "2"


async def test_events_of_one_client_come_one_at_a_time(handler: HandlerServer, at: Open) -> None:
    client, _ = await at("watched").open("ann", roles=EVERY_ROLE)
    handler.gate.clear()
    await client.send(type="event", event="first", data=1, ackId=1)
    await client.send(type="joinGroup", group="g", ackId=2)
    await client.send(type="event", event="second", data=1, ackId=3)
    await handler.event("first")
    assert "second" not in handler.told()
    handler.gate.set()
    assert [(await client.frame())["ackId"] for _ in range(3)] == [1, 2, 3]


async def test_what_the_handler_remembers_comes_back(handler: HandlerServer, at: Open) -> None:
    handler.replies["order"] = [
        Reply(headers={"ce-connectionState": "eyJhIjoxfQ==", "Set-Cookie": "affinity=worker1; Path=/"}),
        Reply(status=400, headers={"ce-connectionState": "ignored"}),
        Reply(headers={"ce-connectionState": ""}),
        Reply(),
    ]
    client, _ = await at("watched").open("ann")
    for _ in range(4):
        await client.request(type="event", event="order", data=1)
    told = [await handler.event("order") for _ in range(4)]
    assert [event.headers.get("ce-connectionState") for event in told] == [None, "eyJhIjoxfQ==", "eyJhIjoxfQ==", ""]
    assert [event.headers.get("Cookie") for event in told] == [None, *["affinity=worker1"] * 3]


async def test_raw_clients_send_messages(handler: HandlerServer, at: Open) -> None:
    handler.replies["message"] = [
        Reply(body=b"pong", headers={"Content-Type": "text/plain"}),
        Reply(),
        Reply(status=403),
    ]
    client = await at("watched").raw("ann")
    await client.socket.send_str("ping")
    assert await client.socket.receive_str(timeout=TIME_LIMIT_SECONDS) == "pong"
    await client.socket.send_bytes(b"\x01")
    told = [await handler.event("message") for _ in range(2)]
    assert [event.headers["Content-Type"] for event in told] == [
        "text/plain; charset=utf-8",
        "application/octet-stream",
    ]
    assert "ce-subprotocol" not in told[0].headers
    await client.socket.send_str("no")
    assert await client.close_code() == 1011


async def test_the_connect_handler_decides_who_comes_in(handler: HandlerServer, at: Open) -> None:
    answer = {"userId": "beatrice", "groups": ["g"], "roles": ["webpubsub.sendToGroup.g"], "subprotocol": JSON_PROTOCOL}
    state = {"ce-connectionState": "known"}
    handler.replies["connect"] = [Reply(body=json.dumps(answer).encode(), headers=state)]
    client, connected = await at("guarded").open("ann", groups=["other"], roles=["webpubsub.joinLeaveGroup"])
    asked, told = await handler.event("connect"), await handler.event("connected")
    request = json.loads(asked.body)
    assert (asked.headers["ce-id"], asked.headers["ce-userId"], told.headers["ce-id"]) == ("0", "ann", "1")
    assert "ce-subprotocol" not in asked.headers
    assert (request["subprotocols"], request["claims"]["webpubsub.group"]) == ([JSON_PROTOCOL], ["other"])
    assert "access_token" not in request["query"]
    assert asked.headers["ce-connectionId"] == connected["connectionId"]
    assert (connected["userId"], told.headers["ce-connectionState"]) == ("beatrice", "known")
    await client.send(type="sendToGroup", group="g", data=1, ackId=1)
    assert [frame["type"] for frame in await client.frames(2)] == ["message", "ack"]
    assert not (await client.request(type="joinGroup", group="g", data=1))["success"]


async def test_an_empty_answer_lets_the_client_in_by_its_token(handler: HandlerServer, at: Open) -> None:
    handler.replies["connect"] = [Reply(), Reply(body=b"null"), Reply(status=204)]
    for _ in range(3):
        _, connected = await at("guarded").open("ann")
        assert connected["userId"] == "ann"


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (Reply(status=401, body=b"detail"), 401),
        (Reply(status=403), 403),
        (Reply(body=b"not json"), 500),
        (Reply(body=b'{"groups":[""]}'), 500),
        (Reply(body=b'{"roles":[null]}'), 500),
        (Reply(body=b'{"subprotocol":"other"}'), 500),
    ],
)
async def test_a_refused_client_stays_outside(handler: HandlerServer, at: Open, reply: Reply, status: int) -> None:
    handler.replies["connect"] = [reply]
    clients = at("guarded")
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        await clients.open("ann")
    assert refusal.value.status == status
    handler.replies["connect"] = [Reply()]
    await clients.open("bob")
    assert (await handler.event("connected")).headers["ce-userId"] == "bob"
    assert handler.told().count("disconnected") == 0


async def test_a_subprotocol_of_the_handlers_own_makes_a_raw_client(handler: HandlerServer, at: Open) -> None:
    handler.replies["connect"] = [Reply(body=b'{"subprotocol":"chat.v7"}')]
    clients = at("guarded")
    client = await clients.dial(await client_url(clients.service, "ann"), ["chat.v7", JSON_PROTOCOL])
    assert client.socket.protocol == "chat.v7"
    await client.socket.send_str("hello")
    told = await handler.event("message")
    assert (told.headers["ce-subprotocol"], told.body) == ("chat.v7", b"hello")


async def test_the_first_handler_that_matches_is_told(handler: HandlerServer, at: Open) -> None:
    client, _ = await at("Picky").open("ann")
    for event in ("Order", "invoice", "hello.world"):
        assert (await client.request(type="event", event=event, data=1))["success"]
    paths = [(await handler.event(event)).path for event in ("Order", "invoice", "hello.world")]
    assert paths == ["/picky/Order", "/picky/invoice", "/rest/picky/hello.world"]
    assert handler.told() == []


async def test_an_event_outside_every_pattern_fails(handler: HandlerServer, at: Open) -> None:
    client, _ = await at("narrow").open("ann")
    assert (await client.request(type="event", event="other", data=1))["error"]["name"] == "InternalServerError"
    assert handler.told() == []


@pytest.mark.parametrize(
    ("hub", "replies", "allowed"),
    [
        ("listed", {"OPTIONS /listed": Reply(headers={"WebHook-Allowed-Origin": "example.com, 127.0.0.1"})}, True),
        ("foreign", {"OPTIONS /foreign": Reply(headers={"WebHook-Allowed-Origin": "example.com"})}, False),
        ("old", {"OPTIONS /old": Reply(status=404)}, True),
        ("refused", {"OPTIONS /refused": Reply(status=405)}, False),
    ],
)
async def test_a_handler_must_allow_the_service(
    handler: HandlerServer, at: Open, hub: str, replies: dict[str, Reply], allowed: bool
) -> None:
    handler.handshake_replies = replies
    client, _ = await at(hub).open("ann")
    assert (await client.request(type="event", event="order", data=1))["success"] is allowed
    assert handler.told().count("order") == int(allowed)
    handshake = handler.handshakes[-1]
    assert handshake.headers["WebHook-Request-Origin"] == "127.0.0.1"
    assert handshake.headers["ce-awpsversion"] == "1.0"
    assert "ce-signature" not in handshake.headers


async def test_many_first_events_share_one_handshake(handler: HandlerServer, at: Open) -> None:
    clients = at("picky")
    opened = [(await clients.open(f"user{number}"))[0] for number in range(5)]
    for client in opened:
        await client.send(type="event", event="shared.once", data=1, ackId=1)
    assert all([(await client.frame())["success"] for client in opened])
    assert len(handler.handshakes) <= 1


async def test_a_recovery_is_no_event(handler: HandlerServer, at: Open) -> None:
    clients = at("watched")
    _, connected, recover = await clients.reliable("ann")
    await handler.event("connected")
    client = await clients.dial(recover, [RELIABLE_PROTOCOL])
    assert (await client.request(type="event", event="order", data=1))["success"]
    assert (await handler.event("order")).headers["ce-id"] == "2"
    await clients.service.close_connection(connected["connectionId"], reason="over")
    ended = await handler.event("disconnected")
    assert json.loads(ended.body) == {"reason": "Application server closed the connection. Reason: over"}
    assert handler.told() == []


async def test_a_connection_that_is_not_recovered_ends(handler: HandlerServer, session: aiohttp.ClientSession) -> None:
    settings = Settings((ACCESS_KEY,), {"short": [EventHandler(handler.address)]}, recovery_seconds=0.1)
    async with running(settings) as target, line_to(target) as line, target.service("short", line.endpoint) as service:
        clients = Clients(session, service)
        _, _, recover = await clients.reliable("ann")
        line.cut()
        ended = await handler.event("disconnected")
        line.mend()
        assert json.loads(ended.body) == {"reason": "The connection recovery timeout expired."}
        assert await (await clients.dial(recover, [RELIABLE_PROTOCOL])).close_code() == 1008
        await clients.close()


@pytest.mark.parametrize(
    ("protocol", "last_words", "reason"),
    [
        (RELIABLE_PROTOCOL, "nonsense", "Invalid frame"),
        (JSON_PROTOCOL, None, "The connection ended."),
    ],
)
async def test_the_reason_of_an_end_is_told(
    handler: HandlerServer, at: Open, protocol: str, last_words: str | None, reason: str
) -> None:
    client, _ = await at("watched").open("ann", protocol=protocol)
    if last_words is None:
        await client.socket.close(code=1001)
    else:
        await client.socket.send_str(last_words)
    assert json.loads((await handler.event("disconnected")).body)["reason"].startswith(reason)
