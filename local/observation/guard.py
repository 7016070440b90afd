"""Who may use /_local: programs and pages of this machine, and no page from elsewhere."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from aiohttp import web

PREFIX = "/_local"

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(?P<name>\[[0-9a-f:]+\]|[^:\[\]]+)(:\d+)?", re.IGNORECASE)


def is_local(path: str) -> bool:
    """Whether a path belongs to what is described here, rather than to the service that is stood in for."""
    return path.startswith(PREFIX) and (len(path) == len(PREFIX) or path[len(PREFIX)] == "/")


def refusal(request: web.Request) -> web.Response | None:
    """The answer for a request that must not get through; None for all others.

    A page whose name was made to resolve to 127.0.0.1 sends its own name as Host; a page of another origin that
    writes sends its Origin, and cannot send JSON without asking first.
    """
    if request.remote is not None and request.remote not in _HERE:
        return _refuse("only this machine may ask")
    host = _HOST.fullmatch(request.headers.get("Host", ""))
    if host is None or host["name"].strip("[]").lower() not in _HERE:
        return _refuse("ask for it as localhost or 127.0.0.1")
    if request.headers.get("Sec-Fetch-Site", "none") == "cross-site":
        return _refuse("pages of other sites may not ask")
    if request.method in {"GET", "HEAD"}:
        return None
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc.lower() != request.headers["Host"].lower():
        return _refuse("pages of another origin may not change anything")
    if request.content_type != "application/json":
        return web.json_response({"error": "send application/json"}, status=415)
    return None


def _refuse(why: str) -> web.Response:
    return web.json_response({"error": why}, status=403)
