"""The parts of the local stack as one thing that starts, answers, and stops."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Self, TextIO

import aiohttp

from local.stack.claim import claim_folder
from local.stack.commands import PARTS, ROOT, Plan
from local.stack.part import Part, PartError
from local.stack.ports import Ports, claim_free_span
from local.stack.settings import sample_settings
from local.stack.state import forget_state, write_state

READY_LIMIT = 60.0
"""Seconds after which a stack that does not answer has failed to start."""

LOOK_AGAIN = 0.05
"""Seconds between two looks at whether everything answers."""


class Stack:
    """Every part of the local stack, at its addresses."""

    def __init__(
        self,
        plan: Plan,
        *,
        without: Collection[str] = (),
        report: Callable[[str], None] = print,
        restart: bool = False,
    ) -> None:
        unknown = set(without) - set(PARTS)
        if unknown:
            raise ValueError(f"no part is called {', '.join(sorted(unknown))}: the parts are {', '.join(PARTS)}")
        self.plan = plan
        self.site_url = f"http://127.0.0.1:{plan.ports.site}"
        self.host_url = f"http://127.0.0.1:{plan.ports.host}"
        self.cosmos_url = f"http://127.0.0.1:{plan.ports.cosmos}"
        self.pubsub_url = f"http://127.0.0.1:{plan.ports.pubsub}"
        self.logs = plan.data / "logs"
        self._report = report
        self._noting = False
        self._claim: TextIO | None = None
        self._parts = {
            name: Part(
                plan.command(name), self.logs / f"{name}.log", report=report, restart=restart, changed=self._note
            )
            for name in PARTS
            if name not in without
        }

    def part(self, name: str) -> Part:
        """One part, such as `host`, to kill it or start it again. Raises KeyError when it was left out."""
        return self._parts[name]

    async def start(self) -> Self:
        """Start all parts at once and return when each is ready. Raises PortsError or PartError."""
        self.plan.ports.check_free(set(self._parts))
        try:
            self.logs.mkdir(parents=True, exist_ok=True)
            self._claim = claim_folder(self.plan.data, self.site_url)
            for part in self._parts.values():
                part.log.unlink(missing_ok=True)
            forget_state(self.plan.data)
        except OSError as error:
            raise PartError(f"{self.plan.data} cannot hold the data: {error}") from None
        self._noting = True
        try:
            async with asyncio.TaskGroup() as starting:
                for part in self._parts.values():
                    starting.create_task(part.start())
        except BaseExceptionGroup as group:
            await self.stop()
            raise group.exceptions[0] from None
        except asyncio.CancelledError:
            await self.stop()
            raise
        return self

    async def until_ready(self, limit: float = READY_LIMIT) -> None:
        """Return when a request through the front door finds every dependency working.

        Raises PartError with the last answer after `limit` seconds, or when a part crashed for good.
        """
        answer = "no answer yet"
        address = f"{self.site_url if 'site' in self._parts else self.host_url}/api/health/ready"
        try:
            async with asyncio.timeout(limit), aiohttp.ClientSession() as session:
                while True:
                    try:
                        async with session.get(address) as response:
                            if response.status == 200:
                                return
                            answer = f"{response.status} {(await response.text())[:300]}"
                    except aiohttp.ClientError as error:
                        answer = str(error)
                    self.check()
                    await asyncio.sleep(LOOK_AGAIN)
        except TimeoutError:
            raise PartError(f"{address} is not ready after {limit:g} s: {answer}") from None

    def check(self) -> None:
        """Raise PartError when a part crashed and stays down."""
        for part in self._parts.values():
            if part.crash is not None and part.gave_up:
                raise part.crash

    def _note(self) -> None:
        """Write down which parts are up, for the dashboard; a disk that takes no more is no reason to stop."""
        if not self._noting:
            return
        try:
            write_state(self.plan.data, self._parts.values(), self.plan.ports)
        except OSError as error:
            self._report(f"which parts are up cannot be noted in {self.plan.data}: {error}")

    async def stop(self) -> None:
        """Stop what takes requests first, then what it stands on. What is another stack's in the folder stays."""
        self._noting = False
        if self._claim is not None:
            forget_state(self.plan.data)
        for group in (("site", "host"), ("pubsub", "cosmos", "search", "azurite")):
            await asyncio.gather(*(self._parts[name].stop() for name in group if name in self._parts))
        if self._claim is not None:
            self._claim.close()
            self._claim = None


@asynccontextmanager
async def running_stack(
    *,
    port_base: int | None = None,
    data: Path | None = None,
    environment: Mapping[str, str] | None = None,
    without: Collection[str] = (),
    dist: Path | None = None,
) -> AsyncIterator[Stack]:
    """A stack of its own for a test, the demo or a measurement, ready to answer; it is gone afterwards.

    By default it picks free ports and a temporary folder for its data. It runs with the settings of
    local.settings.sample.json, whatever a developer has set; `environment` adds or changes settings.
    `without` leaves parts out, `dist` names another built front end. Parts that crash stay down.
    Raises PortsError or PartError when it does not start, and PartError at the end when a part crashed.
    """
    with ExitStack() as cleanup:
        if port_base is None:
            port_base, claim = claim_free_span()
            cleanup.enter_context(claim)
        if data is None:
            folder = tempfile.TemporaryDirectory(prefix="assistant-", ignore_cleanup_errors=True)
            data = Path(cleanup.enter_context(folder))
        values = sample_settings(ROOT)
        plan = Plan(
            ports=Ports.from_base(port_base),
            data=data,
            values=values,
            environment=dict(environment or {}),
            overrule=True,
            dist=dist or ROOT / "frontend" / "dist",
        )
        stack = Stack(plan, without=without)
        try:
            await stack.start()
            await stack.until_ready()
            yield stack
            stack.check()
        finally:
            await stack.stop()
