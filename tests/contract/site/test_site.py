"""The site serves a built front end by its own rules, and hands /api on to the host untouched."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from local.site.application import build

Site = TestClient[web.Request, web.Application]

CONFIGURATION = {
    "globalHeaders": {"X-Frame-Options": "DENY", "Cache-Control": "public, max-age=60"},
    "routes": [
        {"route": "/assets/*", "headers": {"Cache-Control": "public, max-age=31536000, immutable"}},
        {"route": "/old-desk", "redirect": "/desk", "statusCode": 301},
        {"route": "/start", "rewrite": "/index.html"},
        {"route": "/*.{bak,map}", "statusCode": 404},
    ],
    "navigationFallback": {"rewrite": "/index.html", "exclude": ["/assets/*", "*.{png,ico}"]},
    "mimeTypes": {".webmanifest": "application/manifest+json"},
    "responseOverrides": {"404": {"rewrite": "/404.html"}},
}


async def echo(request: web.Request) -> web.Response:
    """A host that tells what it was asked."""
    asked = {
        "method": request.method,
        "path": request.raw_path,
        "authorization": request.headers.get("Authorization"),
        "forwarded_host": request.headers.get("X-Forwarded-Host"),
        "body": (await request.read()).decode(),
    }
    response = web.json_response(asked, status=201)
    response.set_cookie("one", "1")
    response.set_cookie("two", "2")
    return response


async def break_off(request: web.Request) -> web.StreamResponse:
    """A host that dies in the middle of an answer."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"the first half")
    assert request.transport is not None
    request.transport.abort()
    return response


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    files = {
        "index.html": "<h1>the application</h1>",
        "404.html": "<h1>nothing here</h1>",
        "help.html": "<h1>help</h1>",
        "app.webmanifest": "{}",
        "main.js.map": "secret",
        "assets/main-1a2b.js": "console.log('é')",
        "staticwebapp.config.json": json.dumps(CONFIGURATION),
    }
    for name, content in files.items():
        file = tmp_path / "dist" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    (tmp_path / "private.txt").write_text("not yours")
    return tmp_path / "dist"


@pytest.fixture
async def host() -> AsyncIterator[TestServer]:
    application = web.Application()
    application.router.add_get("/api/breaks", break_off)
    application.router.add_route("*", "/{rest:.*}", echo)
    server = TestServer(application)
    await server.start_server()
    yield server
    await server.close()


@pytest.fixture
async def site(dist: Path, host: TestServer) -> AsyncIterator[Site]:
    async with TestClient(TestServer(await build(dist, str(host.make_url(""))))) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/index.html", "/desk", "/desk/anything/below", "/start"])
async def test_pages_of_the_application_are_one_file(site: Site, path: str) -> None:
    answer = await site.get(path)

    assert (answer.status, await answer.text()) == (200, "<h1>the application</h1>")
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


async def test_file_answers_before_the_fallback_and_without_its_ending(site: Site) -> None:
    assert await (await site.get("/help")).text() == "<h1>help</h1>"


async def test_rule_of_a_route_goes_before_global_headers(site: Site) -> None:
    asset = await site.get("/assets/main-1a2b.js")

    assert await asset.text() == "console.log('é')"
    assert asset.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert asset.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", ["/assets/gone.js", "/logo.png", "/main.js.map"])
async def test_what_the_rules_exclude_is_not_found(site: Site, path: str) -> None:
    answer = await site.get(path)

    assert (answer.status, await answer.text()) == (404, "<h1>nothing here</h1>")


async def test_rules_themselves_are_not_served(site: Site) -> None:
    assert "routes" not in await (await site.get("/staticwebapp.config.json")).text()


async def test_redirect_keeps_its_status(site: Site) -> None:
    answer = await site.get("/old-desk", allow_redirects=False)

    assert (answer.status, answer.headers["Location"]) == (301, "/desk")


async def test_named_media_type_is_used(site: Site) -> None:
    assert (await site.get("/app.webmanifest")).content_type == "application/manifest+json"


async def test_unchanged_file_is_not_sent_again(site: Site) -> None:
    first = await site.get("/index.html")
    again = await site.get("/index.html", headers={"If-None-Match": first.headers["ETag"]})
    other = await site.get("/index.html", headers={"If-None-Match": '"another"'})

    assert (again.status, await again.read()) == (304, b"")
    assert other.status == 200


@pytest.mark.parametrize("path", ["/../private.txt", "/%2e%2e/private.txt", "/assets/..%2f..%2fprivate.txt", "/a%00b"])
async def test_nothing_outside_the_front_end_is_served(site: Site, path: str) -> None:
    reader, writer = await open_raw(site)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())

    answer = await reader.read()

    assert answer.startswith(b"HTTP/1.1 ")
    assert b"not yours" not in answer
    writer.close()


async def test_pages_cannot_be_written(site: Site) -> None:
    assert (await site.post("/index.html", data="x")).status == 405


async def test_api_request_arrives_as_it_was_sent(site: Site) -> None:
    answer = await site.put("/api/a%20b/c%2Fd?q=1&q=%C3%A9", data="olá", headers={"Authorization": "Bearer t"})

    asked = await answer.json()
    assert answer.status == 201
    assert (asked["method"], asked["body"], asked["authorization"]) == ("PUT", "olá", "Bearer t")
    assert asked["path"].startswith("/api/a%20b/c%2Fd?q=1&q=%C3%A9")
    assert asked["forwarded_host"] == f"{site.host}:{site.port}"
    assert answer.headers.getall("Set-Cookie") == ["one=1; Path=/", "two=2; Path=/"]
    assert "X-Frame-Options" not in answer.headers


async def test_chunked_body_is_passed_on(site: Site) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"one, "
        yield b"two"

    assert (await (await site.post("/api/x", data=pieces())).json())["body"] == "one, two"


async def test_host_that_is_down_is_a_problem(site: Site, host: TestServer) -> None:
    await host.close()

    answer = await site.post("/api/chat/sessions", json={})

    assert (answer.status, answer.content_type) == (502, "application/problem+json")
    assert (await answer.json())["code"] == "unavailable"


async def test_broken_off_answer_is_not_passed_off_as_whole(site: Site) -> None:
    answer = await site.get("/api/breaks")

    with pytest.raises(aiohttp.ClientPayloadError):
        await answer.read()


async def open_raw(site: Site) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A bare connection: client libraries tidy up the paths that an attacker would send."""
    return await asyncio.open_connection(site.host, site.port)
