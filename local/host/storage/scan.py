"""Looks through containers for blobs that are new or were written again."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

import aiohttp
from azure.core.exceptions import AzureError, ResourceNotFoundError
from azure.storage.blob import BlobProperties

from local.host.storage.back_off import BackOff
from local.host.storage.blob_trigger import BlobTrigger
from local.host.storage.connections import Connection
from local.host.storage.receipts import Receipts

log = logging.getLogger("host.storage")

Deliver = Callable[[BlobTrigger, BlobProperties], Awaitable[None]]

# Seconds between two looks at a container in which nothing happens.
_IDLE = 2.0
# Listing costs a sixth of a millisecond of processor time for each blob. Waiting so many seconds for each blob, up to
# a bound, keeps a container with a thousand of them at some two percent of a core.
_EACH = 0.008
_LONGEST = 30.0


class Scan:
    """One container, for all functions whose triggers watch it."""

    def __init__(self, connection: Connection, container: str, told: dict[BlobTrigger, Receipts]) -> None:
        self.container = container
        self._connection = connection
        self._told = told
        self._prefix = _common([trigger.pattern.prefix for trigger in told])
        self._back_off = BackOff(_IDLE)
        self._listed = 0
        self._is_heard = True

    def wake(self) -> None:
        """Look at once: something was written."""
        self._back_off.wake()

    async def run(self, deliver: Deliver) -> None:
        """Hand every blob that a function was not told of to `deliver`, for ever."""
        while True:
            self._listed = 0
            try:
                if await self._look(deliver):
                    self._back_off.reset()
                self._connection.answered()
                self._is_heard = True
            except ResourceNotFoundError:
                # A container that nobody made yet is an empty one.
                self._connection.answered()
            except AzureError as error:
                self._connection.failed(error)
            except (aiohttp.ClientError, TimeoutError) as error:
                if self._is_heard:
                    log.warning("blobs of %s could not be told of, trying again: %r", self.container, error)
                self._is_heard = False
            await self._back_off.wait(at_least=min(_LONGEST, self._listed * _EACH))

    async def _look(self, deliver: Deliver) -> bool:
        found = False
        container = self._connection.blobs.get_container_client(self.container)
        async for blob in container.list_blobs(name_starts_with=self._prefix or None):
            self._listed += 1
            for trigger, receipts in self._told.items():
                if receipts.has(self.container, blob.name, blob.etag.strip('"')):
                    continue
                if trigger.pattern.match(blob.name) is not None:
                    await deliver(trigger, blob)
                    found = True
        return found


def _common(texts: list[str]) -> str:
    """What all of the texts begin with."""
    least, most = min(texts), max(texts)
    return next((least[:place] for place, letter in enumerate(least) if letter != most[place]), least)
