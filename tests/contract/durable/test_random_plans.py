"""Random orchestrations under random latencies give what plain evaluation of their plan gives."""

from __future__ import annotations

import copy
import itertools
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.durable.harness import Client

Step = dict[str, Any]
NAMES = itertools.count()

MILLISECONDS = st.integers(0, 12)


def an_activity(failures: st.SearchStrategy[int]) -> st.SearchStrategy[Step]:
    return st.fixed_dictionaries(
        {
            "kind": st.just("activity"),
            "value": st.integers(0, 9),
            "milliseconds": MILLISECONDS,
            "failures": failures,
        }
    )


def a_retry(attempts: st.SearchStrategy[tuple[int, int]]) -> st.SearchStrategy[Step]:
    return st.tuples(attempts, st.integers(0, 9), MILLISECONDS).map(
        lambda drawn: {
            "kind": "retry",
            "attempts": drawn[0][0],
            "failures": drawn[0][1],
            "value": drawn[1],
            "milliseconds": drawn[2],
        }
    )


ALWAYS_WORKS = an_activity(st.just(0))
MAY_FAIL = an_activity(st.integers(0, 1))
RETRY_WORKS = a_retry(st.sampled_from([(1, 0), (2, 1), (3, 1), (3, 2)]))
RETRY_MAY_FAIL = a_retry(st.sampled_from([(1, 1), (2, 1), (2, 2), (3, 2)]))
TIMER = st.fixed_dictionaries({"kind": st.just("timer"), "milliseconds": MILLISECONDS})


def several(kind: str, parts: st.SearchStrategy[Step]) -> st.SearchStrategy[Step]:
    return st.fixed_dictionaries({"kind": st.just(kind), "parts": st.lists(parts, min_size=1, max_size=4)})


def plans(steps: st.SearchStrategy[Step]) -> st.SearchStrategy[list[Step]]:
    return st.lists(steps, min_size=1, max_size=4)


# After a failure in task_all the SDK goes on while the host waits for the siblings, so siblings that retry are given
# other numbers on the two sides: a limit of the protocol. Hence no failure and retries in one fan-out.
FLAT = st.one_of(
    MAY_FAIL,
    RETRY_MAY_FAIL,
    TIMER,
    several("all", st.one_of(MAY_FAIL, TIMER)),
    several("all", st.one_of(ALWAYS_WORKS, RETRY_WORKS, TIMER)),
    several("any", st.one_of(MAY_FAIL, RETRY_MAY_FAIL, TIMER)),
)
SUB = st.fixed_dictionaries({"kind": st.just("sub"), "plan": plans(FLAT)})
NESTED = several("all", st.one_of(ALWAYS_WORKS, RETRY_WORKS, SUB, several("all", ALWAYS_WORKS)))
PLAN = plans(st.one_of(FLAT, SUB, NESTED))


def named(plan: list[Step]) -> list[Step]:
    """A copy in which each activity has a name of its own: the sample app counts tries by name."""

    def name(step: Step) -> None:
        step["name"] = f"step-{next(NAMES)}"
        for part in [*step.get("parts", []), *step.get("plan", [])]:
            name(part)

    copied = copy.deepcopy(plan)
    for step in copied:
        name(step)
    return copied


def evaluate(plan: list[Step]) -> list[Any]:
    return [result_of(step) for step in plan]


def result_of(step: Step) -> Any:
    kind = step["kind"]
    if kind in ("activity", "retry"):
        return step["value"] if step["failures"] < step.get("attempts", 1) else "failed"
    if kind == "timer":
        return None
    if kind == "sub":
        return evaluate(step["plan"])
    if kind == "any":
        return "any"
    results = [result_of(part) for part in step["parts"]]
    return "failed" if "failed" in results else results


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=PLAN)
async def test_an_orchestration_gives_what_its_plan_says(client: Client, plan: list[Step]) -> None:
    assert await client.output_of("planned", named(plan)) == evaluate(plan)
