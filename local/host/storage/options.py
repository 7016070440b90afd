"""extensions.queues and extensions.blobs of host.json."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from local.host.errors import AppError
from local.host.timespans import parse_timespan

# What a host in development waits at most between two looks at an idle queue, instead of the cloud's minute.
_DEVELOPMENT_POLLING = 2.0
# The queue of found blobs is looked at when something was put there; this is for what a crash left behind.
_CONTROL_POLLING = 5.0
_LARGEST_BATCH = 32


@dataclass(frozen=True, slots=True)
class QueueOptions:
    """How messages are taken from a queue; spans in seconds."""

    batch_size: int = 16
    new_batch_threshold: int = 8
    """The next batch is taken once this many or fewer messages are under way."""
    max_dequeue_count: int = 5
    visibility_timeout: float = 0.0
    """How long a message that failed stays hidden."""
    max_polling_interval: float = _DEVELOPMENT_POLLING
    is_base64: bool = True
    hidden_at_first: int = 10
    """How long a message is hidden when it is taken: it comes again soon when the host is killed in that moment."""
    hidden: int = 600
    """How long it is hidden once half of that has passed, renewed at half time; neither is in host.json."""


@dataclass(frozen=True, slots=True)
class BlobOptions:
    """How many blobs are worked on at once, and how often one is tried."""

    max_degree_of_parallelism: int
    poison_blob_threshold: int = 5

    def as_queue_options(self) -> QueueOptions:
        """The same for the queue that found blobs travel through.

        Small batches, so that a blob which takes long does not keep others waiting while there is room.
        """
        batch = min(max(1, self.max_degree_of_parallelism // 4), _LARGEST_BATCH)
        return QueueOptions(
            batch_size=batch,
            new_batch_threshold=self.max_degree_of_parallelism - batch,
            max_dequeue_count=self.poison_blob_threshold,
            max_polling_interval=_CONTROL_POLLING,
        )


def queue_options(host_json: dict[str, Any]) -> QueueOptions:
    """extensions.queues, checked. Raises AppError naming the key."""
    section = _section(host_json, "queues")
    batch = _whole(section, "queues", "batchSize", 16)
    if batch > _LARGEST_BATCH:
        raise AppError(f"host.json: extensions.queues.batchSize must be at most {_LARGEST_BATCH}")
    encoding = str(section.get("messageEncoding", "base64")).lower()
    if encoding not in ("base64", "none"):
        raise AppError("host.json: extensions.queues.messageEncoding must be base64 or none")
    polling = _seconds(section, "maxPollingInterval", _DEVELOPMENT_POLLING)
    if polling < 0.1:
        raise AppError("host.json: extensions.queues.maxPollingInterval must be at least 00:00:00.1")
    return QueueOptions(
        batch_size=batch,
        new_batch_threshold=_whole(section, "queues", "newBatchThreshold", batch // 2, least=0),
        max_dequeue_count=_whole(section, "queues", "maxDequeueCount", 5),
        visibility_timeout=_seconds(section, "visibilityTimeout", 0.0),
        max_polling_interval=polling,
        is_base64=encoding == "base64",
    )


def blob_options(host_json: dict[str, Any]) -> BlobOptions:
    """extensions.blobs, checked. Raises AppError naming the key."""
    section = _section(host_json, "blobs")
    return BlobOptions(
        max_degree_of_parallelism=_whole(section, "blobs", "maxDegreeOfParallelism", 8 * (os.cpu_count() or 1)),
        poison_blob_threshold=_whole(section, "blobs", "poisonBlobThreshold", 5),
    )


def _section(host_json: dict[str, Any], name: str) -> dict[str, Any]:
    section = host_json.get("extensions", {}).get(name, {})
    if not isinstance(section, dict):
        raise AppError(f"host.json: extensions.{name} must be an object")
    return section


def _whole(section: dict[str, Any], name: str, key: str, default: int, *, least: int = 1) -> int:
    value = section.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise AppError(f"host.json: extensions.{name}.{key} must be a whole number of at least {least}")
    return value


def _seconds(section: dict[str, Any], key: str, default: float) -> float:
    if key not in section:
        return default
    try:
        seconds = parse_timespan(str(section[key])).total_seconds()
    except ValueError as error:
        raise AppError(f"host.json: extensions.queues.{key}: {error}") from None
    if seconds < 0:
        raise AppError(f"host.json: extensions.queues.{key} must not be negative")
    return seconds
