"""What a function may ask for beside its bindings: the invocation's context and its output parameters."""

from __future__ import annotations

import threading
from typing import Any

import azure.functions as func
from azure.functions import _abc as shapes  # the two context shapes are exported nowhere else


class OutValue(func.Out[Any]):
    """The value behind a `func.Out` parameter; None until the function sets it."""

    def __init__(self) -> None:
        self._value: Any = None

    def set(self, val: Any) -> None:
        """Keep the value; the last one set wins."""
        self._value = val

    def get(self) -> Any:
        """The value set last."""
        return self._value


class TraceContext(shapes.TraceContext):
    """The W3C trace headers of this invocation: the caller's trace, or a new one, and a span of its own."""

    def __init__(self, metadata: dict[str, Any]) -> None:
        self._metadata = metadata

    @property
    def trace_parent(self) -> str:
        """The header `traceparent`."""
        return str(self._metadata.get("traceparent", ""))

    @property
    def trace_state(self) -> str:
        """The header `tracestate`."""
        return str(self._metadata.get("tracestate", ""))

    @property
    def attributes(self) -> dict[str, str]:
        """Nothing is added here."""
        return {}

    # The worker of the cloud offers these spellings as well, and apps use them.
    Traceparent = trace_parent
    Tracestate = trace_state
    Attributes = attributes


class RetryContext(shapes.RetryContext):
    """How many times this invocation was tried before."""

    def __init__(self, metadata: dict[str, Any]) -> None:
        self._metadata = metadata

    @property
    def retry_count(self) -> int:
        """0 for the first attempt."""
        return int(self._metadata.get("retry_count", 0))

    @property
    def max_retry_count(self) -> int:
        """The policy's bound; 0 without a policy, -1 without a bound."""
        return int(self._metadata.get("max_retry_count", 0))

    @property
    def exception(self) -> Any:
        """The failure of the attempt before, or None."""
        return self._metadata.get("exception")


class InvocationContext(func.Context):
    """What a parameter named `context` receives."""

    def __init__(self, name: str, directory: str, invocation_id: str, metadata: dict[str, Any]) -> None:
        self._name = name
        self._directory = directory
        self._invocation_id = invocation_id
        self._metadata = metadata
        self._local = threading.local()

    @property
    def invocation_id(self) -> str:
        """Unique for every invocation."""
        return self._invocation_id

    @property
    def thread_local_storage(self) -> Any:
        """For threads that the function starts itself."""
        return self._local

    @property
    def function_name(self) -> str:
        """The function's name."""
        return self._name

    @property
    def function_directory(self) -> str:
        """The app's folder."""
        return self._directory

    @property
    def trace_context(self) -> TraceContext:
        """The place of this invocation in its trace."""
        return TraceContext(self._metadata)

    @property
    def retry_context(self) -> RetryContext:
        """Attempts so far."""
        return RetryContext(self._metadata)
