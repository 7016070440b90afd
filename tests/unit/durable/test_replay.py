"""The interpreter of an orchestrator's actions: which ids it gives, what it finds new, when it is finished."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.host.durable.events import Event, EventType, event, read_time
from local.host.durable.replay import Action, OrchestrationFault, Replay, Replayed

START = datetime(2030, 1, 1, tzinfo=UTC)


class AnyName:
    """Knows every function but `nobody`."""

    def require(self, kind: str, name: str) -> None:
        if name == "nobody":
            raise OrchestrationFault(f"{kind}: nobody")


class Past:
    """Builds a history, a second for each turn."""

    def __init__(self) -> None:
        self.now = START
        self.events: list[Event] = []
        self.turn(event(EventType.EXECUTION_STARTED, at=START, Version=""))

    def turn(self, *happened: Event) -> Past:
        self.now += timedelta(seconds=1)
        self.events += [event(EventType.TURN_STARTED, at=self.now), *happened]
        return self

    def replay(self, *actions: Action, schema: int = 2) -> Replayed:
        """One turn over these actions; what is new joins the history."""
        run = Replay("me", "execution", self.events, self.now, AnyName())
        replayed = run.run([list(actions)] if schema else list(actions), schema)  # type: ignore[arg-type]
        self.events += replayed.new_events
        return replayed


def activity(name: str = "work") -> Action:
    return {"actionType": 0, "functionName": name, "input": "1"}


def retried(attempts: int, milliseconds: int = 500) -> Action:
    options = {"firstRetryIntervalInMilliseconds": milliseconds, "maxNumberOfAttempts": attempts}
    return {"actionType": 1, "functionName": "work", "input": "1", "retryOptions": options}


def waits_for(name: str) -> Action:
    return {"actionType": 6, "externalEventName": name, "reason": "ExternalEvent"}


def timer(*, cancelled: bool = False) -> Action:
    return {"actionType": 5, "fireAt": "2030-01-01T01:00:00.000000Z", "isCanceled": cancelled}


def all_of(*parts: Action) -> Action:
    return {"actionType": 12, "compoundActions": list(parts)}


def any_of(*parts: Action) -> Action:
    return {"actionType": 11, "compoundActions": list(parts)}


def completed(number: int) -> Event:
    return event(EventType.TASK_COMPLETED, at=START, TaskScheduledId=number, Result="1")


def failed(number: int) -> Event:
    return event(EventType.TASK_FAILED, at=START, TaskScheduledId=number, Reason="r", Details="")


def fired(number: int) -> Event:
    return event(EventType.TIMER_FIRED, at=START, TimerId=number)


def raised(name: str) -> Event:
    return event(EventType.EVENT_RAISED, at=START, Name=name, Input="1")


def new(replayed: Replayed) -> list[tuple[str, int]]:
    return [(EventType(e["EventType"]).name, e["EventId"]) for e in replayed.new_events]


def test_an_action_starts_when_the_one_before_is_done() -> None:
    past = Past()
    assert new(past.replay(activity(), activity())) == [("TASK_SCHEDULED", 0)]
    past.turn(completed(0))
    assert new(past.replay(activity(), activity())) == [("TASK_SCHEDULED", 1)]
    assert past.turn(completed(1)).replay(activity(), activity()).finished


def test_what_is_in_the_history_is_not_new() -> None:
    past = Past()
    past.replay(all_of(activity(), activity()))
    assert new(past.turn(completed(1)).replay(all_of(activity(), activity()))) == []


def test_a_fan_out_waits_for_all_even_after_a_failure() -> None:
    past = Past()
    past.replay(all_of(activity(), activity()))
    assert not past.turn(failed(0)).replay(all_of(activity(), activity())).finished
    assert past.turn(completed(1)).replay(all_of(activity(), activity())).finished


def test_a_race_is_decided_by_the_first() -> None:
    past = Past()
    past.replay(any_of(activity(), timer()))
    assert past.turn(completed(0)).replay(any_of(activity(), timer())).finished


@pytest.mark.parametrize("empty", [all_of(), any_of()])
def test_waiting_for_nothing_is_done_at_once(empty: Action) -> None:
    assert Past().replay(empty).finished


def test_a_timer_runs_after_every_failed_attempt_the_last_one_too() -> None:
    past, action = Past(), retried(2)
    assert new(past.replay(action)) == [("TASK_SCHEDULED", 0)]
    assert new(past.turn(failed(0)).replay(action)) == [("TIMER_CREATED", 1)]
    assert new(past.turn(fired(1)).replay(action)) == [("TASK_SCHEDULED", 2)]
    last = past.turn(failed(2)).replay(action)
    assert (new(last), last.finished) == ([("TIMER_CREATED", 3)], False)
    assert past.turn(fired(3)).replay(action).finished


def test_a_retry_timer_counts_from_the_turn_in_which_the_attempt_failed() -> None:
    past, action = Past(), retried(2, milliseconds=1500)
    past.replay(action)
    past.turn(failed(0))
    asked = past.replay(action).new_events[0]
    assert read_time(asked["FireAt"]) == past.now + timedelta(milliseconds=1500)


def test_retries_and_what_runs_beside_them_share_one_sequence() -> None:
    past, action = Past(), all_of(retried(3), activity())
    assert new(past.replay(action)) == [("TASK_SCHEDULED", 0), ("TASK_SCHEDULED", 1)]
    assert new(past.turn(failed(0)).replay(action)) == [("TIMER_CREATED", 2)]


def test_a_cancelled_timer_takes_its_number_and_is_done() -> None:
    past = Past()
    replayed = past.replay(timer(cancelled=True), activity())
    assert replayed.cancelled_timers == [0]
    assert new(replayed) == [("TIMER_CREATED", 0), ("TASK_SCHEDULED", 1)]


def test_a_long_timer_is_a_group_of_one_and_its_next_part_follows() -> None:
    past = Past()
    assert new(past.replay(all_of(timer()))) == [("TIMER_CREATED", 0)]
    assert new(past.turn(fired(0)).replay(all_of(timer()), timer())) == [("TIMER_CREATED", 1)]


def test_an_event_without_a_wait_is_kept_for_the_next_one() -> None:
    past = Past()
    past.turn(raised("Go"))
    assert past.replay(waits_for("Go")).finished
    assert past.replay().unread == [past.events[-1]]


def test_the_newest_wait_gets_the_event() -> None:
    past, lost = Past(), any_of(waits_for("Go"), activity())
    past.replay(lost)
    past.turn(completed(0), raised("Go"))
    assert new(past.replay(lost, waits_for("Go"), activity())) == [("TASK_SCHEDULED", 1)]


def test_an_event_in_another_case_is_respelled_as_the_wait_spells_it() -> None:
    past = Past()
    past.turn(raised("gO"))
    replayed = past.replay(waits_for("Go"))
    assert (replayed.finished, replayed.respelled) == (True, {len(past.events) - 1: "Go"})


def test_an_entity_call_is_answered_under_an_id_that_stays_the_same() -> None:
    past = Past()
    call = {"actionType": 7, "instanceId": "@counter@a", "operation": "add", "input": "1"}
    request = past.replay(call).new_events[0]["Input"]
    assert '"input":"\\"1\\""' in request
    reply_to = request.split('"id":"')[1].split('"')[0]
    assert past.turn(raised(reply_to)).replay(call).finished


def test_a_signal_is_not_waited_for() -> None:
    signal = {"actionType": 9, "instanceId": "@counter@a", "operation": "add", "input": "1"}
    replayed = Past().replay(signal, activity())
    assert new(replayed) == [("EVENT_SENT", 0), ("TASK_SCHEDULED", 1)]


def test_continuing_as_new_waits_for_what_comes_before_it() -> None:
    past, actions = Past(), (activity(), {"actionType": 4, "input": "[1]"})
    assert past.replay(*actions).next_input is None
    replayed = past.turn(completed(0)).replay(*actions)
    assert (replayed.finished, replayed.next_input) == (True, "[1]")


def test_sub_orchestrations_without_an_id_get_one_from_execution_and_number() -> None:
    child = {"actionType": 2, "functionName": "child", "input": "1", "instanceId": None}
    asked = Past().replay(activity(), child).new_events + Past().replay(child).new_events
    assert [e.get("InstanceId") for e in asked] == [None, "execution:0"]


def test_the_first_schema_waits_for_whichever_of_an_inner_list_comes_first() -> None:
    past = Past()
    actions: list[Any] = [[activity(), activity()], [activity()]]
    assert new(past.replay(*actions[:1], schema=0)) == [("TASK_SCHEDULED", 0), ("TASK_SCHEDULED", 1)]
    assert new(past.turn(completed(1)).replay(*actions, schema=0)) == [("TASK_SCHEDULED", 2)]


@pytest.mark.parametrize("changed", [(activity("other"),), (timer(),), ()])
def test_another_action_than_before_is_non_deterministic(changed: tuple[Action, ...]) -> None:
    past = Past()
    past.replay(activity())
    with pytest.raises(OrchestrationFault, match="Non-Deterministic"):
        past.replay(*changed)


@pytest.mark.parametrize(
    ("action", "problem"),
    [
        (activity("nobody"), "activityTrigger: nobody"),
        ({"actionType": 2, "functionName": "child", "instanceId": "me"}, "its own sub-orchestration"),
        ({"actionType": 10}, "action type 10 is not supported"),
    ],
)
def test_what_cannot_be_started_fails_the_orchestration(action: Action, problem: str) -> None:
    with pytest.raises(OrchestrationFault, match=problem):
        Past().replay(action)
