"""The indexes there are, and the tables that everything is kept in."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.database import open_database
from local.search.definition import Definition, Json, check_change, parse_definition
from local.search.errors import SearchError, not_found, precondition_failed

FORMAT = 1
"""Raised whenever the tables, or the words that the analyzers cut, change."""

_TABLES = """
CREATE TABLE IF NOT EXISTS indexes (
    number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, definition TEXT NOT NULL, etag TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS fields (
    number INTEGER PRIMARY KEY AUTOINCREMENT, owner INTEGER NOT NULL REFERENCES indexes (number) ON DELETE CASCADE,
    name TEXT NOT NULL, UNIQUE (owner, name));
CREATE TABLE IF NOT EXISTS documents (
    owner INTEGER NOT NULL REFERENCES indexes (number) ON DELETE CASCADE,
    number INTEGER NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (owner, number), UNIQUE (owner, key));
CREATE TABLE IF NOT EXISTS free_numbers (
    owner INTEGER NOT NULL REFERENCES indexes (number) ON DELETE CASCADE, number INTEGER NOT NULL,
    PRIMARY KEY (owner, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS postings (
    field INTEGER NOT NULL REFERENCES fields (number) ON DELETE CASCADE,
    term TEXT NOT NULL, block INTEGER NOT NULL, records BLOB NOT NULL, positions BLOB NOT NULL,
    UNIQUE (field, term, block));
CREATE TABLE IF NOT EXISTS vectors (
    field INTEGER NOT NULL REFERENCES fields (number) ON DELETE CASCADE,
    number INTEGER NOT NULL, data BLOB NOT NULL, UNIQUE (field, number));
"""


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All statements inside take effect together, or none of them."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def open_data(path: Path) -> sqlite3.Connection:
    """The data file, made if it is not there. Raises DataError when it cannot be used."""
    connection = open_database(path, FORMAT)
    with transaction(connection):
        for statement in _TABLES.split(";\n"):
            connection.execute(statement)
    return connection


@dataclass(frozen=True)
class Index:
    """One index: its number in the tables, its definition, and the numbers of its fields."""

    number: int
    definition: Definition
    etag: str
    fields: dict[str, int]

    def body(self) -> Json:
        """The index as Azure answers it."""
        return {"@odata.etag": self.etag, **self.definition.body}


class Catalog:
    """All indexes. Every change is on disk when the call returns."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._indexes: dict[str, Index] = {}
        rows = connection.execute("SELECT number, name, definition, etag FROM indexes").fetchall()
        for row in rows:
            self._indexes[row["name"]] = self._loaded(
                row["number"], parse_definition(json.loads(row["definition"])), row["etag"]
            )

    def all(self) -> list[Index]:
        """Every index, by name."""
        return [self._indexes[name] for name in sorted(self._indexes)]

    def find(self, name: str) -> Index:
        """The index of this name. Raises SearchError 404."""
        if name not in self._indexes:
            raise not_found(f"No index with the name '{name}' was found in the service.")
        return self._indexes[name]

    def create(self, definition: Definition) -> Index:
        """A new index. Raises SearchError 409 when the name is taken."""
        if definition.name in self._indexes:
            raise SearchError(
                409,
                f"Cannot create index '{definition.name}' because it already exists.",
                "ResourceNameAlreadyInUse",
            )
        return self._write(definition, None)

    def put(self, definition: Definition, match: str | None, none_match: str | None) -> tuple[Index, bool]:
        """Create or update; the flag tells whether it is new. Raises SearchError 400 and 412."""
        known = self._indexes.get(definition.name)
        self._check_condition(definition.name, match, none_match)
        if known is not None:
            check_change(known.definition, definition)
        return self._write(definition, known), known is None

    def delete(self, name: str, match: str | None, none_match: str | None) -> Index:
        """Remove an index and its documents. Raises SearchError 404 and 412."""
        if match is not None or none_match is not None:
            self._check_condition(name, match, none_match)
        index = self.find(name)
        self._connection.execute("DELETE FROM indexes WHERE number = ?", (index.number,))
        del self._indexes[name]
        return index

    def _check_condition(self, name: str, match: str | None, none_match: str | None) -> None:
        known = self._indexes.get(name)
        if match is not None and (known is None or match not in ("*", known.etag)):
            raise precondition_failed(name)
        if none_match is not None and known is not None and none_match in ("*", known.etag):
            raise precondition_failed(name)

    def _write(self, definition: Definition, known: Index | None) -> Index:
        etag = f'"0x{uuid.uuid4().hex[:15].upper()}"'
        text = json.dumps(definition.body, ensure_ascii=False)
        with transaction(self._connection):
            if known is None:
                number = self._connection.execute(
                    "INSERT INTO indexes (name, definition, etag) VALUES (?, ?, ?)", (definition.name, text, etag)
                ).lastrowid
            else:
                number = known.number
                self._connection.execute(
                    "UPDATE indexes SET definition = ?, etag = ? WHERE number = ?", (text, etag, number)
                )
            self._connection.executemany(
                "INSERT OR IGNORE INTO fields (owner, name) VALUES (?, ?)",
                [(number, name) for name in definition.fields],
            )
        assert number is not None
        self._indexes[definition.name] = index = self._loaded(number, definition, etag)
        return index

    def _loaded(self, number: int, definition: Definition, etag: str) -> Index:
        rows = self._connection.execute("SELECT name, number FROM fields WHERE owner = ?", (number,))
        return Index(number, definition, etag, {row["name"]: row["number"] for row in rows})
