"""One process that serves the app on a socket bound before the app is loaded."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys

from aiohttp import web

from local.host.host import Host, HostOptions
from local.observation import observe

log = logging.getLogger("host")

# Requests under way when the host is told to stop may end within this many seconds.
_GRACE = 0.7
_BACKLOG = 1024


def bind(port: int) -> socket.socket:
    """A socket on 127.0.0.1, not listening yet; 0 picks a free port. Raises SystemExit when the port is taken."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(("127.0.0.1", port))
    except OSError as error:
        raise SystemExit(
            f"port {port} on 127.0.0.1 is taken: stop what uses it, or move all ports with PORT_BASE ({error})"
        ) from error
    return bound


def address(bound: socket.socket) -> str:
    """http://127.0.0.1:PORT of a bound socket."""
    return f"http://127.0.0.1:{bound.getsockname()[1]}"


def serve(options: HostOptions, bound: socket.socket, *, exit_with_stdin: bool) -> None:
    """Load the app and answer on the socket until SIGINT, SIGTERM or, if asked for, the end of standard input.

    Raises AppError when the app cannot be served. Ends the process itself when a function is stuck in a thread.
    """
    host = Host(options)
    asyncio.run(_serve(host, options.base_url, bound, exit_with_stdin))
    if not host.worker.close():
        log.warning("a function was still running in a thread")
        logging.shutdown()
        sys.stdout.flush()
        os._exit(0)


async def _serve(host: Host, base_url: str, bound: socket.socket, exit_with_stdin: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    runner = web.AppRunner(observe(host.application(), "host"), access_log=None, shutdown_timeout=_GRACE)
    # What starts with the host may call it at once: such calls wait until the server takes them.
    bound.listen(_BACKLOG)
    await runner.setup()
    try:
        await web.SockSite(runner, bound, backlog=_BACKLOG).start()
        print(f"ready {base_url}", flush=True)
        if exit_with_stdin:
            await loop.connect_read_pipe(lambda: EndOfInput(stop), sys.stdin)
        await stop.wait()
    finally:
        await runner.cleanup()


class EndOfInput(asyncio.Protocol):
    """Sets the event when standard input closes."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop at the end of the input."""
        self._stop.set()
