"""The stand-in's own side: its options, its overview, and what it writes to a log."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.contract.pubsub.conftest import start_service, stop_service
from tests.contract.pubsub.support import Clients, Rest, Target, a_token

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--access-key", "short"], "access key"),
        (["--hub-events", "desk"], "--hub-events takes HUB=URL"),
        (["--hub-events", "desk=ftp://x"], "http or https"),
        (["--hub-events", "desk=http://x/{user}"], "user"),
        (["--event-handlers", "missing.json"], "missing.json"),
    ],
)
def test_options_that_cannot_work_are_named(options: list[str], complaint: str) -> None:
    command = [sys.executable, "-m", "local.pubsub", "--port", "0", *options]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert ended.returncode == 1
    assert complaint in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("nonsense", "event-handlers.json"),
        ('{"Pubsub":{}}', "pubsub"),
        ('{"WebPubSub":{"Hubs":{"desk":{"EventHandlers":[{"Url":"http://x"}]}}}}', "url"),
        (
            '{"WebPubSub":{"Hubs":{"desk":{"EventHandlers":[{"UrlTemplate":"http://x","SystemEvents":["left"]}]}}}}',
            "left",
        ),
    ],
)
def test_a_file_that_cannot_work_is_explained(tmp_path: Path, content: str, complaint: str) -> None:
    file = tmp_path / "event-handlers.json"
    file.write_text(content)
    command = [sys.executable, "-m", "local.pubsub", "--port", "0", "--event-handlers", str(file)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
    assert complaint in ended.stderr


async def test_who_is_connected_can_be_seen(
    local_target: Target, session: aiohttp.ClientSession, hub: str, clients: Clients
) -> None:
    _, connected = await clients.open("ann", groups=["b", "a"])
    async with session.get(f"{local_target.endpoint}/_local/connections") as answer:
        shown = {entry["hub"]: entry for entry in (await answer.json())["hubs"]}[hub]
    (connection,) = shown["connections"]
    assert (connection["connectionId"], connection["userId"]) == (connected["connectionId"], "ann")
    assert (connection["groups"], shown["groups"]) == (["a", "b"], {"a": 1, "b": 1})


async def test_entra_tokens_are_accepted_when_asked_for(session: aiohttp.ClientSession, hub: str) -> None:
    process, target = start_service("--allow-unvalidated-entra-tokens")
    try:
        rest = Rest(session, target, hub)
        entra = a_token("a key that is none of the service's own", "https://webpubsub.azure.com")
        query = "userId=ann&role=webpubsub.sendToGroup&group=g&minutesToExpire=5"
        answer = await rest.call("POST", "/:generateToken", query=query, token=entra)
        async with target.service(hub) as service:
            clients = Clients(session, service)
            url = f"{target.endpoint}/client/hubs/{hub}?access_token=".replace("http", "ws", 1)
            client = await clients.dial(url + json.loads(answer.body)["token"], ["json.webpubsub.azure.v1"])
            assert (await client.frame())["userId"] == "ann"
            await client.send(type="sendToGroup", group="g", data=1)
            assert (await client.frame())["group"] == "g"
            await clients.close()
        assert (await rest.call("POST", "/:generateToken", query="clientType=MQTT", token=entra)).status == 501
        assert (await rest.call("POST", "/:generateToken")).status == 401
    finally:
        stop_service(process)


async def test_a_second_key_verifies_too(session: aiohttp.ClientSession, hub: str) -> None:
    second = "a-second-access-key-for-contract-tests"
    process, target = start_service("--secondary-access-key", second)
    try:
        for key in (target.access_key, second):
            async with Target(target.endpoint, key).service(hub) as service:
                await service.send_to_all({"n": 1})
    finally:
        stop_service(process)


async def test_a_stop_says_goodbye_to_clients(session: aiohttp.ClientSession, hub: str) -> None:
    process, target = start_service()
    async with target.service(hub) as service:
        clients = Clients(session, service)
        client, _ = await clients.open("ann")
        process.terminate()
        assert await client.close_code() == 1001
    assert stop_service(process) == 0
