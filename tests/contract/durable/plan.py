"""Random orchestrations as data, and what each must come to.

Three limits of the SDK are kept out of the plans, because a faithful host shows them too. (a) Retries that go on in the
background share numbers with what comes later: so no fan-out that fails holds a retry, and a plan with retries in a
race neither waits again for what lost nor cancels a timer. (b) The SDK gives an event that came early to every later
wait of its name: so every wait has a name of its own, and loops wait for none; an event that is raised
twice then does no harm. (c) A fan-out within a fan-out or a race fails the orchestrator when it goes on after its own
first failure: so what is nested there does not fail.
"""

from __future__ import annotations

import copy
import itertools
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

PLANS_APP = Path(__file__).parent / "plans"
SCRIPT = "plan_app.py"

SAME_EVERY_TIME = settings(
    derandomize=not any(argument.startswith("--hypothesis-seed") for argument in sys.argv),
    database=None,
    deadline=None,
    # What fails hangs on timing as well: looking for a smaller case would take long and mislead.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
"""The same cases in every run, unless `--hypothesis-seed=N` asks for others."""

Step = dict[str, Any]
Plan = list[Step]
Strategy = st.SearchStrategy[Step]

VALUES = st.integers(0, 9)
MILLISECONDS = st.sampled_from([0, 0, 1, 3])
LONG = 60_000
ALWAYS = -1


def a_step(kind: str, **fields: st.SearchStrategy[Any]) -> Strategy:
    return st.fixed_dictionaries({"kind": st.just(kind), **fields})


def an_activity(failures: st.SearchStrategy[int]) -> Strategy:
    return a_step("activity", value=VALUES, before=MILLISECONDS, after=MILLISECONDS, failures=failures)


def a_retry(kind: str, *outcomes: tuple[int, int]) -> Strategy:
    """Attempts and failures are drawn together; an activity that ran twice for one attempt must not change the end."""
    drawn = st.tuples(st.sampled_from(outcomes), VALUES, MILLISECONDS)
    return drawn.map(
        lambda each: {
            "kind": kind,
            "attempts": each[0][0],
            "failures": each[0][1],
            "value": each[1],
            "before": each[2],
            "after": 0,
        }
    )


def several(kind: str, parts: Strategy) -> Strategy:
    return a_step(kind, parts=st.lists(parts, min_size=1, max_size=4))


def plans(steps: Strategy) -> st.SearchStrategy[Plan]:
    return st.lists(steps, min_size=1, max_size=4)


def a_sub(steps: Strategy) -> Strategy:
    return a_step("sub", plan=plans(steps))


def a_loop(steps: Strategy) -> Strategy:
    return a_step("loop", plan=plans(steps), times=st.integers(1, 3))


WORKS, MAY_FAIL = an_activity(st.just(0)), an_activity(st.sampled_from([0, 0, ALWAYS]))
PERSISTS = st.one_of(a_retry("retry", (1, 0), (2, 1), (3, 2)), a_retry("sub_retry", (2, 1), (3, 1)))
GIVES_UP = st.one_of(a_retry("retry", (1, ALWAYS), (2, ALWAYS)), a_retry("sub_retry", (2, ALWAYS)))
TIMER = a_step("timer", milliseconds=MILLISECONDS)
EVENT = a_step("event", value=VALUES, raised=st.just(True))
COUNT = a_step("count", value=st.integers(1, 9))
DEADLINE = st.one_of(
    a_step("deadline", value=VALUES, milliseconds=st.just(LONG), raised=st.just(True)),
    a_step("deadline", value=VALUES, milliseconds=st.just(1), raised=st.just(False)),
)
PLAIN = st.one_of(MAY_FAIL, PERSISTS, GIVES_UP, TIMER, COUNT)
RACE = several("any", st.one_of(MAY_FAIL, TIMER, a_sub(st.one_of(MAY_FAIL, TIMER))))
RACE_OF_RETRIES = several("any", st.one_of(MAY_FAIL, TIMER, PERSISTS, GIVES_UP))
ALL_MAY_FAIL = several("all", st.one_of(MAY_FAIL, TIMER, EVENT, COUNT, RACE, several("all", WORKS)))
ALL_WORK = several(
    "all",
    st.one_of(WORKS, PERSISTS, TIMER, EVENT, COUNT, RACE, several("all", WORKS), a_sub(PLAIN), a_loop(PLAIN)),
)
CALM = st.one_of(PLAIN, EVENT, DEADLINE, RACE, ALL_MAY_FAIL, ALL_WORK)
RACING = st.one_of(PLAIN, EVENT, RACE_OF_RETRIES, ALL_MAY_FAIL, ALL_WORK)
INNER = st.one_of(a_sub(CALM), a_sub(RACING), a_loop(PLAIN))
PLANS = st.one_of(
    plans(st.one_of(CALM, INNER)),
    plans(st.one_of(RACING, INNER)),
    plans(st.one_of(CALM, a_sub(st.one_of(CALM, INNER)))),
)


@dataclass(frozen=True)
class Awaited:
    """An event that an instance waits for."""

    instance: str
    name: str
    value: int


def addressed(plan: Plan, instance: str, marks: Path) -> Plan:
    """A copy with names for all activities and events, ids for sub-orchestrations that wait, and a place for marks."""
    numbers = itertools.count()
    copied = copy.deepcopy(plan)
    for step in every_step(copied):
        step["name"] = f"{step['kind']}-{next(numbers)}"
        step["marks"] = str(marks)
        step["counter"] = instance
        waits = any(part["kind"] in ("event", "deadline") for part in every_step(step.get("plan", [])))
        step["id"] = f"{instance}.{step['name']}" if waits else None
    return copied


def every_step(plan: Plan) -> Iterator[Step]:
    for step in plan:
        yield step
        yield from every_step([*step.get("parts", []), *step.get("plan", [])])


def awaited(plan: Plan, instance: str) -> Iterator[Awaited]:
    """Which events of an addressed plan must be raised, and to whom."""
    for step in plan:
        if step.get("raised"):
            yield Awaited(instance, step["name"], step["value"])
        yield from awaited(step.get("parts", []), instance)
        yield from awaited(step.get("plan", []), step["id"] or instance)


def runs(plan: Plan) -> Iterator[Step]:
    """The activities that must have run when the plan is done: all but those in races."""
    for step in plan:
        if step["kind"] in ("activity", "retry", "sub_retry"):
            yield step
        if step["kind"] != "any":
            yield from runs([*step.get("parts", []), *step.get("plan", [])])


def total(plan: Plan) -> int:
    """What the plan adds to its counter."""
    return sum(
        step.get("times", 1) * total([*step.get("parts", []), *step.get("plan", [])])
        + (step["value"] if step["kind"] == "count" else 0)
        for step in plan
    )


def mismatch(plan: Plan, output: Any) -> str:
    """What is wrong with what an addressed plan came to; empty when nothing is."""
    results, counted = output
    if not agrees(results, plan):
        return f"results: {results}"
    if counted != total(plan):
        return f"counted {counted} instead of {total(plan)}"
    missing = [step["name"] for step in runs(plan) if not (Path(step["marks"]) / step["name"]).exists()]
    return f"never run: {missing}" if missing else ""


def agrees(given: Any, plan: Plan) -> bool:
    """Whether the results are those of the plan."""
    return isinstance(given, list) and len(given) == len(plan) and all(map(fits, given, plan))


def fits(given: Any, step: Step) -> bool:
    """Whether the result is one that the step can have."""
    kind = step["kind"]
    if kind == "sub":
        return agrees(given, step["plan"])
    if kind == "loop":
        return len(given) == step["times"] and all(agrees(each, step["plan"]) for each in given)
    if kind == "any":
        place, value = given
        return fits(value, step["parts"][place])
    if kind == "all":
        if any(fails(part) for part in step["parts"]):
            return bool(given == "failed")
        return agrees(given, step["parts"])
    return bool(given == outcome(step))


def outcome(step: Step) -> Any:
    """The one result of a step without parts."""
    kind = step["kind"]
    if kind == "count":
        return "counted"
    if kind == "timer":
        return None
    if kind == "deadline" and not step["raised"]:
        return "too late"
    return "failed" if fails(step) else step["value"]


def fails(step: Step) -> bool:
    """Whether waiting for the step raises."""
    if step["kind"] == "all":
        return any(fails(part) for part in step["parts"])
    return bool(step.get("failures") == ALWAYS)
