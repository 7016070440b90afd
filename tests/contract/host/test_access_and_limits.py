"""What a host refuses when it is told to be strict."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.contract.host.running import Caller, RunningHost, a_host


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def strict(data: Path) -> Iterator[RunningHost]:
    settings = {
        "AzureFunctionsJobHost__functionTimeout": "00:00:01",
        "AzureFunctionsJobHost__extensions__http__routePrefix": "",
        "AzureWebJobs.asleep.Disabled": "1",
        "AzureWebJobsDisableHomepage": "true",
        "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT": "1000",
    }
    with a_host("--enable-auth", "--cors", "*", data=data, environment=settings) as running:
        yield running


@pytest.fixture
async def call(strict: RunningHost) -> AsyncIterator[Caller]:
    async with Caller(strict.url) as caller:
        yield caller


def a_key(data: Path, kind: str) -> str:
    keys = json.loads((data / "host-keys.json").read_text())
    own = {"locked": keys["functions"]["locked"][0], "vault": keys["functions"]["vault"][0]}
    return str(({"master": keys["masterKey"], "host": keys["functionKeys"][0]} | own)[kind]["value"])


@pytest.mark.parametrize(
    ("path", "key", "status"),
    [
        ("/locked", "host", 200),
        ("/locked", "locked", 200),
        ("/locked", "master", 200),
        ("/locked", "vault", 401),
        ("/vault", "master", 200),
        ("/vault", "vault", 401),
        ("/vault", "host", 401),
        ("/admin/functions", "master", 200),
        ("/admin/functions", "host", 401),
    ],
)
async def test_a_key_opens_what_it_is_for(call: Caller, data: Path, path: str, key: str, status: int) -> None:
    value = a_key(data, key)

    by_header = await call("GET", path, headers={"x-functions-key": value})
    by_query = await call("GET", path, params={"code": value})

    assert by_header.status == by_query.status == status


async def test_without_the_right_key_a_route_is_closed_and_an_anonymous_one_is_not(call: Caller) -> None:
    wrong = {"x-functions-key": "wrong"}

    assert (await call("GET", "/locked")).status == 401
    assert (await call("GET", "/locked", headers=wrong)).status == 401
    assert (await call("GET", "/admin/host/status")).status == 401
    assert (await call("GET", "/empty", headers=wrong)).status == 200


@pytest.mark.parametrize("path", ["/slow", "/stuck"])
async def test_a_function_that_runs_too_long_is_a_500(call: Caller, strict: RunningHost, path: str) -> None:
    response = await call("GET", path)

    assert (response.status, response.body) == (500, b"")
    assert "longer than functionTimeout (1 s)" in strict.wait_for("ran longer")


async def test_requests_above_the_bound_are_refused_and_waiting_ones_take_turns(tmp_path: Path) -> None:
    bounds = {
        "AzureFunctionsJobHost__extensions__http__maxConcurrentRequests": "2",
        "AzureFunctionsJobHost__extensions__http__maxOutstandingRequests": "3",
    }
    with a_host(data=tmp_path, environment=bounds) as host:
        async with Caller(host.url) as call:
            # While nobody opens the gate nobody passes it: the first two answers are those of the refused.
            answers = asyncio.as_completed([call("GET", "/api/gate") for _ in range(5)])
            refused = [await next(answers) for _ in range(2)]
            await call("POST", "/admin/functions/open_gate", json={"input": ""})
            passed = [await one for one in answers]

    assert [(one.status, one.headers["X-FUNCTION-SCALEOUT"]) for one in refused] == [(429, "1"), (429, "1")]
    # The gate says how many waited at it at once at most.
    assert {(one.status, one.text) for one in passed} == {(200, "2")}
    assert len(passed) == 3


async def test_a_body_above_the_limit_is_413(call: Caller) -> None:
    small = await call("POST", "/hello", json={"name": "x" * 900})
    large = await call("POST", "/hello", json={"name": "x" * 1100})

    assert (small.status, large.status) == (200, 413)


async def test_a_function_can_be_switched_off_and_so_can_the_homepage(call: Caller) -> None:
    assert (await call("GET", "/asleep")).status == 404
    assert (await call("GET", "/")).status == 204


async def test_any_origin_may_read_when_the_command_line_says_so(call: Caller) -> None:
    response = await call("GET", "/empty", headers={"Origin": "https://anywhere.example"})

    assert response.headers["Access-Control-Allow-Origin"] == "*"
