"""The dashboard shows a running stack, keeps its keys to itself, and answers pages of this machine alone."""

from __future__ import annotations

import asyncio
import os
import signal
import uuid
from typing import Any

import aiohttp
import pytest
from azure.storage.queue.aio import QueueServiceClient

from local.stack import Stack
from local.stack.commands import ROOT
from local.stack.settings import SEARCH_KEY, STORAGE_KEY, sample_settings, storage_connection

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def shown(http: aiohttp.ClientSession, stack: Stack, path: str, **query: str) -> Any:
    async with http.get(f"{stack.site_url}/_local/api{path}", params=query) as answer:
        content = await answer.json()
        assert answer.status == 200, content
        return content


async def a_message(http: aiohttp.ClientSession, stack: Stack, text: str) -> str:
    """Send a customer's message; gives its id, which its orchestration has too."""
    async with http.post(f"{stack.site_url}/api/chat/sessions", json={"full_name": "Watched Tester"}) as answer:
        session = await answer.json()
    body = {
        "conversation_id": session["conversation"]["id"],
        "client_message_id": str(uuid.uuid4()),
        "text_content": text,
    }
    headers = {"Authorization": f"Bearer {session['token']}"}
    async with http.post(f"{stack.site_url}/api/chat/analyze-message", json=body, headers=headers) as answer:
        return str((await answer.json())["message"]["id"])


async def finished(http: aiohttp.ClientSession, stack: Stack, instance: str) -> None:
    """Wait through the task hub's own API, which answers when the instance is finished or a limit is over."""
    address = f"{stack.host_url}/runtime/webhooks/durabletask/instances/{instance}"
    async with asyncio.timeout(60):
        while True:
            async with http.get(address) as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.05)


async def test_all_parts_are_up_with_what_they_use(stack: Stack, http: aiohttp.ClientSession) -> None:
    parts = {part["name"]: part for part in (await shown(http, stack, "/parts"))["parts"]}

    assert set(parts) == {"azurite", "cosmos", "pubsub", "search", "host", "site"}
    assert {part["state"] for part in parts.values()} == {"up"}
    assert parts["cosmos"]["process_id"] == stack.part("cosmos").process_id
    assert parts["host"]["memory"] > 20_000_000
    assert "ready http" in (await shown(http, stack, "/parts/host/log"))["log"]


async def test_a_part_that_is_held_is_told_from_one_that_is_up(stack: Stack, http: aiohttp.ClientSession) -> None:
    process = stack.part("search").process_id
    assert process is not None

    async def state() -> str:
        parts = (await shown(http, stack, "/parts"))["parts"]
        return str(next(part["state"] for part in parts if part["name"] == "search"))

    os.kill(process, signal.SIGSTOP)
    try:
        await asyncio.to_thread(os.waitid, os.P_PID, process, os.WSTOPPED | os.WNOWAIT)
        held = await state()
    finally:
        os.kill(process, signal.SIGCONT)
    await asyncio.to_thread(os.waitid, os.P_PID, process, os.WCONTINUED | os.WNOWAIT)

    assert (held, await state()) == ("stopped", "up")


async def test_requests_of_every_part_are_shown(stack: Stack, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{stack.site_url}/api/no-such-thing?code=secret-code"):
        pass

    requests = await shown(http, stack, "/requests")

    (at_host,) = [each for each in requests["host"]["requests"] if each["path"].startswith("/api/no-such-thing")]
    assert (at_host["status"], at_host["path"]) == (404, "/api/no-such-thing?code")
    assert {"cosmos", "pubsub", "search", "site"} < set(requests)
    assert "secret-code" not in str(requests)


async def test_orchestration_is_listed_and_drawn(stack: Stack, http: aiohttp.ClientSession) -> None:
    message = await a_message(http, stack, "Where is my order?")
    await finished(http, stack, message)

    listed = await shown(http, stack, "/orchestrations", status="Completed", contains=message)
    instance = await shown(http, stack, f"/orchestrations/{message}")

    assert [each["id"] for each in listed["instances"]] == [message]
    assert listed["counts"]["Completed"] >= 1
    names = [bar["name"] for bar in instance["bars"]]
    assert {"prepare_message", "store_analysis"} <= set(names)
    assert all(bar["state"] == "completed" and bar["begin"] <= bar["end"] for bar in instance["bars"])
    assert (await shown(http, stack, "/orchestrations", status="Failed", contains=message))["instances"] == []


async def test_poison_queue_is_marked_and_can_be_looked_into(stack: Stack, http: aiohttp.ClientSession) -> None:
    async with QueueServiceClient.from_connection_string(storage_connection(stack.plan.ports)) as account:
        queue = await account.create_queue("watched-poison")
        await queue.send_message("eyJvcmRlciI6IDF9")

        queues = {each["name"]: each for each in (await shown(http, stack, "/queues"))["queues"]}
        peeked = [(await shown(http, stack, "/queues/watched-poison"))["messages"] for _ in range(2)]

    assert (queues["watched-poison"]["poison"], queues["watched-poison"]["messages"]) == (True, 1)
    assert [[(each["text"], each["dequeueCount"]) for each in look] for look in peeked] == [[('{"order": 1}', 0)]] * 2


async def test_documents_are_found_and_wrong_queries_answered_as_the_service_does(
    stack: Stack, http: aiohttp.ClientSession
) -> None:
    await a_message(http, stack, "Hello?")
    containers = {each["container"]: each for each in (await shown(http, stack, "/documents"))["containers"]}
    assert (containers["accounts"]["partitionKey"], containers["accounts"]["items"] > 0) == (["/id"], True)

    address = f"{stack.site_url}/_local/api/documents/query"
    question = {"database": "assistant", "container": "accounts", "query": "SELECT c.id FROM c"}
    async with http.post(address, json=question) as answer:
        found = await answer.json()
    async with http.post(address, json={**question, "query": "SELECT FROM WHERE"}) as answer:
        refused = await answer.json()
    async with http.post(address, json={**question, "container": ""}) as unnamed:
        missing = await unnamed.json()

    assert found["items"]
    assert found["charge"] > 0
    assert (answer.status, "BadRequest" in refused["error"]) == (400, True)
    assert missing == {"error": "container: must be a text"}


async def test_search_indexes_are_listed_and_searched(stack: Stack, http: aiohttp.ClientSession) -> None:
    service = f"http://127.0.0.1:{stack.plan.ports.search}"
    fields = [{"name": "id", "type": "Edm.String", "key": True}, {"name": "text", "type": "Edm.String"}]
    headers, version = {"api-key": SEARCH_KEY}, {"api-version": "2026-04-01"}
    body = {"name": "watched", "fields": fields}
    async with http.put(f"{service}/indexes('watched')", json=body, headers=headers, params=version) as answer:
        assert answer.status == 201, await answer.text()

    indexes = {each["name"]: each for each in (await shown(http, stack, "/indexes"))["indexes"]}
    question = {"index": "watched", "body": {"search": "*", "count": True}}
    async with http.post(f"{stack.site_url}/_local/api/indexes/query", json=question) as answer:
        found = await answer.json()

    assert indexes["watched"]["documents"] == 0
    assert found["answer"]["@odata.count"] == 0


async def test_fault_set_here_reaches_the_part_and_goes_again(stack: Stack, http: aiohttp.ClientSession) -> None:
    address = f"{stack.site_url}/_local/api/faults/search"
    service = f"http://127.0.0.1:{stack.plan.ports.search}/indexes"

    async with http.put(address, json={"failure": {"probability": 1, "status": 503}}) as answer:
        assert answer.status == 200
    async with http.get(service) as failing:
        pass
    async with http.put(address, json={"failure": {"probability": 7}}) as wrong:
        refusal = await wrong.json()
    async with http.put(address, json={}):
        pass
    async with http.get(service) as afterwards:
        pass

    assert (failing.status, afterwards.status != 503) == (503, True)
    assert (wrong.status, refusal) == (400, {"error": "failure.probability: must be a number from 0 to 1"})


async def test_keys_never_reach_the_page(stack: Stack, http: aiohttp.ClientSession) -> None:
    secrets = [STORAGE_KEY, SEARCH_KEY, *(sample_settings(ROOT)[name] for name in ("COSMOS_KEY", "TOKEN_SECRET"))]
    paths = ("/parts", "/requests", "/faults", "/connections", "/queues", "/documents", "/indexes", "/orchestrations")

    everything = "".join([str(await shown(http, stack, path)) for path in paths])

    assert [secret for secret in secrets if secret in everything] == []


async def test_page_comes_with_a_strict_policy_and_only_for_this_machine(
    stack: Stack, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{stack.site_url}/_local") as page:
        text = await page.text()
    async with http.get(f"{stack.site_url}/_local", headers={"Host": "evil.example"}) as elsewhere:
        pass
    origin = {"Origin": "http://evil.example"}
    async with http.put(f"{stack.site_url}/_local/api/faults/host", json={}, headers=origin) as written:
        pass
    async with http.get(f"{stack.site_url}/_local/no-such-page") as unknown:
        pass

    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert 'src="/_local/static/main.js"' in text
    assert (elsewhere.status, written.status, unknown.status) == (403, 403, 404)
