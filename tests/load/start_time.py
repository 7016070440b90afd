"""How long a developer waits after `make run`."""

from __future__ import annotations

import asyncio
import signal
import tempfile
import time

from local.stack.commands import ROOT
from local.stack.ports import claim_free_span
from tests.load.options import Options
from tests.load.report import Row

RUNS = 3
GOAL = 8000.0
LIMIT = 300.0
"""Seconds for one start: the very first one may have to install everything."""


async def measure(_: Options) -> list[Row]:
    """The first start makes the data and does not count."""
    base, claim = claim_free_span()
    with claim, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data:
        times = [await start_milliseconds(base, data) for _ in range(RUNS + 1)]
    return [Row.of_few_times("`make run` to ready", times[1:], GOAL)]


async def start_milliseconds(base: int, data: str) -> float:
    """From the command to the line that says ready. Raises RuntimeError when that line does not come."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *("make", "run", f"PORT_BASE={base}", f"DATA={data}"),
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    output: list[str] = []
    try:
        async with asyncio.timeout(LIMIT):
            async for line in process.stdout:
                output.append(line.decode())
                if line.startswith(b"ready: "):
                    return (time.perf_counter() - began) * 1000
        raise RuntimeError(f"make run ended without being ready:\n{''.join(output[-30:])}")
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.communicate()
