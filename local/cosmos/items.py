"""Items: reading them, and writing them so that what belongs together takes effect together."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from local.cosmos.catalog import Catalog, Container, new_etag, transaction
from local.cosmos.errors import PARTITION_KEY_MISMATCH, bad_request, conflict, not_found, precondition_failed, too_large
from local.cosmos.partition import PartitionKey, value_at
from local.cosmos.patching import Patch
from local.cosmos.sql.values import canonical
from local.cosmos.strict_json import write_json

ITEM_BYTES = 2 * 1024 * 1024
"""Largest item (Cosmos DB service limits)."""

ID_BYTES = 1023
"""Longest id of an item (Cosmos DB service limits)."""

_SYSTEM = ("_rid", "_self", "_etag", "_attachments", "_ts")
_COLUMNS = "number, id, partition, etag, lsn, body"


@dataclass(frozen=True, slots=True)
class StoredItem:
    """One item as kept: `text` is its JSON with system properties, `partition` names its logical partition."""

    number: int
    id: str
    partition: str
    etag: str
    lsn: int
    text: str


@dataclass(frozen=True, slots=True)
class Condition:
    """The ETag headers of a request."""

    if_match: str | None = None
    if_none_match: str | None = None

    def check(self, item: StoredItem) -> None:
        """Raises CosmosError 412 if the stored item is not the one the caller means."""
        if self.if_match not in (None, "*", item.etag):
            raise precondition_failed("One of the specified pre-condition is not met: the item has another ETag.")
        if self.if_none_match in ("*", item.etag):
            raise precondition_failed("One of the specified pre-condition is not met: the item has this ETag.")


UNCONDITIONAL = Condition()


@dataclass(frozen=True, slots=True)
class Written:
    """The outcome of a write: the item as it is now, and whether it is new."""

    item: StoredItem
    created: bool


class ItemStore:
    """Reads of items, and the way to a Writer."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._connection = catalog.connection

    def read(self, container: Container, key: PartitionKey, item_id: str) -> StoredItem:
        """The item of that id in that logical partition. Raises CosmosError 404."""
        found = find(self._connection, container, key.text, item_id, self.catalog.now())
        if found is None:
            raise not_found(f"item {item_id} in partition {key.text} of {container.id}")
        return found

    def id_of(self, container: Container, key: PartitionKey, rid: str) -> str:
        """The id of the item with that resource id in that logical partition. Raises CosmosError 404."""
        row = self._connection.execute(
            "SELECT id FROM items WHERE number = ? AND container = ? AND partition = ?",
            (container.item_number(rid), container.number, key.text),
        ).fetchone()
        if row is None:
            raise not_found(f"item {rid} in partition {key.text} of {container.id}")
        return str(row["id"])

    def lsn(self, container: Container) -> int:
        """The number of the container's latest write."""
        return position(self._connection, container)

    @contextmanager
    def writing(self, container: Container, key: PartitionKey) -> Iterator[Writer]:
        """A writer whose writes take effect together, or not at all if anything is raised."""
        with transaction(self._connection):
            writer = Writer(self._connection, container, key, self.catalog.now())
            yield writer
            writer.finish()

    def delete_partition(self, container: Container, key: PartitionKey) -> None:
        """Remove every item of a logical partition."""
        self._connection.execute(
            "DELETE FROM items WHERE container = ? AND partition = ?", (container.number, key.text)
        )

    def purge(self) -> None:
        """Remove what has expired; it was out of sight already."""
        for container in self.catalog.every_container():
            _purge(self._connection, container, self.catalog.now())


class Writer:
    """Writes within one logical partition, in one transaction. Each sees what the earlier ones did."""

    def __init__(self, connection: sqlite3.Connection, container: Container, key: PartitionKey, now: float) -> None:
        self._connection = connection
        self._container = container
        self._key = key
        self._now = now
        self._lsn = position(connection, container)
        if container.default_ttl is not None:
            _purge(connection, container, now)

    def finish(self) -> None:
        """Record how far the container's writes have come."""
        self._connection.execute(
            "UPDATE positions SET lsn = ? WHERE container = ?", (self._lsn, self._container.number)
        )

    def read(self, item_id: str) -> StoredItem:
        """The item as it is inside this transaction. Raises CosmosError 404."""
        found = find(self._connection, self._container, self._key.text, item_id, self._now)
        if found is None:
            raise not_found(f"item {item_id} in partition {self._key.text} of {self._container.id}")
        return found

    def create(self, item: dict[str, object]) -> Written:
        """Add an item. Raises CosmosError 400, 409 or 413."""
        item_id = self._checked_id(item)
        if find(self._connection, self._container, self._key.text, item_id, self._now) is not None:
            raise conflict(f"Entity with the specified id already exists in the system: {item_id}.")
        return Written(self._insert(item_id, item), created=True)

    def upsert(self, item: dict[str, object], condition: Condition = UNCONDITIONAL) -> Written:
        """Add an item or take the place of the one with its id. Raises CosmosError 400, 409, 412 or 413."""
        item_id = self._checked_id(item)
        known = find(self._connection, self._container, self._key.text, item_id, self._now)
        if known is None:
            return Written(self._insert(item_id, item), created=True)
        condition.check(known)
        return Written(self._update(known, item), created=False)

    def replace(self, item_id: str, item: dict[str, object], condition: Condition = UNCONDITIONAL) -> Written:
        """Take the place of an item. Raises CosmosError 400, 404, 409, 412 or 413."""
        known = self.read(item_id)
        if self._checked_id(item) != item_id:
            raise bad_request(f"The id in the body is {item['id']!r}, in the address {item_id!r}; an id cannot change.")
        condition.check(known)
        return Written(self._update(known, item), created=False)

    def patch(self, item_id: str, patch: Patch, condition: Condition = UNCONDITIONAL) -> Written:
        """Change parts of an item. Raises CosmosError 400, 404, 409, 412 or 413."""
        known = self.read(item_id)
        condition.check(known)
        patched = patch.apply(known.text, self._container.key)
        return Written(self._update(known, patched), created=False)

    def delete(self, item_id: str, condition: Condition = UNCONDITIONAL) -> StoredItem:
        """Remove an item; gives it as it was. Raises CosmosError 404 or 412."""
        known = self.read(item_id)
        condition.check(known)
        self._connection.execute("DELETE FROM items WHERE number = ?", (known.number,))
        self._lsn += 1
        return known

    def _checked_id(self, item: dict[str, object]) -> str:
        item_id = item.get("id")
        if not isinstance(item_id, str) or not item_id:
            raise bad_request("The input content is invalid because the required property 'id' is missing or no text.")
        try:
            size = len(item_id.encode())
        except UnicodeEncodeError as error:
            raise bad_request("The id holds half of a character.") from error
        if size > ID_BYTES or set(item_id) & set("/\\#?"):
            raise bad_request(f"An id has at most {ID_BYTES} bytes and none of / \\ # ?.")
        if self._container.key.of_item(item) != self._key:
            raise bad_request(
                "PartitionKey extracted from document doesn't match the one specified in the header.",
                PARTITION_KEY_MISMATCH,
            )
        return item_id

    def _insert(self, item_id: str, item: dict[str, object]) -> StoredItem:
        self._lsn += 1
        row = {"container": self._container.number, "partition": self._key.text, "id": item_id,
               "effective": self._key.effective, "lsn": self._lsn, "ts": int(self._now), "etag": new_etag(),
               "expires": self._expiry(item)}  # fmt: skip
        cursor = self._connection.execute(
            "INSERT INTO items (container, partition, id, effective, lsn, ts, etag, expires, body) VALUES "
            "(:container, :partition, :id, :effective, :lsn, :ts, :etag, :expires, '')",
            row,
        )
        number = cursor.lastrowid
        assert number is not None
        text = self._text(item, number, str(row["etag"]))
        self._connection.execute("UPDATE items SET body = ? WHERE number = ?", (text, number))
        self._claim_unique_values(item, number)
        return StoredItem(number, item_id, self._key.text, str(row["etag"]), self._lsn, text)

    def _update(self, known: StoredItem, item: dict[str, object]) -> StoredItem:
        self._lsn += 1
        etag = new_etag()
        text = self._text(item, known.number, etag)
        self._connection.execute(
            "UPDATE items SET lsn = ?, ts = ?, etag = ?, expires = ?, body = ? WHERE number = ?",
            (self._lsn, int(self._now), etag, self._expiry(item), text, known.number),
        )
        self._claim_unique_values(item, known.number)
        return StoredItem(known.number, known.id, known.partition, etag, self._lsn, text)

    def _text(self, item: dict[str, object], number: int, etag: str) -> str:
        rid = self._container.item_rid(number)
        whole = {name: value for name, value in item.items() if name not in _SYSTEM}
        whole["_rid"] = rid
        whole["_self"] = f"{self._container.link}docs/{rid}/"
        whole["_etag"] = etag
        whole["_attachments"] = "attachments/"
        whole["_ts"] = int(self._now)
        text = write_json(whole)
        # The stored text escapes what is not ASCII; the limit counts UTF-8.
        if len(text) > ITEM_BYTES and _utf8_size(whole) > ITEM_BYTES:
            raise too_large(f"Request size is too large: an item has at most {ITEM_BYTES} bytes.")
        return text

    def _expiry(self, item: dict[str, object]) -> int | None:
        own = item.get("ttl", self._container.default_ttl)
        if "ttl" in item and (type(own) is not int or (own != -1 and own < 1)):
            raise bad_request("The input ttl is invalid: it must be -1 or a positive number of seconds.")
        if self._container.default_ttl is None or own == -1:
            return None
        assert isinstance(own, int)
        return int(self._now) + own

    def _claim_unique_values(self, item: dict[str, object], number: int) -> None:
        rules = self._container.unique_paths
        if not rules:
            return
        self._connection.execute("DELETE FROM unique_values WHERE item = ?", (number,))
        for rule, paths in enumerate(rules):
            value = canonical([value_at(item, path) for path in paths])
            row = (self._container.number, self._key.text, rule, value, number)
            try:
                self._connection.execute("INSERT INTO unique_values VALUES (?, ?, ?, ?, ?)", row)
            except sqlite3.IntegrityError as error:
                named = ", ".join("/" + "/".join(path) for path in paths)
                raise conflict(f"Unique index constraint violation on {named}.") from error


def _utf8_size(item: dict[str, object]) -> int:
    return len(json.dumps(item, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass"))


def find(
    connection: sqlite3.Connection, container: Container, partition: str, item_id: str, now: float
) -> StoredItem | None:
    """The unexpired item of that id in that logical partition, or None."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM items WHERE container = ? AND partition = ? AND id = ? "
        "AND (expires IS NULL OR expires > ?)",
        (container.number, partition, item_id, now),
    ).fetchone()
    return None if row is None else StoredItem(*row)


def position(connection: sqlite3.Connection, container: Container) -> int:
    """The number of the container's latest write. Raises CosmosError 404 if the container is gone."""
    row = connection.execute("SELECT lsn FROM positions WHERE container = ?", (container.number,)).fetchone()
    if row is None:
        raise not_found(f"container {container.id}")
    return int(row["lsn"])


def _purge(connection: sqlite3.Connection, container: Container, now: float) -> None:
    connection.execute("DELETE FROM items WHERE container = ? AND expires <= ?", (container.number, now))
