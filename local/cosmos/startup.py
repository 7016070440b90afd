"""What has to be there when the stand-in starts: the database and the containers of a JSON file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from local.cosmos.catalog import Catalog
from local.cosmos.errors import CosmosError
from local.cosmos.strict_json import read_object

_PASSED_ON = ("defaultTtl", "indexingPolicy", "uniqueKeyPolicy")


def create_missing(catalog: Catalog, file: Path) -> None:
    """Create the database and containers that the file names and that are not there; touch nothing else.

    The file: `{"database":"…","containers":[{"name","partitionKey":"/a" or ["/a","/b"],…}]}`, each container with the
    optional defaultTtl, indexingPolicy and uniqueKeyPolicy of Azure. Raises ValueError naming file and fault.
    """
    try:
        wanted = read_object(file.read_bytes(), "file")
        database, containers = wanted["database"], wanted["containers"]
        if database not in {known.id for known in catalog.databases()}:
            catalog.create_database({"id": database})
        known = {container.id for container in catalog.containers(str(database))}
        assert isinstance(containers, list)
        for container in containers:
            if container["name"] not in known:
                catalog.create_container(str(database), _definition(container))
    except (OSError, KeyError, TypeError, AssertionError, CosmosError) as error:
        raise ValueError(f"{file} does not describe containers: {error!r}") from error


def _definition(container: dict[str, Any]) -> dict[str, Any]:
    paths = container["partitionKey"]
    paths = [paths] if isinstance(paths, str) else paths
    kind = "Hash" if len(paths) == 1 else "MultiHash"
    definition = {"id": container["name"], "partitionKey": {"paths": paths, "kind": kind, "version": 2}}
    return definition | {name: container[name] for name in _PASSED_ON if name in container}
