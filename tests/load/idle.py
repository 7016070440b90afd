"""What the whole stack costs while nobody uses it."""

from __future__ import annotations

import asyncio
import tempfile
import time
import uuid
from pathlib import Path

import aiohttp

from local.stack import Ports, Stack
from local.stack.commands import PARTS, ROOT, Plan
from local.stack.ports import claim_free_span
from local.stack.processes import Usage, usage_by_group
from local.stack.settings import sample_settings
from tests.load.options import Options
from tests.load.report import Row

SETTLE = 6.0
"""Seconds after the last work, until what it left has been tidied up."""

SPAN = 20.0
"""Seconds over which processor time is measured."""

TRIES = 4
"""An edited file makes the functions host load the app anew: then it was not idle."""

CPU_GOAL = 3.0
MEMORY_GOAL = 900.0


async def measure(_: Options) -> list[Row]:
    """A stack as `make run` starts it: as it comes up, and after a first message has loaded the models."""
    base, claim = claim_free_span()
    with claim, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        plan = Plan(Ports.from_base(base), Path(folder), sample_settings(ROOT), overrule=True, reload=True)
        stack = Stack(plan)
        try:
            await stack.start()
            await stack.until_ready()
            fresh = await idle(stack, "fresh", warm=False)
            return fresh + await idle(stack, "after a first message", warm=True)
        finally:
            await stack.stop()


async def idle(stack: Stack, state: str, *, warm: bool) -> list[Row]:
    """Processor time and memory of all parts together, and of each, while nothing is asked of them.

    Raises RuntimeError when processes come and go all the while.
    """
    for _ in range(TRIES):
        if warm:
            await one_message(stack.site_url)
        at_work = usage(stack)
        await asyncio.sleep(SETTLE)
        before, began = usage(stack), time.monotonic()
        await asyncio.sleep(SPAN)
        after, seconds = usage(stack), time.monotonic() - began
        if all(at_work[name].members == after[name].members for name in PARTS):
            break
    else:
        raise RuntimeError("processes came and went while nobody used them: is the code being edited?")
    percent = {name: 100 * (after[name].cpu_seconds - before[name].cpu_seconds) / seconds for name in PARTS}
    megabytes = {name: after[name].memory / 1e6 for name in PARTS}
    cpu, memory = sum(percent.values()), sum(megabytes.values())
    rows = [
        Row(f"{state}: processor", f"{cpu:.2f} %", "", "", 1, f"< {CPU_GOAL:.0f} % of a core", cpu < CPU_GOAL),
        Row(f"{state}: memory", f"{memory:.0f} MB", "", "", 1, f"≤ {MEMORY_GOAL:.0f} MB", memory <= MEMORY_GOAL),
    ]
    return rows + [
        Row(f"{state}: {name}", f"{percent[name]:.2f} %, {megabytes[name]:.0f} MB", "", "", len(after[name].members))
        for name in PARTS
    ]


def usage(stack: Stack) -> dict[str, Usage]:
    """What each part uses, with all it started. Raises RuntimeError when one is down."""
    groups = usage_by_group()
    used = {}
    for name in PARTS:
        process_id = stack.part(name).process_id
        if process_id not in groups:
            raise RuntimeError(f"{name} is down:\n{stack.part(name).last_lines()}")
        used[name] = groups[process_id]
    return used


async def one_message(site_url: str) -> None:
    """A customer's first message, which loads the models of text analysis. Raises ClientResponseError."""
    async with aiohttp.ClientSession(site_url, raise_for_status=True) as http:
        async with http.post("/api/chat/sessions", json={"full_name": "Idle Tester"}) as response:
            session = await response.json()
        message = {
            "conversation_id": session["conversation"]["id"],
            "client_message_id": str(uuid.uuid4()),
            "text_content": "Olá, a minha encomenda ainda não chegou.",
        }
        headers = {"Authorization": f"Bearer {session['token']}"}
        await http.post("/api/chat/analyze-message", json=message, headers=headers)
