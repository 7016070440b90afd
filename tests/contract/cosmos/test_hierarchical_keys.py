"""Partition keys of several levels."""

from __future__ import annotations

from typing import Any

import pytest
from azure.cosmos import PartitionKey
from azure.cosmos.exceptions import CosmosHttpResponseError, CosmosResourceNotFoundError

from tests.contract.cosmos.support import AnyContainer, NewContainer, filled, rows, settled, within


@pytest.fixture
async def visits(new_container: NewContainer) -> AnyContainer:
    """Visits by tenant and user."""
    container = await new_container(partition_key=PartitionKey(path=["/tenant", "/user"], kind="MultiHash"))
    await filled(
        container,
        {"id": "1", "tenant": "a", "user": "x", "n": 1},
        {"id": "2", "tenant": "a", "user": "y", "n": 2},
        {"id": "3", "tenant": "b", "user": "x", "n": 3},
        {"id": "4", "tenant": "a", "n": 4},
    )
    return container


async def test_a_full_key_names_one_partition(visits: AnyContainer) -> None:
    assert (await settled(visits.read_item("2", ["a", "y"])))["n"] == 2
    assert (await settled(visits.read_item("4", ["a", None])))["n"] == 4
    with pytest.raises(CosmosResourceNotFoundError):
        await settled(visits.read_item("2", ["a", "x"]))
    assert await rows(within(visits, ["a", "x"], "SELECT VALUE c.n FROM c")) == [1]


async def test_a_prefix_covers_its_partitions_only(visits: AnyContainer) -> None:
    assert sorted(await rows(within(visits, ["a"], "SELECT VALUE c.n FROM c"))) == [1, 2, 4]
    assert await rows(within(visits, ["a"], "SELECT VALUE COUNT(1) FROM c")) == [3]
    assert await rows(within(visits, ["c"], "SELECT VALUE c.n FROM c")) == []


async def test_a_prefix_does_not_group(visits: AnyContainer) -> None:
    with pytest.raises(CosmosHttpResponseError, match="GroupBy"):
        await rows(within(visits, ["a"], "SELECT c.user, COUNT(1) AS n FROM c GROUP BY c.user"))


async def test_a_batch_stays_in_its_partition(visits: AnyContainer) -> None:
    operations: list[Any] = [("patch", ("1", [{"op": "incr", "path": "/n", "value": 10}])), ("delete", ("1",))]
    results = await settled(visits.execute_item_batch(operations, ["a", "x"]))
    assert [result["statusCode"] for result in results] == [200, 204]
    assert await rows(within(visits, ["a", "x"], "SELECT * FROM c")) == []
