"""Requests about single items, and batches of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.cosmos.catalog import Container
from local.cosmos.charge import read_charge, write_charge
from local.cosmos.errors import CosmosError, bad_request, too_large
from local.cosmos.exchange import Answer, Request, container_headers
from local.cosmos.items import Condition, ItemStore, StoredItem, Writer, Written
from local.cosmos.partition import PartitionKey
from local.cosmos.patching import Patch
from local.cosmos.queries import key_of
from local.cosmos.sql.parser import QueryError
from local.cosmos.strict_json import read_json, read_object, write_json

BATCH_OPERATIONS = 100
"""Operations in one batch (Cosmos DB service limits)."""

BATCH_BYTES = 2 * 1024 * 1024
"""Largest batch (Cosmos DB service limits)."""


class Documents:
    """Creates, reads, changes and deletes items as requests say."""

    def __init__(self, store: ItemStore) -> None:
        self._store = store

    def create(self, container: Container, request: Request) -> Answer:
        """Creation, or an upsert if the request says so."""
        item = read_object(request.body, "item")
        key = key_of(container, request) or container.key.of_item(item)
        with self._store.writing(container, key) as writer:
            if request.flag("x-ms-documentdb-is-upsert"):
                written = writer.upsert(item, _condition(request.headers.get))
            else:
                written = writer.create(item)
        return self._written(container, request, written)

    def one(self, container: Container, request: Request) -> Answer:
        """Reading, replacement, patch or deletion of one item."""
        key = key_of(container, request)
        if key is None:
            raise bad_request("The x-ms-documentdb-partitionkey header must be supplied for this operation.")
        item_id = request.address[5]
        if request.address[1] == container.database.rid:
            item_id = self._store.id_of(container, key, item_id)
        match request.method:
            case "GET":
                return self._read(container, key, item_id, request)
            case "PUT":
                item = read_object(request.body, "item")
                return self._write(container, key, request, lambda writer, when: writer.replace(item_id, item, when))
            case "PATCH":
                patch = Patch.from_json(read_json(request.body, "patch"))
                return self._write(container, key, request, lambda writer, when: writer.patch(item_id, patch, when))
            case "DELETE":
                with self._store.writing(container, key) as writer:
                    gone = writer.delete(item_id, _condition(request.headers.get))
                charge = write_charge(len(gone.text), replaces=False)
                return Answer(204, headers=self._headers(container, charge))
            case _:
                raise CosmosError(405, f"{request.method} is not allowed on an item.")

    def _read(self, container: Container, key: PartitionKey, item_id: str, request: Request) -> Answer:
        item = self._store.read(container, key, item_id)
        headers = self._headers(container, read_charge(len(item.text)), item)
        if request.headers.get("if-none-match") in ("*", item.etag):
            return Answer(304, headers=headers)
        return Answer(200, item.text.encode(), headers)

    def _write(
        self,
        container: Container,
        key: PartitionKey,
        request: Request,
        write: Callable[[Writer, Condition], Written],
    ) -> Answer:
        with self._store.writing(container, key) as writer:
            written = write(writer, _condition(request.headers.get))
        return self._written(container, request, written)

    def _written(self, container: Container, request: Request, written: Written) -> Answer:
        item = written.item
        headers = self._headers(container, write_charge(len(item.text), replaces=not written.created), item)
        minimal = request.headers.get("prefer", "").lower() == "return=minimal"
        return Answer(201 if written.created else 200, b"" if minimal else item.text.encode(), headers)

    def _headers(self, container: Container, charge: float, item: StoredItem | None = None) -> dict[str, str]:
        headers = container_headers(container, self._store.lsn(container), charge)
        if item is not None:
            headers["etag"] = item.etag
        return headers

    def delete_partition(self, container: Container, request: Request) -> Answer:
        """Deletion of all items of one logical partition."""
        key = key_of(container, request)
        if key is None:
            raise bad_request("The x-ms-documentdb-partitionkey header must be supplied for this operation.")
        self._store.delete_partition(container, key)
        return Answer(200, headers=self._headers(container, write_charge(0, replaces=False)))

    def batch(self, container: Container, request: Request) -> Answer:
        """Many operations in one logical partition, all or none."""
        key = key_of(container, request)
        if key is None:
            raise bad_request("A batch needs the x-ms-documentdb-partitionkey header.")
        if request.headers.get("x-ms-cosmos-batch-atomic", "True").lower() != "true":
            raise bad_request("Only atomic batches are supported by this stand-in.")
        if len(request.body) > BATCH_BYTES:
            raise too_large(f"Request size is too large: a batch has at most {BATCH_BYTES} bytes.")
        operations = read_json(request.body, "batch")
        if not isinstance(operations, list) or not operations:
            raise bad_request("A batch is a list of one or more operations.")
        if len(operations) > BATCH_OPERATIONS:
            raise bad_request(f"Batch request has more operations than what is supported, {BATCH_OPERATIONS}.")
        results, status = self._run_batch(container, key, [_checked(operation) for operation in operations])
        charge = sum(float(result["requestCharge"]) for result in results)
        return Answer(status, _results(results), self._headers(container, round(charge, 2)))

    def _run_batch(
        self, container: Container, key: PartitionKey, operations: list[dict[str, Any]]
    ) -> tuple[list[dict[str, Any]], int]:
        results: list[dict[str, Any]] = []
        try:
            with self._store.writing(container, key) as writer:
                for operation in operations:
                    results.append(_run(writer, operation))
        except (CosmosError, QueryError) as error:
            failed = error if isinstance(error, CosmosError) else bad_request(str(error))
            statuses = [424] * len(operations)
            statuses[len(results)] = failed.status
            results = [{"statusCode": status, "requestCharge": 0.0} for status in statuses]
            if failed.substatus:
                results[statuses.index(failed.status)]["subStatusCode"] = failed.substatus
            return results, 207
        return results, 200


def _condition(get: Callable[[str], str | None]) -> Condition:
    return Condition(get("if-match"), get("if-none-match"))


def _checked(operation: object) -> dict[str, Any]:
    """The operation, sure to have what its type needs. Raises CosmosError 400."""
    needs = {
        "Create": ("resourceBody",),
        "Upsert": ("resourceBody",),
        "Read": ("id",),
        "Delete": ("id",),
        "Replace": ("id", "resourceBody"),
        "Patch": ("id", "resourceBody"),
    }
    kind = operation.get("operationType") if isinstance(operation, dict) else None
    if not isinstance(operation, dict) or kind not in needs:
        raise bad_request(f"The batch operation {kind!r} is not supported.")
    for name in needs[kind]:
        wanted = str if name == "id" else dict
        if not isinstance(operation.get(name), wanted):
            raise bad_request(f"The batch operation {kind} needs {name}.")
    if kind == "Read" and ("ifMatch" in operation or "ifNoneMatch" in operation):
        raise bad_request("Conditions on a Read in a batch are not supported by this stand-in.")
    return operation


def _run(writer: Writer, operation: dict[str, Any]) -> dict[str, Any]:
    condition = Condition(operation.get("ifMatch"), operation.get("ifNoneMatch"))
    body = operation.get("resourceBody", {})
    match operation["operationType"]:
        case "Read":
            item = writer.read(operation["id"])
            return _result(200, item, read_charge(len(item.text)))
        case "Delete":
            gone = writer.delete(operation["id"], condition)
            return {"statusCode": 204, "requestCharge": write_charge(len(gone.text), replaces=False)}
        case "Create":
            written = writer.create(body)
        case "Upsert":
            written = writer.upsert(body, condition)
        case "Replace":
            written = writer.replace(operation["id"], body, condition)
        case _:
            written = writer.patch(operation["id"], Patch.from_json(body), condition)
    charge = write_charge(len(written.item.text), replaces=not written.created)
    return _result(201 if written.created else 200, written.item, charge)


def _result(status: int, item: StoredItem, charge: float) -> dict[str, Any]:
    return {"statusCode": status, "requestCharge": charge, "eTag": item.etag, "resourceBody": item.text}


def _results(results: list[dict[str, Any]]) -> bytes:
    """The results as JSON; an item's text goes in as it is."""
    texts = []
    for result in results:
        body = result.pop("resourceBody", None)
        text = write_json(result)
        texts.append(text if body is None else f'{text[:-1]},"resourceBody":{body}}}')
    return f"[{','.join(texts)}]".encode()
