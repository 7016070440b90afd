"""Blobs in a storage account, through the SDK."""

from __future__ import annotations

import uuid

import pytest

from shared.errors import Unavailable
from shared.media.blobs import Blobs, blob_service

pytestmark = pytest.mark.asyncio(loop_scope="session")

TYPE = "application/octet-stream"


def a_container() -> str:
    return f"c-{uuid.uuid4().hex[:12]}"


async def test_what_is_put_is_got_also_into_a_container_that_is_new(blobs: Blobs) -> None:
    container = a_container()

    for content in (b"first", b"", b"\x00" * 100_000):
        await blobs.put(container, "folder/one", content, TYPE)
        assert await blobs.get(container, "folder/one", 100_000) == content


async def test_what_is_not_there_is_none_and_what_is_too_large_is_refused(blobs: Blobs) -> None:
    container = a_container()
    assert await blobs.get(container, "one", 10) is None
    await blobs.put(container, "one", b"12345", TYPE)

    assert await blobs.get(container, "another", 10) is None
    assert await blobs.get(container, "one", 5) == b"12345"
    with pytest.raises(ValueError, match="has 5 bytes; 4 are allowed"):
        await blobs.get(container, "one", 4)


async def test_a_folder_is_removed_and_its_neighbour_stays(blobs: Blobs) -> None:
    container = a_container()
    await blobs.delete_all(container, "a/")
    for name in ("a/1", "a/2/3", "ab/1"):
        await blobs.put(container, name, b"x", TYPE)

    for _ in range(2):
        await blobs.delete_all(container, "a/")

    found = [await blobs.get(container, name, 10) for name in ("a/1", "a/2/3", "ab/1")]
    assert found == [None, None, b"x"]


async def test_an_account_that_answers_is_well(blobs: Blobs) -> None:
    await blobs.check()


async def test_an_account_that_does_not_answer_is_unavailable() -> None:
    connection = "AccountName=a;AccountKey=YWJj;DefaultEndpointsProtocol=http;BlobEndpoint=http://127.0.0.1:1/a;"
    nowhere = Blobs(lambda: blob_service(connection), 5.0)

    with pytest.raises(Unavailable):
        await nowhere.get("container", "name", 10)
    with pytest.raises(Unavailable):
        await nowhere.put("container", "name", b"x", TYPE)
    with pytest.raises(Unavailable):
        await nowhere.check()
    await nowhere.close()


@pytest.mark.parametrize("account", [None, "", "nonsense"])
async def test_settings_that_name_no_account_are_said_so(account: str | None) -> None:
    unconfigured = Blobs(lambda: blob_service(account), 5.0)

    with pytest.raises(Unavailable, match="STORAGE_CONNECTION"):
        await unconfigured.get("container", "name", 10)
    with pytest.raises(Unavailable, match="STORAGE_CONNECTION"):
        await unconfigured.check()
