"""The parts of the stack: what their supervisor wrote down, what they use, and the end of their logs."""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import aiohttp

from local.dashboard.problem import Unavailable
from local.stack.processes import Usage, usage_by_group
from local.stack.state import PartState, read_state

TAIL = 24_000
"""Bytes of a log that are shown."""

CPU_SPAN = 1.5
"""Seconds over which processor time is measured at least: the kernel counts in hundredths of a second."""

LIMIT = aiohttp.ClientTimeout(total=5.0)
"""Seconds: parts answer at once or are down."""

WITHOUT_OBSERVATION = frozenset({"azurite"})
"""Parts that are programs of others and know nothing of /_local."""


class Parts:
    """Reads the state of the stack that keeps its data in `data`, and asks its parts."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._measured = float("-inf")
        self._cpu_seconds: dict[int, float] = {}
        self._cpu_percent: dict[int, float] = {}
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Call in the loop that asks."""
        self._session = aiohttp.ClientSession(timeout=LIMIT, cookie_jar=aiohttp.DummyCookieJar())

    async def close(self) -> None:
        """Call at the end."""
        if self._session is not None:
            await self._session.close()

    def states(self) -> list[PartState]:
        """The parts as their supervisor sees them; none when they were not started together. Raises Unavailable."""
        try:
            return read_state(self._data)
        except (ValueError, OSError) as error:
            raise Unavailable(str(error)) from error

    def observed(self) -> list[PartState]:
        """The parts that serve /_local."""
        return [state for state in self.states() if state.name not in WITHOUT_OBSERVATION]

    def state(self, name: str) -> PartState:
        """One part. Raises Unavailable 404 when the stack has none of that name."""
        for state in self.states():
            if state.name == name:
                return state
        raise Unavailable(f"{name} is not running", 404)

    async def overview(self) -> dict[str, Any]:
        """All parts with what they use; processor time in per cent of a core since the last look."""
        states = self.states()
        usage = await asyncio.to_thread(usage_by_group)
        self._measure(usage)
        return {"parts": [self._shown(state, usage) for state in states], "data": str(self._data.resolve())}

    def _measure(self, usage: dict[int, Usage]) -> None:
        span = time.monotonic() - self._measured
        if span < CPU_SPAN:
            return
        now = {group: used.cpu_seconds for group, used in usage.items()}
        self._cpu_percent = {
            group: 100 * max(0.0, seconds - self._cpu_seconds[group]) / span
            for group, seconds in now.items()
            if group in self._cpu_seconds
        }
        self._measured, self._cpu_seconds = time.monotonic(), now

    def _shown(self, state: PartState, usage: dict[int, Usage]) -> dict[str, Any]:
        used = usage.get(state.process_id) if state.process_id is not None else None
        up = "stopped" if used is not None and used.stopped else "up"
        return {
            **asdict(state),
            "state": "down" if state.gave_up or used is None else "starting" if state.up_since is None else up,
            "processes": len(used.members) if used else 0,
            "memory": used.memory if used else None,
            "cpuPercent": self._cpu_percent.get(state.process_id) if state.process_id is not None else None,
            "observed": state.name not in WITHOUT_OBSERVATION,
        }

    async def log(self, name: str) -> str:
        """The end of a part's log. Raises Unavailable."""
        state = self.state(name)
        try:
            return await asyncio.to_thread(_tail, Path(state.log))
        except OSError as error:
            raise Unavailable(f"the log cannot be read: {error}", 404) from error

    async def ask(self, name: str, path: str, **options: Any) -> Any:
        """The JSON that a part answers to GET, or to another `method`. Raises Unavailable."""
        state = self.state(name)
        assert self._session is not None
        method = options.pop("method", "GET")
        try:
            async with self._session.request(method, state.address + path, **options) as response:
                content = await response.json(content_type=None)
                if response.status == 200:
                    return content
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unavailable(f"{name} does not answer: {error or type(error).__name__}") from error
        except ValueError as error:
            raise Unavailable(f"{name} does not know {path}: it answered {response.status}") from error
        detail = content.get("error") if isinstance(content, dict) else None
        raise Unavailable(str(detail or f"{name} answered {response.status}"), response.status)

    async def ask_all(self, path: str) -> dict[str, Any]:
        """What each part that serves /_local answers; {"error": …} for one that does not."""

        async def one(name: str) -> Any:
            try:
                return await self.ask(name, path)
            except Unavailable as error:
                return {"error": str(error)}

        names = [state.name for state in self.observed()]
        return dict(zip(names, await asyncio.gather(*map(one, names)), strict=True))


def _tail(path: Path) -> str:
    with path.open("rb") as log:
        log.seek(0, 2)
        size = log.tell()
        log.seek(max(0, size - TAIL))
        text = log.read().decode(errors="replace")
    return text if size <= TAIL else text.partition("\n")[2]
