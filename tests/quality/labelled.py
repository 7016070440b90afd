"""Labelled CSV files as the quality commands read them, and what they print: figures in JSON, or what is wrong."""

from __future__ import annotations

import asyncio
import csv
import json
import sys
from collections.abc import Collection, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAMED = 5
"""As many lines or labels as one message names."""


@dataclass(frozen=True)
class Row:
    """A line of the file; every column that was asked for has something in it, without space around it."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def read_rows(path: Path, *columns: str) -> list[Row]:
    """The rows of a file that has these columns. Raises OSError, and ValueError naming the column or the line."""
    try:
        # Spreadsheets put a mark of the byte order before the first column's name.
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return _rows(path.name, csv.DictReader(lines, strict=True), columns)
    except UnicodeDecodeError:
        raise ValueError(f"{path.name}: is not UTF-8") from None
    except csv.Error as error:
        raise ValueError(f"{path.name}: is no CSV: {error}") from None


def _rows(name: str, reader: csv.DictReader[str], columns: Collection[str]) -> list[Row]:
    reader.fieldnames = names = [(column or "").strip() for column in reader.fieldnames or ()]
    missing = [column for column in columns if column not in names]
    if missing:
        wanted = f"the first line must name {', '.join(columns)}, separated by commas"
        raise ValueError(f"{name}: column {missing[0]} is missing; {wanted}")
    twice = [column for column in columns if names.count(column) > 1]
    if twice:
        raise ValueError(f"{name}: column {twice[0]} stands twice in the first line")
    found = []
    for cells in reader:
        place = f"{name} line {reader.line_num}"
        if None in cells:
            raise ValueError(f"{place}: has more columns than the first line: put texts with commas in quotes")
        kept = {column: (cells[column] or "").strip() for column in columns}
        empty = [column for column in columns if not kept[column]]
        if empty:
            raise ValueError(f"{place}: {empty[0]} is empty")
        found.append(Row(reader.line_num, kept))
    if not found:
        raise ValueError(f"{name}: holds no text")
    return found


def refuse_unknown(path: Path, rows: Collection[Row], known: Collection[str], *, column: str = "label") -> None:
    """Raises ValueError naming the first line with a label that is not known: no answer to it could be right."""
    wrong = next((row for row in rows if row[column] not in known), None)
    if wrong is None:
        return
    more = len({row[column] for row in rows} - set(known)) - 1
    others = f" (and {more} more unknown)" if more else ""
    raise ValueError(
        f"{path.name} line {wrong.line}: {column}: {wrong[column]!r} is not known{others}; known are {_some(known)}"
    )


def _some(names: Collection[str]) -> str:
    shown = sorted(names)[:NAMED]
    return ", ".join(shown) + (f" … ({len(names)} in all)" if len(names) > NAMED else "")


def print_figures(measuring: Coroutine[Any, Any, dict[str, Any]]) -> int:
    """Prints the figures as one JSON object, or to stderr what is wrong with a file; the exit code."""
    try:
        figures = asyncio.run(measuring)
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(json.dumps(figures, indent=2, ensure_ascii=False))
    return 0
