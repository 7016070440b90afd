"""`make demo`: plays the conversation on a stack of its own; exits 0 when all came through, else 1 with the reason."""

from __future__ import annotations

import asyncio
import logging
import sys

import aiohttp

from local.demo.people import CallFailed, NothingArrived
from local.demo.play import Play
from local.demo.screen import Screen, stopwatch
from local.stack import PartError, PortsError, running_stack
from local.stack.commands import ROOT
from local.stack.settings import demo_accounts, sample_settings


async def demo(screen: Screen) -> list[str]:
    """Start a stack, play, and stop it; what went wrong, a line each."""
    watch = stopwatch()
    async with running_stack() as stack, aiohttp.ClientSession() as http:
        screen.step(f"the whole assistant runs at {stack.site_url}", watch.milliseconds())
        return await Play(http, stack.site_url, demo_accounts(sample_settings(ROOT)), screen).run()


def main() -> None:
    """The command line."""
    # The client library tells of every socket that closes; here they close on purpose.
    logging.getLogger("azure.messaging.webpubsubclient").setLevel(logging.ERROR)
    screen = Screen()
    try:
        problems = asyncio.run(demo(screen))
    except (PortsError, PartError, CallFailed, NothingArrived) as error:
        problems = [str(error)]
    except KeyboardInterrupt:
        problems = ["interrupted"]
    screen.result(problems)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
