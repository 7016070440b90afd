"""Timer triggers, seen from outside."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.contract.host.running import Caller, RunningHost, a_host


def a_status(*, updated: datetime, due: datetime) -> str:
    never = datetime(1, 1, 1, tzinfo=UTC)
    return json.dumps({"Last": never.isoformat(), "Next": due.isoformat(), "LastUpdated": updated.isoformat()})


async def test_a_timer_runs_every_second(call: Caller) -> None:
    response = await call("GET", "/api/runs/tick/2")

    assert (response.json)[:2] == [False, False]


async def test_a_timer_may_run_when_the_host_starts(call: Caller) -> None:
    response = await call("GET", "/api/runs/at_start/1")

    assert response.json == [False]


async def test_a_timer_runs_by_hand_and_again_when_it_fails(call: Caller) -> None:
    accepted = await call("POST", "/admin/functions/stumbling", json={"input": ""})

    assert accepted.status == 202
    assert (await call("GET", "/api/runs/stumbling/1")).json == [False]


async def test_what_cannot_be_run_by_hand_is_refused(call: Caller) -> None:
    http = await call("POST", "/admin/functions/hello", json={"input": ""})
    unknown = await call("POST", "/admin/functions/unknown", json={"input": ""})
    malformed = await call("POST", "/admin/functions/hourly", data=b"{")
    no_text = await call("POST", "/admin/functions/hourly", json={"input": 1})

    assert [http.status, unknown.status, malformed.status, no_text.status] == [400, 404, 400, 400]
    assert "hello" in (http.json)["message"]
    assert "input" in (no_text.json)["message"]


async def test_a_missed_run_is_made_good_at_the_next_start(tmp_path: Path) -> None:
    due = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    status = tmp_path / "timers" / "hourly.json"
    status.parent.mkdir()
    status.write_text(a_status(updated=due - timedelta(minutes=30), due=due))

    with a_host(data=tmp_path) as host:
        async with Caller(host.url) as call:
            runs = (await call("GET", "/api/runs/hourly/1")).json

    assert runs[0] is True
    assert datetime.fromisoformat(json.loads(status.read_text())["Next"]) > datetime.now(UTC)


async def test_the_first_start_has_missed_nothing(host: RunningHost, call: Caller) -> None:
    assert True not in (await call("GET", "/api/runs/hourly/0")).json


STARTER = """
import logging
import azure.durable_functions as df
import azure.functions as func

app = df.DFApp()

@app.timer_trigger(arg_name="timer", schedule="0 0 0 1 1 *", run_on_startup=True)
@app.durable_client_input(client_name="client")
async def starter(timer: func.TimerRequest, client: df.DurableOrchestrationClient) -> None:
    logging.info("found: %s", await client.get_status("none"))
"""


def test_a_timer_that_runs_at_the_start_reaches_durable_functions(tmp_path: Path) -> None:
    (tmp_path / "host.json").write_text('{"version": "2.0"}')
    (tmp_path / "function_app.py").write_text(STARTER)

    with a_host(app=tmp_path, data=tmp_path / "data", ready=False) as host:
        assert host.wait_for("found: ")
