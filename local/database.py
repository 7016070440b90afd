"""SQLite as the stand-ins keep their data: one file a part, safe against a killed process."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

log = logging.getLogger("data")

FORMAT_VERSION = 1
"""What PRAGMA user_version says of files in the layout of today; files from before it was said hold 0."""

WAY_OUT = "`make reset`, with this stack's DATA or PORT_BASE, forgets its data and begins afresh"
_SAY_AGAIN = 60.0
"""Seconds between two lines that say the same of a file."""

_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE})
"""Codes of a write that found no room: in the file, in its log, and in the index of its log."""
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


_reading_first: ContextVar[bool] = ContextVar("reading_first", default=False)
"""Whether what is wrong with a file will be said by DataError, so that the log need not say it."""


class DataError(Exception):
    """A file of data cannot be used; the message is one line with the way out."""


class Database(sqlite3.Connection):
    """A connection that says in one line of the log when the disk is full or the file is damaged."""

    path: Path
    _said: float = float("inf")
    """When it last said so; while the file is being opened it says nothing, for then DataError does."""

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """As sqlite3 has it; but ROLLBACK may come after SQLite rolled back by itself, as on a full disk."""
        if sql == "ROLLBACK" and not self.in_transaction:
            return self.cursor()
        try:
            return super().execute(sql, *values)
        except sqlite3.DatabaseError as error:
            self._explain(error)
            raise

    def executemany(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """As sqlite3 has it."""
        try:
            return super().executemany(sql, *values)
        except sqlite3.DatabaseError as error:
            self._explain(error)
            raise

    def begin_to_explain(self) -> None:
        """From now on a full disk and a damaged file are told in the log."""
        self._said = float("-inf")

    def _explain(self, error: sqlite3.DatabaseError) -> None:
        why = None if _reading_first.get() else explanation(error)
        if why is not None and time.monotonic() - self._said > _SAY_AGAIN:
            self._said = time.monotonic()
            log.error("attention: %s: %s", self.path, why)


def explanation(error: sqlite3.Error) -> str | None:
    """What a developer can do about a full disk or a damaged file; None for every other error."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    if code in _FULL:
        return f"no room on the disk ({error}): make some; nothing that was stored is lost"
    return f"the data are damaged ({error}): {WAY_OUT}" if code & 0xFF in _DAMAGED else None


def open_database(path: Path, version: int = FORMAT_VERSION) -> Database:
    """A connection in autocommit mode: say BEGIN IMMEDIATE and COMMIT around what belongs together.

    Write-ahead logging with synchronous=NORMAL survives SIGKILL at any moment; only a power failure
    can lose the last commits, and even then the file stays whole. `":memory:"` as the path works too.
    Raises DataError for a file that is damaged, not to be opened, or in a format newer than `version`.
    """
    try:
        if str(path) != ":memory:":
            path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Database)
    except (sqlite3.Error, OSError) as error:
        raise DataError(f"{path} cannot be opened ({error}): see who may write there, or {WAY_OUT}") from None
    connection.path = path
    connection.row_factory = sqlite3.Row
    try:
        _prepare(connection, version)
    except sqlite3.Error as error:
        connection.close()
        raise DataError(f"{path} {_unusable(error)}") from None
    except DataError:
        connection.close()
        raise
    connection.begin_to_explain()
    return connection


@contextmanager
def first_reading(path: Path) -> Iterator[None]:
    """Raises DataError for damage in the middle of a file, which shows when a part that starts reads what it holds."""
    outer = _reading_first.set(True)
    try:
        yield
    except sqlite3.DatabaseError as error:
        if explanation(error) is None:
            raise
        raise DataError(f"{path} {_unusable(error)}") from None
    finally:
        _reading_first.reset(outer)


def _prepare(connection: Database, version: int) -> None:
    connection.execute("PRAGMA busy_timeout=5000")
    held = connection.execute("PRAGMA user_version").fetchone()[0]
    if held > version:
        raise DataError(
            f"{connection.path} is in format {held}, made by a newer version of this stack that knows more than "
            f"format {version}: update this one, or {WAY_OUT}"
        )
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")
    if held < version:
        connection.execute(f"PRAGMA user_version={version}")


def _unusable(error: sqlite3.Error) -> str:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
        return f"is damaged ({error}): {WAY_OUT}"
    if getattr(error, "sqlite_errorcode", None) in _FULL:
        return f"cannot be opened, no room on the disk ({error}): make some, or {WAY_OUT}"
    return f"cannot be opened ({error}): see who may write there, or {WAY_OUT}"
