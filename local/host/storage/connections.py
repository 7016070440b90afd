"""Storage accounts by the names that bindings give them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from azure.core.exceptions import AzureError
from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue.aio import QueueServiceClient

from local.host.errors import AppError

log = logging.getLogger("host.storage")

DEFAULT = "AzureWebJobsStorage"

# The account that every emulator of Azure Storage has, as Microsoft documents it; it opens nothing in the cloud.
_EMULATED_NAME = "devstoreaccount1"
_EMULATED_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
_EMULATED_PORTS = {"Blob": 10000, "Queue": 10001}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

# Seconds: to connect, between two chunks of an answer, and before the one further attempt.
_LIMITS: dict[str, Any] = {
    "connection_timeout": 5,
    "read_timeout": 60,
    "retry_total": 1,
    "initial_backoff": 1,
    "increment_base": 1,
    "random_jitter_range": 0,
}
# The clients log every request as information; what a developer wants to see is what fails.
_REQUESTS = logging.getLogger("host.storage.requests")
_REQUESTS.setLevel(logging.WARNING)


class Connection:
    """One storage account; its clients are made when first used, and must be closed."""

    def __init__(self, setting: str, connection_string: str) -> None:
        self.setting = setting
        self.connection_string = connection_string
        self._blobs: BlobServiceClient | None = None
        self._queues: QueueServiceClient | None = None
        self._is_up = True

    @property
    def blobs(self) -> BlobServiceClient:
        """The account's blobs."""
        if self._blobs is None:
            self._blobs = BlobServiceClient.from_connection_string(self.connection_string, logger=_REQUESTS, **_LIMITS)
        return self._blobs

    @property
    def queues(self) -> QueueServiceClient:
        """The account's queues."""
        if self._queues is None:
            self._queues = QueueServiceClient.from_connection_string(
                self.connection_string, logger=_REQUESTS, **_LIMITS
            )
        return self._queues

    @property
    def is_local(self) -> bool:
        """Whether the account is an emulator on this machine."""
        return urlsplit(self.blobs.url).hostname in _LOOPBACK

    def failed(self, error: AzureError) -> None:
        """Say once that the account does not answer; it is asked again by whoever needs it."""
        if self._is_up:
            self._is_up = False
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            log.warning("the storage of %s does not answer, trying again until it does: %s", self.setting, reason)

    def answered(self) -> None:
        """Say that the account is back, when it was away."""
        if not self._is_up:
            self._is_up = True
            log.info("the storage of %s answers", self.setting)

    async def close(self) -> None:
        """Close the clients that were made."""
        clients = [client for client in (self._blobs, self._queues) if client is not None]
        await asyncio.gather(*(client.close() for client in clients))


class Connections:
    """The accounts that an app's settings name; bindings that name the same account share its clients."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = settings
        self._by_text: dict[str, Connection] = {}

    def of(self, binding: dict[str, Any], place: str) -> Connection:
        """The account of a binding's `connection`. Raises AppError naming the place and the setting at fault."""
        return self.named(str(binding.get("connection") or DEFAULT), place)

    def named(self, name: str, place: str) -> Connection:
        """The account of the setting AzureWebJobsNAME or NAME, or of NAME__blobServiceUri on this machine."""
        text = self._text(name, place)
        if text not in self._by_text:
            connection = Connection(name, text)
            self._by_text[text] = connection
            try:
                _ = connection.blobs, connection.queues
            except ValueError as error:
                raise AppError(f"{place}: the app setting '{name}' is no storage account: {error}") from None
        return self._by_text[text]

    async def close(self) -> None:
        """Close every client."""
        await asyncio.gather(*(connection.close() for connection in self._by_text.values()))

    def _text(self, name: str, place: str) -> str:
        for setting in (f"AzureWebJobs{name}", name):
            if text := self._settings.get(setting, "").strip():
                return self._emulator(text) if _uses_emulator(text) else text
            if parts := self._parts(setting):
                return _from_addresses(setting, parts, place)
        raise AppError(f"{place}: the app setting '{name}' is not set: it must hold a connection string")

    def _emulator(self, text: str) -> str:
        """The emulator of the stack that this host belongs to: AzureWebJobsStorage tells its ports when they moved."""
        default = self._settings.get(DEFAULT, "")
        if not _uses_emulator(default) and f"AccountName={_EMULATED_NAME};" in f"{default};":
            return default
        proxy = urlsplit(_fields(text).get("developmentstorageproxyuri", "http://127.0.0.1"))
        base = f"{proxy.scheme}://{proxy.hostname}"
        return _emulated({kind: f"{base}:{port}/{_EMULATED_NAME}" for kind, port in _EMULATED_PORTS.items()})

    def _parts(self, setting: str) -> dict[str, str]:
        start = f"{setting}__".lower()
        return {
            key.lower()[len(start) :]: value for key, value in self._settings.items() if key.lower().startswith(start)
        }


def _uses_emulator(text: str) -> bool:
    return _fields(text).get("usedevelopmentstorage", "").lower() == "true"


def _fields(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";") if part.strip())
    return {key.strip().lower(): value.strip() for key, _, value in pairs}


def _from_addresses(setting: str, parts: dict[str, str], place: str) -> str:
    """Identity-based settings, which on this machine can only mean the emulator: it has one key that all know."""
    addresses = {kind: parts[key] for kind in _EMULATED_PORTS if (key := f"{kind.lower()}serviceuri") in parts}
    on_this_machine = [urlsplit(address).hostname in _LOOPBACK for address in addresses.values()]
    if not addresses or not all(on_this_machine):
        raise AppError(
            f"{place}: the app setting '{setting}' names its account by {', '.join(sorted(parts))}, and this host "
            f"has no identity to open it with: set '{setting}' to a connection string"
        )
    return _emulated(addresses)


def _emulated(addresses: dict[str, str]) -> str:
    endpoints = "".join(f"{kind}Endpoint={address};" for kind, address in addresses.items())
    return f"DefaultEndpointsProtocol=http;AccountName={_EMULATED_NAME};AccountKey={_EMULATED_KEY};{endpoints}"
