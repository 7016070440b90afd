"""How every part of the local stack runs: one aiohttp application on the loopback address, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NoReturn

from aiohttp import web

from local.database import DataError
from local.observation import observe

DATA_EXIT = 65
"""Exit status of a part whose data cannot be used (EX_DATAERR of sysexits.h): to start it again does not help."""


def part_arguments(description: str, default_port: int) -> argparse.ArgumentParser:
    """A parser with the options that all parts share: --port (0 picks a free one), --data and --exit-with-stdin."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=default_port, help="port on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--data", type=Path, default=Path(".local"), help="folder in which the part keeps its data")
    parser.add_argument(
        "--exit-with-stdin",
        action="store_true",
        help="stop when standard input closes, so that nothing outlives the process that started this part",
    )
    return parser


def run_part(build: Callable[[], Awaitable[web.Application]], port: int, *, exit_with_stdin: bool = False) -> None:
    """Serve the application until SIGINT, SIGTERM or, if asked for, the end of standard input.

    Prints `ready http://127.0.0.1:PORT` once requests are answered. Raises SystemExit after one line
    when the port is taken or the data cannot be used. What is asked can be seen at /_local/requests.
    """
    try:
        asyncio.run(_serve(build, port, exit_with_stdin))
    except DataError as error:
        give_up(error)


def give_up(error: DataError) -> NoReturn:
    """End the process with one line, and the status that says not to start it again."""
    print(error, file=sys.stderr, flush=True)
    raise SystemExit(DATA_EXIT)


def part_name() -> str:
    """The part that this process is: `cosmos` for `python -m local.cosmos`."""
    return Path(sys.argv[0]).resolve().parent.name


async def _serve(build: Callable[[], Awaitable[web.Application]], port: int, exit_with_stdin: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    runner = web.AppRunner(observe(await build(), part_name()), access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        try:
            await site.start()
        except OSError as error:
            raise SystemExit(
                f"port {port} on 127.0.0.1 is taken: stop what uses it, or move all ports with PORT_BASE ({error})"
            ) from error
        print(f"ready http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
        if exit_with_stdin:
            await _set_at_end_of_input(stop)
        await stop.wait()
    finally:
        await runner.cleanup()


async def _set_at_end_of_input(stop: asyncio.Event) -> None:
    class EndOfInput(asyncio.Protocol):
        def connection_lost(self, exc: Exception | None) -> None:
            stop.set()

        def eof_received(self) -> None:
            stop.set()

    await asyncio.get_running_loop().connect_read_pipe(EndOfInput, sys.stdin)
