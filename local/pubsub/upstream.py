"""Requests to event handlers: the abuse-protection handshake, signatures, retries and limits."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie

import aiohttp
from multidict import CIMultiDictProxy

_EVENT_TIMEOUT_SECONDS = 100.0
_VALIDATION_TIMEOUT_SECONDS = 10.0
_RETRY_DELAYS_SECONDS = (1.0, 3.0, 5.0)
_ALLOWED_FOR_SECONDS = 60.0
_REFUSED_FIRST_SECONDS = 1.0
_REFUSED_LONGEST_SECONDS = 60.0
# Shorter than handlers keep idle connections: one closed by the other side would cost an event its first try.
_IDLE_SECONDS = 3.0
_ANSWER_LIMIT_BYTES = 16 * 1024 * 1024

_log = logging.getLogger(__name__)


class UpstreamFailure(Exception):
    """The event handler could not be asked, or its answer cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an event handler answered."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes
    cookies: SimpleCookie

    @property
    def accepted(self) -> bool:
        """Whether the handler said yes: any 2xx."""
        return 200 <= self.status < 300


@dataclass(slots=True)
class _Verdict:
    allowed: bool
    due: float
    delay: float


class Upstream:
    """The way to all event handlers."""

    def __init__(self, access_keys: Iterable[str]) -> None:
        self._access_keys = [key.encode() for key in access_keys]
        # Cookies belong to client connections, which keep their own.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            auto_decompress=True,
        )
        self._verdicts: dict[tuple[str, str], _Verdict] = {}
        self._checks: dict[tuple[str, str], asyncio.Task[bool]] = {}

    async def close(self) -> None:
        """Stop the handshakes under way and close the connections."""
        for check in list(self._checks.values()):
            check.cancel()
        await asyncio.gather(*self._checks.values(), return_exceptions=True)
        await self._session.close()

    def signature(self, connection_id: str) -> str:
        """The value of `ce-signature`: an HMAC-SHA256 of the connection id for each access key."""
        return ",".join(
            f"sha256={hmac.new(key, connection_id.encode(), hashlib.sha256).hexdigest()}" for key in self._access_keys
        )

    async def post(self, url: str, validation_url: str, origin: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The handler's answer to an event, within 100 seconds and after up to three retries.

        Raises UpstreamFailure when the handler does not allow the origin, cannot be reached or answers too much.
        """
        try:
            async with asyncio.timeout(_EVENT_TIMEOUT_SECONDS):
                if not await self._allowed(validation_url, origin):
                    raise UpstreamFailure("the event handler did not allow this service to send it events")
                return await self._request("POST", url, headers, body)
        except TimeoutError as error:
            raise UpstreamFailure("the event handler did not answer in time") from error

    async def _request(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        for delay in (*_RETRY_DELAYS_SECONDS, None):
            try:
                answer = await self._request_once(method, url, headers, body)
            except (aiohttp.ClientError, ValueError) as error:
                # ValueError: a header that HTTP cannot carry; no retry mends that.
                if delay is None or isinstance(error, ValueError):
                    raise UpstreamFailure(f"the event handler cannot be reached: {type(error).__name__}") from error
            else:
                if delay is None or not (answer.status == 408 or answer.status >= 500):
                    return answer
            await asyncio.sleep(delay)
        raise AssertionError("the last round returns or raises")

    async def _request_once(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        async with self._session.request(method, url, headers=headers, data=body, allow_redirects=False) as response:
            content = bytearray()
            async for chunk in response.content.iter_chunked(65536):
                content += chunk
                if len(content) > _ANSWER_LIMIT_BYTES:
                    raise UpstreamFailure("the event handler answered more than 16 MiB")
            return Answer(response.status, response.headers, bytes(content), response.cookies)

    async def _allowed(self, url: str, origin: str) -> bool:
        verdict = self._verdicts.get((url, origin))
        if verdict is None or asyncio.get_running_loop().time() >= verdict.due:
            check = self._check(url, origin)
            # An allowance that has run out still holds while it is renewed.
            if verdict is None or not verdict.allowed:
                return await asyncio.shield(check)
        assert verdict is not None
        return verdict.allowed

    def _check(self, url: str, origin: str) -> asyncio.Task[bool]:
        check = self._checks.get((url, origin))
        if check is None:
            check = asyncio.create_task(self._validate(url, origin))
            self._checks[url, origin] = check
            check.add_done_callback(lambda _: self._checks.pop((url, origin)))
        return check

    async def _validate(self, url: str, origin: str) -> bool:
        try:
            async with asyncio.timeout(_VALIDATION_TIMEOUT_SECONDS):
                allowed = await self._handshake(url, origin)
        except (UpstreamFailure, TimeoutError) as error:
            _log.warning("event handler %s: the handshake failed: %s", url, error or "no answer in time")
            allowed = False
        before = self._verdicts.get((url, origin))
        delay = _ALLOWED_FOR_SECONDS
        if not allowed:
            refused_before = before is not None and not before.allowed
            delay = (
                min(before.delay * 2, _REFUSED_LONGEST_SECONDS) if before and refused_before else _REFUSED_FIRST_SECONDS
            )
        self._verdicts[url, origin] = _Verdict(allowed, asyncio.get_running_loop().time() + delay, delay)
        return allowed

    async def _handshake(self, url: str, origin: str) -> bool:
        headers = {"WebHook-Request-Origin": origin, "ce-awpsversion": "1.0"}
        answer = await self._request("OPTIONS", url, headers, b"")
        if answer.status == 404:
            answer = await self._request("GET", url, headers, b"")
        if not answer.accepted:
            _log.warning("event handler %s: the handshake was answered with %d", url, answer.status)
            return False
        values = ",".join(answer.headers.getall("WebHook-Allowed-Origin", [])).split(",")
        allowed = {value.strip().lower() for value in values}
        return "*" in allowed or origin.lower() in allowed
