"""SQLite as the stand-ins keep their data: one file a part, safe against a killed process."""

from __future__ import annotations

import sqlite3
from pathlib import Path


def open_database(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode: say BEGIN IMMEDIATE and COMMIT around what belongs together.

    Write-ahead logging with synchronous=NORMAL survives SIGKILL at any moment; only a power failure
    can lose the last commits, and even then the file stays whole. `":memory:"` as the path works too.
    """
    if str(path) != ":memory:":
        path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=5000")
    connection.execute("PRAGMA foreign_keys=ON")
    return connection
