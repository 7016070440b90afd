"""Rows of measurements, as a table on the screen and as a page in docs/."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from tests.benchmark_page import circumstances

COLUMNS = ("what", "p50", "p95", "p99", "samples", "goal", "met")


@dataclass(frozen=True)
class Row:
    """One line of the report. Times are in milliseconds."""

    what: str
    p50: str
    p95: str
    p99: str
    samples: int
    goal: str = ""
    met: bool | None = None
    """None when there is no goal."""
    is_fault: bool = False
    """Whether the system did something wrong, rather than something slow."""

    @classmethod
    def of_times(cls, what: str, milliseconds: Sequence[float], goal_p95: float | None = None) -> Row:
        """Times of the same thing, measured again and again."""
        p50, p95, p99 = (percentile(milliseconds, share) for share in (50, 95, 99))
        goal = "" if goal_p95 is None else f"p95 ≤ {goal_p95:.0f} ms"
        met = None if goal_p95 is None else p95 <= goal_p95
        return cls(what, f"{p50:.1f} ms", f"{p95:.1f} ms", f"{p99:.1f} ms", len(milliseconds), goal, met)

    @classmethod
    def of_few_times(cls, what: str, milliseconds: Sequence[float], goal: float) -> Row:
        """Times too few for percentiles: their middle one counts."""
        middle = percentile(milliseconds, 50)
        return cls(what, f"{middle:.0f} ms", "", "", len(milliseconds), f"≤ {goal:.0f} ms", middle <= goal)

    @classmethod
    def of_count(cls, what: str, count: int, samples: int) -> Row:
        """Something that must never happen, and how often it did."""
        return cls(what, str(count), "", "", samples, "0", count == 0, is_fault=count > 0)

    def cells(self) -> tuple[str, ...]:
        """One text for each of COLUMNS."""
        met = "" if self.met is None else "yes" if self.met else "no"
        return (self.what, self.p50, self.p95, self.p99, str(self.samples), self.goal, met)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` per cent of them do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share / 100 * len(ordered)) - 1)]


def show(title: str, rows: Sequence[Row], console: Console) -> None:
    """The rows on the screen."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in COLUMNS:
        table.add_column(name, justify="left" if name == "what" else "right", no_wrap=True)
    for row in rows:
        style = "" if row.met is not False else "bold red" if row.is_fault else "yellow"
        table.add_row(*row.cells(), style=style)
    console.print(table)


def page(sections: dict[str, Sequence[Row]], notes: dict[str, str], load_before: float) -> str:
    """The rows as a Markdown page, with what they were measured on.

    `load_before` is the load average before the measuring began: what else the machine was busy with.
    """
    lines = [
        "## How fast it is (`make bench`)",
        "",
        "On a stack of its own with warm processes; customer, agent and every part of the stack share the one machine.",
        "",
        circumstances(load_before),
    ]
    for title, rows in sections.items():
        lines += ["", f"### {title}", "", notes[title], ""]
        lines += ["| " + " | ".join(COLUMNS) + " |", "|---|" + "---:|" * (len(COLUMNS) - 1)]
        lines += ["| " + " | ".join(row.cells()) + " |" for row in rows]
    return "\n".join(lines) + "\n"
