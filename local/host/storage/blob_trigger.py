"""Functions with a blob trigger: from a blob that was found to the function that gets it."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError
from azure.functions.meta import Datum
from azure.storage.blob import BlobProperties
from azure.storage.queue import QueueMessage

from local.host.errors import AppError
from local.host.storage import messages
from local.host.storage.bindings import blob_value
from local.host.storage.connections import Connection, Connections
from local.host.storage.listener import Undecodable, Work
from local.host.storage.options import QueueOptions
from local.host.storage.parameters import kinds
from local.host.storage.patterns import BlobPattern, split_blob_path
from local.host.storage.writing import add_message
from local.host.worker import LoadedFunction, Worker

log = logging.getLogger("host.storage")

POISON = "webjobs-blobtrigger-poison"
CONTROL = "azure-webjobs-blobtrigger-"
"""Begins the name of the queue that found blobs travel through; the host's id follows."""
FUNCTION_ID = "Host.Functions."
EVENT_GRID = "EventGrid"
_SOURCES = ("LogsAndContainerScan", EVENT_GRID)


class BlobTrigger:
    """Runs one function for the blobs that fit its path."""

    def __init__(self, worker: Worker, function: LoadedFunction, connections: Connections) -> None:
        """Raises AppError naming the function and what is wrong."""
        self._worker = worker
        self.name = function.name
        self.id = FUNCTION_ID + function.name
        trigger = str(function.trigger["name"])
        place = f"function '{function.name}', binding '{trigger}'"
        try:
            self.pattern = BlobPattern(str(function.trigger.get("path") or ""))
        except ValueError as error:
            raise AppError(f"{place}: path: {error}") from None
        self.source = str(function.trigger.get("source") or _SOURCES[0])
        if self.source not in _SOURCES:
            raise AppError(f"{place}: source '{self.source}' is not supported; supported are {', '.join(_SOURCES)}")
        self.connection: Connection = connections.of(function.trigger, place)
        self._kind = kinds(function).get(trigger)

    @property
    def is_fed_by_events(self) -> bool:
        """Whether Event Grid tells of blobs, instead of a scan of the container."""
        return self.source == EVENT_GRID

    def fits(self, container: str, name: str) -> bool:
        """Whether the function is for this blob."""
        return container == self.pattern.container and self.pattern.match(name) is not None

    async def run(self, container: str, name: str, etag: str) -> None:
        """Run the function, unless the blob is gone or is not the one with this ETag any more.

        Raises what the function raises.
        """
        blob = self.connection.blobs.get_blob_client(container, name)
        try:
            download = await blob.download_blob(etag=f'"{etag}"', match_condition=MatchConditions.IfNotModified)
            content = await download.readall()
        except (ResourceNotFoundError, ResourceModifiedError):
            log.info("function '%s': %s/%s was deleted or changed before its turn", self.name, container, name)
            return
        data = {"BlobTrigger": f"{container}/{name}", "Uri": blob.url, **_facts(download.properties)}
        tokens = self.pattern.match(name) or {}
        metadata = {
            "BlobTrigger": Datum(data["BlobTrigger"], "string"),
            **{key: Datum(json.dumps(data[key]), "json") for key in ("Uri", "Properties", "Metadata")},
            **{key: Datum(value, "string") for key, value in tokens.items()},
        }
        value = blob_value(content, self._kind, metadata)
        await self._worker.run(self.name, value, metadata={"binding_data": {**data, **tokens}})

    async def run_by_hand(self, value: str | None) -> None:
        """Run the function for the blob at the path container/name. Raises ValueError for another text,
        and ResourceNotFoundError when there is no such blob.
        """
        container, name = split_blob_path(value or "")
        if not self.fits(container, name):
            raise ValueError(f"'{value}' does not fit the path of function '{self.name}'")
        properties = await self.connection.blobs.get_blob_client(container, name).get_blob_properties()
        await self.run(container, name, properties.etag.strip('"'))


@dataclass(frozen=True, slots=True)
class FoundBlob:
    """A blob that a function is to be run for, as it travels through the control queue."""

    function_id: str
    container: str
    name: str
    etag: str
    """Without the quotes that HTTP puts around it."""

    def to_json(self) -> str:
        """In the shape that the cloud's host writes into the poison queue."""
        content = {
            "Type": "BlobTrigger",
            "FunctionId": self.function_id,
            "BlobType": "BlockBlob",
            "ContainerName": self.container,
            "BlobName": self.name,
            "ETag": f'"{self.etag}"',
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def from_json(text: bytes) -> FoundBlob:
        """The inverse of `to_json`. Raises Undecodable."""
        try:
            content = json.loads(text)
            function, container, name, etag = (
                str(content[key]) for key in ("FunctionId", "ContainerName", "BlobName", "ETag")
            )
        except (ValueError, KeyError, TypeError) as error:
            raise Undecodable(f"it describes no blob ({error})") from None
        return FoundBlob(function, container, name, etag.strip('"'))


class ControlQueue:
    """The queue between finding blobs and running functions, which counts attempts as any queue does."""

    def __init__(
        self, connection: Connection, host_id: str, triggers: list[BlobTrigger], poison_encoding: QueueOptions
    ) -> None:
        self.connection = connection
        self.queue = CONTROL + host_id
        self._triggers = {trigger.id: trigger for trigger in triggers}
        self._poison_encoding = poison_encoding

    @property
    def work(self) -> Work:
        """What a listener does with the queue's messages."""
        return Work("blob trigger", self._handle, self._poison)

    async def add(self, found: FoundBlob) -> None:
        """Have the function run for the blob."""
        await add_message(self.connection, self.queue, messages.encode(found.to_json().encode(), is_base64=True))

    async def _handle(self, message: QueueMessage) -> None:
        found = _decoded(message)
        trigger = self._triggers.get(found.function_id)
        if trigger is None:
            log.info("%s/%s was found for %s, which is gone", found.container, found.name, found.function_id)
            return
        try:
            await trigger.run(found.container, found.name, found.etag)
        except Exception as error:
            error.add_note(f"function '{trigger.name}', blob {found.container}/{found.name}")
            raise

    async def _poison(self, message: QueueMessage) -> None:
        found = _decoded(message)
        trigger = self._triggers.get(found.function_id)
        connection = trigger.connection if trigger else self.connection
        text = messages.encode(found.to_json().encode(), is_base64=self._poison_encoding.is_base64)
        await add_message(connection, POISON, text)
        log.error("%s/%s failed too often and went to %s", found.container, found.name, POISON)


def _decoded(message: QueueMessage) -> FoundBlob:
    return FoundBlob.from_json(messages.decode(str(message.content), is_base64=True))


def _facts(properties: BlobProperties) -> dict[str, Any]:
    settings = properties.content_settings
    facts = {
        "Length": properties.size,
        "ContentLength": properties.size,
        "ContentType": settings.content_type,
        "ContentEncoding": settings.content_encoding,
        "ContentLanguage": settings.content_language,
        "CacheControl": settings.cache_control,
        "ETag": properties.etag,
        "BlobType": getattr(properties.blob_type, "value", properties.blob_type),
        "LastModified": properties.last_modified.isoformat() if properties.last_modified else None,
        "CreatedOn": properties.creation_time.isoformat() if properties.creation_time else None,
    }
    return {"Properties": facts, "Metadata": dict(properties.metadata or {})}
