"""Which messages this host holds, so that a host that was killed gives them back at its next start."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from local.database import open_database

_TABLE = """CREATE TABLE IF NOT EXISTS held (
    queue TEXT NOT NULL, message TEXT NOT NULL, receipt TEXT NOT NULL, PRIMARY KEY (queue, message)
) WITHOUT ROWID"""


class Journal:
    """Messages by the address of their queue, with the receipts that open them.

    A message that is worked on for long is hidden for ten minutes: too long to wait for after a crash.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database: sqlite3.Connection | None = None

    def hold(self, queue: str, message: str, receipt: str) -> None:
        """Note a message that was taken, or its new receipt."""
        self._open().execute("INSERT OR REPLACE INTO held VALUES (?, ?, ?)", (queue, message, receipt))

    def drop(self, queue: str, message: str) -> None:
        """Forget a message that was deleted or given back."""
        self._open().execute("DELETE FROM held WHERE queue = ? AND message = ?", (queue, message))

    def left_over(self, queue: str) -> list[tuple[str, str]]:
        """Messages of the queue that are held, each with its receipt."""
        rows = self._open().execute("SELECT message, receipt FROM held WHERE queue = ?", (queue,))
        return [(row["message"], row["receipt"]) for row in rows]

    def close(self) -> None:
        """Close the file; it opens again when needed."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            self._database = open_database(self._path)
            self._database.execute(_TABLE)
        return self._database
