"""Blob triggers with the source EventGrid: the webhook for events, and the feed that stands in for Event Grid."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import aiohttp
from aiohttp import web
from azure.core.exceptions import AzureError, ResourceNotFoundError
from azure.storage.blob import BlobProperties

from local.host.storage.blob_trigger import FUNCTION_ID, BlobTrigger
from local.host.storage.receipts import Receipts

log = logging.getLogger("host.storage")

WEBHOOK = "/runtime/webhooks/blobs"
CREATED = "Microsoft.Storage.BlobCreated"
_VALIDATION = "Microsoft.EventGrid.SubscriptionValidationEvent"
# Seconds for one event to be taken.
_LIMIT = 30.0


class Webhook:
    """Takes events as Event Grid posts them, `functionName` in the query telling for which function."""

    def __init__(self, told: Mapping[BlobTrigger, Receipts], found: Callable[[], None]) -> None:
        """`found` is called once a message lies in the control queue."""
        self._told = {trigger.id.lower(): (trigger, receipts) for trigger, receipts in told.items()}
        self._found = found

    async def answer(self, request: web.Request) -> web.Response:
        """202 once all events are taken; 404 for an unknown function, 400 for no events, 503 while storage is away."""
        name = request.query.get("functionName", "")
        known = self._told.get(name.lower()) or self._told.get(f"{FUNCTION_ID}{name}".lower())
        if known is None:
            return web.Response(status=404, text=f"no function '{name}' has a blob trigger with the source EventGrid")
        try:
            events = _events(await request.read())
        except ValueError as error:
            return web.Response(status=400, text=str(error))
        for event in events:
            if event.get("eventType") == _VALIDATION:
                return web.json_response({"validationResponse": event["data"].get("validationCode")})
        try:
            for event in events:
                if event.get("eventType", event.get("type")) == CREATED:
                    await self._take(*known, event["data"])
        except AzureError as error:
            known[0].connection.failed(error)
            return web.Response(status=503, text="the storage account does not answer")
        return web.Response(status=202)

    async def _take(self, trigger: BlobTrigger, receipts: Receipts, data: dict[str, Any]) -> None:
        container, name = blob_of(str(data.get("url", "")), trigger.connection.blobs.url)
        if not trigger.fits(container, name):
            return
        blob = trigger.connection.blobs.get_blob_client(container, name)
        try:
            properties = await blob.get_blob_properties()
        except ResourceNotFoundError:
            log.info("function '%s': %s/%s was deleted before its event came", trigger.name, container, name)
            return
        if await receipts.tell(container, name, properties.etag.strip('"')):
            self._found()


class Feed:
    """Posts the events that Event Grid would post, for accounts that exist only on this machine."""

    def __init__(self, base_url: str, key: str) -> None:
        self._address = base_url + WEBHOOK
        self._key = key
        self._session: aiohttp.ClientSession | None = None

    async def post(self, trigger: BlobTrigger, blob: BlobProperties) -> None:
        """Tell the function of the blob. Raises aiohttp.ClientError or TimeoutError when the event is not taken."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_LIMIT), raise_for_status=True)
        address = trigger.connection.blobs.get_blob_client(str(blob.container), blob.name).url
        headers = {"aeg-event-type": "Notification", "aeg-subscription-name": trigger.name.upper()}
        query = {"functionName": trigger.id, "code": self._key}
        async with self._session.post(
            self._address, params=query, json=[an_event(address, blob)], headers=headers
        ) as response:
            await response.read()

    async def close(self) -> None:
        """Close the connection to the host."""
        if self._session is not None:
            await self._session.close()


def an_event(address: str, blob: BlobProperties) -> dict[str, Any]:
    """BlobCreated in the Event Grid schema, as a storage account sends it."""
    account = urlsplit(address).path.split("/")[1]
    return {
        "topic": f"/subscriptions/{uuid.UUID(int=0)}/resourceGroups/local/providers/Microsoft.Storage/"
        f"storageAccounts/{account}",
        "subject": f"/blobServices/default/containers/{blob.container}/blobs/{blob.name}",
        "eventType": CREATED,
        "id": str(uuid.uuid4()),
        "data": {
            "api": "PutBlob",
            "requestId": str(uuid.uuid4()),
            "eTag": blob.etag.strip('"'),
            "contentType": blob.content_settings.content_type,
            "contentLength": blob.size,
            "blobType": getattr(blob.blob_type, "value", blob.blob_type),
            "url": address,
            "sequencer": f"{int(blob.last_modified.timestamp() * 1e6):064x}",
            "storageDiagnostics": {"batchId": str(uuid.uuid4())},
        },
        "dataVersion": "",
        "metadataVersion": "1",
        "eventTime": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
    }


def blob_of(address: str, account: str) -> tuple[str, str]:
    """Container and name in a blob's address, of whose account only the path matters. ("", "") when there is none."""
    path = urlsplit(address).path.removeprefix(urlsplit(account).path.rstrip("/"))
    container, _, name = path.lstrip("/").partition("/")
    return unquote(container), unquote(name)


def _events(body: bytes) -> list[dict[str, Any]]:
    try:
        content = json.loads(body)
    except ValueError as error:
        raise ValueError(f"the body is not JSON: {error}") from None
    events = content if isinstance(content, list) else [content]
    for event in events:
        if not isinstance(event, dict) or not isinstance(event.get("data"), dict):
            raise ValueError("each event must be an object with `data`")
    return events
