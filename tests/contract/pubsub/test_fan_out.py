"""One message, many clients."""

from __future__ import annotations

import asyncio

from azure.messaging.webpubsubservice.aio import WebPubSubServiceClient

from tests.contract.pubsub.support import EVERY_ROLE, RELIABLE_PROTOCOL, Clients

MANY = 200


async def test_a_group_of_two_hundred_hears_everything_in_order(
    service: WebPubSubServiceClient, clients: Clients
) -> None:
    sender, _ = await clients.open("sender", roles=EVERY_ROLE)
    opened = await asyncio.gather(*(clients.open(groups=["g"], protocol=RELIABLE_PROTOCOL) for _ in range(MANY)))
    for n in range(10):
        await sender.send(type="sendToGroup", group="g", data={"n": n})
    await service.send_to_group("g", {"n": 10})
    heard = await asyncio.gather(*(client.frames(11) for client, _ in opened))
    expected = [(n + 1, n) for n in range(10)]
    for frames in heard:
        assert [(frame["sequenceId"], frame["data"]["n"]) for frame in frames[:10]] == expected
        assert frames[10]["sequenceId"] == 11


async def test_a_receiver_that_does_not_read_is_cut_off(service: WebPubSubServiceClient, clients: Clients) -> None:
    _, connected = await clients.open("slow", groups=["g"])
    sender, _ = await clients.open("sender", roles=EVERY_ROLE)
    for _ in range(30):
        assert (await sender.request(type="sendToGroup", group="g", data="x" * 1_000_000))["success"]
    assert not await service.connection_exists(connected["connectionId"])
