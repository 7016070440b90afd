"""Requests for /api, handed on to the functions host as they come."""

from __future__ import annotations

import json
import logging

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

CONNECT_LIMIT = 5.0
"""Seconds to reach the host; on one machine it answers at once or is down."""

ANSWER_LIMIT = 230.0
"""Seconds between two pieces of an answer: the longest that Azure's front door waits for a function."""

HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer"}
    | {"transfer-encoding", "upgrade"}
)
"""Headers that speak of one connection only (RFC 9110, section 7.6.1)."""

log = logging.getLogger(__name__)


class Forward:
    """Hands requests on to `api`, such as http://127.0.0.1:7071."""

    def __init__(self, api: str) -> None:
        self._api = api.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def open(self, _: web.Application) -> None:
        """Call at start-up."""
        # No connection is kept: one that the host closed while it restarted would fail a request that is not repeated.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True, limit=0),
            timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_LIMIT, sock_read=ANSWER_LIMIT),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def close(self, _: web.Application) -> None:
        """Call at shutdown."""
        if self._session is not None:
            await self._session.close()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The host's answer, passed on while it arrives; 502 when the host is down, 504 when it takes too long."""
        assert self._session is not None
        address = URL(self._api + request.raw_path, encoded=True)
        try:
            upstream = await self._session.request(
                request.method,
                address,
                headers=forwarded_headers(request),
                data=request.content if request.can_read_body else None,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                allow_redirects=False,
            )
        except aiohttp.ServerTimeoutError:
            return problem(504, "The service takes too long", "The functions host did not answer in time.")
        except aiohttp.ClientError:
            return problem(502, "The service does not answer", "The functions host is down; try again in a moment.")
        async with upstream:
            return await self._pass_on(request, upstream)

    async def _pass_on(self, request: web.Request, upstream: aiohttp.ClientResponse) -> web.StreamResponse:
        response = web.StreamResponse(status=upstream.status, reason=upstream.reason)
        for name, value in upstream.headers.items():
            if name.lower() not in HOP_BY_HOP:
                response.headers.add(name, value)
        await response.prepare(request)
        try:
            async for piece in upstream.content.iter_any():
                await response.write(piece)
            await response.write_eof()
        except (TimeoutError, aiohttp.ClientPayloadError) as error:
            # The status is out already: only a broken connection tells the caller that the answer is not whole.
            log.warning("the host broke off its answer to %s %s: %r", request.method, request.path, error)
            if request.transport is not None:
                request.transport.abort()
        return response


def forwarded_headers(request: web.Request) -> CIMultiDict[str]:
    """The request's headers, without those of its connection, and with who asked for what."""
    headers = CIMultiDict(
        (name, value) for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP | {"host"}
    )
    headers["X-Forwarded-Host"] = request.host
    headers["X-Forwarded-Proto"] = request.scheme
    headers["X-Forwarded-For"] = request.remote or "127.0.0.1"
    return headers


def problem(status: int, title: str, detail: str) -> web.Response:
    """Problem details (RFC 9457), as the API itself answers."""
    body = {"type": "urn:problem:unavailable", "title": title, "status": status, "detail": detail}
    return web.Response(
        status=status,
        text=json.dumps({**body, "code": "unavailable"}),
        content_type="application/problem+json",
        headers={"Retry-After": "1"},
    )
