"""What a client may do to instances: watch, pause, end, restart, rewind, forget."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from azure.durable_functions import OrchestrationRuntimeStatus

from tests.contract.durable.harness import Client, HostProcess

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def body_of(http: aiohttp.ClientSession, path: str) -> Any:
    async with http.get(path) as response:
        return await response.json(content_type=None)


async def test_a_running_instance_answers_202_and_a_finished_one_200(
    client: Client, http: aiohttp.ClientSession
) -> None:
    instance_id = await client.start_new("approval", client_input=60)
    async with http.get(f"instances/{instance_id}") as response:
        assert response.status == 202
        assert f"/instances/{instance_id}?" in response.headers["Location"]
    await client.raise_event(instance_id, "Approval", True)
    await client.until(instance_id)
    async with http.get(f"instances/{instance_id}") as response:
        assert response.status == 200
    async with http.get("instances/unknown") as response:
        assert (response.status, await response.read()) == (404, b"")


async def test_the_status_has_whole_seconds_and_shows_input_unless_told_not_to(
    client: Client, http: aiohttp.ClientSession
) -> None:
    instance_id = (await client.run("echo_input", {"a": 1})).instance_id
    status = await body_of(http, f"instances/{instance_id}")
    assert status["input"] == '{"a": 1}'
    assert status["output"] == {"a": 1}
    assert datetime.strptime(status["createdTime"], "%Y-%m-%dT%H:%M:%SZ")
    assert (await body_of(http, f"instances/{instance_id}?showInput=false"))["input"] is None


async def test_the_history_pairs_calls_with_their_outcome(client: Client, http: aiohttp.ClientSession) -> None:
    instance_id = (await client.run("chain")).instance_id
    shown = await body_of(http, f"instances/{instance_id}?showHistory=true&showHistoryOutput=true")
    kinds = [entry["EventType"] for entry in shown["historyEvents"]]
    assert kinds == ["ExecutionStarted", "TaskCompleted", "TaskCompleted", "TaskCompleted", "ExecutionCompleted"]
    assert shown["historyEvents"][1]["FunctionName"] == "hello"
    assert shown["historyEvents"][1]["Result"] == '"Hello Tokyo!"'
    plain = await body_of(http, f"instances/{instance_id}?showHistory=true")
    assert "Result" not in plain["historyEvents"][1]


async def test_a_failed_instance_answers_500_only_when_asked_to(client: Client, http: aiohttp.ClientSession) -> None:
    instance_id = (await client.run("fails", "fly")).instance_id
    for query, expected in (("", 200), ("?returnInternalServerErrorOnFailure=true", 500)):
        async with http.get(f"instances/{instance_id}{query}") as response:
            assert response.status == expected


async def test_starting_by_http_gives_the_management_addresses(http: aiohttp.ClientSession) -> None:
    async with http.post("orchestrators/echo_input/by-http", json={"a": 1}) as response:
        assert response.status == 202
        links = await response.json()
    assert links["id"] == "by-http"
    async with aiohttp.ClientSession() as anyone, anyone.get(links["statusQueryGetUri"]) as response:
        assert (await response.json())["input"] == {"a": 1}


async def test_starting_by_http_may_wait_for_the_output(http: aiohttp.ClientSession) -> None:
    async with http.post("orchestrators/fan_out?timeout=10&pollingInterval=1", json=3) as response:
        status, failed = response.status, await response.json()
    assert (status, failed["runtimeStatus"]) == (500, "Failed")  # a bare number is no text: get_input() raises
    async with http.post("orchestrators/chain?timeout=10", json=None) as response:
        assert (response.status, len(await response.json())) == (200, 3)
    async with http.post("orchestrators/two_events/waits?timeout=0.01") as response:
        assert response.status == 202
    async with http.post("instances/waits/terminate?reason=over") as response:
        assert response.status == 202


async def test_the_apps_own_start_function_answers_the_check_status_response(host: HostProcess) -> None:
    async with aiohttp.ClientSession() as anyone, anyone.post(f"{host.url}/api/start/chain") as response:
        links = await response.json()
        assert response.status == 202
        assert response.headers["Location"] == links["statusQueryGetUri"]
        assert links["statusQueryGetUri"].startswith(host.url)


async def test_a_terminated_instance_keeps_the_reason(client: Client) -> None:
    instance_id = await client.start_new("two_events")
    await client.terminate(instance_id, "not needed & gone")
    status = await client.until(instance_id)
    assert (status.runtime_status.value, status.output) == ("Terminated", "not needed & gone")


async def test_a_suspended_instance_takes_nothing_in_until_it_is_resumed(client: Client) -> None:
    instance_id = await client.start_new("two_events")
    await client.suspend(instance_id, "hold on")
    await client.until(instance_id, "Suspended")
    await client.raise_event(instance_id, "First", 1)
    await client.raise_event(instance_id, "Second", 2)
    assert (await client.get_status(instance_id)).runtime_status.value == "Suspended"
    await client.resume(instance_id, "go on")
    assert (await client.until(instance_id)).output == ["1", "2"]


async def test_a_suspended_instance_can_be_terminated(client: Client) -> None:
    instance_id = await client.start_new("two_events")
    await client.suspend(instance_id, "hold on")
    await client.until(instance_id, "Suspended")
    await client.terminate(instance_id, "never mind")
    assert (await client.until(instance_id)).runtime_status.value == "Terminated"


async def test_restarting_runs_again_with_the_same_input(client: Client) -> None:
    instance_id = (await client.run("echo_input", "again")).instance_id
    again = await client.restart(instance_id)
    assert again["id"] != instance_id  # the SDK hands on the whole answer
    assert (await client.until(again["id"])).output == "again"
    same = await client.restart(instance_id, restart_with_new_instance_id=False)
    assert same["id"] == instance_id
    assert (await client.until(instance_id)).output == "again"


async def test_restarting_an_unknown_instance_is_refused(http: aiohttp.ClientSession) -> None:
    async with http.post("instances/unknown/restart") as response:
        assert response.status == 400


async def test_rewinding_runs_the_failed_activity_again(client: Client) -> None:
    instance_id = (await client.run("until", {"name": "rewound", "after": 1})).instance_id
    await client.rewind(instance_id, "fixed")
    assert (await client.until(instance_id, "Completed")).output == 2


async def test_rewinding_repeats_the_last_attempt_of_a_retry(client: Client) -> None:
    task = {"name": "rewound-retry", "after": 2, "attempts": 2}
    instance_id = (await client.run("retries", task)).instance_id
    await client.rewind(instance_id, "fixed")
    assert (await client.until(instance_id, "Completed")).output == [3, 6]


async def test_rewinding_reaches_the_sub_orchestration_that_failed(client: Client) -> None:
    instance_id = (await client.run("child_retries", {"name": "rewound-child", "after": 3})).instance_id
    await client.rewind(instance_id, "fixed")
    assert (await client.until(instance_id, "Completed")).output == 4


async def test_rewinding_a_running_instance_is_refused(client: Client) -> None:
    instance_id = await client.start_new("two_events")
    with pytest.raises(Exception, match="only supported on failed"):
        await client.rewind(instance_id, "too-soon")
    await client.terminate(instance_id, "test is over")


async def test_purging_forgets_finished_instances_and_no_others(client: Client) -> None:
    done = (await client.run("returns_at_once")).instance_id
    waiting = await client.start_new("two_events")
    assert (await client.purge_instance_history(done)).instances_deleted == 1
    assert not await client.get_status(done)
    assert (await client.purge_instance_history(waiting)).instances_deleted == 0
    assert await client.get_status(waiting)
    await client.terminate(waiting, "test is over")


async def test_queries_filter_by_time_status_and_prefix(client: Client) -> None:
    for name in ("query-a", "query-b"):
        await client.run("returns_at_once", instance_id=name)
    await client.run("fails", "query", instance_id="query-c")
    found = await client.get_status_by(
        created_time_from=LONG_AGO,
        runtime_status=[OrchestrationRuntimeStatus.Completed],
        instance_id_prefix="query-",
    )
    assert [status.instance_id for status in found] == ["query-a", "query-b"]
    future = datetime.now(UTC) + timedelta(days=1)
    assert await client.get_status_by(created_time_from=future) == []
    assert {"query-a", "query-b", "query-c"} <= {status.instance_id for status in await client.get_status_all()}


async def test_pages_follow_each_other_without_gap(client: Client, http: aiohttp.ClientSession) -> None:
    names = [f"page-{number}" for number in range(5)]
    for name in names:
        await client.run("returns_at_once", instance_id=name)
    seen: list[str] = []
    headers: dict[str, str] = {}
    while True:
        async with http.get("instances?instanceIdPrefix=page-&top=2", headers=headers) as response:
            page = [status["instanceId"] for status in await response.json()]
            token = response.headers.get("x-ms-continuation-token")
        assert len(page) <= 2
        seen += page
        if token is None:
            break
        headers = {"x-ms-continuation-token": token}
    assert seen == names


async def test_purging_by_condition_needs_a_time(client: Client, http: aiohttp.ClientSession) -> None:
    await client.run("fails", "be purged")
    failed = [OrchestrationRuntimeStatus.Failed]
    result = await client.purge_instance_history_by(created_time_from=LONG_AGO, runtime_status=failed)
    assert result.instances_deleted >= 1
    result = await client.purge_instance_history_by(created_time_from=LONG_AGO, runtime_status=failed)
    assert result.instances_deleted == 0
    async with http.delete("instances") as response:
        assert response.status == 400


async def test_entities_are_listed_with_their_state(client: Client, http: aiohttp.ClientSession) -> None:
    await client.output_of("counts", "listed")
    async with http.get("entities/Counter?fetchState=true") as response:
        found = {entry["entityId"]["key"]: entry["state"] for entry in await response.json()}
    assert found["listed"] == 7


async def test_with_keys_on_the_webhooks_ask_for_one_and_the_sdk_does_not(tmp_path: Path) -> None:
    host = HostProcess(tmp_path, "--enable-auth").start()
    try:
        async with aiohttp.ClientSession() as anyone:
            async with anyone.post(f"{host.url}/api/start/chain") as response:
                links = await response.json()
            async with anyone.get(links["statusQueryGetUri"]) as response:
                assert response.status in (200, 202)
            async with anyone.get(links["statusQueryGetUri"].replace("code=", "code=x")) as response:
                assert response.status == 401
    finally:
        host.stop()
