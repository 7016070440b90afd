"""`make bench`: takes every measurement, prints it, and writes docs/benchmarks.md."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Sequence

from rich.console import Console

from local.stack.commands import ROOT
from tests.benchmark_page import PAGE, machine, write_part
from tests.load.measurements import MEASUREMENTS
from tests.load.options import Options
from tests.load.report import Row, page, show


def main() -> None:
    """The command line. Exits with 1 when the system did something wrong, not when it was slow."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measure speed and crash safety.")
    names = [each.name for each in MEASUREMENTS]
    parser.add_argument("--only", choices=names, action="append", help="take this measurement and write no page")
    parser.add_argument("--messages", type=int, default=Options.messages, help="messages for each latency figure")
    parser.add_argument("--kills", type=int, default=Options.kills, help="how often the host is killed")
    parser.add_argument("--seed", type=int, default=Options.seed, help="for the random moments of the kills")
    chosen = parser.parse_args()
    logging.getLogger("azure.messaging.webpubsubclient").setLevel(logging.ERROR)
    options = Options(messages=chosen.messages, kills=chosen.kills, seed=chosen.seed)
    # Into a file or a pipe the table is as wide as it needs to be.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    load_before = os.getloadavg()[0]
    console.print(f"{machine()}, load {load_before:.1f}")
    sections: dict[str, Sequence[Row]] = {}
    for measurement in MEASUREMENTS:
        if chosen.only and measurement.name not in chosen.only:
            continue
        console.print(f"measuring: {measurement.title} …", style="dim")
        sections[measurement.title] = asyncio.run(measurement.measure(options))
        show(measurement.title, sections[measurement.title], console)
    if not chosen.only:
        notes = {each.title: each.how for each in MEASUREMENTS}
        write_part("speed", page(sections, notes, load_before))
        console.print(f"written: {PAGE.relative_to(ROOT)}")
    sys.exit(1 if any(row.is_fault for rows in sections.values() for row in rows) else 0)


if __name__ == "__main__":
    main()
