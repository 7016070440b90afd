"""The patterns of Microsoft's quickstarts, run by the real SDK on the real host."""

from __future__ import annotations

from typing import Any

import pytest
from azure.durable_functions import EntityId

from tests.contract.durable.harness import Client, HostProcess


async def test_activities_run_one_after_the_other(client: Client) -> None:
    assert await client.output_of("chain") == ["Hello Tokyo!", "Hello Seattle!", "Hello London!"]


async def test_an_orchestrator_without_a_wait_completes(client: Client) -> None:
    assert await client.output_of("returns_at_once") == "done"


@pytest.mark.parametrize("value", ["text", 5, 1.5, True, [1, "é"], {"a": {"b": None}}, "2024-01-01T00:00:00+02:00"])
async def test_values_pass_unchanged_through_input_activity_and_output(client: Client, value: Any) -> None:
    assert await client.output_of("echo_input", value) == value


async def test_an_orchestration_without_input_gets_none(client: Client) -> None:
    assert await client.output_of("echo_input") is None


async def test_a_fan_out_gathers_all_results(client: Client) -> None:
    assert await client.output_of("fan_out", 40) == 40 * 39


async def test_of_several_tasks_the_first_one_wins(client: Client) -> None:
    tasks = [{"name": "late", "seconds": 5}, {"name": "early", "seconds": 0}]
    assert await client.output_of("first_of", tasks) == "early"


async def test_a_task_that_lost_still_runs_to_its_end(client: Client, host: HostProcess) -> None:
    await client.output_of("first_of", [{"name": "loser", "seconds": 0.1}, {"name": "winner", "seconds": 0}])
    await host.until_effects(lambda effects: "loser" in effects)


async def test_timers_follow_each_other(client: Client) -> None:
    assert await client.output_of("timers", [30, 20, 1]) >= 0.051


async def test_a_timer_in_the_past_fires_at_once(client: Client) -> None:
    assert await client.output_of("timers", [-1000]) >= 0


async def test_an_event_beats_the_deadline(client: Client) -> None:
    instance_id = await client.start_new("approval", client_input=60)
    await client.raise_event(instance_id, "Approval", {"by": "ada"})
    status = await client.until(instance_id)
    assert status.output == {"approved": '{"by": "ada"}'}  # the SDK's client encodes events twice
    assert status.custom_status == "waiting"


async def test_the_deadline_beats_an_event_that_does_not_come(client: Client) -> None:
    assert await client.output_of("approval", 0.05) == {"approved": None}


async def test_events_that_come_early_and_in_another_case_are_kept(client: Client) -> None:
    instance_id = await client.start_new("two_events")
    await client.raise_event(instance_id, "second", 2)
    await client.raise_event(instance_id, "FIRST", 1)
    assert (await client.until(instance_id)).output == ["1", "2"]


async def test_a_retry_succeeds_and_what_follows_gets_its_own_result(client: Client) -> None:
    task = {"name": "retry-ok", "after": 2, "attempts": 4}
    assert await client.output_of("retries", task) == [3, 6]


async def test_retries_end_after_the_last_attempt(client: Client) -> None:
    status = await client.run("retries", {"name": "retry-bad", "after": 9, "attempts": 3})
    assert status.runtime_status.value == "Failed"
    assert "Activity function 'fail_until' failed: RuntimeError: try 3" in status.output


async def test_sub_orchestrations_answer_their_parent(client: Client) -> None:
    instance_id = await client.start_new("parent", client_input=[3, 5])
    named = f"{instance_id}-named"
    assert (await client.until(instance_id)).output == {"sums": [6, 20], "named": [named, instance_id]}
    assert (await client.get_status(named)).runtime_status.value == "Completed"


async def test_a_failed_sub_orchestration_is_tried_again(client: Client) -> None:
    assert await client.output_of("child_retries", {"name": "child-retry", "after": 2}) == 3


async def test_an_orchestration_continues_as_new(client: Client) -> None:
    instance_id = await client.start_new("counts_down", client_input=5)
    status = await client.until(instance_id)
    assert status.output == "liftoff"
    assert status.input_ == "0"


async def test_events_survive_continue_as_new(client: Client) -> None:
    instance_id = await client.start_new("collects", client_input=[])
    for item in (1, 2, 3):
        await client.raise_event(instance_id, "Item", item)
    status = await client.until(instance_id)
    assert sorted(status.output) == ["1", "2", "3"]


async def test_guids_are_the_same_in_every_replay(client: Client) -> None:
    first, second = await client.output_of("ids")
    assert first != second


async def test_a_monitor_polls_on_a_timer(client: Client) -> None:
    instance_id = await client.start_new("monitor", client_input={"name": "job", "after": 2})
    status = await client.until(instance_id)
    assert (status.output, status.custom_status) == ([2, 3], "attempt 1")


async def test_a_durable_http_call_gives_status_headers_and_content(client: Client, host: HostProcess) -> None:
    response = await client.output_of("calls_http", f"{host.url}/api/binding")
    assert response["statusCode"] == 200
    assert response["headers"]["Content-Type"].startswith("application/json")
    assert '"PatternsHub"' in response["content"]


async def test_a_durable_http_call_to_nobody_fails(client: Client) -> None:
    status = await client.run("calls_http", "http://127.0.0.1:1/")
    assert status.runtime_status.value == "Failed"
    assert "BuiltIn::HttpActivity" in status.output


async def test_an_entity_takes_signals_and_answers_calls_in_order(client: Client) -> None:
    assert await client.output_of("counts", "in-order") == 7
    assert (await client.read_entity_state(EntityId("counter", "in-order"))).entity_state == 7


async def test_an_entity_is_signalled_by_a_client_and_deleted(client: Client) -> None:
    entity = EntityId("Counter", "by-client")
    await client.signal_entity(entity, "add", 5)
    assert await client.output_of("counts", "by-client") == 12
    await client.signal_entity(entity, "delete")
    assert await client.output_of("counts", "by-client") == 7


async def test_an_entity_nobody_used_does_not_exist(client: Client) -> None:
    assert not (await client.read_entity_state(EntityId("Counter", "unused"))).entity_exists


async def test_operations_of_many_orchestrations_on_one_entity_are_all_counted(client: Client) -> None:
    started = [await client.start_new("counts", client_input="busy") for _ in range(20)]
    for instance_id in started:
        await client.until(instance_id)
    assert (await client.read_entity_state(EntityId("Counter", "busy"))).entity_state == 140
