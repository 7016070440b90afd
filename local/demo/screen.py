"""What the demo shows while it plays."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

Json = dict[str, Any]


@dataclass
class Stopwatch:
    """Runs from its making until it is read."""

    began: float

    def milliseconds(self, until: float | None = None) -> float:
        """Since the beginning, until a reading of time.perf_counter() or now."""
        return ((until if until is not None else time.perf_counter()) - self.began) * 1000


def stopwatch() -> Stopwatch:
    """One that starts now."""
    return Stopwatch(time.perf_counter())


class Screen:
    """Prints each step with the milliseconds it took."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._steps: list[tuple[str, float]] = []

    def heading(self, text: str) -> None:
        """A new scene."""
        self._console.print()
        self._console.rule(f"[bold]{escape(text)}", align="left")

    def step(self, text: str, milliseconds: float, style: str = "") -> None:
        """Something that happened, and how long it took."""
        self._steps.append((text, milliseconds))
        line = f"[cyan]{milliseconds:7.0f} ms[/]  "
        self._console.print(line + (f"[{style}]{escape(text)}[/]" if style else escape(text)), soft_wrap=True)

    def said(self, who: str, text: str, colour: str) -> None:
        """A message as its reader has it in front of them."""
        self._console.print(f"            [bold {colour}]{escape(who)}[/] {escape(text)}", soft_wrap=True)

    def note(self, text: str) -> None:
        """A line that took no time."""
        self._console.print(f"            [dim]{escape(text)}[/]", soft_wrap=True)

    @contextmanager
    def timed(self, text: str, style: str = "") -> Iterator[None]:
        """Print the text with the time that the block took."""
        watch = stopwatch()
        yield
        self.step(text, watch.milliseconds(), style)

    def understood(self, message: Json) -> None:
        """A table of what the engines made of a message."""
        table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
        for name, value in (
            ("language", _with_confidence(message.get("language"), "language")),
            ("intent", _with_confidence(message.get("intent"), "intent")),
            ("sentiment", _with_confidence(message.get("sentiment"), "sentiment")),
            ("translation", _translation(message.get("translation"))),
        ):
            if value is not None:
                table.add_row("           ", f"[dim]{name}[/]", value[0], f"[dim]{value[1]}[/]")
        if table.row_count:
            self._console.print(table)
        else:
            self.note("not understood yet: the engines are still loading their models")

    def suggestions(self, suggestions: list[Json]) -> None:
        """The replies and actions an agent is offered."""
        for number, suggestion in enumerate(suggestions, start=1):
            kind = "reply " if suggestion["kind"] == "reply" else "action"
            self._console.print(f"            [dim]{kind} {number}[/]  {escape(suggestion['text'])}", soft_wrap=True)

    def result(self, problems: list[str]) -> None:
        """The last word."""
        self._console.print()
        for problem in problems:
            self._console.print(f"[bold red]wrong[/] {escape(problem)}", soft_wrap=True)
        if not problems:
            self._console.print("[bold green]all well[/] nothing lost, nothing doubled, nothing out of order")


def _with_confidence(result: Json | None, name: str) -> tuple[str, str] | None:
    if result is None:
        return None
    value = escape(str(result[name] or "unknown"))
    return f"{value} ({result['confidence']:.0%})", _engine(result)


def _translation(result: Json | None) -> tuple[str, str] | None:
    if result is None:
        return None
    text = result["text"] if result["state"] == "translated" else result["state"].replace("_", " ")
    return escape(text), _engine(result)


def _engine(result: Json) -> str:
    return f"{escape(str(result['engine']))}, {result['latency_ms']:.1f} ms"
