"""Random orchestrations on a real host that is killed with SIGKILL and started again, with the SDK's client."""

from __future__ import annotations

import asyncio
import itertools
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import aiohttp
from azure.durable_functions.models.utils import http_utils
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contract.durable.harness import Client, HostProcess
from tests.contract.durable.plan import (
    PLANS,
    PLANS_APP,
    SAME_EVERY_TIME,
    SCRIPT,
    Awaited,
    Plan,
    addressed,
    awaited,
    mismatch,
)

AT_ONCE = 12
NUMBERS = itertools.count()


@settings(SAME_EVERY_TIME, max_examples=3)
@given(
    plans=st.lists(PLANS, min_size=AT_ONCE, max_size=AT_ONCE),
    lives=st.lists(st.floats(0.02, 0.4), min_size=2, max_size=3),
)
async def test_a_host_killed_again_and_again_brings_every_plan_to_its_end(
    plans: list[Plan], lives: list[float]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asked = {f"plan-{number}": plan for number, plan in enumerate(plans)}
        for instance, plan in asked.items():
            marks = Path(folder) / instance
            marks.mkdir()
            asked[instance] = addressed(plan, instance, marks)
        host = HostProcess(Path(folder), app=PLANS_APP, script=SCRIPT).start()
        try:
            client = client_of(host)
            for instance, plan in asked.items():
                await client.start_new("root", instance, plan)
            waiting = [event for instance, plan in asked.items() for event in awaited(plan, instance)]
            for seconds in lives:
                _, waiting = await asyncio.gather(asyncio.sleep(seconds), raise_for(seconds, host, waiting))
                host.kill()
                host.start()
            await raise_for(20.0, host, waiting)
            client = client_of(host)
            for instance, plan in asked.items():
                status = await client.until(instance)
                assert status.runtime_status.value == "Completed", status.output
                assert mismatch(plan, status.output) == "", plan
        finally:
            host.stop()
            await http_utils._close_session()


def client_of(host: HostProcess) -> Client:
    return Client(json.dumps(host.binding()))


async def raise_for(seconds: float, host: HostProcess, waiting: Iterable[Awaited]) -> list[Awaited]:
    """Raise the events whose instance is there, every third one twice; gives those still to be raised then."""
    left = list(waiting)
    async with aiohttp.ClientSession(f"{host.url}/runtime/webhooks/durabletask/instances/") as http:
        end = asyncio.get_running_loop().time() + seconds
        while left and asyncio.get_running_loop().time() < end:
            for event in list(left):
                path = f"{quote(event.instance)}/raiseEvent/{event.name}"
                for _ in range(2 if next(NUMBERS) % 3 == 0 else 1):
                    async with http.post(path, json=event.value) as response:
                        # 410: the orchestration has ended, it had the event before the last kill.
                        if response.status in (202, 410) and event in left:
                            left.remove(event)
            await asyncio.sleep(0.005)
    return left
