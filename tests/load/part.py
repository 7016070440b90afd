"""One part of the local stack as a process of its own, to be measured alone."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from local.stack.commands import ROOT

APP = Path(__file__).parent / "app"


@dataclass(frozen=True)
class RunningPart:
    """Where it answers, and which process it is."""

    url: str
    process_id: int

    def memory(self) -> float:
        """Resident memory in kB."""
        lines = Path(f"/proc/{self.process_id}/status").read_text(encoding="ascii").splitlines()
        return float(next(line for line in lines if line.startswith("VmRSS")).split()[1])


@asynccontextmanager
async def part(name: str, *options: str, data: str | None = None) -> AsyncIterator[RunningPart]:
    """Start `python -m local.NAME` on a free port; its data go when it stops, unless a folder is given."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, (Path(folder) / "log").open("w+b") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", f"local.{name}", "--port", "0", "--data", data or folder, "--exit-with-stdin"),
            *options,
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            ready = (await process.stdout.readline()).split()
            if ready[:1] != [b"ready"]:
                log.seek(0)
                raise RuntimeError(f"local.{name} did not start:\n{log.read().decode()}")
            yield RunningPart(ready[1].decode(), process.pid)
        finally:
            process.stdin.close()
            await process.wait()
