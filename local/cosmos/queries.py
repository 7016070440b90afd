"""Queries and feeds over a container's items: scope, plan, pages and continuation."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from local.cosmos.catalog import Container
from local.cosmos.charge import query_charge
from local.cosmos.errors import NOT_SERVABLE_BY_GATEWAY, bad_request
from local.cosmos.exchange import Answer, Request, container_headers, json_answer
from local.cosmos.indexing import check_order
from local.cosmos.partition import PartitionKey
from local.cosmos.sql import syntax
from local.cosmos.sql.execution import Item, Position, Run
from local.cosmos.sql.parser import QueryError
from local.cosmos.sql.rules import (
    MERGED_BY_CLIENT,
    Steps,
    equalities,
    needs_merging,
    order_paths,
    parameter_names,
    query_plan,
    unmergeable_features,
)
from local.cosmos.sql.selection import Selection, compile_query
from local.cosmos.strict_json import read_object, write_json

_DEFAULT_PAGE, _LARGEST_PAGE = 100, 1000

_READ_FEED = write_json({"query": "SELECT * FROM c"}).encode()


@dataclass(frozen=True, slots=True)
class Query:
    """A query as sent: its text, its compiled form and the values of its parameters."""

    text: str
    selection: Selection
    parameters: dict[str, object]

    @property
    def merged_by_client(self) -> bool:
        """True for a query that a plan handed to the client."""
        return self.text.startswith(MERGED_BY_CLIENT)


@dataclass(frozen=True, slots=True)
class Scope:
    """The items that a query ranges over: one logical partition, or a half-open range of effective keys."""

    key: PartitionKey | None = None
    start: str | None = None
    end: str | None = None


def read_query(body: bytes) -> Query:
    """Read `{"query":"…","parameters":[{"name":"@a","value":1}]}`. Raises CosmosError 400 or QueryError."""
    document = read_object(body, "query")
    text, given = document.get("query"), document.get("parameters", [])
    if not isinstance(text, str):
        raise bad_request("The request body needs a query text.")
    if not isinstance(given, list) or not all(
        isinstance(one, dict) and isinstance(one.get("name"), str) and "value" in one for one in given
    ):
        raise bad_request("parameters must be a list of objects with name and value.")
    selection = compile_query(text)
    parameters = {one["name"]: one["value"] for one in given}
    missing = sorted(parameter_names(selection.query) - parameters.keys())
    if missing:
        raise QueryError(f"The parameter {missing[0]} has no value.", "SC2061")
    return Query(text, selection, parameters)


def answer_plan(container: Container, request: Request) -> Answer:
    """How the client is to run a query across partitions. Raises CosmosError 400 or QueryError."""
    query = read_query(request.body)
    _check(container, query)
    counts = {
        "top": _count(query, query.selection.query.top),
        "offset": _count(query, query.selection.query.offset),
        "limit": _count(query, query.selection.query.limit),
    }
    return json_answer(200, query_plan(query.selection, query.text, counts), {"x-ms-request-charge": "0"})


def _count(query: Query, count: syntax.Count | None) -> int | None:
    run = Run(query.selection, query.parameters, 1, for_merging=True, resource_id=str)
    return run.count(count)


def _check(container: Container, query: Query) -> None:
    check_order(container.definition["indexingPolicy"], order_paths(query.selection))


def answer_query(
    connection: sqlite3.Connection, container: Container, request: Request, lsn: int, now: float
) -> Answer:
    """One page of a query, or of the feed of all items when the method is GET. Raises CosmosError or QueryError."""
    query = read_query(_READ_FEED if request.method == "GET" else request.body)
    _check(container, query)
    scope = _scope(container, request, query)
    size = request.page_size(_DEFAULT_PAGE, _LARGEST_PAGE)
    run = Run(query.selection, query.parameters, size, query.merged_by_client, container.item_rid)
    token = _Token(container, query, scope)
    position = token.read(request.headers.get("x-ms-continuation"))
    page = run.page(_items(connection, container, query, scope, now), position)
    headers = container_headers(container, lsn, query_charge(page.looked_at, page.bytes))
    headers["x-ms-item-count"] = str(len(page.rows))
    if page.next_position is not None:
        headers["x-ms-continuation"] = token.write(page.next_position)
    return Answer(200, feed_body(container, page.rows), headers)


def feed_body(container: Container, rows: list[str]) -> bytes:
    """The JSON of a page of items or rows."""
    return f'{{"_rid":"{container.rid}","Documents":[{",".join(rows)}],"_count":{len(rows)}}}'.encode()


def key_of(container: Container, request: Request) -> PartitionKey | None:
    """The partition key that the request names; None without the header. Raises CosmosError 400."""
    header = request.headers.get("x-ms-documentdb-partitionkey")
    return None if header is None else container.key.of_header(header)


def _scope(container: Container, request: Request, query: Query) -> Scope:
    key = key_of(container, request)
    if key is not None:
        return Scope(key)
    pinned = container.key.of_pinned(equalities(query.selection, query.parameters))
    if "x-ms-documentdb-partitionkeyrangeid" in request.headers or "x-ms-start-epk" in request.headers:
        if not query.merged_by_client and unmergeable_features(query.selection):
            raise _unsupported(query)
        return range_scope(request, pinned)
    if request.method == "GET":
        return Scope()
    if pinned is None and not request.flag("x-ms-documentdb-query-enablecrosspartition"):
        raise bad_request(
            "Cross partition query is required but disabled. Please set x-ms-documentdb-query-enablecrosspartition to "
            "true, specify x-ms-documentdb-partitionkey, or revise your query to avoid this exception."
        )
    if needs_merging(query.selection):
        if "x-ms-continuation" in request.headers:
            # What the SDK shows as a token here is the last range's own, and would skip what it had fetched ahead.
            raise bad_request("A query that the client merges across partitions cannot be continued by a token.")
        raise bad_request(
            "The provided cross partition query can not be directly served by the gateway.", NOT_SERVABLE_BY_GATEWAY
        )
    return Scope(pinned)


def range_scope(request: Request, key: PartitionKey | None = None) -> Scope:
    """The range of effective keys that the request's headers name; the whole container without them."""
    return Scope(key, request.headers.get("x-ms-start-epk"), request.headers.get("x-ms-end-epk"))


def _unsupported(query: Query) -> QueryError:
    features = ", ".join(unmergeable_features(query.selection))
    return QueryError(
        f"Query contains the following features, which the calling client does not support: {features}", "SC3019"
    )


class _Token:
    """Continuation tokens: opaque to clients, good for one query in one container, and for as long as that exists."""

    def __init__(self, container: Container, query: Query, scope: Scope) -> None:
        key = None if scope.key is None else scope.key.text
        parts = [container.rid, query.text, query.parameters, key, scope.start, scope.end]
        self._purpose = hashlib.blake2s(json.dumps(parts, sort_keys=True).encode(), digest_size=12).hexdigest()

    def write(self, position: Position) -> str:
        """The token for the page that begins at the position."""
        return base64.urlsafe_b64encode(write_json([self._purpose, position]).encode()).decode()

    def read(self, token: str | None) -> Position | None:
        """The position behind a token. Raises CosmosError 400 for a damaged one or one of another query."""
        if not token:
            return None
        try:
            purpose, position = json.loads(base64.urlsafe_b64decode(token))
        except (ValueError, TypeError) as error:
            raise bad_request("The continuation token is malformed.") from error
        if purpose != self._purpose or not isinstance(position, dict):
            raise bad_request("The continuation token belongs to another query.")
        return position


def select_items(container: Container, scope: Scope, now: float) -> tuple[str, dict[str, Any]]:
    """The condition, in SQLite's words, for the unexpired items of a scope, and its values."""
    conditions = ["container = :container", "(expires IS NULL OR expires > :now)"]
    values: dict[str, Any] = {"container": container.number, "now": now}
    if scope.key is not None:
        conditions.append("partition = :partition")
        values["partition"] = scope.key.text
    if scope.start is not None:
        conditions.append("effective >= :start")
        values["start"] = scope.start
    if scope.end is not None:
        conditions.append("effective < :end")
        values["end"] = scope.end
    return " AND ".join(conditions), values


def _items(
    connection: sqlite3.Connection, container: Container, query: Query, scope: Scope, now: float
) -> Callable[[int], Iterator[Item]]:
    condition, values = select_items(container, scope, now)
    for at, (steps, value) in enumerate(equalities(query.selection, query.parameters).items()):
        if _is_plain(steps) and isinstance(value, str) and value.isprintable():
            # What differs could never be kept, so it need not be read; WHERE still has the last word.
            condition += f" AND json_extract(body, '$.{'.'.join(map(str, steps))}') = :equal{at}"
            values[f"equal{at}"] = value
    # In one partition the plus keeps SQLite from walking the whole container in the order of creation.
    number = "number" if scope.key is None else "+number"

    def read(first: int) -> Iterator[Item]:
        rows = connection.execute(
            f"SELECT number, body FROM items WHERE {condition} AND {number} >= :first ORDER BY {number}",
            {**values, "first": first},
        )
        for row in rows:
            yield Item(row[0], row[1])

    return read


def _is_plain(steps: Steps) -> bool:
    return all(isinstance(step, str) and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", step) for step in steps)
