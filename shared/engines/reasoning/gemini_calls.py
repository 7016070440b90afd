"""Gemini's SDK: its client, and what its failures mean."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from shared.engines.chain import EngineFailed

if TYPE_CHECKING:
    from google.genai.errors import APIError
    from google.genai.models import AsyncModels
    from httpx2 import Response

UNREADABLE = "unreadable answer"

MOST_BYTES = 2 * 2**20
"""Of a response. An answer of the longest kind that is asked for has a twentieth of it."""

_RETRIABLE = frozenset({408, 429})


class GeminiClient:
    """The SDK's client with its asynchronous half. It asks once: trying again is the chain's work."""

    def __init__(self, api_key: str, base_url: str | None, timeout: float) -> None:
        """`timeout` is in seconds. Imports the SDK, which takes half a second: not for the event loop."""
        import httpx2
        from google import genai
        from google.genai.types import HttpOptions

        # Over aiohttp, its first choice, the SDK asks once more by itself, one to ten seconds after a lost connection.
        # Uncompressed, so that what is counted on the wire is what memory has to hold.
        self._http = httpx2.AsyncClient(headers={"Accept-Encoding": "identity"}, event_hooks={"response": [_bounded]})
        options = HttpOptions(base_url=base_url, timeout=math.ceil(timeout * 1000), httpx_async_client=self._http)
        self._client = genai.Client(api_key=api_key, http_options=options)
        self.models: AsyncModels = self._client.aio.models

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aio.aclose()
        self._client.close()
        await self._http.aclose()


@contextmanager
def gemini_failures() -> Iterator[None]:
    """Turns what the SDK raises into EngineFailed; its message, which may quote the text, goes no further."""
    import httpx2
    from google.genai.errors import APIError

    try:
        yield
    except EngineFailed:
        raise
    except APIError as error:
        raise _failure(error) from None
    except httpx2.TimeoutException:
        raise EngineFailed("time limit") from None
    except httpx2.TransportError:
        raise EngineFailed("connection lost", retriable=True) from None
    except (httpx2.HTTPError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise EngineFailed(UNREADABLE) from None


async def _bounded(response: Response) -> None:
    """Lets no more of a response into memory than an answer may have."""
    from httpx2 import AsyncByteStream

    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise EngineFailed(UNREADABLE)
    if not isinstance(response.stream, AsyncByteStream):
        raise EngineFailed(UNREADABLE)
    whole: AsyncByteStream = response.stream

    class Bounded(AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            count = 0
            async for part in whole:
                count += len(part)
                if count > MOST_BYTES:
                    raise EngineFailed(UNREADABLE)
                yield part

        async def aclose(self) -> None:
            await whole.aclose()

    response.stream = Bounded()


def _failure(error: APIError) -> EngineFailed:
    if not isinstance(error.code, int) or error.code < 400:
        return EngineFailed(UNREADABLE)
    retriable = error.code in _RETRIABLE or error.code >= 500
    return EngineFailed(f"HTTP {error.code}", retriable=retriable, retry_after=_retry_after(error))


def _retry_after(error: APIError) -> float | None:
    """Seconds after which the service wants to be asked again; null when it does not say."""
    headers = getattr(error.response, "headers", None) or {}
    for told in (str(headers.get("Retry-After")), *_retry_delays(error.details)):
        try:
            seconds = float(told)
        except ValueError:
            continue
        if seconds >= 0 and math.isfinite(seconds):
            return seconds
    return None


def _retry_delays(details: Any) -> list[str]:
    """What the error itself says of it, as Google's services do: `37s` in a RetryInfo, and no header."""
    error = details.get("error", details) if isinstance(details, dict) else {}
    told = error.get("details") if isinstance(error, dict) else None
    delays = [each.get("retryDelay") for each in told if isinstance(each, dict)] if isinstance(told, list) else []
    return [delay.removesuffix("s") for delay in delays if isinstance(delay, str)]
