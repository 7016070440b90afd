"""Connections and host.json, as far as blobs and queues need them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from local.host.errors import AppError
from local.host.storage.connections import Connections
from local.host.storage.options import blob_options, queue_options

KEY = "a2V5"
CLOUD = f"DefaultEndpointsProtocol=https;AccountName=cloud;AccountKey={KEY};EndpointSuffix=core.windows.net"
MOVED = (
    "AccountName=devstoreaccount1;AccountKey=a2V5;DefaultEndpointsProtocol=http;"
    "BlobEndpoint=http://127.0.0.1:5010/devstoreaccount1;QueueEndpoint=http://127.0.0.1:5011/devstoreaccount1;"
)
EMULATOR = "UseDevelopmentStorage=true"


def addresses(settings: dict[str, str], connection: str | None = None) -> tuple[str, str]:
    found = Connections(settings).of({"connection": connection}, "function 'f'")
    return found.blobs.url.rstrip("/"), found.queues.url.rstrip("/")


def local(blob: int, queue: int) -> tuple[str, str]:
    return f"http://127.0.0.1:{blob}/devstoreaccount1", f"http://127.0.0.1:{queue}/devstoreaccount1"


@pytest.mark.parametrize(
    ("settings", "connection", "expected"),
    [
        ({"AzureWebJobsStorage": EMULATOR}, None, local(10000, 10001)),
        ({"AzureWebJobsStorage": EMULATOR}, "AzureWebJobsStorage", local(10000, 10001)),
        ({"AzureWebJobsStorage": MOVED}, "", local(5010, 5011)),
        ({"AzureWebJobsStorage": MOVED, "Files": EMULATOR}, "Files", local(5010, 5011)),
        ({"AzureWebJobsStorage": CLOUD, "Files": EMULATOR}, "Files", local(10000, 10001)),
        ({"AzureWebJobsFiles": EMULATOR, "Files": CLOUD}, "Files", local(10000, 10001)),
        ({"Files": CLOUD}, "Files", ("https://cloud.blob.core.windows.net", "https://cloud.queue.core.windows.net")),
        (
            {
                "Files__blobServiceUri": "http://127.0.0.1:5010/devstoreaccount1",
                "Files__queueServiceUri": "http://127.0.0.1:5011/devstoreaccount1",
            },
            "Files",
            local(5010, 5011),
        ),
    ],
)
def test_a_connection_is_found_by_its_name(
    settings: dict[str, str], connection: str | None, expected: tuple[str, str]
) -> None:
    assert addresses(settings, connection) == expected


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({}, "function 'f': the app setting 'Files' is not set"),
        ({"Files": "nonsense"}, "function 'f': the app setting 'Files' is no storage account"),
        ({"Files__accountName": "cloud"}, "names its account by accountname, and this host has no identity"),
        ({"Files__blobServiceUri": "https://cloud.blob.core.windows.net"}, "names its account by blobserviceuri"),
    ],
)
def test_a_connection_that_cannot_be_used_is_refused_by_name(settings: dict[str, str], complaint: str) -> None:
    with pytest.raises(AppError, match=re.escape(complaint)):
        addresses(settings, "Files")


async def test_bindings_that_name_the_same_account_share_it() -> None:
    connections = Connections({"AzureWebJobsStorage": MOVED, "Files": EMULATOR, "Other": CLOUD})

    assert connections.named("AzureWebJobsStorage", "here") is connections.named("Files", "here")
    assert connections.named("AzureWebJobsStorage", "here") is not connections.named("Other", "here")
    await connections.close()


def test_host_json_says_how_queues_are_read() -> None:
    options = queue_options(
        {
            "extensions": {
                "queues": {
                    "batchSize": 32,
                    "maxDequeueCount": 1,
                    "visibilityTimeout": "00:00:30",
                    "maxPollingInterval": "00:00:01",
                    "messageEncoding": "None",
                }
            }
        }
    )

    assert (options.batch_size, options.new_batch_threshold, options.max_dequeue_count) == (32, 16, 1)
    assert (options.visibility_timeout, options.max_polling_interval, options.is_base64) == (30.0, 1.0, False)
    assert queue_options({}).is_base64


def test_host_json_says_how_many_blobs_are_worked_on_at_once() -> None:
    options = blob_options({"extensions": {"blobs": {"maxDegreeOfParallelism": 8, "poisonBlobThreshold": 2}}})

    queue = options.as_queue_options()
    assert (queue.batch_size + queue.new_batch_threshold, queue.max_dequeue_count) == (8, 2)
    assert blob_options({}).poison_blob_threshold == 5


@pytest.mark.parametrize(
    ("section", "content", "complaint"),
    [
        ("queues", {"batchSize": 33}, "extensions.queues.batchSize must be at most 32"),
        ("queues", {"batchSize": 0}, "extensions.queues.batchSize must be a whole number"),
        ("queues", {"maxDequeueCount": "many"}, "extensions.queues.maxDequeueCount must be a whole number"),
        ("queues", {"visibilityTimeout": "soon"}, "extensions.queues.visibilityTimeout: 'soon'"),
        ("queues", {"maxPollingInterval": "00:00:00.05"}, "extensions.queues.maxPollingInterval must be at least"),
        ("queues", {"messageEncoding": "utf8"}, "extensions.queues.messageEncoding must be base64 or none"),
        ("queues", [], "extensions.queues must be an object"),
        ("blobs", {"poisonBlobThreshold": 0}, "extensions.blobs.poisonBlobThreshold must be a whole number"),
    ],
)
def test_values_that_make_no_sense_are_refused_by_key(section: str, content: Any, complaint: str) -> None:
    read: Callable[[dict[str, Any]], object] = queue_options if section == "queues" else blob_options

    with pytest.raises(AppError, match=re.escape(complaint)):
        read({"extensions": {section: content}})
