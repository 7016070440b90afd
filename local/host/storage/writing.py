"""Writing to containers and queues that may not be there yet."""

from __future__ import annotations

import contextlib

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.blob import ContentSettings

from local.host.storage.connections import Connection

_OCTETS = ContentSettings(content_type="application/octet-stream")


async def add_message(connection: Connection, queue: str, text: str) -> None:
    """Add a message to a queue, which is made when it is not there."""
    client = connection.queues.get_queue_client(queue)
    try:
        await client.send_message(text)
    except ResourceNotFoundError:
        with contextlib.suppress(ResourceExistsError):
            await client.create_queue()
        await client.send_message(text)


async def put_blob(connection: Connection, container: str, name: str, content: bytes) -> None:
    """Write a blob over what was there; its container is made when it is not there."""
    client = connection.blobs.get_blob_client(container, name)
    try:
        await client.upload_blob(content, overwrite=True, content_settings=_OCTETS)
    except ResourceNotFoundError:
        with contextlib.suppress(ResourceExistsError):
            await connection.blobs.create_container(container)
        await client.upload_blob(content, overwrite=True, content_settings=_OCTETS)
