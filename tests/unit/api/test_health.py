"""Which dependencies are looked at, and what is said of one that fails."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest

import function_app  # noqa: F401  # endpoints are described in the order in which the application registers them
from functions.health import ReadyAnswer, ready
from shared.errors import Unavailable


async def is_well() -> None:
    return


async def fails() -> None:
    raise Unavailable("cannot be reached")


def a_call(**checks: Callable[[], Awaitable[None]]) -> Any:
    """A request to a worker whose connections are as given."""
    connections = {name: SimpleNamespace(check=checks.get(name, is_well)) for name in ("database", "hub", "blobs")}
    understanding = SimpleNamespace(states=list)
    return SimpleNamespace(services=SimpleNamespace(understanding=understanding, **connections))


async def test_all_that_answer_make_it_ready() -> None:
    answer = await ready(a_call())

    assert isinstance(answer, ReadyAnswer)
    assert [(each.name, each.state) for each in answer.dependencies] == [
        ("cosmos-db", "ok"),
        ("web-pubsub", "ok"),
        ("blob-storage", "ok"),
    ]


@pytest.mark.parametrize(
    ("connection", "name"), [("database", "cosmos-db"), ("hub", "web-pubsub"), ("blobs", "blob-storage")]
)
async def test_one_that_fails_is_named_and_the_answer_is_503(connection: str, name: str) -> None:
    response: Any = await ready(a_call(**{connection: fails}))

    body = json.loads(response.get_body())
    assert (response.status_code, body["status"]) == (503, "failing")
    assert [each["name"] for each in body["dependencies"] if each["state"] == "failing"] == [name]
