"""The HTTP face of the stand-in: who may ask, which handler answers, and how refusals look."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection
from typing import TypeVar

from aiohttp import web

from local.cosmos.catalog import Catalog, Container
from local.cosmos.control import ControlPlane
from local.cosmos.documents import Documents
from local.cosmos.errors import CosmosError, bad_request
from local.cosmos.exchange import Answer, Request, split_address
from local.cosmos.feeds import answer_changes, answer_ranges
from local.cosmos.items import ItemStore, position
from local.cosmos.queries import answer_plan, answer_query
from local.cosmos.signature import SignatureCheck
from local.cosmos.sql.parser import QueryError
from local.cosmos.sql.selection import compile_query
from local.database import explanation, open_database

BODY_LIMIT = 8 * 1024 * 1024
"""Bytes of a request; larger than any item or batch may be, so that those get their own refusal."""

_REFUSED_HEADERS = (
    "x-ms-documentdb-pre-trigger-include",
    "x-ms-documentdb-post-trigger-include",
    "x-ms-indexing-directive",
)
"""What would change the outcome of a request, and is not there to do it."""

_PURGE_SECONDS = 60.0
_CHECKPOINT_SECONDS = 2.0
_READERS = 4

_Result = TypeVar("_Result")
_Paged = Callable[[Connection, Container, Request, int, float], Answer]


class CosmosServer:
    """One account. `now` gives seconds since 1970; tests bring their own."""

    def __init__(self, path: Path, key: str, now: Callable[[], float] = time.time) -> None:
        self.catalog = Catalog(open_database(path), now)
        self._path = path
        self._now = now
        self._signatures = SignatureCheck(key)
        self._store = ItemStore(self.catalog)
        self._control = ControlPlane(self.catalog, self._store.lsn)
        self._documents = Documents(self._store)
        self._local = threading.local()
        self._connections = [self.catalog.connection]
        # Queries read through connections of their own, so that a long one holds up no point read or write.
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="cosmos-query")

    def application(self) -> web.Application:
        """The aiohttp application that speaks for this account."""
        application = web.Application(client_max_size=BODY_LIMIT)
        application.router.add_route("*", "/{address:.*}", self._handle)
        application.cleanup_ctx.append(self._lifetime)
        return application

    async def _lifetime(self, application: web.Application) -> AsyncIterator[None]:
        # The grammar takes a moment to build; the first query should not wait for it.
        self._readers.submit(compile_query, "SELECT * FROM c")
        chores = [asyncio.create_task(chore()) for chore in (self._purge, self._checkpoint)]
        yield
        for chore in chores:
            chore.cancel()
        outcomes = await asyncio.gather(*chores, return_exceptions=True)
        self._readers.shutdown()
        for connection in self._connections:
            connection.close()
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome

    async def _purge(self) -> None:
        while True:
            with _as_far_as_there_is_room():
                self._store.purge()
            await asyncio.sleep(_PURGE_SECONDS)

    async def _checkpoint(self) -> None:
        """Fold the write-ahead log into the database beside the requests: it waits for the disk, writes need not."""
        self.catalog.connection.execute("PRAGMA wal_autocheckpoint=0")
        while True:
            await asyncio.sleep(_CHECKPOINT_SECONDS)
            with _as_far_as_there_is_room():
                await self._in_reader(
                    lambda connection: connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
                )

    async def _handle(self, raw: web.Request) -> web.Response:
        activity = raw.headers.get("x-ms-activity-id") or str(uuid.uuid4())
        headers = {"x-ms-activity-id": activity, "x-ms-gatewayversion": "version=2.14.0"}
        try:
            body = await raw.read() if raw.can_read_body else b""
            request = Request(raw.method, split_address(raw.raw_path), raw.headers, body)
            self._signatures.verify(request, self._now())
            answer = await self._answer(request)
        except CosmosError as error:
            headers["x-ms-substatus"] = str(error.substatus or 0)
            answer = Answer(error.status, error.body(activity))
        except (QueryError, RecursionError) as error:
            what = str(error) if isinstance(error, QueryError) else "The query is nested too deeply."
            answer = Answer(400, bad_request(what).body(activity))
        except web.HTTPRequestEntityTooLarge:
            answer = Answer(413, CosmosError(413, "Request size is too large.").body(activity))
        headers.update(answer.headers)
        content_type = "application/json" if answer.body else None
        return web.Response(status=answer.status, body=answer.body or None, headers=headers, content_type=content_type)

    async def _answer(self, request: Request) -> Answer:
        for header in _REFUSED_HEADERS:
            if header in request.headers:
                raise bad_request(f"The header {header} is not supported by this stand-in.")
        match request.method, request.address:
            case "GET", ():
                return self._control.account(request)
            case "GET" | "POST", ("dbs",):
                return self._control.databases(request)
            case "GET" | "POST", ("offers",):
                return self._control.offers(request)
            case "GET" | "DELETE", ("dbs", _):
                return self._control.database(request)
            case "GET" | "POST", ("dbs", _, "colls"):
                return self._control.containers(request)
            case "GET" | "PUT" | "DELETE", ("dbs", _, "colls", _):
                return self._control.container(request)
            case _, ("dbs", database, "colls", name, *rest):
                return await self._in_container(self.catalog.owner(database, name), request, rest)
            case _:
                raise _unsupported(request)

    async def _in_container(self, container: Container, request: Request, rest: list[str]) -> Answer:
        match request.method, rest:
            case "GET", ["pkranges"]:
                return answer_ranges(container, request)
            case "GET", ["docs"]:
                return await self._paged(
                    answer_changes if "a-im" in request.headers else answer_query, container, request
                )
            case "POST", ["docs"] if request.flag("x-ms-cosmos-is-query-plan-request"):
                return answer_plan(container, request)
            case "POST", ["docs"] if request.flag("x-ms-cosmos-is-batch-request"):
                return self._documents.batch(container, request)
            case "POST", ["docs"] if request.flag("x-ms-documentdb-isquery"):
                return await self._paged(answer_query, container, request)
            case "POST", ["docs"]:
                return self._documents.create(container, request)
            case _, ["docs", _]:
                return self._documents.one(container, request)
            case "POST", ["operations", "partitionkeydelete"]:
                return self._documents.delete_partition(container, request)
            case _:
                raise _unsupported(request)

    async def _paged(self, answer: _Paged, container: Container, request: Request) -> Answer:
        def in_snapshot(connection: Connection) -> Answer:
            connection.execute("BEGIN")
            try:
                return answer(connection, container, request, position(connection, container), self._now())
            finally:
                connection.execute("ROLLBACK")

        return await self._in_reader(in_snapshot)

    async def _in_reader(self, work: Callable[[Connection], _Result]) -> _Result:
        """What the work gives, done on a reader's thread with that thread's connection."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, lambda: work(self._reader()))

    def _reader(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = open_database(self._path)
            self._connections.append(connection)
        return connection


@contextmanager
def _as_far_as_there_is_room() -> Iterator[None]:
    """For a chore that comes again: the log says already that the disk is full."""
    try:
        yield
    except sqlite3.Error as error:
        if explanation(error) is None:
            raise


def _unsupported(request: Request) -> CosmosError:
    return bad_request(f"{request.method} on /{'/'.join(request.address)} is not supported by this stand-in.")
