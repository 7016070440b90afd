"""Health, and the description of the API."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import azure.durable_functions as df
import azure.functions as func

from functions.endpoint import Call, Caller, NoBody, NoParameters, endpoint
from functions.openapi import openapi_document
from shared.engines.chain import EngineState
from shared.errors import NotFound, Unavailable
from shared.models.base import Model

health = df.Blueprint()

CHECK_SECONDS = 3.0

_DOCS_FILES = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}

# The package knows no dark theme: turned into its negative, and the hues turned back, it is one.
_DOCS_STYLE = """@media (prefers-color-scheme: dark) {
  html { background: #14181a; }
  #api { filter: invert(0.9) hue-rotate(180deg); }
}
"""

_DOCS_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Customer service assistant: API</title>
<meta name="color-scheme" content="light dark">
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="stylesheet" href="docs/style.css">
</head>
<body>
<div id="api"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""

_DOCS_START = """SwaggerUIBundle({ url: "openapi.json", dom_id: "#api", deepLinking: true });
"""


class LiveAnswer(Model):
    status: Literal["ok"]


class Dependency(Model):
    name: str
    state: Literal["ok", "failing"]
    latency_ms: float


class ReadyAnswer(Model):
    status: Literal["ok", "failing"]
    dependencies: list[Dependency]
    engines: list[EngineState]


class DocsParameters(Model):
    file: str


@endpoint(health, "GET", "health/live", caller=Caller.ANYONE, answer=LiveAnswer)
async def live(call: Call[NoBody, NoParameters]) -> LiveAnswer:
    """Whether the process answers."""
    return LiveAnswer(status="ok")


@endpoint(health, "GET", "health/ready", caller=Caller.ANYONE, answer=ReadyAnswer)
async def ready(call: Call[NoBody, NoParameters]) -> ReadyAnswer | func.HttpResponse:
    """Each dependency with its state and latency; 503 when one fails."""
    connected = call.services
    dependencies = await asyncio.gather(
        _checked("cosmos-db", connected.database.check),
        _checked("web-pubsub", connected.hub.check),
        _checked("blob-storage", connected.blobs.check),
    )
    failing = any(each.state == "failing" for each in dependencies)
    answer = ReadyAnswer(
        status="failing" if failing else "ok",
        dependencies=list(dependencies),
        engines=call.services.understanding.states(),
    )
    if failing:
        return func.HttpResponse(answer.model_dump_json(), status_code=503, mimetype="application/json")
    return answer


async def _checked(name: str, check: Callable[[], Awaitable[None]]) -> Dependency:
    began = time.perf_counter()
    state: Literal["ok", "failing"] = "ok"
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await check()
    except (Unavailable, TimeoutError):
        state = "failing"
    return Dependency(name=name, state=state, latency_ms=round((time.perf_counter() - began) * 1000, 1))


@endpoint(health, "GET", "openapi.json", caller=Caller.ANYONE, answer=None)
async def openapi(call: Call[NoBody, NoParameters]) -> func.HttpResponse:
    """This description."""
    return func.HttpResponse(openapi_document(), mimetype="application/json")


@endpoint(health, "GET", "docs", caller=Caller.ANYONE, answer=None)
async def docs(call: Call[NoBody, NoParameters]) -> func.HttpResponse:
    """The description as a page to read and to try."""
    return func.HttpResponse(_DOCS_PAGE, mimetype="text/html")


@endpoint(health, "GET", "docs/{file}", caller=Caller.ANYONE, parameters=DocsParameters, answer=None)
async def docs_file(call: Call[NoBody, DocsParameters]) -> func.HttpResponse:
    """A part of that page."""
    name = call.parameters.file
    if name == "start.js":
        return func.HttpResponse(_DOCS_START, mimetype="text/javascript")
    if name == "style.css":
        return func.HttpResponse(_DOCS_STYLE, mimetype="text/css")
    if name not in _DOCS_FILES:
        raise NotFound("The page has no such file.")
    headers = {"Cache-Control": "public, max-age=86400"}
    return func.HttpResponse(await asyncio.to_thread(_docs_file, name), mimetype=_DOCS_FILES[name], headers=headers)


def _docs_file(name: str) -> bytes:
    # Only the package's files are wanted; importing it would pull in a template engine.
    found = find_spec("swagger_ui")
    if found is None or not found.submodule_search_locations:
        raise Unavailable("The page's files are not installed.")
    return (Path(found.submodule_search_locations[0]) / "static" / name).read_bytes()
