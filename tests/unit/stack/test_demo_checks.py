"""The demo finds what was lost, doubled or out of order; a demo that cannot fail would show nothing."""

from __future__ import annotations

from typing import Any

from local.demo.checks import problems_of
from local.demo.people import Thread

SENT = ["a", "b", "c"]


def a_message(client_id: str, seq: int, **fields: Any) -> dict[str, Any]:
    return {"id": f"id-{client_id}", "client_message_id": client_id, "seq": seq, "sender": "customer", **fields}


def stored(*client_ids: str) -> list[dict[str, Any]]:
    return [a_message(client_id, seq) for seq, client_id in enumerate(client_ids, start=1)]


def a_view(*client_ids: str) -> Thread:
    thread = Thread()
    for message in stored(*client_ids):
        thread.merge(message)
    return thread


def test_whole_conversation_has_no_problems() -> None:
    assert problems_of(SENT, stored("a", "b", "c"), {"the agent": a_view("a", "b", "c")}) == []


def test_system_messages_are_not_missed_among_the_sent() -> None:
    messages = [*stored("a", "b", "c"), a_message("s", 4, sender="system")]

    assert problems_of(SENT, messages, {}) == []


def test_lost_message_is_named() -> None:
    assert problems_of(SENT, stored("a", "c"), {}) == ["the stored conversation: message b is lost"]


def test_doubled_message_is_named() -> None:
    assert problems_of(SENT, stored("a", "b", "b", "c"), {}) == ["the stored conversation: message b is there 2 times"]


def test_exchanged_messages_are_noticed() -> None:
    assert problems_of(SENT, stored("b", "a", "c"), {}) == ["the stored conversation: the messages are out of order"]


def test_gap_in_the_numbers_is_noticed() -> None:
    messages = [a_message("a", 1), a_message("b", 2), a_message("c", 4)]

    assert problems_of(SENT, messages, {}) == ["the stored conversation is not numbered 1, 2, 3 …: [1, 2, 4]"]


def test_message_that_one_side_did_not_see_is_named() -> None:
    problems = problems_of(SENT, stored("a", "b", "c"), {"the agent": a_view("a", "b")})

    assert problems == ["the agent: message id-c is lost"]


def test_message_announced_twice_is_named() -> None:
    view = a_view("a", "b", "c")
    view.announced = {"id-a": 1, "id-b": 2}

    assert problems_of(SENT, stored("a", "b", "c"), {"the agent": view}) == [
        "the agent: message id-b was announced 2 times"
    ]


def test_view_keeps_the_analysis_whatever_comes_later() -> None:
    thread = Thread()
    thread.merge(a_message("a", 1, analysis_state="complete"))
    thread.merge(a_message("a", 1, analysis_state="pending"))
    thread.merge(a_message("c", 3))

    assert [message.get("analysis_state") for message in thread.in_order] == ["complete", None]
    assert thread.last_seq == 1
