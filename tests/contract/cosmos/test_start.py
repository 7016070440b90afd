"""Databases, containers, the key that protects them, and how the stand-in starts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from azure.cosmos import CosmosClient, PartitionKey
from azure.cosmos.exceptions import (
    CosmosHttpResponseError,
    CosmosResourceExistsError,
    CosmosResourceNotFoundError,
)

from local.cosmos.__main__ import EMULATOR_KEY
from tests.contract.cosmos.support import (
    BY_KEY,
    ROOT,
    Account,
    AnyContainer,
    NewContainer,
    Process,
    an_item,
    filled,
    rows,
    settled,
)


async def test_creating_what_exists_gives_what_exists(client: Any, database_name: str, container: AnyContainer) -> None:
    database = await settled(client.create_database_if_not_exists(database_name))
    await filled(container, an_item("one"))
    again = await settled(database.create_container_if_not_exists(container.id, BY_KEY))
    assert (await settled(again.read_item("one", "home")))["id"] == "one"
    with pytest.raises(CosmosResourceExistsError):
        await settled(client.create_database(database_name))
    with pytest.raises(CosmosResourceExistsError):
        await settled(database.create_container(container.id, BY_KEY))


async def test_what_exists_is_listed_and_found_by_query(
    client: Any, database_name: str, container: AnyContainer
) -> None:
    assert database_name in [database["id"] for database in await rows(client.list_databases())]
    database = client.get_database_client(database_name)
    assert container.id in [one["id"] for one in await rows(database.list_containers())]
    by_id = {"parameters": [{"name": "@id", "value": container.id}]}
    found = await rows(database.query_containers("SELECT * FROM c WHERE c.id = @id", **by_id))
    assert [one["partitionKey"]["paths"] for one in found] == [["/key"]]


async def test_what_is_missing_is_not_found(client: Any, database_name: str) -> None:
    database = client.get_database_client(database_name)
    calls: list[Callable[[], Any]] = [
        lambda: client.get_database_client("absent").read(),
        lambda: database.get_container_client("absent").read(),
        lambda: database.delete_container("absent"),
        lambda: database.get_container_client("absent").read_item("one", "home"),
    ]
    for call in calls:
        with pytest.raises(CosmosResourceNotFoundError):
            await settled(call())


async def test_a_containers_definition_changes_but_not_its_key(
    client: Any, database_name: str, container: AnyContainer
) -> None:
    database = client.get_database_client(database_name)
    await settled(database.replace_container(container.id, BY_KEY, default_ttl=60))
    assert (await settled(container.read()))["defaultTtl"] == 60
    with pytest.raises(CosmosHttpResponseError, match="partitionKey"):
        await settled(database.replace_container(container.id, PartitionKey(path="/other")))


async def test_a_container_has_a_throughput(new_container: NewContainer, local_only: None) -> None:
    container = await new_container(offer_throughput=1000)
    assert (await settled(container.get_throughput())).offer_throughput == 1000


@pytest.mark.parametrize("definition", [{"computed_properties": [{"name": "x", "query": "SELECT VALUE 1 FROM c"}]}])
async def test_a_definition_beyond_the_stand_in_is_refused(
    new_container: NewContainer, definition: dict[str, object], client: Any, database_name: str, local_only: None
) -> None:
    database = client.get_database_client(database_name)
    with pytest.raises(CosmosHttpResponseError, match="computedProperties is not supported"):
        await settled(database.create_container("refused", BY_KEY, **definition))


@pytest.mark.parametrize("item_id", ["..", "."])
async def test_an_id_that_the_path_swallows_deletes_nothing(container: AnyContainer, item_id: str) -> None:
    await filled(container, an_item("one"))
    with pytest.raises(CosmosHttpResponseError) as refusal:
        await settled(container.delete_item(item_id, "home"))
    assert refusal.value.status_code == 401
    assert [item["id"] for item in await rows(container.read_all_items())] == ["one"]


def test_another_key_is_refused(account: Account) -> None:
    with pytest.raises(CosmosHttpResponseError) as refusal:
        CosmosClient(account.endpoint, "d3Jvbmc=")
    assert refusal.value.status_code == 401


def test_the_default_key_is_the_one_of_the_sample_settings() -> None:
    sample = json.loads((ROOT / "local.settings.sample.json").read_text())
    assert sample["Values"]["COSMOS_KEY"] == EMULATOR_KEY


def test_containers_of_a_file_are_there_at_the_start_and_keep_their_items(tmp_path: Path) -> None:
    file = tmp_path / "containers.json"
    by_day = {"name": "days", "partitionKey": ["/year", "/day"], "defaultTtl": -1}
    file.write_text(
        json.dumps({"database": "shop", "containers": [{"name": "orders", "partitionKey": "/key"}, by_day]})
    )
    for seen in ([], ["one"]):
        process = Process(tmp_path, EMULATOR_KEY, "--containers", str(file))
        with CosmosClient(process.account.endpoint, EMULATOR_KEY) as client:
            database = client.get_database_client("shop")
            container = database.get_container_client("orders")
            assert [item["id"] for item in container.read_all_items()] == seen
            container.upsert_item(an_item("one"))
            properties = database.get_container_client("days").read()
        assert properties["partitionKey"]["paths"] == ["/year", "/day"]
        assert properties["defaultTtl"] == -1
        process.stop()
