"""Which parts run, written down by the stack for those who want to see it: the dashboard, a script, a person."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from local.stack.part import Part
from local.stack.ports import Ports

FILE = "stack.json"

LONGEST_CRASH = 4000
"""Characters of a crash that are kept."""


@dataclass(frozen=True)
class PartState:
    """One part as its supervisor sees it. Times are seconds since 1970."""

    name: str
    process_id: int | None
    """Leader of the process group of all that the part started."""
    port: int
    ports: tuple[int, ...]
    restarts: int
    up_since: float | None
    gave_up: bool
    """Whether it is down and will not be started again."""
    crash: str | None
    """Why it went down last."""
    log: str

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"


def state_of(part: Part, ports: Ports) -> PartState:
    """The part as it is now."""
    its_ports = ports.of(part.name)
    return PartState(
        name=part.name,
        process_id=part.process_id,
        port=its_ports[0],
        ports=its_ports,
        restarts=part.restart_count,
        up_since=part.up_since,
        gave_up=part.gave_up,
        crash=None if part.crash is None else str(part.crash)[:LONGEST_CRASH],
        log=str(part.log),
    )


def write_state(data: Path, parts: Iterable[Part], ports: Ports) -> None:
    """Replace the file in one step, so that nobody reads half of it. Raises OSError."""
    data.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"stack": os.getpid(), "parts": [asdict(state_of(part, ports)) for part in parts]}, indent=1)
    fresh = data / f"{FILE}.{os.getpid()}.tmp"
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(data / FILE)


def forget_state(data: Path) -> None:
    """Nothing runs any more."""
    (data / FILE).unlink(missing_ok=True)


def read_state(data: Path) -> list[PartState]:
    """The parts of the stack that keeps its data there; none when no stack runs. Raises ValueError for no state."""
    try:
        content = json.loads((data / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    try:
        return [PartState(**{**part, "ports": tuple(part["ports"])}) for part in content["parts"]]
    except (KeyError, TypeError) as error:
        raise ValueError(f"{data / FILE} was written by another version: start the stack again ({error})") from None
