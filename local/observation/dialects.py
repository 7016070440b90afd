"""How each service words a refusal that comes from no rule of its own: throttling, an outage, a full disk."""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Callable
from typing import Any

from aiohttp import web

_CODES = {429: "TooManyRequests", 500: "InternalServerError", 503: "ServiceUnavailable", 507: "InsufficientStorage"}
_REASONS = {429: "Too many requests.", 500: "Something failed.", 503: "The service is unavailable."}

THROTTLED = 3200
"""Cosmos DB's substatus of a 429 for the request rate."""

_Headers = dict[str, str]


def refuse(part: str, status: int, message: str = "", retry_after: int | None = None) -> web.Response:
    """An answer with `status` in the words of the part's service; `retry_after` is in milliseconds."""
    text = message or _REASONS.get(status, "The service failed.")
    headers, body, kind = _DIALECTS.get(part, _plain)(status, text, retry_after)
    return web.Response(status=status, headers=headers, body=body, content_type=kind)


def _code(status: int) -> str:
    return _CODES.get(status, "ServiceError")


def _whole_seconds(milliseconds: int | None) -> _Headers:
    """Retry-After knows whole seconds only (RFC 9110, section 10.2.3)."""
    return {} if milliseconds is None else {"Retry-After": str(math.ceil(milliseconds / 1000))}


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _cosmos(status: int, text: str, retry_after: int | None) -> tuple[_Headers, bytes, str]:
    activity = str(uuid.uuid4())
    headers = {"x-ms-activity-id": activity, "x-ms-substatus": str(THROTTLED if status == 429 else 0)}
    if retry_after is not None:
        headers["x-ms-retry-after-ms"] = str(retry_after)
    message = f"{text}\r\nActivityId: {activity}"
    return headers, _json({"code": _code(status), "message": message}), "application/json"


def _search(status: int, text: str, retry_after: int | None) -> tuple[_Headers, bytes, str]:
    body = {"error": {"code": _code(status), "message": text}}
    return _whole_seconds(retry_after), _json(body), "application/json"


def _pubsub(status: int, text: str, retry_after: int | None) -> tuple[_Headers, bytes, str]:
    code = f"Error.{_code(status)}"
    body = {"code": code, "message": text, "target": "Request"}
    return {**_whole_seconds(retry_after), "x-ms-error-code": code}, _json(body), "application/json"


def _site(status: int, text: str, retry_after: int | None) -> tuple[_Headers, bytes, str]:
    body = {"type": "urn:problem:unavailable", "title": text, "status": status, "detail": text, "code": "unavailable"}
    return _whole_seconds(retry_after), _json(body), "application/problem+json"


def _plain(status: int, text: str, retry_after: int | None) -> tuple[_Headers, bytes, str]:
    return _whole_seconds(retry_after), f"{text}\n".encode(), "text/plain"


_DIALECTS: dict[str, Callable[[int, str, int | None], tuple[_Headers, bytes, str]]] = {
    "cosmos": _cosmos,
    "search": _search,
    "pubsub": _pubsub,
    "site": _site,
}
