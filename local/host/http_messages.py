"""From a request on the wire to the object a function gets, and from what it returns to a response."""

from __future__ import annotations

import json
from typing import Any

import azure.functions as func
from aiohttp import web
from azure.functions.http import HttpRequest, HttpResponseConverter
from multidict import CIMultiDict

# The server frames the body itself.
_FRAMING = frozenset({"content-length", "transfer-encoding", "connection"})
_JSON = "application/json; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"


def to_request(request: web.Request, body: bytes, route_params: dict[str, str]) -> func.HttpRequest:
    """The request as the Python worker hands it over: header names in lower case, repeated values joined by commas."""
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        key = name.lower()
        headers[key] = f"{headers[key]},{value}" if key in headers else value
    params: dict[str, str] = {}
    if "?" in request.raw_path:
        for name, value in request.query.items():
            if value:
                params[name] = f"{params[name]},{value}" if name in params else value
    return HttpRequest(
        method=request.method,
        url=f"{request.scheme}://{request.host}{request.raw_path}",
        headers=headers,
        params=params,
        route_params=route_params,
        body_type="bytes",
        body=body,
    )


def to_response(returned: Any) -> web.Response:
    """The response for an HttpResponse or a string. Raises TypeError for anything else, None among them.

    A string that holds JSON goes out as JSON, and a JSON object with a `body` is read as a description of the
    response (`statusCode` or `status`, `headers`): so does the host of the cloud.
    """
    if isinstance(returned, func.HttpResponse):
        return _from_http_response(returned)
    if isinstance(returned, str):
        return _from_text(returned)
    raise TypeError(f"unable to encode outgoing TypedData: an HTTP function returned {type(returned).__name__}")


def _from_http_response(returned: func.HttpResponse) -> web.Response:
    encoded = HttpResponseConverter.encode(returned, expected_type=None).value
    headers: CIMultiDict[str] = CIMultiDict()
    for name, value in encoded["headers"].items():
        if name.lower() not in _FRAMING:
            headers[name] = value.value
    for cookie in encoded["cookies"] or ():
        for morsel in cookie.values():
            headers.add("Set-Cookie", morsel.OutputString())
    status = int(encoded["status_code"].value)
    return web.Response(status=status, headers=headers, body=encoded["body"].value)


def _from_text(text: str) -> web.Response:
    if not text:
        return web.Response(status=204)
    try:
        content = json.loads(text)
    except ValueError:
        content = text
    status = 200
    headers: Any = {}
    if isinstance(content, dict):
        described = {key.lower(): value for key, value in content.items()}
        if "body" in described:
            content = described["body"]
            status = _status(described.get("statuscode", described.get("status")))
            headers = described.get("headers") or {}
    return _from_content(content, status, headers if isinstance(headers, dict) else {})


def _from_content(content: Any, status: int, headers: dict[str, Any]) -> web.Response:
    sent: CIMultiDict[str] = CIMultiDict(
        (name, str(value)) for name, value in headers.items() if name.lower() not in _FRAMING
    )
    if content is None:
        return web.Response(status=204 if status == 200 else status, headers=sent)
    if isinstance(content, str):
        sent.setdefault("Content-Type", _TEXT)
        return web.Response(status=status, headers=sent, body=content.encode())
    sent.setdefault("Content-Type", _JSON)
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return web.Response(status=status, headers=sent, body=body)


def _status(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 200
