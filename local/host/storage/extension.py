"""Blobs and queues as an extension of the functions host."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from aiohttp import web
from azure.core.exceptions import AzureError
from azure.storage.blob import BlobProperties

from local.host.extension import Given
from local.host.storage.back_off import BackOff
from local.host.storage.bindings import Bindings
from local.host.storage.blob_trigger import BlobTrigger, ControlQueue
from local.host.storage.connections import DEFAULT, Connection, Connections
from local.host.storage.event_grid import WEBHOOK, Feed, Webhook
from local.host.storage.journal import Journal
from local.host.storage.listener import QueueListener, Work
from local.host.storage.options import QueueOptions, blob_options, queue_options
from local.host.storage.queue_trigger import QueueTrigger
from local.host.storage.receipts import Receipts
from local.host.storage.scan import Scan
from local.host.worker import Worker

log = logging.getLogger("host.storage")

# Seconds at most between two attempts to read the receipts of an account that does not answer.
_PATIENCE = 2.0
_HOST_ID_SETTING = "AzureFunctionsWebHost__hostid"
_LONGEST_HOST_ID = 32


class StorageExtension:
    """Runs blob and queue triggers; fills blob inputs; stores blob and queue outputs.

    What must survive a kill lies in the storage account itself, and in `storage.db` in the data folder.
    """

    trigger_types = frozenset({"blobTrigger", "queueTrigger"})
    binding_types = frozenset({"blob", "queue"})

    def __init__(self, worker: Worker, host_json: dict[str, Any], data: Path, base_url: str) -> None:
        options = queue_options(host_json)
        self._connections = Connections(os.environ)
        self._journal = Journal(data / "storage.db")
        self._bindings = Bindings(self._connections, options, self._written)
        self._queues: dict[str, QueueTrigger] = {}
        self._blobs: dict[str, BlobTrigger] = {}
        self._listeners: dict[tuple[Connection, str], QueueListener] = {}
        self._scans: dict[tuple[Connection, str], list[Scan]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        for function in worker.functions.values():
            self._bindings.add(function)
            if function.trigger_type == "queueTrigger":
                trigger = QueueTrigger(worker, function, self._connections, options)
                self._queues[function.name] = trigger
                self._listen(trigger.connection, trigger.queue, options, trigger.work)
            elif function.trigger_type == "blobTrigger":
                self._blobs[function.name] = BlobTrigger(worker, function, self._connections)
        self._told: dict[BlobTrigger, Receipts] = {}
        self._feed = Feed(base_url, worker.system_key("blobs") if self._blobs else "")
        if self._blobs:
            self._control = self._found_blobs(worker, host_json, options)

    def routes(self) -> list[web.RouteDef]:
        """The webhook that Event Grid posts to, when a function's blob trigger has that source."""
        told = {trigger: receipts for trigger, receipts in self._told.items() if trigger.is_fed_by_events}
        return [web.post(WEBHOOK, Webhook(told, self._found).answer)] if told else []

    def input_value(self, binding: dict[str, Any]) -> Any:
        """Never asked: `read` is."""
        raise NotImplementedError(f"binding type '{binding['type']}' is read")

    async def read(self, binding: dict[str, Any], given: Given) -> Any:
        """The blob of an input binding."""
        return await self._bindings.read(binding, given)

    async def write(self, binding: dict[str, Any], value: Any, given: Given) -> None:
        """Upload the blob or add the messages of an output binding."""
        await self._bindings.write(binding, value, given)

    async def start(self) -> None:
        """Begin to listen; an account that does not answer yet is asked until it does."""
        work: list[Coroutine[Any, Any, None]] = [listener.run() for listener in self._listeners.values()]
        if self._blobs:
            work.append(self._watch_blobs())
        self._tasks = [asyncio.create_task(one) for one in work]
        for task in self._tasks:
            task.add_done_callback(_report)

    async def stop(self) -> None:
        """Stop at once; messages under way are given back."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(listener.stop() for listener in self._listeners.values()))
        await self._feed.close()
        await self._connections.close()
        self._journal.close()

    async def run_by_hand(self, name: str, value: str | None) -> None:
        """Run a queue's function with the message `value`, or a blob's with the blob at the path `value`."""
        await (self._queues.get(name) or self._blobs[name]).run_by_hand(value)

    def _listen(self, connection: Connection, queue: str, options: QueueOptions, work: Work) -> None:
        self._listeners[connection, queue] = QueueListener(connection, queue, options, work, self._journal)

    def _found_blobs(self, worker: Worker, host_json: dict[str, Any], options: QueueOptions) -> ControlQueue:
        """The queue between finding and running, in the host's own account; receipts lie in that account too."""
        triggers = list(self._blobs.values())
        connection = self._connections.named(DEFAULT, f"function '{triggers[0].name}'")
        host_id = _host_id(worker.directory)
        control = ControlQueue(connection, host_id, triggers, options)
        self._listen(connection, control.queue, blob_options(host_json).as_queue_options(), control.work)
        for trigger in triggers:
            self._told[trigger] = Receipts(connection, host_id, trigger, control)
        return control

    async def _watch_blobs(self) -> None:
        back_off = BackOff(_PATIENCE)
        while not await self._load_receipts():
            await back_off.wait()
        groups: dict[tuple[Connection, str, bool], dict[BlobTrigger, Receipts]] = {}
        for trigger, receipts in self._told.items():
            if trigger.is_fed_by_events and not trigger.connection.is_local:
                log.info("function '%s' waits for Event Grid, which must reach this host", trigger.name)
                continue
            key = (trigger.connection, trigger.pattern.container, trigger.is_fed_by_events)
            groups.setdefault(key, {})[trigger] = receipts
        async with asyncio.TaskGroup() as group:
            for (connection, container, by_events), told in groups.items():
                scan = Scan(connection, container, told)
                self._scans.setdefault((connection, container), []).append(scan)
                group.create_task(scan.run(self._feed.post if by_events else self._tell))

    async def _load_receipts(self) -> bool:
        try:
            for receipts in self._told.values():
                await receipts.load()
        except AzureError as error:
            self._control.connection.failed(error)
            return False
        self._control.connection.answered()
        return True

    async def _tell(self, trigger: BlobTrigger, blob: BlobProperties) -> None:
        if await self._told[trigger].tell(str(blob.container), blob.name, blob.etag.strip('"')):
            self._found()

    def _found(self) -> None:
        self._written(self._control.connection, self._control.queue)

    def _written(self, connection: Connection, target: str) -> None:
        """Something was written: whoever listens there looks at once."""
        if listener := self._listeners.get((connection, target)):
            listener.wake()
        for scan in self._scans.get((connection, target), ()):
            scan.wake()


def _host_id(app: Path) -> str:
    """The same at every start of the same app; two apps that share an account must differ."""
    name = os.environ.get(_HOST_ID_SETTING) or os.environ.get("WEBSITE_SITE_NAME")
    if name:
        return name.lower()[:_LONGEST_HOST_ID].rstrip("-")
    return f"local-{hashlib.sha256(str(app.resolve()).encode()).hexdigest()[:12]}"


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a storage trigger stopped", exc_info=error)
