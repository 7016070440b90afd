"""What the engines on Azure AI services share: how clients are built, and what their failures mean."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from shared.engines.chain import EngineFailed, NotServed

if TYPE_CHECKING:
    from azure.core.credentials import AzureKeyCredential
    from azure.core.credentials_async import AsyncTokenCredential

    Credential = AzureKeyCredential | AsyncTokenCredential

UNREADABLE = "unreadable answer"
"""The reason given for an answer that is cut off, or of another shape than agreed."""

_RETRIABLE = frozenset({408, 429})


def client_options(timeout: float) -> dict[str, Any]:
    """What every Azure client is built with: `timeout` seconds for a call, and no retries, which are the chain's."""
    if not (timeout > 0 and math.isfinite(timeout)):
        raise ValueError(f"timeout must be a number of seconds above zero, got {timeout}")
    return {"retry_total": 0, "connection_timeout": timeout, "read_timeout": timeout}


@contextmanager
def service_failures(not_served: frozenset[str] = frozenset()) -> Iterator[None]:
    """Turns what an Azure SDK raises into EngineFailed, also over an answer of another shape than agreed.

    A service's error whose code is in `not_served` becomes NotServed. The SDK's message, which may quote the text,
    goes no further.
    """
    from azure.core.exceptions import AzureError

    try:
        yield
    except (NotServed, EngineFailed):
        raise
    except AzureError as error:
        raise _failure(error, not_served) from None
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        raise EngineFailed(UNREADABLE) from None


def _failure(error: Exception, not_served: frozenset[str]) -> NotServed | EngineFailed:
    from azure.core import exceptions as azure

    # One of the SDKs wraps every failure in another of its own.
    if isinstance(error, azure.IncompleteReadError) or isinstance(error.__cause__, azure.IncompleteReadError):
        return EngineFailed("connection lost", retriable=True)
    if isinstance(error, azure.HttpResponseError):
        status = error.status_code
        if status is None or status < 400:
            return EngineFailed(UNREADABLE)
        if str(getattr(error.error, "code", "")) in not_served:
            return NotServed()
        retriable = status in _RETRIABLE or status >= 500
        return EngineFailed(f"HTTP {status}", retriable=retriable, retry_after=_retry_after(error.response))
    if isinstance(error, azure.ServiceRequestTimeoutError | azure.ServiceResponseTimeoutError):
        return EngineFailed("time limit")
    if isinstance(error, azure.ServiceRequestError | azure.ServiceResponseError):
        return EngineFailed("connection lost", retriable=True)
    return EngineFailed(type(error).__name__)


def _retry_after(response: Any) -> float | None:
    """Seconds after which the service wants to be asked again; null when it does not say."""
    headers = getattr(response, "headers", None) or {}
    for name, unit in (("retry-after-ms", 1000), ("x-ms-retry-after-ms", 1000), ("Retry-After", 1)):
        try:
            seconds = float(headers[name]) / unit
        except (KeyError, ValueError):
            continue
        if seconds >= 0 and math.isfinite(seconds):
            return seconds
    return None
