"""One part of the local stack: a process that is started, watched, and stopped with all it started itself."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path

from local.database import WAY_OUT
from local.serve import DATA_EXIT

START_LIMIT = 60.0
"""Seconds until a part must have said that it is ready; a cold disk on a busy machine takes a dozen."""

STOP_LIMIT = 5.0
"""Seconds a part has to end by itself before it is killed."""

BACK_OFF = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds before each restart in a row of a part that crashes; the last one goes on."""

STEADY = 30.0
"""Seconds after which a part that runs counts as well again, and its next crash as the first."""

TAIL = 16_384
"""Bytes of output kept in memory, for saying why a part crashed."""

ATTENTION = "attention: "
"""What follows it in a line of output is told to the developer at once."""


class PartError(Exception):
    """A part did not start, or crashed; the message names it and ends with its last lines."""


@dataclass(frozen=True)
class Command:
    """How a part is started, and how its output says that it answers."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    """What it gets besides our own environment."""
    ready: str = r"^ready http://"
    """Regular expression for a line of output."""
    ready_lines: int = 1
    """How many such lines make it ready."""
    unusable: str = ""
    """Regular expression for output that says, before it ends, that its data cannot be used; such as do not tell by
    the exit status DATA_EXIT are known by it."""
    data: Path | None = None
    """Where these data are."""


class Part:
    """A process and the log of its output. One that crashes stays down, and `crash` says why, unless it `restarts`."""

    def __init__(
        self,
        command: Command,
        log: Path,
        *,
        report: Callable[[str], None] = print,
        restart: bool = False,
        back_off: tuple[float, ...] = BACK_OFF,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`changed` is called whenever it comes up or goes down."""
        self.command = command
        self.log = log
        self.crash: PartError | None = None
        self.restart_count = 0
        """How often it was started again after a crash."""
        self.up_since: float | None = None
        """Seconds since 1970 at which it became ready; None while it is not."""
        self._report = report
        self._changed = changed
        self.restarts = restart
        self._back_off = back_off
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._wanted = False
        self._ready = asyncio.Event()
        self._tail = b""
        self._log_is_full = False

    @property
    def name(self) -> str:
        """The part's short name, such as `host`."""
        return self.command.name

    @property
    def process_id(self) -> int | None:
        """Id of the running process; None when it is down."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    @property
    def gave_up(self) -> bool:
        """Whether it is down and nothing will start it again."""
        return self.crash is not None and self._watch is not None and self._watch.done()

    def last_lines(self, count: int = 15) -> str:
        """The end of its output since it was last started."""
        return "\n".join(self._tail.decode(errors="replace").rstrip().splitlines()[-count:])

    async def start(self) -> None:
        """Start it and return when it is ready; a no-op while it runs.

        Raises PartError when it ends before or takes too long; with `restart` it is tried until it is ready.
        """
        if self._wanted:
            return
        self._wanted, self.crash = True, None
        self._watch = asyncio.create_task(self._keep_running())
        ready = asyncio.create_task(self._ready.wait())
        try:
            limit = None if self.restarts else START_LIMIT
            await asyncio.wait({ready, self._watch}, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
            was_ready = ready.done()
        finally:
            ready.cancel()
        if not was_ready:
            crash = self.crash or self._failure(f"is not ready after {START_LIMIT:.0f} s")
            await self.kill()
            raise crash

    async def ended(self) -> None:
        """Return once it is down for good: crashed without restart, or stopped."""
        if self._watch is not None:
            await asyncio.wait({self._watch})

    async def stop(self) -> None:
        """Ask it to end, and kill it when it does not."""
        self._wanted = False
        process = self._process
        if process is not None and process.returncode is None:
            if process.stdin is not None:
                process.stdin.close()
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STOP_LIMIT):
                    await process.wait()
        await self.kill()

    async def kill(self) -> None:
        """SIGKILL it at once, with all it started, as a crash of the machine would."""
        self._wanted = False
        if self._process is not None and self._process.returncode is None:
            kill_group(self._process)
            await self._process.wait()
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
            self._watch = None
        self._ready.clear()

    async def _keep_running(self) -> None:
        loop = asyncio.get_running_loop()
        crashes_in_a_row = 0
        while True:
            began = loop.time()
            try:
                code = await self._run_once()
            except OSError as error:
                self.crash = PartError(f"{self.name} cannot be started: {error}")
                return
            if not self._wanted:
                return
            if loop.time() - began > STEADY:
                crashes_in_a_row = 0
            unusable = self._unusable(code)
            self.crash = unusable or self._failure(describe_end(code))
            self._changed()
            if not self.restarts:
                return
            if unusable is not None:
                self._report(str(unusable))
                return
            pause = self._back_off[min(crashes_in_a_row, len(self._back_off) - 1)]
            crashes_in_a_row += 1
            self.restart_count += 1
            self._report(f"{self.crash}\nstarting {self.name} again in {pause:g} s")
            await asyncio.sleep(pause)

    async def _run_once(self) -> int:
        """From start to end of one process; its exit code."""
        process = await asyncio.create_subprocess_exec(
            *self.command.arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**os.environ, **self.command.environment},
            start_new_session=True,
        )
        self._process = process
        self._changed()
        output = asyncio.create_task(self._follow(process))
        try:
            code = await process.wait()
        finally:
            kill_group(process)
            try:
                await asyncio.wait({output}, timeout=STOP_LIMIT)
            finally:
                output.cancel()
                # Not before its output is read to the end, which may hold that it was ready.
                self._ready.clear()
                self.up_since = None
                self._changed()
        return code

    async def _follow(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        self._tail = unfinished = b""
        with self._open_log() as log:
            while chunk := await process.stdout.read(65_536):
                self._write(log, chunk)
                self._tail = (self._tail + chunk)[-TAIL:]
                *lines, unfinished = (unfinished[-TAIL:] + chunk).split(b"\n")
                self._pass_on(lines)
                if not self._ready.is_set() and self._says_ready():
                    self._ready.set()
                    self.up_since = time.time()
                    self._changed()

    def _write(self, log: FileIO, chunk: bytes) -> None:
        """Keep the output; on a full disk the part must go on, and so must be read on."""
        try:
            log.write(chunk)
        except OSError as error:
            if not self._log_is_full:
                self._report(f"{self.name}: attention: {self.log} takes no more: {error}")
            self._log_is_full = True

    def _pass_on(self, lines: list[bytes]) -> None:
        for line in lines:
            _, found, text = line.decode(errors="replace").partition(ATTENTION)
            if found and self._wanted:
                self._report(f"{self.name}: {text}")

    def _says_ready(self) -> bool:
        lines = re.findall(self.command.ready, self._tail.decode(errors="replace"), re.MULTILINE)
        return len(lines) >= self.command.ready_lines

    def _open_log(self) -> FileIO:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        return self.log.open("ab", buffering=0)

    def _unusable(self, code: int) -> PartError | None:
        """That its data cannot be used, in one line; None when it ended for any other reason."""
        if code == DATA_EXIT:
            return PartError(f"{self.name}: {self.last_lines(1)}")
        found = self.command.unusable and re.search(self.command.unusable, self._tail.decode(errors="replace"))
        if not found:
            return None
        return PartError(f"{self.name}: {self.command.data} is damaged ({' '.join(found[0].split())}): {WAY_OUT}")

    def _failure(self, what: str) -> PartError:
        return PartError(f"{self.name} {what}; the end of {self.log}:\n{self.last_lines() or '(no output)'}")


def describe_end(code: int) -> str:
    """How a process ended, as the end of a sentence that begins with its name."""
    if code >= 0:
        return f"ended with exit code {code}"
    return f"was ended by signal {-code} ({signal.Signals(-code).name})"


def kill_group(process: asyncio.subprocess.Process) -> None:
    """SIGKILL a process and what it started: each part leads a process group of its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
