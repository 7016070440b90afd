"""`make run`: the local stack until Ctrl-C or SIGTERM, with its addresses and accounts printed once it answers."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from local.stack.commands import ROOT, Plan
from local.stack.part import PartError
from local.stack.ports import Ports, PortsError
from local.stack.settings import DemoAccount, SettingsError, demo_accounts, developer_settings
from local.stack.stack import Stack

PATIENCE = 15.0
"""Seconds between two lines that say what is still waited for."""


class Console:
    """Standard output for as long as somebody reads it."""

    def __init__(self, left: Callable[[], None]) -> None:
        """`left` is called when the reader of a pipe has gone, as `head` does after its lines."""
        self._left = left

    def say(self, text: str) -> None:
        """Print at once, also into a pipe."""
        try:
            print(text, flush=True)
        except BrokenPipeError:
            # What is still in the buffer would fail again when the interpreter ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self._left()


def welcome(stack: Stack, accounts: list[DemoAccount]) -> str:
    """What to open, and who to be."""
    address = f"http://localhost:{stack.plan.ports.site}"
    lines = [
        f"ready: {address}",
        f"  customers write at   {address}/",
        f"  agents answer at     {address}/desk",
        f"  administrators see   {address}/admin",
        f"  the API is told at   {address}/api/docs",
        f"  what goes on is at   {address}/_local",
        f"  data and logs are in {stack.plan.data}",
    ]
    if accounts:
        lines.append("  accounts (user name / password):")
        width = max(len(f"{account.username} / {account.password}") for account in accounts)
        lines += [f"    {f'{one.username} / {one.password}':{width}}  {one.role}" for one in accounts]
    return "\n".join([*lines, "  stop with Ctrl-C"])


async def bring_up(stack: Stack, accounts: list[DemoAccount], say: Callable[[str], None]) -> None:
    """Start everything, and welcome the developer once it answers."""
    await stack.start()
    while True:
        try:
            await stack.until_ready(PATIENCE)
            break
        except PartError as error:
            say(f"still waiting: {error}\nwhat went wrong may be in {stack.logs}/host.log")
    say(welcome(stack, accounts))


async def run(plan: Plan, accounts: list[DemoAccount]) -> None:
    """Bring a stack up and keep it until a signal says to stop, or nobody reads any more what it says.

    Raises PortsError or PartError when it does not start.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    say = Console(stop.set).say
    stack = Stack(plan, report=say, restart=True)
    upcoming = asyncio.create_task(bring_up(stack, accounts, say))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({upcoming, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            upcoming.result()
            await stop.wait()
        say("stopping …")
    finally:
        upcoming.cancel()
        await asyncio.gather(upcoming, return_exceptions=True)
        await stack.stop()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="make run", description="Run the whole assistant on this machine.")
    parser.add_argument("--data", type=Path, default=Path(".local"), help="folder for data and logs (default .local)")
    parser.add_argument("--port-base", help="move all ports: site at this one, the others after it")
    parser.add_argument("--host", choices=["local", "func"], default="local", help="what runs the application")
    options = parser.parse_args()
    try:
        values = developer_settings(ROOT)
        accounts = demo_accounts(values)
        ports = Ports() if options.port_base is None else Ports.from_text(options.port_base)
        core_tools = options.host == "func"
        plan = Plan(ports=ports, data=options.data, values=values, reload=True, core_tools=core_tools)
        asyncio.run(run(plan, accounts))
    except (PortsError, SettingsError, PartError) as error:
        raise SystemExit(f"run: {error}") from None


if __name__ == "__main__":
    main()
