"""Blob Storage: whole blobs in and out, and what its failures mean to us."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
    ResourceExistsError,
    ResourceNotFoundError,
)

from shared.engines.lazy_client import LazyClient
from shared.errors import Unavailable

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential
    from azure.storage.blob.aio import BlobServiceClient, ContainerClient

_ANY = "health"
"""Name of the container that a check asks for; nobody creates it."""


class Blobs:
    """The containers of one storage account; each is created when it is first written to."""

    def __init__(self, connect: Callable[[], BlobServiceClient], seconds: float) -> None:
        """`connect` makes the client and may raise Unavailable; `seconds` is the time limit of one call."""
        self._client = LazyClient(connect)
        self._seconds = seconds

    async def put(self, container: str, name: str, content: bytes, content_type: str) -> None:
        """Writes a blob, over one of the same name. Raises Unavailable."""
        async with self._call(container) as there:
            from azure.storage.blob import ContentSettings  # imported by now, with the client

            settings = ContentSettings(content_type=content_type)
            try:
                await there.upload_blob(name, content, overwrite=True, content_settings=settings)
            except ResourceNotFoundError:
                await _create(there)
                await there.upload_blob(name, content, overwrite=True, content_settings=settings)

    async def get(self, container: str, name: str, largest: int) -> bytes | None:
        """A blob's content, or None when there is none. Raises Unavailable, and ValueError beyond `largest` bytes."""
        async with self._call(container) as there:
            try:
                download = await there.download_blob(name)
            except ResourceNotFoundError:
                return None
            if download.size > largest:
                raise ValueError(f"{container}/{name} has {download.size} bytes; {largest} are allowed")
            return await download.readall()

    async def delete_all(self, container: str, prefix: str) -> None:
        """Removes every blob whose name begins so. Raises Unavailable."""
        async with self._call(container) as there:
            try:
                names = [name async for name in there.list_blob_names(name_starts_with=prefix)]
            except ResourceNotFoundError:
                return
            for name in names:
                try:
                    await there.delete_blob(name)
                except ResourceNotFoundError:
                    continue

    async def check(self) -> None:
        """Asks for a container that need not be there: whoever may read and write blobs may ask. Raises Unavailable."""
        async with self._call(_ANY) as there:
            await there.exists()

    async def close(self) -> None:
        """Gives the connections back."""
        await self._client.close()

    @asynccontextmanager
    async def _call(self, container: str) -> AsyncIterator[ContainerClient]:
        try:
            async with asyncio.timeout(self._seconds):
                client = await self._client.get()
                yield client.get_container_client(container)
        except TimeoutError:
            raise Unavailable("Blob Storage did not answer in time.") from None
        except HttpResponseError as error:
            raise Unavailable(f"Blob Storage refused (HTTP {error.status_code}).") from error
        except AzureError as error:
            raise Unavailable("Blob Storage cannot be reached.") from error


def blob_service(account: str | None, identity: AsyncTokenCredential | None = None) -> BlobServiceClient:
    """The client of a storage account: of a connection string, or of an address with an identity. Raises Unavailable
    when it is neither; nothing is sent."""
    from azure.storage.blob.aio import BlobServiceClient

    if account is None:
        raise Unavailable("No storage account is configured: set STORAGE_BLOB_ENDPOINT or STORAGE_CONNECTION.")
    # The SDK's own first pause, 15 seconds, is longer than a caller waits.
    options: dict[str, Any] = {"retry_total": 2, "initial_backoff": 0.2, "increment_base": 2, "random_jitter_range": 0}
    try:
        if identity is None:
            return BlobServiceClient.from_connection_string(account, **options)
        return BlobServiceClient(account, identity, **options)
    except ValueError:
        raise Unavailable("STORAGE_BLOB_ENDPOINT or STORAGE_CONNECTION is not that of a storage account.") from None


async def _create(container: ContainerClient) -> None:
    try:
        await container.create_container()
    except ResourceExistsError:
        return
