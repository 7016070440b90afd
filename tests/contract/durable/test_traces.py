"""A trace goes on from the request through the orchestration to every activity, over restarts too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aiohttp
from azure.durable_functions.models.utils import http_utils

from tests.contract.durable.harness import Client, HostProcess

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


async def begin(host: HostProcess, orchestrator: str, given: Any, **headers: str) -> str:
    async with (
        aiohttp.ClientSession(host.url) as session,
        session.post(f"/api/start/{orchestrator}", json=given, headers=headers) as response,
    ):
        return str((await response.json())["id"])


async def test_every_activity_belongs_to_the_trace_of_the_request(client: Client, host: HostProcess) -> None:
    given = {"again": True, "places": []}

    instance_id = await begin(host, "traced", given, traceparent=f"00-{TRACE}-{SPAN}-01")

    places = (await client.until(instance_id)).output
    assert [place.split("-")[1] for place in places] == [TRACE] * 4
    assert len({place.split("-")[2] for place in places} | {SPAN}) == 5


async def test_two_requests_without_a_trace_begin_one_each(client: Client, host: HostProcess) -> None:
    given = {"again": False, "places": []}
    first, second = [await begin(host, "traced", given) for _ in range(2)]

    traces = [{place.split("-")[1] for place in (await client.until(one)).output} for one in (first, second)]
    assert [len(each) for each in traces] == [1, 1]
    assert traces[0] != traces[1]


async def test_what_a_killed_host_left_is_run_in_its_trace(tmp_path: Path) -> None:
    host = HostProcess(tmp_path).start()
    try:
        waiting = await begin(host, "traced_later", None, traceparent=f"00-{TRACE}-{SPAN}-01")
        host.kill()
        host.start()
        client = Client(json.dumps(host.binding()))
        await client.raise_event(waiting, "Go", None)

        assert (await client.until(waiting)).output.split("-")[1] == TRACE
    finally:
        host.stop()
        await http_utils._close_session()
