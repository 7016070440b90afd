"""The change feed, and the one partition key range that there is."""

from __future__ import annotations

import sqlite3
from email.utils import parsedate_to_datetime

from local.cosmos.catalog import Container
from local.cosmos.charge import query_charge
from local.cosmos.errors import bad_request
from local.cosmos.exchange import Answer, Request, container_headers, json_answer
from local.cosmos.queries import feed_body, range_scope, select_items

_RANGES_ETAG = '"1"'
_DEFAULT_PAGE, _LARGEST_PAGE = 100, 1000


def answer_ranges(container: Container, request: Request) -> Answer:
    """The only range, from the lowest key to the highest; 304 to a client that knows it already."""
    if request.headers.get("if-none-match") == _RANGES_ETAG:
        return Answer(304, headers={"etag": _RANGES_ETAG})
    only = {"id": "0", "_rid": container.rid, "minInclusive": "", "maxExclusive": "FF", "parents": [],
            "status": "online"}  # fmt: skip
    body = {"_rid": container.rid, "PartitionKeyRanges": [only], "_count": 1}
    return json_answer(200, body, {"etag": _RANGES_ETAG, "x-ms-request-charge": "1"})


def answer_changes(
    connection: sqlite3.Connection, container: Container, request: Request, lsn: int, now: float
) -> Answer:
    """The items written after the position in If-None-Match, in the order of their latest write; 304 if none.

    Raises CosmosError 400 for a damaged position, or for a mode other than the latest version.
    """
    if request.headers["a-im"] != "Incremental Feed":
        raise bad_request("Only the latest-version mode of the change feed is supported by this stand-in.")
    after = _after(request, lsn)
    condition, values = select_items(container, range_scope(request), now)
    since = request.headers.get("if-modified-since")
    if since is not None:
        condition += " AND ts >= :since"
        values["since"] = _seconds(since)
    size = request.page_size(_DEFAULT_PAGE, _LARGEST_PAGE)
    rows = connection.execute(
        f"SELECT lsn, body FROM items WHERE {condition} AND lsn > :after ORDER BY lsn LIMIT :size",
        {**values, "after": after, "size": size},
    ).fetchall()
    last = rows[-1]["lsn"] if rows else max(lsn, after)
    bodies = [row["body"] for row in rows]
    headers = container_headers(container, lsn, query_charge(len(rows), sum(map(len, bodies))))
    headers |= {"etag": f'"{last}"', "x-ms-item-count": str(len(rows))}
    return Answer(200, feed_body(container, bodies), headers) if rows else Answer(304, headers=headers)


def _after(request: Request, lsn: int) -> int:
    text = request.headers.get("if-none-match")
    if text is None:
        return 0
    if text == "*":
        return lsn
    number = text.strip('"')
    if not number.isdigit():
        raise bad_request(f"The change feed position {text!r} is malformed.")
    return int(number)


def _seconds(date: str) -> float:
    try:
        return parsedate_to_datetime(date).timestamp()
    except ValueError as error:
        raise bad_request(f"If-Modified-Since {date!r} is not a date of RFC 1123.") from error
