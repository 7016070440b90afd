"""Durable HTTP calls: one request, its answer as the SDK expects it; a 202 is an answer, not something to poll."""

from __future__ import annotations

import json
from typing import Any

import aiohttp

from local.host.durable.events import dump

TIME_LIMIT_SECONDS = 100
"""As .NET's HttpClient, which the extension uses, gives up."""


async def call_http(request_text: str) -> str:
    """Send the request of a CallHttp action and give {statusCode, headers, content} as JSON text.

    Raises ValueError for what cannot be sent, aiohttp.ClientError and TimeoutError for what failed on the way.
    """
    request: dict[str, Any] = json.loads(request_text)
    for name in ("method", "uri"):
        if not request.get(name):
            raise ValueError(f"call_http: {name} is missing")
    if request.get("tokenSource"):
        raise ValueError("call_http: token_source needs a managed identity, which only a deployed app has")
    timeout = aiohttp.ClientTimeout(total=TIME_LIMIT_SECONDS)
    headers = {
        **({"Content-Type": "application/json"} if request.get("content") else {}),
        **(request.get("headers") or {}),
    }
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.request(
            request["method"], request["uri"], data=request.get("content"), headers=headers, allow_redirects=True
        ) as response,
    ):
        content = await response.text()
        received: dict[str, Any] = {}
        for name in response.headers:
            values = response.headers.getall(name)
            received[name] = values[0] if len(values) == 1 else values
        return dump({"statusCode": response.status, "headers": received, "content": content})
