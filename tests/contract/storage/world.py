"""A storage account and a functions host that works on it, as a developer has them.

The account is an Azurite of the tests' own, or the one that STORAGE_CONTRACT_CONNECTION_STRING names.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue.aio import QueueServiceClient

from local.stack.commands import Plan
from local.stack.part import Part
from local.stack.ports import Ports, claim_free_span
from local.stack.settings import storage_connection
from tests.contract.host.running import RunningHost

T = TypeVar("T")

APP = Path(__file__).parent / "app"
REAL = os.environ.get("STORAGE_CONTRACT_CONNECTION_STRING")
PATIENCE = 60.0


@asynccontextmanager
async def an_azurite(data: Path) -> AsyncIterator[tuple[Part, str]]:
    """Azurite as the local stack starts it, not running yet, and the connection string for it."""
    base, claim = claim_free_span()
    ports = Ports.from_base(base)
    part = Part(Plan(ports=ports, data=data, values={}).command("azurite"), data / "azurite.log")
    with claim:
        try:
            yield part, storage_connection(ports)
        finally:
            await part.stop()


@asynccontextmanager
async def an_account(data: Path) -> AsyncIterator[str]:
    """The connection string of an account that answers."""
    if REAL:
        yield REAL
        return
    async with an_azurite(data) as (part, connection):
        await part.start()
        yield connection


async def eventually(look: Callable[[], Awaitable[T | None]], what: str, *, patience: float = PATIENCE) -> T:
    """The first thing that is found; fails when there is none within `patience` seconds."""
    end = time.monotonic() + patience
    while True:
        if (found := await look()) is not None:
            return found
        assert time.monotonic() < end, f"{what} did not come"
        await asyncio.sleep(0.02)


class World:
    """Containers and queues of one run, whose names end with `run` unless it is empty, and the host's effects."""

    def __init__(self, connection: str, folder: Path, run: str | None = None) -> None:
        self.connection = connection
        self.run = uuid.uuid4().hex[:8] if run is None else run
        self.folder = folder
        (folder / "effects").mkdir(parents=True)
        self.blobs = BlobServiceClient.from_connection_string(connection)
        self.queues = QueueServiceClient.from_connection_string(connection)

    def host(self, *options: str, **settings: str) -> RunningHost:
        """A host on the app, with the data of the one before; `settings` are added to the environment."""
        environment = {
            "Contract": self.connection,
            "AzureWebJobsStorage": self.connection,
            "AzureFunctionsWebHost__hostid": f"contract-{self.run}",
            "EFFECTS_FOLDER": str(self.folder / "effects"),
            "RUN": self.run,
        }
        return RunningHost(*options, app=APP, data=self.folder / "data", environment=environment | settings)

    def name(self, short: str) -> str:
        """The name of a container or queue in this run; a poison queue's own ending stays last."""
        stem, poison, _ = short.partition("-poison")
        return f"{stem}-{self.run}{poison}" if self.run else short

    def effects(self, file: str) -> list[str]:
        """What the functions noted."""
        path = self.folder / "effects" / file
        return path.read_text().splitlines() if path.exists() else []

    def set_sign(self, name: str) -> None:
        """Make the file that functions look for: `gate` or `open`."""
        (self.folder / "effects" / name).touch()

    async def until(self, file: str, reached: Callable[[list[str]], bool]) -> list[str]:
        """The notes, once they are as wanted."""

        async def look() -> list[str] | None:
            return lines if reached(lines := self.effects(file)) else None

        return await eventually(look, f"what is wanted in {file}")

    async def send(self, queue: str, *texts: str) -> None:
        """Add messages as other programs do: base64."""
        client = self.queues.get_queue_client(self.name(queue))
        await _there(client.create_queue)
        for text in texts:
            await client.send_message(base64.b64encode(text.encode()).decode())

    async def taken(self, queue: str, count: int = 1) -> list[str]:
        """So many messages taken from a queue, decoded."""
        client = self.queues.get_queue_client(self.name(queue))
        found: list[str] = []

        async def look() -> list[str] | None:
            try:
                async for message in client.receive_messages():
                    found.append(base64.b64decode(message.content).decode())
                    await client.delete_message(message)
            except ResourceNotFoundError:
                return None
            return found if len(found) >= count else None

        return await eventually(look, f"{count} messages in {queue}")

    async def raw(self, queue: str) -> str:
        """One message taken from a queue, as it lies there."""
        client = self.queues.get_queue_client(self.name(queue))

        async def look() -> str | None:
            try:
                message = await client.receive_message()
            except ResourceNotFoundError:
                return None
            return None if message is None else str(message.content)

        return await eventually(look, f"a message in {queue}")

    async def is_empty(self, queue: str) -> bool:
        """Whether a queue holds no message, hidden ones counted."""
        try:
            properties = await self.queues.get_queue_client(self.name(queue)).get_queue_properties()
        except ResourceNotFoundError:
            return True
        return properties.approximate_message_count == 0

    async def until_empty(self, queue: str) -> None:
        """Wait until all messages of a queue are deleted."""

        async def look() -> bool | None:
            return True if await self.is_empty(queue) else None

        await eventually(look, f"the end of {queue}")

    async def put(self, container: str, name: str, content: str, metadata: dict[str, str] | None = None) -> None:
        """Write a blob."""
        client = self.blobs.get_container_client(self.name(container))
        await _there(client.create_container)
        await client.upload_blob(name, content.encode(), overwrite=True, metadata=metadata)

    async def text(self, container: str, name: str, holding: str = "") -> str:
        """A blob's text, once it is there and holds the part."""
        client = self.blobs.get_blob_client(self.name(container), name)

        async def look() -> str | None:
            try:
                text = (await (await client.download_blob()).readall()).decode()
            except ResourceNotFoundError:
                return None
            return text if holding in text else None

        return await eventually(look, f"{container}/{name}")

    async def close(self) -> None:
        """Leave nothing in an account that outlives the tests."""
        if REAL and self.run:
            async for container in self.blobs.list_containers():
                if container.name.endswith(self.run):
                    await self.blobs.delete_container(container.name)
            async for queue in self.queues.list_queues():
                if self.run in str(queue.name):
                    await self.queues.delete_queue(str(queue.name))
        await self.blobs.close()
        await self.queues.close()


async def _there(create: Callable[[], Awaitable[object]]) -> None:
    try:
        await create()
    except ResourceExistsError:
        return


def as_json(text: str) -> dict[str, object]:
    """The object in a text."""
    content = json.loads(text)
    assert isinstance(content, dict)
    return content
