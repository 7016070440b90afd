"""Every measurement that `make bench` takes. A new one is a module with `measure`, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from tests.load import (
    cosmos_speed,
    crash_safety,
    durable_speed,
    engine_chain,
    host_overhead,
    idle,
    import_time,
    message_latency,
    pubsub_speed,
    quick_analysis,
    search,
    start_time,
)
from tests.load.options import Options
from tests.load.report import Row


@dataclass(frozen=True)
class Measurement:
    """One section of the report."""

    name: str
    """How --only names it."""
    title: str
    how: str
    """What is measured, from where to where."""
    measure: Callable[[Options], Coroutine[Any, Any, list[Row]]]


MEASUREMENTS = (
    Measurement(
        "latency",
        "From the customer's click to the agent's screen",
        "Time from the moment the customer's request is sent to the event on the agent's socket, one chat at a time, "
        "through the site, the functions host, the Cosmos DB and the Web PubSub stand-ins.",
        message_latency.measure,
    ),
    Measurement(
        "quick",
        "Quick analysis alone",
        "Language, intent and sentiment by the embedded engines, in process, on texts never seen before.",
        quick_analysis.measure,
    ),
    Measurement(
        "chain",
        "A cloud engine that hangs",
        "Language detection by AI Language, through its SDK against a service on a socket that takes the request and "
        "never answers, and behind it the embedded engine: milliseconds beyond the moment at which the chain should "
        "give up waiting (100 ms), and with the breaker open the time of the whole answer.",
        engine_chain.measure,
    ),
    Measurement(
        "import",
        "Import of the function app",
        "Total of `python -X importtime -c 'import function_app'`, a fresh process each time.",
        import_time.measure,
    ),
    Measurement(
        "start",
        "From `make run` to ready",
        "Everything is installed and built already; until the line `ready:`.",
        start_time.measure,
    ),
    Measurement(
        "idle",
        "While nobody uses it",
        "The whole stack as `make run` starts it, with its watch over the code, over 20 s without a request: processor "
        "time in per cent of one core, and resident memory, in which what processes share counts for each. Samples "
        "are processes.",
        idle.measure,
    ),
    Measurement(
        "host",
        "The functions host",
        "An empty function called over HTTP on the loopback address by aiohttp, which shares the machine.",
        host_overhead.measure,
    ),
    Measurement(
        "cosmos",
        "The Cosmos DB stand-in",
        "One call after another through the asynchronous SDK, as the application makes them.",
        cosmos_speed.measure,
    ),
    Measurement(
        "pubsub",
        "The Web PubSub stand-in",
        "1,000 clients of the reliable protocol in a process of their own; messages to all of them, one at a time, "
        "from the SDK's call until the bytes are at the client. Memory is that of the service, for each client.",
        pubsub_speed.measure,
    ),
    Measurement(
        "durable",
        "Durable Functions on the local host",
        "From the first start over HTTP until all are completed; and from an event until the orchestration that waited "
        "for it, with all its past replayed, has gone on.",
        durable_speed.measure,
    ),
    Measurement(
        "search",
        "Search in 100,000 chunks",
        "Hybrid queries of eight words and one vector through the SDK, one at a time, against the stand-in alone.",
        search.measure,
    ),
    Measurement(
        "crash",
        "Crash safety",
        "The functions host is killed with SIGKILL at a random moment after a customer's message was sent, started "
        "again, and in the end every message is looked at: stored once, numbered without a gap, analysed, and with "
        "one ticket where one is due.",
        crash_safety.measure,
    ),
)
