"""The W3C trace context that goes with every invocation (https://www.w3.org/TR/trace-context/)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from opentelemetry import context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")
_RECORDED = "01"
_propagator = TraceContextTextMapPropagator()


@dataclass(frozen=True, slots=True)
class Trace:
    """A place in a trace: the headers `traceparent` and `tracestate`."""

    parent: str
    state: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """As a request, or an invocation's metadata, carries it."""
        return {"traceparent": self.parent, "tracestate": self.state}


def received(headers: Mapping[str, Any]) -> Trace | None:
    """The trace that the caller is part of; None when it sent none, or one that is not well formed."""
    parent = str(headers.get("traceparent", ""))
    return Trace(parent, str(headers.get("tracestate", ""))) if _PARENT.fullmatch(parent) else None


def next_span(caller: Trace | None) -> Trace:
    """A span of its own in the caller's trace; without a caller the first span of a new trace."""
    found = _PARENT.fullmatch(caller.parent) if caller else None
    span = secrets.token_hex(8)
    if caller is None or found is None:
        return Trace(f"00-{secrets.token_hex(16)}-{span}-{_RECORDED}")
    return Trace(f"00-{found[1]}-{span}-{found[2]}", caller.state)


@contextmanager
def current(trace: Trace) -> Iterator[None]:
    """While it lasts, the spans of the app, and the calls that its SDKs make, belong to this trace."""
    token = context.attach(_propagator.extract(trace.headers))
    try:
        yield
    finally:
        context.detach(token)
