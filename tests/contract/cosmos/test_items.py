"""Single items: writing, reading, conditions, keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from azure.core import MatchConditions
from azure.cosmos import PartitionKey
from azure.cosmos.exceptions import (
    CosmosAccessConditionFailedError,
    CosmosHttpResponseError,
    CosmosResourceExistsError,
    CosmosResourceNotFoundError,
)
from azure.cosmos.partition_key import NonePartitionKeyValue, NullPartitionKeyValue

from tests.contract.cosmos.support import AnyContainer, NewContainer, an_item, filled, rows, settled, within


async def test_what_is_created_is_read_back_with_system_properties(container: AnyContainer) -> None:
    created = await settled(
        container.create_item(an_item("one", text="Olá, 你好 👋", nothing=None, deep={"a": [1, 2.5]}))
    )
    read = await settled(container.read_item("one", "home"))
    assert read == created
    assert read["text"] == "Olá, 你好 👋"
    assert read["deep"] == {"a": [1, 2.5]}
    assert read["nothing"] is None
    assert read["_etag"].startswith('"')
    assert read["_self"].endswith(f"/docs/{read['_rid']}/")


@pytest.mark.parametrize("item_id", ["two words", "100%", "a%2Fb", "é+'\"()&=@:;|", "日本語", "..."])
async def test_any_id_finds_its_item(container: AnyContainer, item_id: str) -> None:
    await filled(container, an_item(item_id, text="this one"), an_item("other"))
    assert (await settled(container.read_item(item_id, "home")))["text"] == "this one"
    await settled(container.delete_item(item_id, "home"))
    with pytest.raises(CosmosResourceNotFoundError):
        await settled(container.read_item(item_id, "home"))


async def test_an_id_is_taken_within_its_partition_only(container: AnyContainer) -> None:
    await filled(container, an_item("one", "home"), an_item("one", "away"))
    with pytest.raises(CosmosResourceExistsError):
        await settled(container.create_item(an_item("one", "home")))


async def test_what_is_absent_is_not_found(container: AnyContainer) -> None:
    await filled(container, an_item("one", "home"))
    calls: list[Callable[[], Any]] = [
        lambda: container.read_item("one", "away"),
        lambda: container.replace_item("two", an_item("two")),
        lambda: container.delete_item("two", "home"),
        lambda: container.patch_item("two", "home", [{"op": "set", "path": "/a", "value": 1}]),
    ]
    for call in calls:
        with pytest.raises(CosmosResourceNotFoundError) as refusal:
            await settled(call())
        assert refusal.value.sub_status in (0, None)


async def test_upsert_creates_then_replaces(container: AnyContainer) -> None:
    first = await settled(container.upsert_item(an_item("one", version=1)))
    second = await settled(container.upsert_item(an_item("one", version=2)))
    assert first.get_response_headers()["x-ms-request-charge"] != "0"
    assert (first["version"], second["version"]) == (1, 2)
    assert first["_etag"] != second["_etag"]
    assert first["_rid"] == second["_rid"]


async def test_replacing_deleting_and_patching_by_the_item_itself(container: AnyContainer) -> None:
    item = await settled(container.create_item(an_item("one", version=1)))
    await filled(container, an_item("one", "away", version=1))
    item = await settled(container.replace_item(item, {**item, "version": 2}))
    assert item["version"] == 2
    await settled(container.patch_item(item, "home", [{"op": "set", "path": "/version", "value": 3}]))
    assert (await settled(container.read_item(item, "home")))["version"] == 3
    with pytest.raises(CosmosResourceNotFoundError):
        await settled(container.delete_item(item, "away"))
    await settled(container.delete_item(item, "home"))
    assert [one["key"] for one in await rows(container.read_all_items())] == ["away"]


async def test_writes_respect_the_etag(container: AnyContainer) -> None:
    stale = (await settled(container.create_item(an_item("one", version=1))))["_etag"]
    fresh = (await settled(container.replace_item("one", an_item("one", version=2))))["_etag"]
    only_if = {"match_condition": MatchConditions.IfNotModified}
    operations = [{"op": "incr", "path": "/version", "value": 1}]
    calls: list[Callable[[], Any]] = [
        lambda: container.replace_item("one", an_item("one"), etag=stale, **only_if),
        lambda: container.upsert_item(an_item("one"), etag=stale, **only_if),
        lambda: container.delete_item("one", "home", etag=stale, **only_if),
        lambda: container.patch_item("one", "home", operations, etag=stale, **only_if),
    ]
    for call in calls:
        with pytest.raises(CosmosAccessConditionFailedError):
            await settled(call())
    patched = await settled(container.patch_item("one", "home", operations, etag=fresh, **only_if))
    assert patched["version"] == 3


async def test_a_read_of_what_the_caller_has_already_is_empty(container: AnyContainer) -> None:
    item = await settled(container.create_item(an_item("one")))
    unless = {"match_condition": MatchConditions.IfModified}
    assert await settled(container.read_item("one", "home", etag=item["_etag"], **unless)) == {}
    changed = await settled(container.upsert_item(an_item("one", version=2)))
    assert await settled(container.read_item("one", "home", etag=item["_etag"], **unless)) == changed


async def test_null_and_a_missing_key_are_different_partitions(container: AnyContainer) -> None:
    await filled(container, an_item("one", None), {"id": "one", "text": "no key"})
    null = await settled(container.read_item("one", NullPartitionKeyValue))
    missing = await settled(container.read_item("one", NonePartitionKeyValue))
    assert null["key"] is None
    assert missing["text"] == "no key"


async def test_keys_differ_by_type_but_not_by_spelling_of_a_number(container: AnyContainer) -> None:
    await filled(container, an_item("one", 1), an_item("one", "1"), an_item("one", True))
    assert (await settled(container.read_item("one", 1.0)))["key"] == 1
    assert (await settled(container.read_item("one", "1")))["key"] == "1"
    assert (await settled(container.read_item("one", True)))["key"] is True


def nested(levels: int) -> object:
    """Arrays within arrays."""
    value: object = "bottom"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("item", "named"),
    [
        ({"key": "home"}, "id"),
        ({"id": "", "key": "home"}, "id"),
        ({"id": "x" * 1024, "key": "home"}, "1023"),
        ({"id": "one", "key": "home", "ttl": 0}, "ttl"),
        ({"id": "one", "key": "home", "ttl": "60"}, "ttl"),
        ({"id": "one", "key": "home", "n": float("nan")}, "NaN"),
        ({"id": "one", "key": "home", "n": 10**400}, "double"),
        ({"id": "one", "key": "home", "deep": nested(128)}, "128 levels"),
    ],
)
async def test_an_item_that_breaks_a_rule_is_refused(
    container: AnyContainer, item: dict[str, object], named: str
) -> None:
    with pytest.raises(CosmosHttpResponseError, match=named) as refusal:
        await settled(container.upsert_item(item))
    assert refusal.value.status_code == 400


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_two_megabytes_are_the_limit(container: AnyContainer) -> None:
    await settled(container.create_item(an_item("fits", text="é" * (1024 * 1024 - 300))))
    with pytest.raises(CosmosHttpResponseError) as refusal:
        await settled(container.create_item(an_item("too large", text="x" * (2 * 1024 * 1024))))
    assert refusal.value.status_code == 413


async def test_a_key_cannot_change(container: AnyContainer) -> None:
    await filled(container, an_item("one", "home"))
    with pytest.raises(CosmosHttpResponseError) as refusal:
        await settled(container.patch_item("one", "home", [{"op": "set", "path": "/key", "value": "away"}]))
    assert refusal.value.status_code == 400


async def test_a_key_may_lie_deep_in_the_item(new_container: NewContainer) -> None:
    container = await new_container(partition_key=PartitionKey(path="/owner/name"))
    await filled(container, {"id": "one", "owner": {"name": "ana"}, "deep": nested(127)}, {"id": "one", "owner": {}})
    assert (await settled(container.read_item("one", "ana")))["deep"] == nested(127)
    assert (await settled(container.read_item("one", NonePartitionKeyValue)))["owner"] == {}


async def test_unique_keys_hold_within_a_partition(new_container: NewContainer) -> None:
    container = await new_container(unique_key_policy={"uniqueKeys": [{"paths": ["/email"]}]})
    await filled(container, an_item("one", email="a@example.com"), an_item("one", "away", email="a@example.com"))
    await filled(container, an_item("without"))
    for item in (an_item("two", email="a@example.com"), an_item("also without")):
        with pytest.raises(CosmosResourceExistsError):
            await settled(container.upsert_item(item))
    with pytest.raises(CosmosResourceExistsError):
        await settled(
            container.patch_item("without", "home", [{"op": "add", "path": "/email", "value": "a@example.com"}])
        )
    await settled(container.delete_item("one", "home"))
    await filled(container, an_item("two", email="a@example.com"))


async def test_all_items_of_a_partition_are_deleted_at_once(container: AnyContainer, local_only: None) -> None:
    await filled(container, an_item("one"), an_item("two"), an_item("one", "away"))
    await settled(container.delete_all_items_by_partition_key("home"))
    assert [item["key"] for item in await rows(container.read_all_items())] == ["away"]


async def test_an_answer_without_content(container: AnyContainer) -> None:
    assert await settled(container.create_item(an_item("one"), no_response=True)) == {}
    assert await rows(within(container, "home", "SELECT VALUE c.id FROM c")) == ["one"]
