"""The documents of one index: changing them, reading them, and what searching keeps of them in memory."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from local.search.catalog import Index, transaction
from local.search.columns import Column, Mask
from local.search.definition import Field, Json
from local.search.errors import bad_request
from local.search.postings import LENGTH, Postings
from local.search.values import checked, checked_vector, comparable
from local.search.vectors import VectorField

MOST_ACTIONS = 1000
"""Documents of one request, as Azure limits them."""

_KEY = re.compile(r"[A-Za-z0-9_\-=]{1,1024}")
_ACTIONS = frozenset({"upload", "merge", "mergeOrUpload", "delete"})
_GAP = 100
"""Places between two texts of a collection, so that no phrase reaches across."""

Words = dict[str, list[int]]


@dataclass(slots=True)
class _Change:
    """What a batch makes of one document; bodies are None where there is no document."""

    number: int | None
    before: Json | None
    after: Json | None
    vectors: dict[str, list[float] | None] = field(default_factory=dict)


class Documents:
    """One index's documents. Not for use from two threads at once."""

    def __init__(self, connection: sqlite3.Connection, index: Index) -> None:
        self.index = index
        self.postings = Postings(connection)
        self._connection = connection
        self._columns: dict[str, Column] = {}
        self._vectors: dict[str, VectorField] = {}
        numbers = [row[0] for row in self._rows("SELECT number FROM documents WHERE owner = ?")]
        self._alive = np.zeros(max(numbers, default=-1) + 1, np.bool_)
        self._alive[numbers] = True

    @property
    def alive(self) -> Mask:
        """Which numbers are documents; its length is above every number."""
        return self._alive

    def count(self) -> int:
        """How many documents there are."""
        return int(self._alive.sum())

    def sizes(self) -> tuple[int, int]:
        """Bytes of all documents with their vectors, and of the vectors alone."""
        (documents,) = self._rows("SELECT COALESCE(SUM(LENGTH(body)), 0) FROM documents WHERE owner = ?")
        (vectors,) = self._rows(
            "SELECT COALESCE(SUM(LENGTH(data)), 0) FROM vectors JOIN fields ON fields.number = field WHERE owner = ?"
        )
        return documents[0] + vectors[0], vectors[0]

    def number(self, key: str) -> int | None:
        """The number of the document with this key."""
        rows = self._rows("SELECT number FROM documents WHERE owner = ? AND key = ?", key)
        return rows[0][0] if rows else None

    def bodies(self, numbers: Sequence[int], fields: Iterable[Field]) -> list[Json]:
        """The documents with these fields, in the order asked for."""
        chosen = list(fields)
        read = {}
        for number in numbers:
            (row,) = self._rows("SELECT body FROM documents WHERE owner = ? AND number = ?", number)
            read[number] = json.loads(row[0])
        return [{each.name: self._value(each, number, read[number]) for each in chosen} for number in numbers]

    def _value(self, chosen: Field, number: int, body: Json) -> Any:
        if not chosen.is_vector:
            return body.get(chosen.name, [] if chosen.is_collection else None)
        row = self._connection.execute(
            "SELECT data FROM vectors WHERE field = ? AND number = ?", (self.index.fields[chosen.name], number)
        ).fetchone()
        return None if row is None else [float(str(each)) for each in np.frombuffer(row[0], "<f4")]

    def column(self, chosen: Field) -> Column:
        """The values of a field that is filterable, sortable or facetable, dates as microseconds."""
        if chosen.name not in self._columns:
            column = Column(is_collection=chosen.is_collection)
            sql = f"SELECT number, json_extract(body, '$.{chosen.name}') FROM documents WHERE owner = ?"
            for number, value in self._rows(sql):
                column.put(number, _comparable(value, chosen, is_stored=True))
            self._columns[chosen.name] = column
        return self._columns[chosen.name]

    def vectors(self, chosen: Field) -> VectorField:
        """The vectors of a field."""
        if chosen.name not in self._vectors:
            vectors = VectorField(chosen.dimensions)
            sql = "SELECT number, data FROM vectors WHERE field = ?"
            for number, data in self._connection.execute(sql, (self.index.fields[chosen.name],)):
                vectors.put(number, np.frombuffer(data, "<f4"))
            self._vectors[chosen.name] = vectors
        return self._vectors[chosen.name]

    def apply(self, actions: Any) -> list[Json]:
        """Do the actions in order; gives the result of each. Raises SearchError 400 before anything is changed."""
        if not isinstance(actions, list) or not actions:
            raise bad_request("The request is invalid. Details: actions : No indexing actions found in the request.")
        if len(actions) > MOST_ACTIONS:
            raise bad_request(f"The request is invalid. Details: actions : At most {MOST_ACTIONS} actions are allowed.")
        changes: dict[str, _Change] = {}
        results = [self._plan(changes, position, action) for position, action in enumerate(actions)]
        with transaction(self._connection):
            self._number(changes)
            self._write_bodies(changes)
            self._write_words(list(changes.values()))
            self._write_vectors(changes.values())
        self._remember(changes.values())
        return results

    def _plan(self, changes: dict[str, _Change], position: int, action: Any) -> Json:
        where = f"The request is invalid. Details: actions : {position}: "
        if not isinstance(action, dict):
            raise bad_request(f"{where}Each action is an object.")
        kind = action.get("@search.action", "upload")
        if kind not in _ACTIONS:
            raise bad_request(f"{where}Unknown @search.action {kind!r}.")
        key = action.get(self.index.definition.key.name)
        if not isinstance(key, str) or not key:
            raise bad_request(f"{where}Document key cannot be missing or empty.")
        if not _KEY.fullmatch(key) or key.startswith("_"):
            raise bad_request(
                f"{where}Invalid document key: {key[:80]!r}. Keys can only contain letters, digits, underscore (_), "
                "dash (-), or equal sign (=), cannot begin with an underscore, and have up to 1024 characters."
            )
        plain, vectors = ({}, {}) if kind == "delete" else self._checked(action, where)
        change = changes.get(key) or self._current(key)
        known = change.after is not None
        if kind == "merge" and not known:
            return {"key": key, "status": False, "errorMessage": "Document not found.", "statusCode": 404}
        changes[key] = change
        every = {each.name: None for each in self.index.definition.vectors}
        if kind == "delete":
            change.after, change.vectors = None, dict(every)
        elif kind == "upload" or not known:
            change.after, change.vectors = plain, {**every, **vectors}
        else:
            change.after = {**(change.after or {}), **plain}
            change.vectors |= vectors
        created = kind != "delete" and not known
        return {"key": key, "status": True, "errorMessage": None, "statusCode": 201 if created else 200}

    def _checked(self, action: Json, where: str) -> tuple[Json, dict[str, list[float] | None]]:
        plain: Json = {}
        vectors: dict[str, list[float] | None] = {}
        for name, value in action.items():
            if name == "@search.action":
                continue
            chosen = self.index.definition.fields.get(name)
            if chosen is None:
                raise bad_request(
                    f"{where}The property '{name}' does not exist on type 'search.documentFields'. "
                    "Make sure to only use property names that are defined by the type."
                )
            if not chosen.is_vector:
                plain[name] = checked(value, chosen.type, name)
            else:
                vectors[name] = None if value in (None, []) else checked_vector(value, chosen.dimensions, name)
        return plain, vectors

    def _current(self, key: str) -> _Change:
        rows = self._rows("SELECT number, body FROM documents WHERE owner = ? AND key = ?", key)
        if not rows:
            return _Change(None, None, None)
        body = json.loads(rows[0][1])
        return _Change(rows[0][0], body, body)

    def _number(self, changes: dict[str, _Change]) -> None:
        new = [change for change in changes.values() if change.number is None and change.after is not None]
        sql = "SELECT number FROM free_numbers WHERE owner = ? ORDER BY number LIMIT ?"
        free = [row[0] for row in self._rows(sql, len(new))]
        self._connection.executemany(
            "DELETE FROM free_numbers WHERE owner = ? AND number = ?", [(self.index.number, number) for number in free]
        )
        fresh = len(self._alive)
        for place, change in enumerate(new):
            change.number = free[place] if place < len(free) else fresh + place - len(free)

    def _write_bodies(self, changes: dict[str, _Change]) -> None:
        owner = self.index.number
        for key, change in changes.items():
            if change.after is not None:
                self._connection.execute(
                    "INSERT INTO documents (owner, number, key, body) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (owner, number) DO UPDATE SET body = excluded.body",
                    (owner, change.number, key, json.dumps(change.after, ensure_ascii=False)),
                )
            elif change.before is not None:
                at = (owner, change.number)
                self._connection.execute("DELETE FROM documents WHERE owner = ? AND number = ?", at)
                self._connection.execute("INSERT INTO free_numbers (owner, number) VALUES (?, ?)", at)

    def _write_words(self, changes: list[_Change]) -> None:
        for each in self.index.definition.texts:
            removed: dict[int, Words] = {}
            added: dict[int, Words] = {}
            for change in changes:
                before = (change.before or {}).get(each.name)
                after = (change.after or {}).get(each.name)
                if change.number is None or before == after:
                    continue
                if before:
                    removed[change.number] = words_of(each, before)
                if after:
                    added[change.number] = words_of(each, after)
            self.postings.change(self.index.fields[each.name], removed, added)

    def _write_vectors(self, changes: Iterable[_Change]) -> None:
        for change in changes:
            for name, vector in change.vectors.items():
                at = (self.index.fields[name], change.number)
                if vector is None:
                    if change.before is not None:
                        self._connection.execute("DELETE FROM vectors WHERE field = ? AND number = ?", at)
                else:
                    self._connection.execute(
                        "INSERT OR REPLACE INTO vectors (field, number, data) VALUES (?, ?, ?)",
                        (*at, np.asarray(vector, "<f4").tobytes()),
                    )

    def _remember(self, changes: Iterable[_Change]) -> None:
        changed = [change for change in changes if change.number is not None]
        size = max((change.number or 0 for change in changed), default=-1) + 1
        if size > len(self._alive):
            self._alive = np.append(self._alive, np.zeros(size - len(self._alive), np.bool_))
        for change in changed:
            assert change.number is not None
            self._alive[change.number] = change.after is not None
            for name, column in self._columns.items():
                chosen = self.index.definition.fields[name]
                column.put(change.number, _comparable((change.after or {}).get(name), chosen))
            for name, vector in change.vectors.items():
                if name in self._vectors:
                    self._vectors[name].put(change.number, None if vector is None else np.asarray(vector, np.float32))

    def _rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self._connection.execute(sql, (self.index.number, *values)).fetchall()


def words_of(chosen: Field, value: str | list[str]) -> Words:
    """Each word of a field's value with its places, and the number of words under LENGTH."""
    words: defaultdict[str, list[int]] = defaultdict(list)
    length, base = 0, 0
    for text in [value] if isinstance(value, str) else value:
        last = -1
        for token in chosen.analyze(text, False):
            words[token.text].append(base + token.position)
            last = token.position
        length += last + 1
        base += last + 1 + _GAP
    if length:
        words[LENGTH] = [length]
    return words


def _comparable(value: Any, chosen: Field, *, is_stored: bool = False) -> Any:
    if is_stored and chosen.is_collection and value is not None:
        value = json.loads(value)
    if value is None:
        return None
    if chosen.is_collection:
        return [comparable(each, chosen.type) for each in value]
    if is_stored and chosen.type == "Edm.Boolean":
        return bool(value)
    return comparable(value, chosen.type)
