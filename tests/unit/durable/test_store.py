from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.host.durable.events import EventType, event, now
from local.host.durable.records import Activity, Instance, Message, Timer, Turn, started
from local.host.durable.store import Store
from local.host.errors import AppError


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "durable.db", "Hub")
    yield opened
    opened.close()


def an_instance(execution: str = "first", status: str = "Pending") -> Instance:
    return Instance("i", execution, "work", "", status, None, None, None, "2030", "2030")


def an_activity() -> Activity:
    return Activity("i", "first", 0, "step", "1")


def a_result() -> dict[str, object]:
    return event(EventType.TASK_COMPLETED, at=now(), TaskScheduledId=0, Result="1")


def running(store: Store) -> Instance:
    """An instance that has asked for an activity and a timer."""
    instance = an_instance()
    store.create(instance, started(instance))
    instance.status = "Running"
    timer = Timer("2030-01-01T00:00:00.000000Z", "first", 1, "i")
    taken = [message.number for message in store.inbox("i")]
    assert store.commit(Turn(instance, taken=taken, activities=[an_activity()], timers=[timer]))
    return instance


def test_a_turn_is_stored_as_a_whole(store: Store) -> None:
    running(store)
    activities, timers, waiting, _ = store.pending()
    assert (activities, [timer.task for timer in timers], waiting) == ([an_activity()], [1], [])


def test_a_turn_of_a_replaced_instance_leaves_nothing(store: Store) -> None:
    old = running(store)
    fresh = an_instance("second")
    store.create(fresh, started(fresh))
    assert not store.commit(Turn(old, activities=[Activity("i", "first", 5, "late", "1")]))
    assert [call.task for call in store.pending()[0]] == [0]


def test_a_turn_is_stored_once_however_often_it_ran(store: Store) -> None:
    instance = running(store)
    store.complete(an_activity(), a_result())
    taken = [message.number for message in store.inbox("i")]
    answered = Turn(instance, taken=taken, first_position=0, events=[a_result()])
    assert store.commit(answered)
    store.send(Message("i", None, event(EventType.EVENT_RAISED, at=now(), Name="newer", Input="1")))
    assert not store.commit(Turn(instance, taken=taken, first_position=1, events=[a_result()]))
    assert (len(store.history("i")), len(store.inbox("i"))) == (1, 1)


def test_a_batch_of_an_entity_is_stored_once_however_often_it_ran(store: Store) -> None:
    store.ask_entity("@counter@a", "{}")
    taken = [number for number, _ in store.requests("@counter@a", 9)]
    store.commit_batch("@counter@a", "1", taken, [], [])
    store.ask_entity("@counter@a", "{}")
    store.commit_batch("@counter@a", "2", taken, [], [("@other@b", "{}")])
    assert store.entity_state("@counter@a") == "1"
    assert (len(store.requests("@counter@a", 9)), store.requests("@other@b", 9)) == (1, [])


def test_a_result_is_delivered_once(store: Store) -> None:
    running(store)
    assert store.complete(an_activity(), a_result())
    assert not store.complete(an_activity(), a_result())
    assert len(store.inbox("i")) == 1


def test_nothing_waits_for_a_finished_instance(store: Store) -> None:
    instance = running(store)
    store.send(Message("i", None, event(EventType.EVENT_RAISED, at=now(), Name="n", Input="1")))
    instance.status = "Completed"
    assert store.commit(Turn(instance))
    assert not store.complete(an_activity(), a_result())
    assert store.pending() == ([], [], [], [])


def test_a_timer_of_an_earlier_execution_fires_for_nobody(store: Store) -> None:
    instance = running(store)
    timer = store.pending()[1][0]
    assert store.commit(Turn(instance, next_execution="second", kept=[Message("i", "second", started(instance))]))
    assert store.fire([(timer, event(EventType.TIMER_FIRED, at=now(), TimerId=1))]) == []


def test_continuing_as_new_keeps_only_messages_for_any_execution(store: Store) -> None:
    instance = running(store)
    store.complete(an_activity(), a_result())
    store.send(Message("i", None, event(EventType.EVENT_RAISED, at=now(), Name="kept", Input="1")))
    assert store.commit(Turn(instance, next_execution="second", kept=[Message("i", "second", started(instance))]))
    kinds = [message.event["EventType"] for message in store.inbox("i")]
    assert kinds == [EventType.EXECUTION_STARTED, EventType.EVENT_RAISED]


def test_a_file_of_another_task_hub_is_refused(store: Store, tmp_path: Path) -> None:
    store.close()
    with pytest.raises(AppError, match="holds the task hub 'Hub'"):
        Store(tmp_path / "durable.db", "Other")
