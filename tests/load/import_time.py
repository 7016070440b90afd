"""How long Python takes to import the function app: the heart of a cold start."""

from __future__ import annotations

import asyncio
import re
import sys

from local.stack.commands import ROOT
from tests.load.options import Options
from tests.load.report import Row

RUNS = 7
GOAL = 600.0


async def measure(_: Options) -> list[Row]:
    """The middle one of some runs; the first warms the disk cache and does not count."""
    times = [await import_milliseconds() for _ in range(RUNS + 1)]
    return [Row.of_few_times("import of function_app", times[1:], GOAL)]


async def import_milliseconds() -> float:
    """The cumulative time that Python itself reports. Raises RuntimeError when the import fails."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-X", "importtime", "-c", "import function_app"),
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, output = await process.communicate()
    total = re.search(r"\|\s*(\d+) \| function_app$", output.decode(), re.MULTILINE)
    if process.returncode != 0 or total is None:
        raise RuntimeError(f"function_app cannot be imported: {output.decode()[-500:]}")
    return int(total[1]) / 1000
