"""The `control` container: what steers the application, grouped by scope, each scope one partition."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from azure.cosmos.exceptions import CosmosBatchOperationError, CosmosHttpResponseError
from tenacity import AsyncRetrying, RetryError, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from shared.errors import Unavailable
from shared.store.database import (
    CONFLICT,
    NOT_FOUND,
    PRECONDITION_FAILED,
    Database,
    Item,
    create_or_read,
    query,
    read_item,
)

_RETRY_ATTEMPTS = 6
"""Enough for the few administrators who may want the same documents at the same moment."""

Items = Mapping[str, Item | None]
"""Items by their id; None for one that is not there, or shall not be."""


class _Overtaken(Exception):
    """Somebody else wrote between our read and our write."""


class ControlStore:
    """Reads and writes of the `control` container."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._container = database.container("control")

    async def get(self, scope: str, item_id: str) -> Item | None:
        """One item by point read."""
        return await read_item(self._database, self._container, item_id, scope)

    async def create(self, item: Item) -> Item:
        """Stores a new item; a repeated call gives the one stored first."""
        return await create_or_read(self._database, self._container, item, str(item["scope"]))

    async def newest(self, scope: str, kind: str, limit: int) -> list[Item]:
        """Items of a kind by `created_at`, the newest first."""
        return await query(
            self._database,
            self._container,
            "SELECT * FROM c WHERE c.kind = @kind ORDER BY c.created_at DESC OFFSET 0 LIMIT @limit",
            {"@kind": kind, "@limit": limit},
            partition_key=scope,
        )

    async def change(self, scope: str, ids: Sequence[str], decide: Callable[[Items], Items]) -> None:
        """Reads the items, lets `decide` say what becomes of which, and writes that in one transaction.

        `decide` gives items by id, None for those to remove; what it leaves out stays as it is. It is called again with
        the newer state when somebody else was faster, so it must be pure. Raises Unavailable, and what `decide` raises.
        """
        attempts = AsyncRetrying(
            retry=retry_if_exception_type(_Overtaken),
            stop=stop_after_attempt(_RETRY_ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.01, max=0.5),
        )
        try:
            async for attempt in attempts:
                with attempt:
                    before = {each: await self.get(scope, each) for each in ids}
                    await self._write(scope, before, decide(before))
        except RetryError:
            raise Unavailable("Too many people change this at once.") from None

    async def _write(self, scope: str, before: Items, after: Items) -> None:
        operations = [
            operation for each, item in after.items() if (operation := _operation(each, before[each], item)) is not None
        ]
        if not operations:
            return
        try:
            async with self._database.call():
                await self._container.execute_item_batch(operations, partition_key=scope)
        except CosmosBatchOperationError as error:
            status = error.operation_responses[error.error_index]["statusCode"]
            if status in (CONFLICT, NOT_FOUND, PRECONDITION_FAILED):
                raise _Overtaken from None
            raise
        except CosmosHttpResponseError as error:
            if error.status_code == PRECONDITION_FAILED:
                raise _Overtaken from None
            raise


def _operation(item_id: str, before: Item | None, after: Item | None) -> tuple[Any, ...] | None:
    """What turns one into the other, on condition that nobody else does."""
    if before is None:
        return None if after is None else ("create", (after,))
    condition = {"if_match_etag": str(before["_etag"])}
    if after is None:
        return "delete", (item_id,), condition
    return "replace", (item_id, after), condition
