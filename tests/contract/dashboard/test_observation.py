"""Every part records what it is asked, without secrets, and plays the faults that are set: by default none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from local.observation import observe

Client = TestClient[web.Request, web.Application]


class Desk:
    """A service that counts what really reaches it."""

    def __init__(self) -> None:
        self.handled = 0

    async def answer(self, _: web.Request) -> web.Response:
        self.handled += 1
        return web.Response(text="done")

    async def fail(self, _: web.Request) -> web.Response:
        raise web.HTTPConflict(text="taken")

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for _ in socket:
            pass
        return socket


async def a_client(part: str, desk: Desk) -> Client:
    application = web.Application()
    application.router.add_get("/socket", desk.socket)
    application.router.add_get("/taken", desk.fail)
    application.router.add_route("*", "/{rest:.*}", desk.answer)
    client = TestClient(TestServer(observe(application, part)))
    await client.start_server()
    return client


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest_asyncio.fixture
async def cosmos(desk: Desk) -> AsyncIterator[Client]:
    client = await a_client("cosmos", desk)
    yield client
    await client.close()


async def seen(client: Client) -> dict[str, Any]:
    answer = await client.get("/_local/requests")
    assert answer.status == 200
    return dict(await answer.json())


async def set_faults(client: Client, **faults: Any) -> None:
    answer = await client.put("/_local/faults", json=faults)
    assert answer.status == 200, await answer.text()


async def test_requests_are_shown_newest_first_without_the_values_of_their_queries(cosmos: Client) -> None:
    await cosmos.get("/docs/1?code=secret-key&page=2")
    await cosmos.get("/taken")

    shown = await seen(cosmos)

    assert [(each["path"], each["status"]) for each in shown["requests"]] == [
        ("/taken", 409),
        ("/docs/1?code&page", 200),
    ]
    assert shown["byClass"] == {"2xx": 1, "4xx": 1}
    assert "secret-key" not in str(shown)


async def test_only_what_is_new_is_shown_when_asked_so(cosmos: Client) -> None:
    await cosmos.get("/first")
    await cosmos.get("/second")

    newer = await (await cosmos.get("/_local/requests?after=1")).json()
    refused = await cosmos.get("/_local/requests?after=yesterday")

    assert [each["path"] for each in newer["requests"]] == ["/second"]
    assert (refused.status, await refused.json()) == (400, {"error": "after: must be a whole number"})


async def test_no_more_than_the_last_few_hundred_are_kept(cosmos: Client) -> None:
    for number in range(520):
        await cosmos.get(f"/{number}")

    shown = await seen(cosmos)

    assert (shown["total"], len(shown["requests"])) == (520, 500)
    assert shown["requests"][-1]["path"] == "/20"


async def test_a_socket_is_one_request_from_the_moment_it_opens(desk: Desk) -> None:
    client = await a_client("pubsub", desk)
    async with client.ws_connect("/socket"):
        while_open = await seen(client)
    await client.close()

    assert [(each["path"], each["status"]) for each in while_open["requests"]] == [("/socket", 101)]


async def test_throttling_is_worded_as_the_service_does(desk: Desk, cosmos: Client) -> None:
    search = await a_client("search", Desk())
    for client in (cosmos, search):
        await set_faults(client, throttling={"probability": 1, "retry_after_milliseconds": 1500})

    from_cosmos, from_search = await cosmos.get("/dbs"), await search.get("/indexes")

    assert (from_cosmos.status, from_cosmos.headers["x-ms-retry-after-ms"]) == (429, "1500")
    assert (await from_cosmos.json())["code"] == "TooManyRequests"
    assert (from_search.status, from_search.headers["Retry-After"]) == (429, "2")
    assert (await from_search.json())["error"]["code"] == "TooManyRequests"
    assert desk.handled == 0
    await search.close()


async def test_failure_answers_with_the_status_that_is_set(desk: Desk, cosmos: Client) -> None:
    await set_faults(cosmos, failure={"probability": 1, "status": 500})

    assert (await cosmos.get("/dbs")).status == 500
    assert desk.handled == 0


@pytest.mark.parametrize(("moment", "handled"), [("before", 0), ("after", 1)])
async def test_dropped_connection_was_handled_or_not(desk: Desk, cosmos: Client, moment: str, handled: int) -> None:
    await set_faults(cosmos, drop={"probability": 1, "moment": moment})

    with pytest.raises(aiohttp.ClientError):
        await cosmos.post("/dbs", data="x")

    assert desk.handled == handled
    assert [each["status"] for each in (await seen(cosmos))["requests"]] == [0]


async def test_latency_is_added_and_shown(desk: Desk, cosmos: Client) -> None:
    await set_faults(cosmos, latency={"probability": 1, "milliseconds": 60})

    answer = await cosmos.get("/dbs")

    (shown,) = (await seen(cosmos))["requests"]
    assert (answer.status, desk.handled, shown["fault"]) == (200, 1, "latency 60 ms")
    assert shown["milliseconds"] >= 60


async def test_faults_keep_to_their_path_and_go_when_they_are_switched_off(cosmos: Client) -> None:
    await set_faults(cosmos, failure={"probability": 1}, path="/colls/messages")

    assert (await cosmos.get("/colls/messages/docs")).status == 503
    assert (await cosmos.get("/colls/accounts?of=/colls/messages")).status == 200
    await set_faults(cosmos)
    assert (await cosmos.get("/colls/messages/docs")).status == 200


async def test_own_pages_are_neither_recorded_nor_faulted(cosmos: Client) -> None:
    await set_faults(cosmos, drop={"probability": 1})

    assert (await seen(cosmos))["requests"] == []


@pytest.mark.parametrize(
    ("faults", "named"),
    [
        ({"latency": {"probability": 1.5}}, "latency.probability"),
        ({"throttling": {"probability": 1, "retry_after_milliseconds": -1}}, "throttling.retry_after_milliseconds"),
        ({"failure": {"probability": 1, "status": 200}}, "failure.status"),
        ({"drop": {"moment": "never"}}, "drop.moment"),
        ({"drop": 1}, "drop"),
        ({"fire": {}}, "fire"),
        ([], "the body"),
    ],
)
async def test_wrong_fault_is_refused_by_its_field_and_changes_nothing(cosmos: Client, faults: Any, named: str) -> None:
    refused = await cosmos.put("/_local/faults", json=faults)

    assert refused.status == 400
    assert named in (await refused.json())["error"]
    assert (await cosmos.get("/dbs")).status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Host": "localhost:4280", "Origin": "http://localhost:4280"}, 200),
    ],
)
async def test_only_pages_and_programs_of_this_machine_may_set_faults(
    cosmos: Client, headers: dict[str, str], status: int
) -> None:
    content = {"Content-Type": "application/json", **headers}

    answer = await cosmos.put("/_local/faults", data='{"failure": {"probability": 1}}', headers=content)

    assert answer.status == status
    assert (await cosmos.get("/dbs")).status == (503 if status == 200 else 200)


async def test_a_name_that_was_made_to_point_here_reads_nothing(cosmos: Client) -> None:
    assert (await cosmos.get("/_local/requests", headers={"Host": "evil.example:8081"})).status == 403
    assert (await cosmos.get("/_local/requests", headers={"Host": "[::1]:8081"})).status == 200
