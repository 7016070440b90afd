"""Which documents hold which words, how often and where: the inverted index, as rows of packed numbers.

SQLite's own full-text index ranks row by row, which takes half a second when a question's small words stand in most of
100,000 documents; and it counts a word that stands in more than half of them as worthless, which spoils the order in
an index of five. Packed rows are read whole, and ranked at once.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.int64]

BLOCK = 4096
"""Documents whose postings of one word share a row: bounds both the rows of a word and what a change rewrites."""

LENGTH = ""
"""The word that every document with text in a field has; its frequency is the number of words in the field."""

_LAST = "\U0010ffff"
"""Sorts after every character of a word."""

_RECORD = np.dtype([("offset", "<u2"), ("frequency", "<u4")])
_POSITION = np.dtype("<u4")

_APPEND = """
INSERT INTO postings (field, term, block, records, positions) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (field, term, block) DO UPDATE SET
    records = CAST(records || excluded.records AS BLOB), positions = CAST(positions || excluded.positions AS BLOB)
"""


@dataclass(frozen=True, slots=True)
class Posting:
    """The documents that hold a word, by number, and how often each does. In no order."""

    numbers: Numbers
    frequencies: Numbers


class Postings:
    """The inverted index of all fields in one data file. Changes need a transaction around them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def change(
        self, field: int, removed: dict[int, dict[str, list[int]]], added: dict[int, dict[str, list[int]]]
    ) -> None:
        """Take documents out and put documents in; each is the positions of its words, by the document's number."""
        doomed: dict[tuple[str, int], list[int]] = defaultdict(list)
        for number, words in removed.items():
            for term in words:
                doomed[term, number // BLOCK].append(number % BLOCK)
        for (term, block), offsets in doomed.items():
            self._remove(field, term, block, offsets)
        gained: dict[tuple[str, int], list[tuple[int, list[int]]]] = defaultdict(list)
        for number, words in added.items():
            for term, positions in words.items():
                gained[term, number // BLOCK].append((number % BLOCK, positions))
        self._connection.executemany(_APPEND, (_packed(field, *at, entries) for at, entries in gained.items()))

    def read(self, field: int, term: str) -> Posting:
        """The documents that hold this very word."""
        rows = self._connection.execute(
            "SELECT block, records FROM postings WHERE field = ? AND term = ?", (field, term)
        ).fetchall()
        return _unpacked(rows)

    def read_range(self, field: int, start: str, pattern: str | None = None) -> Posting:
        """The documents with a word that begins so (and matches the GLOB pattern); a document may come twice."""
        sql = "SELECT block, records FROM postings WHERE field = ? AND term >= ? AND term < ? AND term <> ''"
        values: list[object] = [field, start, start + _LAST]
        if pattern is not None:
            sql += " AND term GLOB ?"
            values.append(pattern)
        return _unpacked(self._connection.execute(sql, values).fetchall())

    def words_of_length(self, field: int, least: int, most: int) -> list[str]:
        """The words of a field with so many characters."""
        sql = "SELECT DISTINCT term FROM postings WHERE field = ? AND LENGTH(term) BETWEEN ? AND ?"
        return [row[0] for row in self._connection.execute(sql, (field, max(1, least), most))]

    def words_with(self, field: int, start: str, most: int) -> list[str]:
        """The words of a field that begin so, in order, as many as wanted."""
        sql = "SELECT DISTINCT term FROM postings WHERE field = ? AND term >= ? AND term < ? AND term <> '' LIMIT ?"
        return [row[0] for row in self._connection.execute(sql, (field, start, start + _LAST, most))]

    def places(self, field: int, term: str) -> tuple[Numbers, Numbers]:
        """Every place at which the word stands: document numbers, and positions in the field."""
        rows = self._connection.execute(
            "SELECT block, records, positions FROM postings WHERE field = ? AND term = ?", (field, term)
        ).fetchall()
        posting = _unpacked([(block, records) for block, records, _ in rows])
        positions = np.frombuffer(b"".join(row[2] for row in rows), _POSITION).astype(np.int64)
        return np.repeat(posting.numbers, posting.frequencies), positions

    def _remove(self, field: int, term: str, block: int, offsets: Sequence[int]) -> None:
        key = (field, term, block)
        row = self._connection.execute(
            "SELECT records, positions FROM postings WHERE field = ? AND term = ? AND block = ?", key
        ).fetchone()
        records = np.frombuffer(row[0], _RECORD)
        kept = ~np.isin(records["offset"], np.asarray(offsets, np.uint16))
        if not kept.any():
            self._connection.execute("DELETE FROM postings WHERE field = ? AND term = ? AND block = ?", key)
            return
        positions = np.frombuffer(row[1], _POSITION)
        if term != LENGTH:
            positions = positions[np.repeat(kept, records["frequency"])]
        self._connection.execute(
            "UPDATE postings SET records = ?, positions = ? WHERE field = ? AND term = ? AND block = ?",
            (records[kept].tobytes(), positions.tobytes(), *key),
        )


def _packed(
    field: int, term: str, block: int, entries: list[tuple[int, list[int]]]
) -> tuple[int, str, int, bytes, bytes]:
    if term == LENGTH:
        counted = [(offset, positions[0]) for offset, positions in entries]
        return field, term, block, np.array(counted, _RECORD).tobytes(), b""
    records = np.array([(offset, len(positions)) for offset, positions in entries], _RECORD)
    positions = np.array([position for _, each in entries for position in each], _POSITION)
    return field, term, block, records.tobytes(), positions.tobytes()


def _unpacked(rows: Iterable[Sequence[int | bytes]]) -> Posting:
    numbers, frequencies = [], []
    for block, records in rows:
        assert isinstance(block, int)
        assert isinstance(records, bytes)
        unpacked = np.frombuffer(records, _RECORD)
        numbers.append(unpacked["offset"].astype(np.int64) + block * BLOCK)
        frequencies.append(unpacked["frequency"].astype(np.int64))
    if not numbers:
        return Posting(np.empty(0, np.int64), np.empty(0, np.int64))
    return Posting(np.concatenate(numbers), np.concatenate(frequencies))
