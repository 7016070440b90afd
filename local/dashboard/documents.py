"""Cosmos DB containers and queries on them, through the SDK that the application uses too."""

from __future__ import annotations

import time
from typing import Any

from local.dashboard.access import Access
from local.dashboard.problem import Unavailable, answered, load

MOST_ITEMS = 100
"""Items that a query shows."""

LIMIT = 20.0
"""Seconds for all that one click asks."""

_NO_RETRY = {"retry_total": 0, "retry_connect": 0, "retry_read": 0, "retry_throttle_total": 0}
"""What goes wrong is what a developer wants to see."""


class Documents:
    """One account; the client is made at the first question."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._client: Any = None

    async def close(self) -> None:
        """Close the client."""
        if self._client is not None:
            await self._client.close()

    async def containers(self) -> dict[str, Any]:
        """Every container with its partition key and its number of items. Raises Unavailable."""
        return await answered(self._containers(), LIMIT)

    async def query(self, question: Any) -> dict[str, Any]:
        """The first items that a query finds, with its charge in RU. Raises Unavailable.

        `question` names `database`, `container`, `query`, and where one partition is meant its `partitionKey`.
        """
        if not isinstance(question, dict):
            raise Unavailable("the body must be an object", 400)
        for field in ("database", "container", "query"):
            if not isinstance(question.get(field), str) or not question[field].strip():
                raise Unavailable(f"{field}: must be a text", 400)
        return await answered(self._query(question), LIMIT)

    async def _containers(self) -> dict[str, Any]:
        client = await self._connected()
        shown = []
        async for database in client.list_databases():
            proxy = client.get_database_client(database["id"])
            async for container in proxy.list_containers():
                counted = proxy.get_container_client(container["id"]).query_items("SELECT VALUE COUNT(1) FROM c")
                shown.append(
                    {
                        "database": database["id"],
                        "container": container["id"],
                        "partitionKey": container["partitionKey"]["paths"],
                        "defaultTtl": container.get("defaultTtl"),
                        "items": sum([count async for count in counted]),
                    }
                )
        return {"endpoint": self._access.cosmos_endpoint, "containers": shown}

    async def _query(self, question: dict[str, Any]) -> dict[str, Any]:
        client = await self._connected()
        container = client.get_database_client(question["database"]).get_container_client(question["container"])
        charges: list[float] = []

        def note_charge(headers: Any, _: Any) -> None:
            charges.append(float(headers.get("x-ms-request-charge", 0)))

        options = {"partition_key": question["partitionKey"]} if question.get("partitionKey") is not None else {}
        began = time.perf_counter()
        items: list[Any] = []
        more = False
        found = container.query_items(
            question["query"], max_item_count=MOST_ITEMS + 1, response_hook=note_charge, **options
        )
        async for item in found:
            if len(items) == MOST_ITEMS:
                more = True
                break
            items.append(item)
        milliseconds = (time.perf_counter() - began) * 1000
        return {"items": items, "more": more, "charge": round(sum(charges), 2), "milliseconds": milliseconds}

    async def _connected(self) -> Any:
        if not self._access.cosmos_endpoint or not self._access.cosmos_key:
            raise Unavailable("COSMOS_ENDPOINT and COSMOS_KEY are not set", 404)
        if self._client is None:
            kind = await load("azure.cosmos.aio", "CosmosClient")
            self._client = kind(
                self._access.cosmos_endpoint, self._access.cosmos_key, connection_timeout=3, **_NO_RETRY
            )
        return self._client
