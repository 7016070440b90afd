"""How failures read, and what is refused."""

from __future__ import annotations

import aiohttp
import pytest
from azure.durable_functions import EntityId

from tests.contract.durable.harness import Client


async def test_a_failed_activity_names_itself_its_exception_and_message(client: Client) -> None:
    text = await client.output_of("catches")
    assert text.startswith("Activity function 'fail' failed: ValueError: cannot swim \n ")


async def test_an_activity_failure_that_nobody_catches_fails_the_orchestration(client: Client) -> None:
    status = await client.run("fails", "sing")
    assert status.runtime_status.value == "Failed"
    expected = "Orchestrator function 'fails' failed: Activity function 'fail' failed: ValueError: cannot sing"
    assert status.output.startswith(expected)


async def test_an_orchestrators_own_exception_fails_it_and_keeps_its_status(client: Client) -> None:
    status = await client.run("raises")
    assert status.output == "Orchestrator function 'raises' failed: \"orchestrator's own\""
    assert status.custom_status == {"step": 1}


async def test_a_failed_sub_orchestration_tells_its_parent(client: Client) -> None:
    text = await client.output_of("child_fails")
    assert text.startswith("Orchestrator function 'fails' failed: Activity function 'fail' failed: ValueError")


async def test_an_entity_operation_that_raises_tells_its_caller(client: Client) -> None:
    assert await client.output_of("entity_error") == "boom"


async def test_an_unknown_activity_fails_the_orchestration(client: Client) -> None:
    status = await client.run("calls_unknown")
    assert status.runtime_status.value == "Failed"
    assert "The function 'nowhere' doesn't exist, is disabled, or is not an activity function." in status.output
    assert "'hello'" in status.output


async def test_an_output_that_is_not_json_fails_the_orchestration(client: Client) -> None:
    status = await client.run("returns_unserialisable")
    assert status.runtime_status.value == "Failed"
    assert "not JSON serializable" in status.output


async def test_an_unknown_orchestrator_is_refused(client: Client) -> None:
    with pytest.raises(Exception, match=r"The function 'nobody' doesn't exist, .* not an orchestrator function"):
        await client.start_new("nobody")


@pytest.mark.parametrize("instance_id", ["@starts", "a%23b", "a%3Fb", "a%5Cb", "x" * 257])
async def test_an_id_that_cannot_be_one_is_refused(client: Client, instance_id: str) -> None:
    with pytest.raises(Exception, match="Instance ids must not"):
        await client.start_new("chain", instance_id)


async def test_a_running_instance_is_not_replaced_but_a_finished_one_is(client: Client) -> None:
    await client.start_new("approval", "taken", 60)
    await client.until("taken", "Running")
    with pytest.raises(Exception, match="with the status Running already exists"):
        await client.start_new("chain", "taken")
    await client.terminate("taken", "enough")
    await client.until("taken")
    assert (await client.run("chain", instance_id="taken")).name == "chain"


async def test_events_for_finished_and_unknown_instances_are_refused(client: Client) -> None:
    await client.run("returns_at_once", instance_id="finished")
    with pytest.raises(Exception, match="gone"):
        await client.raise_event("finished", "Any")
    with pytest.raises(Exception, match="No instance with ID unknown found"):
        await client.raise_event("unknown", "Any")


async def test_an_event_that_is_not_json_is_refused(client: Client, http: aiohttp.ClientSession) -> None:
    instance_id = await client.start_new("two_events")
    for content_type, body in (("text/plain", "1"), ("application/json", "{")):
        async with http.post(
            f"instances/{instance_id}/raiseEvent/First", data=body, headers={"Content-Type": content_type}
        ) as response:
            assert response.status == 400
            assert (await response.json())["ExceptionMessage"]
    await client.terminate(instance_id, "test is over")


@pytest.mark.parametrize("operation", ["terminate", "suspend", "resume", "rewind"])
async def test_operations_on_unknown_and_finished_instances(
    client: Client, http: aiohttp.ClientSession, operation: str
) -> None:
    instance_id = (await client.run("returns_at_once")).instance_id
    for identity, expected in (("unknown", 404), (instance_id, 410)):
        async with http.post(f"instances/{identity}/{operation}?reason=r") as response:
            assert response.status == expected


async def test_an_unknown_entity_is_refused(client: Client, http: aiohttp.ClientSession) -> None:
    async with http.post("entities/nobody/1?op=add", json=1) as response:
        assert response.status == 400
        assert "not an entity function" in (await response.json())["ExceptionMessage"]
    with pytest.raises(Exception, match="unexpected status code 400"):
        await client.signal_entity(EntityId("nobody", "1"), "add", 1)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("instances?createdTimeFrom=yesterday", "createdTimeFrom"),
        ("instances?top=few", "top"),
        ("instances?showInput=perhaps", "showInput"),
        ("instances?taskHub=Another", "taskHub"),
    ],
)
async def test_a_query_that_cannot_be_read_is_refused_by_name(
    http: aiohttp.ClientSession, path: str, field: str
) -> None:
    async with http.get(path) as response:
        assert response.status == 400
        assert (await response.json())["ExceptionMessage"].startswith(field)
