"""Keeps one worker process alive and replaces it when the app's files change."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from watchfiles import Change, DefaultFilter, awatch

from local.host.serving import EndOfInput
from local.serve import DATA_EXIT

log = logging.getLogger("host")

# A worker that was told to stop has this many seconds before it is killed.
_GRACE = 3.0
# A worker that was killed is started again after this many seconds.
_PAUSE = 1.0
# Milliseconds: an editor's burst of writes is one change.
_RHYTHM: dict[str, Any] = {"debounce": 400, "step": 50, "rust_timeout": 200, "yield_on_timeout": False}
_SKIPPED = frozenset(
    {".venv", "venv", "node_modules", ".local", ".git", "__pycache__", "frontend", "tests", "docs", "infra", ".ci"}
)
_SKIPPED_ENDINGS = (".pyc", ".md", ".swp", "~", ".log", ".tmp")


class AppFiles(DefaultFilter):
    """Lets through what can change the app: code, settings, models and data, but no caches, pages or tests."""

    def __init__(self, folder: Path, data: Path) -> None:
        super().__init__()
        self._folder = folder
        self._data = data

    def __call__(self, change: Change, path: str) -> bool:
        """Whether the change is one of the app."""
        changed = Path(path)
        if changed.is_relative_to(self._data) or changed.name.endswith(_SKIPPED_ENDINGS):
            return False
        try:
            parts = changed.relative_to(self._folder).parts
        except ValueError:
            return False
        if any(part in _SKIPPED or (part.startswith(".") and len(part) > 1) for part in parts):
            return False
        return super().__call__(change, path)


async def supervise(
    arguments: list[str], bound: socket.socket, folder: Path, data: Path, *, exit_with_stdin: bool
) -> int:
    """Run the worker with the same arguments on the bound socket until SIGINT, SIGTERM or the end of stdin.

    The socket stays open between two workers, so that requests wait instead of being refused. A worker that
    could not load the app stays down until a file changes; one that was killed is started again. Gives the
    exit status: that of a worker whose data cannot be used, else 0.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if exit_with_stdin:
        await loop.connect_read_pipe(lambda: EndOfInput(stop), sys.stdin)
    supervisor = Supervisor(arguments, bound)
    watching = asyncio.create_task(watch(folder, data, supervisor.changed))
    running = asyncio.create_task(supervisor.run())
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((watching, running, stopping), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (watching, running, stopping):
            task.cancel()
        results = await asyncio.gather(watching, running, stopping, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return DATA_EXIT if results[1] == DATA_EXIT else 0


class Supervisor:
    """Owns the worker process; `changed` asks for a new one."""

    def __init__(self, arguments: list[str], bound: socket.socket) -> None:
        self.changed = asyncio.Event()
        self._command = [sys.executable, "-m", "local.host", *arguments]
        self._command += ["--exit-with-stdin", "--inherited-socket", str(bound.fileno())]
        self._bound = bound

    async def run(self) -> int:
        """One worker after the other, until cancelled; ends with DATA_EXIT when its data cannot be used."""
        while True:
            self.changed.clear()
            # The worker ends when its standard input does, so it cannot outlive a supervisor that was killed.
            worker = await asyncio.create_subprocess_exec(
                *self._command, stdin=asyncio.subprocess.PIPE, pass_fds=(self._bound.fileno(),)
            )
            try:
                await self._until_ended_or_changed(worker)
            finally:
                await _end(worker)
            if self.changed.is_set():
                log.info("the app's files changed: loading it anew")
            elif worker.returncode == DATA_EXIT:
                return DATA_EXIT
            elif worker.returncode is not None and worker.returncode < 0:
                log.error("attention: the worker was ended by signal %d: starting it again", -worker.returncode)
                await asyncio.sleep(_PAUSE)
            else:
                log.error("attention: the worker ended with status %s: waiting for a change", worker.returncode)
                await self._apologise_until_changed()

    async def _until_ended_or_changed(self, worker: asyncio.subprocess.Process) -> None:
        events = [asyncio.create_task(worker.wait()), asyncio.create_task(self.changed.wait())]
        try:
            await asyncio.wait(events, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for event in events:
                event.cancel()

    async def _apologise_until_changed(self) -> None:
        server = await asyncio.start_server(_apologise, sock=self._bound.dup())
        try:
            await self.changed.wait()
        finally:
            server.close()


async def _apologise(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """503, as the cloud answers while a host is not ready: better than a request that waits for ever."""
    try:
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), timeout=2.0)
        body = b"the app could not be loaded: the reason is in the log of the functions host\n"
        writer.write(
            b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\n"
            b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        await writer.drain()
    except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        log.info("a request came while the app was down, and went: %r", error)
    finally:
        writer.close()


async def _end(worker: asyncio.subprocess.Process) -> None:
    if worker.returncode is None:
        worker.terminate()
        try:
            await asyncio.wait_for(worker.wait(), timeout=_GRACE)
        except TimeoutError:
            worker.kill()
            await worker.wait()


async def watch(folder: Path, data: Path, changed: asyncio.Event) -> None:
    """Set `changed` whenever a file of the app changes.

    Only folders that can hold a part of the app are watched: the tens of thousands of files of a virtual
    environment or of node_modules would cost seconds and watches that the kernel does not have.
    """
    chosen = AppFiles(folder, data)
    while True:
        folders = _folders(folder, data)
        renewed = asyncio.Event()
        deep = asyncio.create_task(_watch_deep(folders, chosen, changed))
        try:
            async for _ in awatch(folder, watch_filter=chosen, recursive=False, stop_event=renewed, **_RHYTHM):
                changed.set()
                if _folders(folder, data) != folders:
                    renewed.set()
        finally:
            deep.cancel()
            await asyncio.gather(deep, return_exceptions=True)


async def _watch_deep(folders: list[Path], chosen: AppFiles, changed: asyncio.Event) -> None:
    if folders:
        async for _ in awatch(*folders, watch_filter=chosen, **_RHYTHM):
            changed.set()


def _folders(folder: Path, data: Path) -> list[Path]:
    return sorted(
        one
        for one in folder.iterdir()
        if one.is_dir() and one.name not in _SKIPPED and not one.name.startswith(".") and one != data
    )
