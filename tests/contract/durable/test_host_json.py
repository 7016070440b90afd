"""What host.json says about Durable Functions holds."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from azure.durable_functions.models.utils import http_utils

from tests.contract.durable.harness import APP, Client, HostProcess

SETTINGS = {
    "hubName": "Strict",
    "maxConcurrentActivityFunctions": 3,
    "overridableExistingInstanceStates": "AnyState",
    "defaultVersion": "2",
}


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[HostProcess]:
    app = tmp_path / "app"
    shutil.copytree(APP, app)
    (app / "host.json").write_text(json.dumps({"version": "2.0", "extensions": {"durableTask": SETTINGS}}))
    host = HostProcess(tmp_path, app=app).start()
    yield host
    host.stop()
    await http_utils._close_session()


async def test_limits_versions_and_replacing_are_as_configured(strict: HostProcess) -> None:
    binding = strict.binding()
    assert binding["taskHubName"] == "Strict"
    client = Client(json.dumps(binding))

    await client.run("crowd", 12)
    running = list(itertools.accumulate(1 if effect == "in" else -1 for effect in strict.effects))
    assert max(running) == 3

    assert await client.output_of("versions") == ["2", "7", "2"]

    await client.start_new("two_events", "replaced")
    await client.until("replaced", "Running")
    assert (await client.run("returns_at_once", instance_id="replaced")).output == "done"
