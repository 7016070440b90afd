"""The stand-in's own side: its options, its overview, and what it writes to a log."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from local.pubsub.settings import EventHandler, Settings, SettingsError, handler_from_option, handlers_from_file
from tests.contract.pubsub.conftest import start_service, stop_service
from tests.contract.pubsub.event_handler import HandlerServer
from tests.contract.pubsub.support import Clients, Rest, Target, a_token

ROOT = Path(__file__).parents[3]


def test_an_option_that_cannot_work_ends_the_start_with_one_line() -> None:
    command = [sys.executable, "-m", "local.pubsub", "--port", "0", "--hub-events", "desk"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stderr) == (1, "--hub-events takes HUB=URL, not desk\n")


@pytest.mark.parametrize("key", ["short", "k" * 40 + ";", "k" * 40 + "\n", " " + "k" * 40])
def test_a_key_that_cannot_work_is_refused(key: str) -> None:
    with pytest.raises(SettingsError, match="access key"):
        Settings((key,))
    assert Settings(("k" * 32,)).access_keys == ("k" * 32,)


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        ("desk", "HUB=URL"),
        ("=http://x", "HUB=URL"),
        ("desk=ftp://x", "http or https"),
        ("desk=http://x/{user}", "user"),
    ],
)
def test_a_handler_that_cannot_work_is_refused(option: str, complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint):
        handler_from_option(option)
    hub, handler = handler_from_option("Desk=http://x/{Hub}/{event}")
    assert (hub, handler.url("desk", "a.b")) == ("desk", "http://x/desk/a.b")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("nonsense", "event-handlers.json"),
        ('{"Pubsub":{}}', "pubsub"),
        ('{"WebPubSub":{"Hubs":{"desk":{"EventListeners":[]}}}}', "eventlisteners"),
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
    with pytest.raises(SettingsError, match=complaint):
        handlers_from_file(file)


def a_file(folder: Path, address: str) -> Path:
    file = folder / "event-handlers.json"
    handler = {"urlTemplate": f"{address}/filed", "SystemEvents": ["Connected"], "EventPattern": "order"}
    file.write_text(json.dumps({"WebPubSub": {"hubs": {"Filed": {"EventHandlers": [handler]}}}}))
    return file


def test_a_file_is_read_without_regard_to_case(tmp_path: Path) -> None:
    handlers = handlers_from_file(a_file(tmp_path, "http://x"))
    assert handlers == {"filed": [EventHandler("http://x/filed", frozenset({"connected"}), "order")]}


async def test_handlers_of_options_and_of_a_file_are_told(
    handler: HandlerServer, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    file = a_file(tmp_path, handler.address)
    process, target = start_service("--event-handlers", str(file), "--hub-events", f"Optional={handler.address}")
    try:
        for hub in ("optional", "filed"):
            async with target.service(hub) as service:
                clients = Clients(session, service)
                await clients.open("ann")
                assert (await handler.event("connected")).headers["ce-hub"] == hub
                await clients.close()
    finally:
        stop_service(process)


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
