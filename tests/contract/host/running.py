"""A functions host in a process of its own, as a developer runs it."""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

APP = Path(__file__).parent / "app"
ROOT = Path(__file__).parents[3]
DEADLINE = 60.0


class RunningHost:
    """`url` answers once the object exists; `lines` of the log can be awaited."""

    def __init__(self, *options: str, app: Path, data: Path, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "local.host", "--app", str(app), "--data", str(data), *options]
        if "--port" not in options:
            command += ["--port", "0"]
        self.process = subprocess.Popen(
            [*command, "--exit-with-stdin"],
            cwd=ROOT,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._pump = threading.Thread(target=self._read)
        self._pump.start()
        self.url = ""

    def wait_for(self, part: str) -> str:
        """The first line of the log, of those not read yet, that holds the part; fails when there is none in time."""
        seen: list[str] = []
        while True:
            try:
                line = self._lines.get(timeout=DEADLINE)
            except queue.Empty:
                raise AssertionError(f"the host has not said {part!r} in time:\n{''.join(seen)}") from None
            if line is None:
                raise AssertionError(f"the host ended without saying {part!r}:\n{''.join(seen)}")
            if part in line:
                return line.strip()
            seen.append(line)

    def wait_until_ready(self) -> None:
        self.url = self.wait_for("ready http").removeprefix("ready ")

    def wait_until_ended(self) -> int:
        return self.process.wait(DEADLINE)

    def wait_until_silent(self) -> bool:
        """Whether every process that writes to this host's output has ended in time."""
        self._pump.join(DEADLINE)
        return not self._pump.is_alive()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(DEADLINE)
        self._pump.join()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(None)


@contextmanager
def a_host(
    *options: str, data: Path, app: Path = APP, ready: bool = True, environment: dict[str, str] | None = None
) -> Iterator[RunningHost]:
    host = RunningHost(*options, app=app, data=data, environment=environment or {})
    try:
        if ready:
            host.wait_until_ready()
        yield host
    finally:
        host.close()


@dataclass(frozen=True)
class Answer:
    """A response, read whole."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Caller:
    """Sends requests to a host; each answer is read whole."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=DEADLINE))

    async def __aenter__(self) -> "Caller":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def __call__(self, method: str, path: str, **options: Any) -> Answer:
        async with self._session.request(method, URL(self._url + path, encoded=True), **options) as response:
            return Answer(response.status, response.headers, await response.read())
