"""What the processes of the stack use: memory and processor time, by process group."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROCESSES = Path("/proc")

STOPPED = "T"
"""How /proc and ps call the state of a process that was sent SIGSTOP."""


@dataclass(frozen=True)
class Usage:
    """What a process group uses now."""

    members: frozenset[int] = frozenset()
    """Ids of its processes."""
    memory: int = 0
    """Bytes in memory; what processes share counts for each."""
    cpu_seconds: float = 0.0
    """Processor time since its processes began."""
    stopped: bool = False
    """Whether one of its processes is held by SIGSTOP, and so answers nobody."""

    def __add__(self, other: Usage) -> Usage:
        members = self.members | other.members
        stopped = self.stopped or other.stopped
        return Usage(members, self.memory + other.memory, self.cpu_seconds + other.cpu_seconds, stopped)


def usage_by_group() -> dict[int, Usage]:
    """The usage of every process group of this machine, by the id of its leader. Reads files: not for the event loop.

    Raises OSError where there is neither /proc nor a `ps`.
    """
    groups: dict[int, Usage] = {}
    for group, usage in _from_proc() if (PROCESSES / "self" / "stat").exists() else _from_ps():
        groups[group] = groups.get(group, Usage()) + usage
    return groups


def _from_proc() -> Iterator[tuple[int, Usage]]:
    tick, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    for entry in os.scandir(PROCESSES):
        if not entry.name.isdecimal():
            continue
        try:
            text = Path(entry.path, "stat").read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
        # proc(5): after the name in parentheses, which may hold blanks, field 3 and up.
        fields = text.rpartition(")")[2].split()
        seconds = (int(fields[11]) + int(fields[12])) / tick
        yield int(fields[2]), Usage(frozenset({int(entry.name)}), int(fields[21]) * page, seconds, fields[0] == STOPPED)


def _from_ps() -> Iterator[tuple[int, Usage]]:
    output = subprocess.run(
        ["ps", "-A", "-o", "pid=,pgid=,stat=,rss=,time="], capture_output=True, text=True, check=True, timeout=5.0
    ).stdout
    for line in output.splitlines():
        process, group, state, kilobytes, clock = line.split()
        memory, stopped = int(kilobytes) * 1024, state.startswith(STOPPED)
        yield int(group), Usage(frozenset({int(process)}), memory, clock_seconds(clock), stopped)


def clock_seconds(text: str) -> float:
    """Seconds of `[[days-]hours:]minutes:seconds`, as ps writes processor time."""
    days, _, clock = text.rpartition("-")
    seconds = 0.0
    for part in clock.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds + (int(days) * 86_400 if days else 0)
