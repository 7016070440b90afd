"""Partial updates and transactional batches."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from azure.cosmos.exceptions import (
    CosmosAccessConditionFailedError,
    CosmosBatchOperationError,
    CosmosHttpResponseError,
)

from tests.contract.cosmos.support import AnyContainer, an_item, filled, rows, settled, within


@pytest.mark.parametrize(
    ("operation", "field", "expected"),
    [
        ({"op": "add", "path": "/list/1", "value": "x"}, "list", ["a", "x", "b"]),
        ({"op": "add", "path": "/list/-", "value": "x"}, "list", ["a", "b", "x"]),
        ({"op": "add", "path": "/list/2", "value": "x"}, "list", ["a", "b", "x"]),
        ({"op": "add", "path": "/n", "value": {"k": None}}, "n", {"k": None}),
        ({"op": "set", "path": "/list/1", "value": "x"}, "list", ["a", "x"]),
        ({"op": "set", "path": "/deep/a~1b", "value": 1}, "deep", {"x": 1, "a/b": 1}),
        ({"op": "replace", "path": "/deep/x", "value": 2}, "deep", {"x": 2}),
        ({"op": "remove", "path": "/list/0"}, "list", ["b"]),
        ({"op": "incr", "path": "/n", "value": -2.5}, "n", 0.5),
        ({"op": "incr", "path": "/fresh", "value": 7}, "fresh", 7),
        ({"op": "move", "from": "/deep/x", "path": "/moved"}, "moved", 1),
    ],
)
async def test_a_patch_changes_what_it_says(
    container: AnyContainer, operation: dict[str, Any], field: str, expected: object
) -> None:
    await filled(container, an_item("one", n=3, list=["a", "b"], deep={"x": 1}))
    patched = await settled(container.patch_item("one", "home", [operation]))
    assert patched[field] == expected
    assert await settled(container.read_item("one", "home")) == patched


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "add", "path": "/list/3", "value": "x"},
        {"op": "replace", "path": "/absent", "value": 1},
        {"op": "remove", "path": "/absent"},
        {"op": "set", "path": "/absent/child", "value": 1},
        {"op": "incr", "path": "/list", "value": 1},
        {"op": "move", "from": "/absent", "path": "/n"},
        {"op": "move", "from": "/deep", "path": "/deep/x"},
        {"op": "set", "path": "/id", "value": "two"},
        {"op": "set", "path": "/_etag", "value": "x"},
        {"op": "copy", "from": "/n", "path": "/m"},
    ],
)
async def test_a_patch_that_cannot_be_done_changes_nothing(container: AnyContainer, operation: dict[str, Any]) -> None:
    await filled(container, an_item("one", n=3, list=["a", "b"], deep={"x": 1}))
    before = await settled(container.read_item("one", "home"))
    with pytest.raises(CosmosHttpResponseError) as refusal:
        await settled(container.patch_item("one", "home", [{"op": "incr", "path": "/n", "value": 1}, operation]))
    assert refusal.value.status_code == 400
    assert await settled(container.read_item("one", "home")) == before


async def test_a_patch_applies_only_if_its_condition_is_true(container: AnyContainer) -> None:
    await filled(container, an_item("one", status="open"))
    close = [{"op": "set", "path": "/status", "value": "closed"}]
    condition = "FROM c WHERE c.status = 'open'"
    await settled(container.patch_item("one", "home", close, filter_predicate=condition))
    with pytest.raises(CosmosAccessConditionFailedError):
        await settled(container.patch_item("one", "home", close, filter_predicate=condition))
    with pytest.raises(CosmosAccessConditionFailedError):
        await settled(container.patch_item("one", "home", close, filter_predicate="FROM c WHERE c.absent > 1"))


async def test_more_than_ten_operations_are_refused(container: AnyContainer) -> None:
    await filled(container, an_item("one"))
    operations = [{"op": "set", "path": f"/p{at}", "value": at} for at in range(11)]
    with pytest.raises(CosmosHttpResponseError, match="10"):
        await settled(container.patch_item("one", "home", operations))


async def test_a_batch_does_everything_and_later_operations_see_earlier_ones(container: AnyContainer) -> None:
    await filled(container, an_item("kept", n=1), an_item("gone"))
    results = await settled(
        container.execute_item_batch(
            [
                ("create", (an_item("new", n=0),)),
                ("patch", ("new", [{"op": "incr", "path": "/n", "value": 5}])),
                ("read", ("new",)),
                ("upsert", (an_item("kept", n=2),)),
                ("replace", ("kept", an_item("kept", n=3))),
                ("delete", ("gone",)),
            ],
            "home",
        )
    )
    assert [result["statusCode"] for result in results] == [201, 200, 200, 200, 200, 204]
    assert results[2]["resourceBody"]["n"] == 5
    assert results[4]["eTag"] == (await settled(container.read_item("kept", "home")))["_etag"]
    assert "resourceBody" not in results[5]
    assert await rows(within(container, "home", "SELECT VALUE c.n FROM c ORDER BY c.n")) == [3, 5]


@pytest.mark.parametrize(
    ("failing", "status"),
    [
        (("create", (an_item("known"),)), 409),
        (("read", ("absent",)), 404),
        (("replace", ("known", an_item("known")), {"if_match_etag": '"stale"'}), 412),
        (("create", (an_item("elsewhere", "away"),)), 400),
        (
            (
                "patch",
                ("known", [{"op": "incr", "path": "/n", "value": 1}]),
                {"filter_predicate": "FROM c WHERE c.n=0"},
            ),
            412,
        ),
    ],
)
async def test_a_batch_with_one_failure_does_nothing(container: AnyContainer, failing: Any, status: int) -> None:
    await filled(container, an_item("known", n=1))
    operations = [
        ("upsert", (an_item("known", n=2),)),
        ("create", (an_item("new"),)),
        copy.deepcopy(failing),  # the SDK takes the options out of it
        ("delete", ("known",)),
    ]
    with pytest.raises(CosmosBatchOperationError) as failure:
        await settled(container.execute_item_batch(operations, "home"))
    assert failure.value.error_index == 2
    assert [result["statusCode"] for result in failure.value.operation_responses] == [424, 424, status, 424]
    assert await rows(within(container, "home", "SELECT c.id, c.n FROM c")) == [{"id": "known", "n": 1}]


async def test_a_batch_of_more_than_a_hundred_is_refused(container: AnyContainer) -> None:
    operations = [("create", (an_item(str(at)),)) for at in range(101)]
    with pytest.raises(CosmosHttpResponseError, match="more operations"):
        await settled(container.execute_item_batch(operations, "home"))
    assert len(await settled(container.execute_item_batch(operations[:100], "home"))) == 100
