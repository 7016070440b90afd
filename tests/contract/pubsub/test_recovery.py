"""Reliable clients: numbered messages, and connections taken up again after their line was cut."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from azure.messaging.webpubsubservice.aio import WebPubSubServiceClient

from tests.contract.pubsub.support import (
    EVERY_ROLE,
    JSON_PROTOCOL,
    RELIABLE_PROTOCOL,
    Clients,
    Frame,
    Line,
    Target,
    WireClient,
    a_hub,
)


@pytest.fixture
async def far(target: Target, hub: str, line: Line, session: aiohttp.ClientSession) -> AsyncIterator[Clients]:
    """Clients that reach the service over a line that can be cut."""
    async with target.service(hub, line.endpoint) as service:
        clients = Clients(session, service)
        yield clients
        await clients.close()


async def lost(line: Line, client: WireClient) -> None:
    """Cut the line, see the client lose its connection, and mend the line."""
    line.cut()
    assert await client.close_code() == 1006
    line.mend()


def numbers(frames: list[Frame]) -> list[tuple[int, int]]:
    return [(frame["sequenceId"], frame["data"]["n"]) for frame in frames]


async def test_messages_are_numbered_and_nothing_else_is(service: WebPubSubServiceClient, clients: Clients) -> None:
    client, connected, _ = await clients.reliable("ann", roles=EVERY_ROLE, groups=["g"])
    await service.send_to_all({"n": 1})
    await client.send(type="sendToGroup", group="g", data={"n": 2}, ackId=1)
    frames = await client.frames(3)
    assert numbers([frames[0], frames[1]]) == [(1, 1), (2, 2)]
    assert [frame.get("sequenceId") for frame in (connected, frames[2])] == [None, None]
    assert await client.nothing_more()


async def test_nothing_is_lost_or_doubled(service: WebPubSubServiceClient, far: Clients, line: Line) -> None:
    client, connected, recover = await far.reliable("ann", groups=["g"])
    for n in (1, 2, 3):
        await service.send_to_group("g", {"n": n})
    received = await client.frames(3)
    await client.send(type="sequenceAck", sequenceId=2)
    assert await client.nothing_more()
    await lost(line, client)
    for n in (4, 5):
        await service.send_to_user("ann", {"n": n})
    recovered = await far.dial(recover, [RELIABLE_PROTOCOL])
    await service.send_to_connection(connected["connectionId"], {"n": 6})
    assert numbers(received) == [(1, 1), (2, 2), (3, 3)]
    assert numbers(await recovered.frames(4)) == [(3, 3), (4, 4), (5, 5), (6, 6)]
    assert await recovered.nothing_more()


async def test_a_token_recovers_again_and_again(service: WebPubSubServiceClient, far: Clients, line: Line) -> None:
    client, _, recover = await far.reliable("ann")
    for n in range(1, 4):
        await lost(line, client)
        await service.send_to_all({"n": n})
        client = await far.dial(recover, [RELIABLE_PROTOCOL])
        assert numbers(await client.frames(n))[-1] == (n, n)


async def test_an_ack_beyond_the_last_message_empties_the_queue(
    service: WebPubSubServiceClient, far: Clients, line: Line
) -> None:
    client, _, recover = await far.reliable("ann")
    await service.send_to_all({"n": 1})
    await client.frame()
    await client.send(type="sequenceAck", sequenceId=2**64 - 1)
    assert await client.nothing_more()
    await lost(line, client)
    recovered = await far.dial(recover, [RELIABLE_PROTOCOL])
    assert await recovered.nothing_more()


async def test_a_lost_connection_still_counts(
    service: WebPubSubServiceClient, clients: Clients, far: Clients, line: Line
) -> None:
    client, connected, recover = await far.reliable("ann", groups=["g"])
    connection_id = connected["connectionId"]
    await lost(line, client)
    assert await service.connection_exists(connection_id)
    assert await service.user_exists("ann")
    assert [member.connection_id async for member in service.list_connections(group="g")] == [connection_id]
    await service.add_connection_to_group("h", connection_id)
    await service.grant_permission("sendToGroup", connection_id, target_name="h")
    await service.send_to_all({"n": 1}, filter="'h' in groups")
    recovered = await far.dial(recover, [RELIABLE_PROTOCOL])
    assert numbers([await recovered.frame()]) == [(1, 1)]
    assert (await recovered.request(type="sendToGroup", group="h", data=1, noEcho=True))["success"]


async def test_ack_ids_are_remembered_over_a_recovery(far: Clients, line: Line) -> None:
    client, _, recover = await far.reliable("ann", roles=EVERY_ROLE)
    assert (await client.request(type="joinGroup", group="g"))["success"]
    await lost(line, client)
    recovered = await far.dial(recover, [RELIABLE_PROTOCOL])
    ack = await recovered.request(type="joinGroup", group="g")
    assert ack["error"]["name"] == "Duplicate"


async def test_a_new_socket_replaces_an_open_one(service: WebPubSubServiceClient, clients: Clients) -> None:
    client, connected, recover = await clients.reliable("ann")
    recovered = await clients.dial(recover, [JSON_PROTOCOL])
    assert recovered.socket.protocol is None or recovered.socket.protocol == JSON_PROTOCOL
    assert await client.close_code() == 1006
    await service.send_to_connection(connected["connectionId"], {"n": 1})
    assert numbers([await recovered.frame()]) == [(1, 1)]


async def test_what_cannot_be_recovered_is_closed(
    target: Target, session: aiohttp.ClientSession, clients: Clients
) -> None:
    _, first, recover = await clients.reliable("ann")
    _, second, _ = await clients.reliable("ann")
    plain, connected = await clients.open("ann")
    async with target.service(a_hub()) as elsewhere:
        other = Clients(session, elsewhere)
        _, _, foreign = await other.reliable("ann")
    for url in (
        recover.replace(first["reconnectionToken"], "nonsense"),
        recover.replace(first["reconnectionToken"], second["reconnectionToken"]),
        recover.replace(first["connectionId"], "unknown"),
        recover.replace(first["connectionId"], connected["connectionId"]),
        foreign.replace(foreign.split("/hubs/")[1].split("?")[0], recover.split("/hubs/")[1].split("?")[0]),
    ):
        client = await clients.dial(url, [RELIABLE_PROTOCOL])
        assert await client.close_code() == 1008
    assert await plain.nothing_more()
    await other.close()


@pytest.mark.parametrize("code", [1000, 1001])
async def test_a_farewell_ends_and_a_stumble_does_not(
    service: WebPubSubServiceClient, clients: Clients, code: int
) -> None:
    client, connected, recover = await clients.reliable("ann")
    await client.socket.close(code=code)
    exists = await service.connection_exists(connected["connectionId"])
    assert exists is (code == 1001)
    recovered = await clients.dial(recover, [RELIABLE_PROTOCOL])
    if exists:
        assert await recovered.nothing_more()
    else:
        assert await recovered.close_code() == 1008


async def test_closing_a_lost_connection_ends_its_recovery(
    service: WebPubSubServiceClient, far: Clients, line: Line
) -> None:
    client, connected, recover = await far.reliable("ann")
    await lost(line, client)
    await service.close_connection(connected["connectionId"])
    assert await (await far.dial(recover, [RELIABLE_PROTOCOL])).close_code() == 1008


async def test_a_client_too_far_behind_is_given_up(
    service: WebPubSubServiceClient, clients: Clients, far: Clients, line: Line
) -> None:
    behind, behind_connected, recover = await far.reliable("ann", groups=["g"])
    sender, _ = await clients.open("bob", roles=EVERY_ROLE)
    await lost(line, behind)
    for number in range(1000):
        await sender.send(type="sendToGroup", group="g", data=number)
    assert await sender.nothing_more()
    assert await service.connection_exists(behind_connected["connectionId"])
    assert (await sender.request(type="sendToGroup", group="g", data=1000))["success"]
    assert not await service.connection_exists(behind_connected["connectionId"])
    assert await (await far.dial(recover, [RELIABLE_PROTOCOL])).close_code() == 1008


async def test_a_queue_of_sixteen_mebibytes_is_too_long(
    service: WebPubSubServiceClient, far: Clients, line: Line
) -> None:
    client, connected, _ = await far.reliable("ann")
    await lost(line, client)
    for _ in range(16):
        assert await service.connection_exists(connected["connectionId"])
        await service.send_to_all({"text": "x" * (1024 * 1024 - 20)})
    assert not await service.connection_exists(connected["connectionId"])


async def test_a_subprotocol_survives_whatever_is_offered(clients: Clients) -> None:
    _, connected, recover = await clients.reliable("ann", groups=["g"])
    recovered = await clients.dial(recover)
    await recovered.send(type="sendToGroup", group="g", data=1, ackId=1)
    assert (await recovered.frame())["error"]["name"] == "Forbidden"
    assert connected["reconnectionToken"]
