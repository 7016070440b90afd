"""Databases and containers: what there is, and the tables that everything is kept in."""

from __future__ import annotations

import base64
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from local.cosmos.errors import OWNER_NOT_FOUND, CosmosError, bad_request, conflict, not_found
from local.cosmos.indexing import check_policy
from local.cosmos.partition import KeyDefinition, split_path
from local.cosmos.strict_json import read_object, write_json

_TABLES = """
CREATE TABLE IF NOT EXISTS databases (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, etag TEXT NOT NULL, ts INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS containers (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    database INTEGER NOT NULL REFERENCES databases (number) ON DELETE CASCADE,
    id TEXT NOT NULL, definition TEXT NOT NULL, throughput INTEGER NOT NULL, etag TEXT NOT NULL, ts INTEGER NOT NULL,
    UNIQUE (database, id));
CREATE TABLE IF NOT EXISTS positions (
    container INTEGER PRIMARY KEY REFERENCES containers (number) ON DELETE CASCADE, lsn INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS items (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    container INTEGER NOT NULL REFERENCES containers (number) ON DELETE CASCADE,
    partition TEXT NOT NULL, id TEXT NOT NULL, effective TEXT NOT NULL,
    lsn INTEGER NOT NULL, ts INTEGER NOT NULL, etag TEXT NOT NULL, expires INTEGER, body TEXT NOT NULL,
    UNIQUE (container, partition, id));
CREATE INDEX IF NOT EXISTS items_by_creation ON items (container, number);
CREATE INDEX IF NOT EXISTS items_by_change ON items (container, lsn);
CREATE INDEX IF NOT EXISTS items_by_expiry ON items (container, expires) WHERE expires IS NOT NULL;
CREATE TABLE IF NOT EXISTS unique_values (
    container INTEGER NOT NULL, partition TEXT NOT NULL, rule INTEGER NOT NULL, value TEXT NOT NULL,
    item INTEGER NOT NULL REFERENCES items (number) ON DELETE CASCADE,
    PRIMARY KEY (container, partition, rule, value)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS unique_values_by_item ON unique_values (item);
"""

_EXPIRE_ANEW = """
UPDATE items SET expires = CASE
    WHEN :default IS NULL OR COALESCE(json_extract(body, '$.ttl'), :default) < 0 THEN NULL
    ELSE ts + COALESCE(json_extract(body, '$.ttl'), :default) END
WHERE container = :number
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


@dataclass(frozen=True, slots=True)
class Database:
    """One database; `rid` is its resource id."""

    number: int
    id: str
    rid: str
    etag: str
    ts: int

    def body(self) -> dict[str, Any]:
        """The resource as JSON, with its system properties."""
        system = {"_rid": self.rid, "_self": f"dbs/{self.rid}/", "_etag": self.etag, "_ts": self.ts}
        return {"id": self.id, **system, "_colls": "colls/", "_users": "users/"}


@dataclass(frozen=True, slots=True)
class Container:
    """One container: its definition as given, and what the stand-in reads out of it."""

    number: int
    database: Database
    id: str
    rid: str
    etag: str
    ts: int
    throughput: int
    definition: dict[str, Any]
    key: KeyDefinition
    unique_paths: tuple[tuple[tuple[str, ...], ...], ...]

    @property
    def link(self) -> str:
        """Where the container is, by resource ids."""
        return f"dbs/{self.database.rid}/colls/{self.rid}/"

    @property
    def default_ttl(self) -> int | None:
        """Seconds that items live by default; -1: no end; None: expiry is off."""
        return self.definition.get("defaultTtl")

    def body(self) -> dict[str, Any]:
        """The resource as JSON, with its system properties."""
        system = {"_rid": self.rid, "_self": self.link, "_etag": self.etag, "_ts": self.ts}
        feeds = {"_docs": "docs/", "_sprocs": "sprocs/", "_triggers": "triggers/", "_udfs": "udfs/"}
        return {**self.definition, **system, **feeds, "_conflicts": "conflicts/"}

    def item_rid(self, number: int) -> str:
        """The resource id of an item."""
        return _resource_id(self.database.number, self.number, number)

    def item_number(self, rid: str) -> int | None:
        """The inverse of `item_rid`; None for what is no resource id of an item here."""
        try:
            raw = base64.b64decode(rid.replace("-", "/"), validate=True)
        except ValueError:
            return None
        number = int.from_bytes(raw[8:], "big")
        return number if len(raw) == 16 and self.item_rid(number) == rid else None


def _resource_id(database: int, container: int | None = None, item: int | None = None) -> str:
    raw = (0x80_0000 + database).to_bytes(4, "big")
    if container is not None:
        raw += (0x8000_0000 + container).to_bytes(4, "big")
    if item is not None:
        raw += item.to_bytes(8, "big")
    return base64.b64encode(raw).decode().replace("/", "-")


def new_etag() -> str:
    """A fresh ETag: a GUID within quotes, which belong to it."""
    return f'"{uuid.uuid4()}"'


class Catalog:
    """All databases and containers. Everything is kept in the connection's file; reads come from memory."""

    def __init__(self, connection: sqlite3.Connection, now: Callable[[], float] = time.time) -> None:
        self.connection = connection
        self.now = now
        connection.executescript(_TABLES)
        self._databases: dict[str, Database] = {}
        self._containers: dict[tuple[str, str], Container] = {}
        self._load()

    def databases(self) -> list[Database]:
        """All databases in the order of creation."""
        return list(self._databases.values())

    def database(self, name: str) -> Database:
        """The database of that id or resource id. Raises CosmosError 404."""
        found = self._databases.get(name) or next((db for db in self._databases.values() if db.rid == name), None)
        if found is None:
            raise not_found(f"database {name}")
        return found

    def containers(self, database: str) -> list[Container]:
        """All containers of a database in the order of creation. Raises CosmosError 404."""
        owner = self.database(database)
        return [container for container in self._containers.values() if container.database.id == owner.id]

    def every_container(self) -> list[Container]:
        """The containers of all databases."""
        return list(self._containers.values())

    def container(self, database: str, name: str) -> Container:
        """The container of that id or resource id. Raises CosmosError 404."""
        found = self._containers.get((database, name))
        if found is None:
            found = next((one for one in self.containers(database) if name in (one.id, one.rid)), None)
        if found is None:
            raise not_found(f"container {name}")
        return found

    def owner(self, database: str, name: str) -> Container:
        """Like `container`, for requests about what is inside it: the 404 says that the owner is missing."""
        try:
            return self.container(database, name)
        except CosmosError as error:
            raise CosmosError(error.status, f"Owner resource does not exist: {name}.", OWNER_NOT_FOUND) from error

    def create_database(self, definition: dict[str, Any]) -> Database:
        """A new database. Raises CosmosError 400 or 409."""
        name = _resource_name(definition)
        if name in self._databases:
            raise conflict(f"The database {name} exists already.")
        row = (name, new_etag(), int(self.now()))
        self.connection.execute("INSERT INTO databases (id, etag, ts) VALUES (?, ?, ?)", row)
        self._load()
        return self._databases[name]

    def delete_database(self, name: str) -> None:
        """Remove a database and all it holds. Raises CosmosError 404."""
        self.connection.execute("DELETE FROM databases WHERE number = ?", (self.database(name).number,))
        self._load()

    def create_container(self, database: str, definition: dict[str, Any], throughput: int = 400) -> Container:
        """A new container. Raises CosmosError 400, 404 or 409."""
        owner = self.database(database)
        name = _resource_name(definition)
        if (owner.id, name) in self._containers:
            raise conflict(f"The container {name} exists already.")
        row = (owner.number, name, write_json(_complete(definition)), throughput, new_etag(), int(self.now()))
        with transaction(self.connection):
            cursor = self.connection.execute(
                "INSERT INTO containers (database, id, definition, throughput, etag, ts) VALUES (?, ?, ?, ?, ?, ?)", row
            )
            self.connection.execute("INSERT INTO positions (container, lsn) VALUES (?, 0)", (cursor.lastrowid,))
        self._load()
        return self._containers[owner.id, name]

    def replace_container(self, database: str, name: str, definition: dict[str, Any]) -> Container:
        """Give a container another definition; its keys must stay. Raises CosmosError 400 or 404."""
        known = self.container(database, name)
        complete = _complete(definition)
        if _resource_name(definition) != known.id:
            raise bad_request("A container cannot be renamed.")
        for fixed in ("partitionKey", "uniqueKeyPolicy"):
            if complete.get(fixed) != known.definition.get(fixed):
                raise bad_request(f"The {fixed} of a container cannot be changed.")
        with transaction(self.connection):
            self.connection.execute(
                "UPDATE containers SET definition = ?, etag = ?, ts = ? WHERE number = ?",
                (write_json(complete), new_etag(), int(self.now()), known.number),
            )
            if complete.get("defaultTtl") != known.default_ttl:
                self.connection.execute(_EXPIRE_ANEW, {"default": complete.get("defaultTtl"), "number": known.number})
        self._load()
        return self._containers[known.database.id, known.id]

    def delete_container(self, database: str, name: str) -> None:
        """Remove a container and its items. Raises CosmosError 404."""
        number = self.container(database, name).number
        self.connection.execute("DELETE FROM containers WHERE number = ?", (number,))
        self._load()

    def _load(self) -> None:
        rows = self.connection.execute("SELECT * FROM databases ORDER BY number")
        databases = {
            row["number"]: Database(row["number"], row["id"], _resource_id(row["number"]), row["etag"], row["ts"])
            for row in rows
        }
        self._databases = {database.id: database for database in databases.values()}
        self._containers = {}
        for row in self.connection.execute("SELECT * FROM containers ORDER BY number"):
            container = _container(row, databases[row["database"]])
            self._containers[container.database.id, container.id] = container


def _container(row: sqlite3.Row, database: Database) -> Container:
    definition = read_object(row["definition"], "definition")
    return Container(
        number=row["number"],
        database=database,
        id=row["id"],
        rid=_resource_id(database.number, row["number"]),
        etag=row["etag"],
        ts=row["ts"],
        throughput=row["throughput"],
        definition=definition,
        key=KeyDefinition.from_json(definition["partitionKey"]),
        unique_paths=_unique_paths(definition),
    )


_KNOWN = frozenset(
    {"id", "partitionKey", "indexingPolicy", "defaultTtl", "uniqueKeyPolicy", "conflictResolutionPolicy"}
)


def _complete(definition: dict[str, Any]) -> dict[str, Any]:
    """The definition with defaults filled in and without what a client echoes. Raises CosmosError 400."""
    complete = {name: value for name, value in definition.items() if not name.startswith("_") and value is not None}
    if unknown := sorted(complete.keys() - _KNOWN):
        raise bad_request(f"The container property {unknown[0]} is not supported by this stand-in.")
    KeyDefinition.from_json(complete.get("partitionKey"))
    complete["partitionKey"] = {"kind": "Hash", "version": 2, **complete["partitionKey"]}
    complete["indexingPolicy"] = check_policy(complete.get("indexingPolicy"))
    complete.setdefault("conflictResolutionPolicy", {"mode": "LastWriterWins", "conflictResolutionPath": "/_ts"})
    ttl = complete.get("defaultTtl")
    if ttl is not None and (type(ttl) is not int or (ttl != -1 and ttl < 1)):
        raise bad_request("defaultTtl must be -1 or a positive number of seconds.")
    _unique_paths(complete)
    return complete


def _unique_paths(definition: dict[str, Any]) -> tuple[tuple[tuple[str, ...], ...], ...]:
    rules = (definition.get("uniqueKeyPolicy") or {}).get("uniqueKeys", [])
    if not all(isinstance(rule, dict) and isinstance(rule.get("paths"), list) for rule in rules):
        raise bad_request("Every unique key needs a list of paths.")
    return tuple(tuple(split_path(path) for path in rule["paths"]) for rule in rules)


def _resource_name(definition: dict[str, Any]) -> str:
    name = definition.get("id")
    if not isinstance(name, str) or not 0 < len(name) <= 255 or set(name) & set("/\\#?") or not name.isprintable():
        raise bad_request("The id of a database or container has 1 to 255 printable characters and none of / \\ # ?.")
    return name
