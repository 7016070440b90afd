"""The connection to Cosmos DB: its containers, and what its failures mean to us."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from azure.core.exceptions import AzureError, ServiceRequestError, ServiceResponseError
from azure.cosmos.aio import CosmosClient
from azure.cosmos.exceptions import CosmosHttpResponseError

from shared.errors import NoRoom, Unavailable

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential
    from azure.cosmos.aio import ContainerProxy

Item = dict[str, Any]

NOT_FOUND = 404
CONFLICT = 409
PRECONDITION_FAILED = 412
_PASSING = {408, 429, 449, 500, 502, 503}
_INSUFFICIENT_STORAGE = 507
_PARTITION_FULL = (403, 1014)
"""Status and substatus of a write to a logical partition that has reached its 20 GB."""


class Database:
    """The five containers of the application. Built on the event loop that uses it."""

    def __init__(self, endpoint: str, credential: str | AsyncTokenCredential, database: str, seconds: float) -> None:
        self._client = CosmosClient(endpoint, credential, connection_timeout=seconds, read_timeout=seconds)
        self._database = self._client.get_database_client(database)
        self._seconds = seconds
        self.conversations = self.container("conversations")
        self.accounts = self.container("accounts")

    def container(self, name: str) -> ContainerProxy:
        """The container of that name; nothing is sent."""
        return self._database.get_container_client(name)

    @asynccontextmanager
    async def call(self) -> AsyncIterator[None]:
        """Bounds the time of one call and turns what may pass by itself into Unavailable, or NoRoom.

        What a caller must decide on (404, 409, 412 …) comes through as the SDK raised it.
        """
        try:
            async with asyncio.timeout(self._seconds):
                yield
        except TimeoutError:
            raise Unavailable("The database did not answer in time.") from None
        except CosmosHttpResponseError as error:
            if _is_full(error):
                raise NoRoom("There is no room to store anything at the moment; nothing of this was stored.") from error
            if error.status_code in _PASSING:
                raise Unavailable("The database is busy or restarting.") from error
            raise
        except (ServiceRequestError, ServiceResponseError) as error:
            raise Unavailable("The database cannot be reached.") from error

    async def check(self) -> None:
        """Reads the database's own properties. Raises Unavailable."""
        try:
            async with self.call():
                await self._database.read()
        except AzureError as error:
            raise Unavailable("The database refused to answer.") from error

    async def close(self) -> None:
        """Gives the connections back."""
        await self._client.close()


def _is_full(error: CosmosHttpResponseError) -> bool:
    return error.status_code == _INSUFFICIENT_STORAGE or (error.status_code, error.sub_status) == _PARTITION_FULL


async def read_item(database: Database, container: ContainerProxy, item_id: str, partition_key: str) -> Item | None:
    """One item by point read, or None."""
    try:
        async with database.call():
            return dict(await container.read_item(item_id, partition_key))
    except CosmosHttpResponseError as error:
        if error.status_code == NOT_FOUND:
            return None
        raise


async def create_or_read(database: Database, container: ContainerProxy, item: Item, partition_key: str) -> Item:
    """The item, newly stored, or the one that was stored under its id before: a repeated write changes nothing."""
    try:
        async with database.call():
            return dict(await container.create_item(item))
    except CosmosHttpResponseError as error:
        if error.status_code != CONFLICT:
            raise
    stored = await read_item(database, container, str(item["id"]), partition_key)
    if stored is None:
        raise Unavailable("The item was removed while it was being written.")
    return stored


async def query(
    database: Database,
    container: ContainerProxy,
    text: str,
    parameters: dict[str, Any],
    *,
    partition_key: str | None = None,
) -> list[Item]:
    """All rows of a query; bound it in the query itself. Without a partition key it goes across partitions."""
    scope: dict[str, Any] = {} if partition_key is None else {"partition_key": partition_key}
    named: list[dict[str, object]] = [{"name": name, "value": value} for name, value in parameters.items()]
    async with database.call():
        return [dict(row) async for row in container.query_items(text, parameters=named, **scope)]
