"""Random orchestrations under random latencies, kills and doubled deliveries give what plain evaluation gives.

The cases are the same in every run, unless `--hypothesis-seed=N` asks for others; DURABLE_CASES says how many.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.host.durable.events import SCHEDULES
from local.host.durable.store import Store
from local.host.loading import load_functions
from local.host.worker import Worker
from tests.contract.durable.lives import HUB, Case, Life
from tests.contract.durable.plan import PLANS, PLANS_APP, SAME_EVERY_TIME, SCRIPT, Plan, addressed, awaited, mismatch

CASES = settings(SAME_EVERY_TIME, max_examples=int(os.environ.get("DURABLE_CASES", "500")))
LIVES = st.lists(st.builds(Life, st.integers(1, 120), st.booleans()), max_size=3)

pytestmark = [
    # The SDK warns of every completion that comes twice, which is what these tests do on purpose,
    pytest.mark.filterwarnings("ignore:Potential duplicate Task completion"),
    # and of values whose type nobody declared.
    pytest.mark.filterwarnings("ignore:azure.functions df_loads was called without expected_type"),
]


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """The functions of the app of plans, called in this process."""
    path = list(sys.path)
    functions = load_functions(PLANS_APP, {"PYTHON_SCRIPT_FILE_NAME": SCRIPT})
    sys.path[:] = path
    running = Worker([each for each in functions if each.name != "binding"], PLANS_APP)
    yield running
    running.close()


@CASES
@given(plan=PLANS, lives=LIVES, doubles=st.sampled_from([0.0, 0.3]), pauses=st.booleans(), seed=st.integers(0, 999))
def test_kills_and_doubled_deliveries_change_no_result(
    worker: Worker, plan: Plan, lives: list[Life], doubles: float, pauses: bool, seed: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        marks = Path(folder)
        asked = addressed(plan, "root", marks)
        events = list(awaited(asked, "root"))
        case = Case(worker, marks, "root", asked, events, lives, doubles, pauses, random.Random(seed))
        ended = case.run()
        assert ended.status == "Completed", ended.output
        assert mismatch(asked, json.loads(ended.output or "null")) == ""
        assert_asked_once(marks)


def assert_asked_once(data: Path) -> None:
    """No instance has asked for anything twice, or holds a number twice."""
    store = Store(data / "durable.db", HUB.hub_name)
    try:
        for instance in store.instances("1", (), -1):
            asked = Counter(each["EventId"] for each in store.history(instance.id) if each["EventType"] in SCHEDULES)
            assert [number for number, times in asked.items() if times > 1] == []
            assert sorted(asked) == list(range(len(asked)))
    finally:
        store.close()
