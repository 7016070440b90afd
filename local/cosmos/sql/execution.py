"""A compiled query over items, page by page. A position says where the next page begins and holds all it needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from local.cosmos.sql import syntax
from local.cosmos.sql.aggregates import Accumulator
from local.cosmos.sql.expressions import Row
from local.cosmos.sql.parser import QueryError
from local.cosmos.sql.selection import DOCUMENT, Repeats, Selection
from local.cosmos.sql.values import UNDEFINED, SortKey, is_number, pack_sort_key, sort_key, unpack_sort_key

PAGE_BYTES = 4 * 1024 * 1024
"""Largest answer of one page (Cosmos DB service limits)."""

Position: TypeAlias = dict[str, Any]
"""JSON: the place of the next row. Made and read here alone."""


@dataclass(frozen=True, slots=True)
class Item:
    """One stored item: its place in the order of creation and its JSON text."""

    number: int
    text: str


Items: TypeAlias = Callable[[int], Iterable[Item]]
"""Gives the items in scope from a number on, in the order of creation."""


@dataclass(frozen=True, slots=True)
class Window:
    """TOP n, or OFFSET n LIMIT m."""

    offset: int
    limit: int | None


@dataclass(slots=True)
class Page:
    """Rows as JSON texts, where the next page begins (None: nowhere), and how many items were looked at."""

    rows: list[str] = field(default_factory=list)
    next_position: Position | None = None
    looked_at: int = 0
    bytes: int = 0

    def has_room(self, text: str, most: int) -> bool:
        """True if one more row fits; an empty page takes any row."""
        return not self.rows or (len(self.rows) < most and self.bytes + len(text) <= PAGE_BYTES)

    def add(self, text: str) -> None:
        """Append a row."""
        self.rows.append(text)
        self.bytes += len(text)


@dataclass(frozen=True, slots=True)
class Run:
    """One execution: the query, its parameters, its page size, and whether the client will merge the rows.

    `resource_id` turns an item's number into its `_rid`, which the merging client wants to see.
    """

    selection: Selection
    parameters: Row
    page_size: int
    for_merging: bool
    resource_id: Callable[[int], str]

    def page(self, items: Items, position: Position | None) -> Page:
        """The page that begins at the position (None: the first). Raises QueryError."""
        selection, query = self.selection, self.selection.query
        window = self._window()
        if not query.sources:
            items = _one_row
        if selection.grouped or query.distinct:
            return self._whole(items, position, window)
        if query.order:
            return self._ordered(items, position, window)
        return self._streamed(items, position, window)

    def _window(self) -> Window:
        query = self.selection.query
        limit = self.count(query.top if query.top is not None else query.limit)
        offset = self.count(query.offset) or 0
        if self.for_merging:
            # The client skips and takes for itself, across all ranges.
            return Window(0, None if limit is None else offset + limit)
        return Window(offset, limit)

    def count(self, count: syntax.Count | None) -> int | None:
        """The value of TOP, OFFSET or LIMIT; None when it is not given. Raises QueryError."""
        if not isinstance(count, syntax.Parameter):
            return count
        value = self.parameters[count.name]
        if not is_number(value) or not float(value).is_integer() or value < 0:  # type: ignore[arg-type, operator]
            raise QueryError(f"The value of {count.name} must be a non-negative integer.", "SC2062")
        return int(value)  # type: ignore[call-overload, no-any-return]

    def _bindings(self, item: Item) -> Iterator[Row]:
        row = dict(self.parameters)
        row[DOCUMENT] = json.loads(item.text)
        return self.selection.bindings(row)

    def _render(self, item: Item, row: Row) -> str | None:
        """The projected row as JSON; None when it is undefined, which leaves no row behind."""
        if _gives_item_itself(self.selection.query):
            return item.text
        value = self.selection.project(row)
        return None if value is UNDEFINED else json.dumps(value)

    def _streamed(self, items: Items, position: Position | None, window: Window) -> Page:
        page = Page()
        position = position or {"number": 0, "index": 0, "offset": window.offset, "left": window.limit}
        offset, left = int(position["offset"]), position["left"]
        if left == 0:
            return page
        for item in items(int(position["number"])):
            page.looked_at += 1
            for index, row in enumerate(self._bindings(item)):
                if item.number == position["number"] and index < position["index"]:
                    continue
                text = self._render(item, row)
                if text is None:
                    continue
                if offset:
                    offset -= 1
                    continue
                if not page.has_room(text, self.page_size):
                    page.next_position = {"number": item.number, "index": index, "offset": 0, "left": left}
                    return page
                page.add(text)
                left = None if left is None else left - 1
                if left == 0:
                    return page
        return page

    def _sorted(self, items: Items, page: Page) -> list[_Place]:
        places: list[_Place] = []
        order = self.selection.order
        for item in items(0):
            page.looked_at += 1
            for index, row in enumerate(self._bindings(item)):
                keys = [sort_key(evaluate(row)) for evaluate, _ in order]
                places.append(_Place(keys, item, index))
        directions = [descending for _, descending in order]
        if directions[0]:
            places.reverse()
        for at in reversed(range(len(order))):
            places.sort(key=lambda place: place.keys[at], reverse=directions[at])
        return places

    def _ordered(self, items: Items, position: Position | None, window: Window) -> Page:
        page = Page()
        offset, left = window.offset, window.limit
        places = self._sorted(items, page)
        if position is not None:
            offset, left = int(position["offset"]), position["left"]
            places = [place for place in places if self._comes_after(place, position)]
        last: _Place | None = None
        for place in places:
            if left == 0:
                break
            row = self._row_at(place)
            text = self._render(place.item, row)
            if text is None:
                continue
            if offset:
                offset -= 1
                continue
            if self.for_merging:
                text = self._mergeable(place, row, text)
            if not page.has_room(text, self.page_size):
                assert last is not None
                page.next_position = {**last.position(), "offset": 0, "left": left}
                break
            page.add(text)
            last = place
            left = None if left is None else left - 1
        return page

    def _comes_after(self, place: _Place, position: Position) -> bool:
        directions = [descending for _, descending in self.selection.order]
        known = [unpack_sort_key(packed) for packed in position["keys"]]
        for key, other, descending in zip(place.keys, known, directions, strict=True):
            if key != other:
                return (key < other) is descending
        here, there = (place.item.number, place.index), (position["number"], position["index"])
        return here != there and (here < there) is directions[0]

    def _row_at(self, place: _Place) -> Row:
        return next(row for index, row in enumerate(self._bindings(place.item)) if index == place.index)

    def _mergeable(self, place: _Place, row: Row, payload: str) -> str:
        values = [evaluate(row) for evaluate, _ in self.selection.order]
        order = json.dumps([{} if value is UNDEFINED else {"item": value} for value in values])
        resource_id = json.dumps(self.resource_id(place.item.number))
        return f'{{"_rid":{resource_id},"orderByItems":{order},"payload":{payload}}}'

    def _whole(self, items: Items, position: Position | None, window: Window) -> Page:
        page = Page()
        texts = list(self._all_rows(items, page))
        end = None if window.limit is None else window.offset + window.limit
        texts = texts[window.offset : end]
        start = int(position["skip"]) if position else 0
        for at, text in enumerate(texts[start:], start):
            if not page.has_room(text, self.page_size):
                page.next_position = {"skip": at}
                break
            page.add(text)
        return page

    def _all_rows(self, items: Items, page: Page) -> Iterator[str]:
        if self.selection.grouped and self.for_merging:
            groups = self.selection.groups(self._every_row(items, page), self.parameters)
            yield from (_partial(accumulators) for _, accumulators in groups)
            return
        repeats = Repeats()
        for value, wrap in self._projected(items, page):
            if value is UNDEFINED or (self.selection.query.distinct and repeats.has(value)):
                continue
            yield wrap(json.dumps(value))

    def _projected(self, items: Items, page: Page) -> Iterator[tuple[object, Callable[[str], str]]]:
        """Every projected value, and what its text still needs before it goes out."""
        selection = self.selection
        if selection.grouped:
            for row, _ in selection.groups(self._every_row(items, page), self.parameters):
                yield selection.project(row), str
        elif selection.order:
            for place in self._sorted(items, page):
                row = self._row_at(place)
                yield selection.project(row), partial(self._mergeable, place, row) if self.for_merging else str
        else:
            for row in self._every_row(items, page):
                yield selection.project(row), str

    def _every_row(self, items: Items, page: Page) -> Iterator[Row]:
        for item in items(0):
            page.looked_at += 1
            yield from self._bindings(item)


@dataclass(frozen=True, slots=True)
class _Place:
    """A row that waits to be put in order: its sort keys, its item and its index among the item's rows."""

    keys: list[SortKey]
    item: Item
    index: int

    def position(self) -> Position:
        """Where the row is, for a page that goes on behind it."""
        keys = [pack_sort_key(key) for key in self.keys]
        return {"keys": keys, "number": self.item.number, "index": self.index}


def _one_row(_: int) -> Iterable[Item]:
    return [Item(0, "null")]


def _gives_item_itself(query: syntax.Query) -> bool:
    if len(query.sources) != 1 or query.sources[0].kind != "whole":
        return False
    source = query.sources[0]
    if not isinstance(source.origin, syntax.Name):
        return False
    match query.selection:
        case syntax.SelectAll():
            return True
        case syntax.SelectValue(expression=syntax.Name(name=name)):
            return name == source.alias
        case _:
            return False


def _partial(accumulators: list[Accumulator]) -> str:
    """What a client merges of one range: one entry an aggregate, empty when it has no value."""
    values = [accumulator.partial() for accumulator in accumulators]
    return json.dumps([{} if value is UNDEFINED else {"item": value} for value in values])
