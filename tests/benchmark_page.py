"""docs/benchmarks.md: one page, two parts, each written by its own command without touching the other."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"

PARTS = {"speed": "make bench", "quality": "make quality"}
"""The parts in their order on the page, and the commands that write them."""

_HEAD = "# Benchmarks\n\nMeasured, not promised. Machines differ; run the commands on yours.\n"


def write_part(name: str, text: str) -> None:
    """Puts the Markdown of one of PARTS into the page; the other part stays as it is."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    found = {part: _between(page, part) for part in PARTS}
    found[name] = text.strip()
    sections = [f"<!-- {part} -->\n{found[part]}\n<!-- end of {part} -->\n" for part in PARTS if found[part]]
    PAGE.write_text("\n".join([_HEAD, *sections]), encoding="utf-8")


def _between(page: str, part: str) -> str:
    match = re.search(rf"<!-- {part} -->\n(.*?)\n<!-- end of {part} -->", page, re.DOTALL)
    return match.group(1) if match else ""


def circumstances(load_before: float) -> str:
    """What was measured on and when, as Markdown; `load_before` is the load average before the measuring began."""
    return "\n".join(
        [
            f"- Machine: {machine()}",
            f"- Measured: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
            f"- Load before: {load_before:.1f} (load average; above 0.5 something else slowed the measuring down)",
        ]
    )


def machine() -> str:
    """Cores, memory and versions of this machine."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = f"Python {platform.python_version()}"
    return f"{cores} cores, {memory:.0f} GiB of memory, {platform.system()} {platform.machine()}, {python}"
