"""A host that is killed resumes where it was."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import pytest
from azure.durable_functions.models.utils import http_utils

from local.host.durable.events import now, wire_time
from tests.contract.durable.harness import Client, HostProcess

LONG_SECONDS = 3600


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[HostProcess]:
    host = HostProcess(tmp_path).start()
    yield host
    host.stop()


@pytest.fixture(autouse=True)
async def sessions() -> AsyncIterator[None]:
    yield
    await http_utils._close_session()


def client_of(host: HostProcess) -> Client:
    return Client(json.dumps(host.binding()))


def has_enough(number: int, effects: list[str]) -> bool:
    return len(set(effects)) >= number


def kill_and_start(host: HostProcess) -> tuple[Client, set[str]]:
    """SIGKILL and a new start; also the names of the activities that had no result stored at the kill."""
    host.kill()
    with sqlite3.connect(host.folder / "data" / "durable.db") as database:
        inputs = [json.loads(row[0]) for row in database.execute("SELECT input FROM activities")]
    database.close()
    return client_of(host.start()), {task["name"] for task in inputs}


def make_due(host: HostProcess) -> None:
    """Let as much time go by, for the timers of a host that is down, as they have to wait."""
    with sqlite3.connect(host.folder / "data" / "durable.db") as database:
        assert database.execute("UPDATE timers SET fire_at = ?", (wire_time(now()),)).rowcount == 1
    database.close()


async def test_a_fan_out_with_timers_and_sub_orchestrations_survives_kills(mortal: HostProcess) -> None:
    count, may_repeat = 15, Counter[str]()
    client = client_of(mortal)
    instance_id = await client.start_new("long_haul", client_input=count)
    for milestone in (3, 10, 17):
        await mortal.until_effects(partial(has_enough, milestone))
        client, unanswered = kill_and_start(mortal)
        may_repeat.update(unanswered)

    status = await client.until(instance_id)

    legs = [[f"leg{leg}.{step}" for step in range(3)] for leg in range(3)]
    assert status.output == [*(f"a{n}" for n in range(count)), *legs, "last"]
    seen = Counter(mortal.effects)
    assert set(seen) == {f"a{n}" for n in range(count)} | {name for leg in legs for name in leg} | {"last"}
    too_often = {name: times for name, times in seen.items() if times > 1 + may_repeat[name]}
    assert too_often == {}


async def test_events_and_retries_survive_a_kill(mortal: HostProcess) -> None:
    client = client_of(mortal)
    waiting = await client.start_new("two_events")
    await client.raise_event(waiting, "Second", 2)
    retrying = await client.start_new(
        "retries", client_input={"name": "killed", "after": 2, "attempts": 3, "pause": 300}
    )
    client, _ = kill_and_start(mortal)
    await client.raise_event(waiting, "First", 1)
    assert (await client.until(waiting)).output == ["1", "2"]
    tries, doubled = (await client.until(retrying, "Completed")).output
    assert doubled == 2 * tries


async def test_a_timer_that_was_due_while_the_host_was_down_fires_at_the_start(mortal: HostProcess) -> None:
    client = client_of(mortal)
    instance_id = await client.start_new("approval", client_input=LONG_SECONDS)
    await client.until(instance_id, "Running")
    mortal.kill()
    make_due(mortal)
    client = client_of(mortal.start())
    assert (await client.until(instance_id)).output == {"approved": None}


async def test_entities_keep_their_state_over_a_kill(mortal: HostProcess) -> None:
    client = client_of(mortal)
    assert await client.output_of("counts", "kept") == 7
    client, _ = kill_and_start(mortal)
    assert await client.output_of("counts", "kept") == 14


async def test_a_finished_instance_stays_as_it_was(mortal: HostProcess) -> None:
    client = client_of(mortal)
    before = await client.run("chain")
    client, _ = kill_and_start(mortal)
    assert (await client.get_status(before.instance_id)).to_json() == {**before.to_json()}
