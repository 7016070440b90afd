"""HTTP triggers: what reaches a function, and what becomes of its answer."""

import re

import aiohttp
import pytest

from tests.contract.host.running import Caller, RunningHost

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


async def test_the_quickstart_answers_to_query_and_body(call: Caller) -> None:
    by_query = await call("GET", "/api/hello?name=Ada")
    by_body = await call("POST", "/api/hello", json={"name": "Ada"})

    assert (by_query.status, by_query.text) == (200, "Hello, Ada.")
    assert by_body.text == "Hello, Ada."
    assert by_query.headers["Content-Type"] == "text/plain; charset=utf-8"


async def test_a_body_that_is_no_json_raises_value_error_in_get_json(call: Caller) -> None:
    response = await call("POST", "/api/hello", data=b"{")

    assert (response.status, response.text) == (400, "no name")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/api/hello"),
        ("HEAD", "/api/hello"),
        ("OPTIONS", "/api/hello"),
        ("GET", "/hello"),
        ("GET", "/api/unknown"),
        ("GET", "/api/hello/more"),
        ("GET", "/api/echo/word/notanumber"),
        ("GET", "/api/echo/w0rd"),
        ("DELETE", "/admin/host/status"),
    ],
)
async def test_no_route_for_path_and_method_is_404(call: Caller, method: str, path: str) -> None:
    response = await call(method, path)

    assert response.status == 404
    assert response.body == b""


async def test_the_request_arrives_as_the_python_worker_hands_it_over(call: Caller, host: RunningHost) -> None:
    headers = [("X-Many", "one"), ("X-Many", "two")]

    response = await call("PATCH", "/API/Echo/word/7/?a=1&a=2&empty=&b=x%20y", headers=headers, data="text")

    seen = response.json
    assert seen["method"] == "PATCH"
    assert seen["url"] == f"{host.url}/API/Echo/word/7/?a=1&a=2&empty=&b=x%20y"
    assert seen["params"] == {"a": "1,2", "b": "x y"}
    assert seen["route"] == {"first": "word", "second": "7"}
    assert seen["headers"]["x-many"] == "one,two"
    assert (seen["body"], seen["function"]) == ("text", "echo")
    assert seen["thread"] == "MainThread"


async def test_an_invocation_is_a_span_of_its_own_in_the_callers_trace(call: Caller) -> None:
    response = await call("GET", "/api/echo/word", headers={"traceparent": f"00-{TRACE}-{SPAN}-00"})

    version, trace, span, flags = response.json["trace"].split("-")
    assert (version, trace, flags) == ("00", TRACE, "00")
    assert span != SPAN


@pytest.mark.parametrize(
    "sent", [None, "", "00-abc-def-01", f"00-{'0' * 32}-{SPAN}-01", f"00-{TRACE.upper()}-{SPAN}-01"]
)
async def test_an_invocation_without_a_callers_trace_begins_one(call: Caller, sent: str | None) -> None:
    headers = {} if sent is None else {"traceparent": sent}
    begun = [(await call("GET", "/api/echo/word", headers=headers)).json["trace"] for _ in range(2)]

    assert all(re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", place) for place in begun)
    assert TRACE not in "".join(begun)
    assert begun[0].split("-")[1] != begun[1].split("-")[1]


async def test_an_optional_parameter_that_is_not_given_is_absent(call: Caller) -> None:
    first, second = await call("GET", "/api/echo/word"), await call("GET", "/api/echo/word")

    assert (first.json)["route"] == {"first": "word"}
    assert (first.json)["invocation"] != (second.json)["invocation"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/api/files/a/b.txt", "path=a/b.txt"),
        ("/api/files/a%20b/c%2Fd", "path=a b/c%2Fd"),
        ("/api/files", "path=None"),
        ("/api/files/index", "index"),
        ("/api/files/index/more", "path=index/more"),
    ],
)
async def test_a_literal_wins_over_a_catch_all(call: Caller, path: str, text: str) -> None:
    response = await call("GET", path)

    assert response.text == text


async def test_forms_and_files_are_parsed(call: Caller) -> None:
    upload = aiohttp.FormData()
    upload.add_field("field", "value")
    upload.add_field("upload", b"12345", filename="five.bin")

    assert (await call("POST", "/api/form", data=upload)).text == "value 5"
    assert (await call("POST", "/api/form", data={"field": "plain"})).text == "plain 0"


async def test_cookies_go_out_one_by_one_and_the_functions_own_header_wins(call: Caller) -> None:
    response = await call("GET", "/api/cookies")

    assert response.headers.getall("Set-Cookie") == [
        "one=1; HttpOnly; Path=/",
        "two=2; Path=/; SameSite=Lax; Secure",
    ]
    assert response.headers.getall("X-Kept") == ["from the function"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_returned_string_may_describe_the_response(call: Caller) -> None:
    response = await call("GET", "/api/described")

    assert response.status == 418
    assert response.headers["X-Tea"] == "yes"
    assert response.json == {"pot": "short"}


async def test_an_output_parameter_answers(call: Caller) -> None:
    response = await call("GET", "/api/out")

    assert (response.status, response.text) == (201, "set")


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/api/broken", "LookupError: the shelf is empty"),
        ("/api/nothing", "an HTTP function returned NoneType"),
        ("/api/exit", "tried to end the process"),
    ],
)
async def test_a_failing_function_is_an_empty_500_and_a_traceback(
    call: Caller, host: RunningHost, path: str, logged: str
) -> None:
    response = await call("GET", path)

    assert (response.status, response.body) == (500, b"")
    assert logged in host.wait_for(logged)
    assert (await call("GET", "/api/empty")).status == 200


async def test_an_allowed_origin_may_read_and_another_may_not(call: Caller) -> None:
    allowed = await call("GET", "/api/empty", headers={"Origin": "https://desk.example"})
    refused = await call("GET", "/api/empty", headers={"Origin": "https://other.example"})

    assert allowed.headers["Access-Control-Allow-Origin"] == "https://desk.example"
    assert "Access-Control-Allow-Origin" not in refused.headers
    assert refused.status == 200


async def test_a_preflight_is_answered_for_the_function(call: Caller) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}

    allowed = await call("OPTIONS", "/api/hello", headers=asked | {"Origin": "http://localhost:4280"})
    refused = await call("OPTIONS", "/api/hello", headers=asked | {"Origin": "http://localhost:1"})

    assert allowed.status == refused.status == 204
    assert allowed.headers["Access-Control-Allow-Methods"] == "POST"
    assert allowed.headers["Access-Control-Allow-Headers"] == "authorization"
    assert "Access-Control-Allow-Origin" not in refused.headers


async def test_the_hosts_own_pages(call: Caller) -> None:
    status = await call("GET", "/admin/host/status")
    functions = (await call("GET", "/admin/functions")).json

    assert (await call("GET", "/")).status == 200
    assert (await call("GET", "/admin/host/ping")).status == 200
    assert (status.json)["state"] == "Running"
    hello = next(one for one in functions if one["name"] == "hello")
    assert hello["invoke_url_template"].endswith("/api/hello")
    assert {binding["type"] for binding in hello["config"]["bindings"]} == {"httpTrigger", "http"}
