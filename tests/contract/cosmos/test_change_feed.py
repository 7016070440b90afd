"""The change feed: the latest version of what was written, in the order of writing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.cosmos.exceptions import CosmosHttpResponseError

from tests.contract.cosmos.support import AnyContainer, an_item, filled, rows, settled


def position(container: AnyContainer) -> str:
    """Where the last answer ended."""
    return str(container.client_connection.last_response_headers["etag"])


async def changed(container: AnyContainer, **options: Any) -> list[str]:
    return [item["id"] for item in await rows(container.query_items_change_feed(**options))]


async def test_changes_come_in_order_and_go_on_from_a_continuation(container: AnyContainer) -> None:
    await filled(container, an_item("one"), an_item("two", "away"), an_item("three"))
    await settled(container.upsert_item(an_item("one", version=2)))
    assert await changed(container, start_time="Beginning", max_item_count=2) == ["two", "three", "one"]
    here = position(container)
    assert await changed(container, continuation=here) == []
    await settled(container.upsert_item(an_item("three", version=2)))
    await settled(container.delete_item("two", "away"))
    assert await changed(container, continuation=here) == ["three"]


async def test_a_feed_from_now_holds_what_follows(container: AnyContainer) -> None:
    await filled(container, an_item("one"))
    assert await changed(container, start_time="Now") == []
    here = position(container)
    await filled(container, an_item("two"))
    assert await changed(container, continuation=here) == ["two"]


async def test_a_feed_from_a_moment_holds_what_was_written_since(container: AnyContainer) -> None:
    await filled(container, an_item("one"), an_item("two", "away"))
    now = datetime.now(UTC)
    assert await changed(container, start_time=now - timedelta(minutes=1), max_item_count=1) == ["one", "two"]
    assert await changed(container, start_time=now + timedelta(minutes=1)) == []


async def test_the_feed_of_one_key(container: AnyContainer) -> None:
    await filled(container, an_item("one"), an_item("two", "away"), an_item("three"))
    assert await changed(container, start_time="Beginning", partition_key="home") == ["one", "three"]
    assert await changed(container, start_time="Beginning", partition_key="nowhere") == []


async def test_all_versions_are_refused(container: AnyContainer, local_only: None) -> None:
    with pytest.raises(CosmosHttpResponseError, match="latest-version"):
        await changed(container, mode="AllVersionsAndDeletes", start_time="Now")
