"""A functions host as its own process, and what tests ask of it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from azure.durable_functions import DurableOrchestrationClient
from azure.durable_functions.models import DurableOrchestrationStatus

ROOT = Path(__file__).parents[3]
APP = Path(__file__).parent / "app"
FINISHED = {"Completed", "Failed", "Terminated", "Canceled"}
PATIENCE_SECONDS = 60.0


class HostProcess:
    """`python -m local.host` on a free port with the sample app; `kill` is SIGKILL."""

    def __init__(self, folder: Path, *options: str, app: Path = APP, script: str = "function_app.py") -> None:
        self.folder = folder
        self._options = options
        self._app = app
        self._script = script
        self.url = ""
        self._process: subprocess.Popen[str] | None = None

    @property
    def effects(self) -> list[str]:
        """What the activities left behind, in order."""
        file = self.folder / "effects"
        return file.read_text().split() if file.exists() else []

    async def until_effects(self, reached: Callable[[list[str]], bool]) -> None:
        """Wait for what the activities leave behind."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            if reached(self.effects):
                return
            assert time.monotonic() < end, self.effects
            await asyncio.sleep(0.005)

    def start(self) -> HostProcess:
        """Start and wait until it says that it is ready."""
        arguments = ["--app", str(self._app), "--port", "0", "--data", str(self.folder / "data"), "--exit-with-stdin"]
        self.folder.mkdir(parents=True, exist_ok=True)
        of_the_app = {"EFFECTS_FILE": str(self.folder / "effects"), "PYTHON_SCRIPT_FILE_NAME": self._script}
        with (self.folder / "log").open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local.host", *arguments, *self._options],
                cwd=ROOT,
                env={**os.environ, **of_the_app, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith("ready "), (line, (self.folder / "log").read_text())
        self.url = line.split()[1]
        return self

    def kill(self) -> None:
        """End it as a power failure of the process would."""
        assert self._process is not None
        self._process.kill()
        self._close()

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
        self._close()

    def _close(self) -> None:
        if self._process is not None:
            self._process.wait(PATIENCE_SECONDS)
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe is not None
                pipe.close()

    def binding(self) -> dict[str, Any]:
        """The value of a durableClient parameter."""
        with urllib.request.urlopen(f"{self.url}/api/binding", timeout=PATIENCE_SECONDS) as response:
            value: dict[str, Any] = json.load(response)
            return value


class Client(DurableOrchestrationClient):  # type: ignore[misc]  # the SDK has no types
    """The SDK's client as it is, with a way to wait."""

    async def until(self, instance_id: str, *states: str) -> DurableOrchestrationStatus:
        """The status once the instance is in one of the states (default: finished)."""
        wanted = set(states) or FINISHED
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            status = await self.get_status(instance_id, show_input=True)
            if status and status.runtime_status.value in wanted:
                return status
            assert time.monotonic() < end, f"{instance_id} is {status.runtime_status}, wanted {wanted}"
            await asyncio.sleep(0.01)

    async def run(self, name: str, given: Any = None, instance_id: str | None = None) -> DurableOrchestrationStatus:
        """Start and wait for the end."""
        return await self.until(await self.start_new(name, instance_id, given))

    async def output_of(self, name: str, given: Any = None) -> Any:
        """Run to completion and give the output."""
        status = await self.run(name, given)
        assert status.runtime_status.value == "Completed", status.output
        return status.output
