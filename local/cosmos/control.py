"""The account, databases, containers and offers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from local.cosmos.catalog import Catalog, Container
from local.cosmos.errors import bad_request
from local.cosmos.exchange import Answer, Request, container_headers, json_answer
from local.cosmos.queries import read_query
from local.cosmos.sql.execution import Item, Run
from local.cosmos.strict_json import read_object

_CHARGE = {"x-ms-request-charge": "2"}


class ControlPlane:
    """Answers what is not about items."""

    def __init__(self, catalog: Catalog, lsn: Callable[[Container], int]) -> None:
        self._catalog = catalog
        self._lsn = lsn

    def account(self, request: Request) -> Answer:
        """The account document; it advertises exactly the address that the client used."""
        place = {"name": "Local", "databaseAccountEndpoint": f"http://{request.headers.get('host', '127.0.0.1')}/"}
        return json_answer(
            200,
            {
                "id": "local",
                "_rid": "local",
                "_self": "",
                "userConsistencyPolicy": {"defaultConsistencyLevel": "Session"},
                "writableLocations": [place],
                "readableLocations": [place],
                "enableMultipleWriteLocations": False,
                "queryEngineConfiguration": "{}",
            },
        )

    def databases(self, request: Request) -> Answer:
        """Feed, query or creation of databases."""
        if _creates(request):
            return json_answer(201, self._catalog.create_database(_definition(request)).body(), _CHARGE)
        bodies = [database.body() for database in self._catalog.databases()]
        return _feed(request, "", "Databases", bodies)

    def database(self, request: Request) -> Answer:
        """Reading or deletion of one database."""
        if request.method == "DELETE":
            self._catalog.delete_database(request.address[1])
            return Answer(204)
        return json_answer(200, self._catalog.database(request.address[1]).body(), _CHARGE)

    def containers(self, request: Request) -> Answer:
        """Feed, query or creation of containers."""
        name = request.address[1]
        if _creates(request):
            container = self._catalog.create_container(name, _definition(request), _throughput(request))
            return json_answer(201, container.body(), self._headers(container))
        bodies = [container.body() for container in self._catalog.containers(name)]
        return _feed(request, self._catalog.database(name).rid, "DocumentCollections", bodies)

    def container(self, request: Request) -> Answer:
        """Reading, replacement or deletion of one container."""
        _, database, _, name = request.address
        if request.method == "DELETE":
            self._catalog.delete_container(database, name)
            return Answer(204)
        if request.method == "PUT":
            container = self._catalog.replace_container(database, name, _definition(request))
        else:
            container = self._catalog.container(database, name)
        return json_answer(200, container.body(), self._headers(container))

    def offers(self, request: Request) -> Answer:
        """Feed or query of the containers' throughputs."""
        if _creates(request):
            raise bad_request("Offers cannot be created; they come with their container.")
        bodies = [_offer(container) for container in self._catalog.every_container()]
        return _feed(request, "", "Offers", bodies)

    def _headers(self, container: Container) -> dict[str, str]:
        return container_headers(container, self._lsn(container), 2.0)


def _creates(request: Request) -> bool:
    return request.method == "POST" and not request.flag("x-ms-documentdb-isquery")


def _definition(request: Request) -> dict[str, Any]:
    return read_object(request.body, "definition")


def _throughput(request: Request) -> int:
    text = request.headers.get("x-ms-offer-throughput", "400")
    if not text.isdigit():
        raise bad_request(f"x-ms-offer-throughput {text!r} is not a number.")
    return int(text)


def _offer(container: Container) -> dict[str, Any]:
    return {
        "id": container.rid[:8].replace("=", ""),
        "_rid": container.rid,
        "_self": f"offers/{container.rid}/",
        "_etag": container.etag,
        "_ts": container.ts,
        "offerVersion": "V2",
        "offerType": "Invalid",
        "resource": container.link,
        "offerResourceId": container.rid,
        "content": {"offerThroughput": container.throughput},
    }


def _feed(request: Request, rid: str, name: str, bodies: Iterable[dict[str, Any]]) -> Answer:
    texts = [json.dumps(body) for body in bodies]
    if request.method == "POST":
        query = read_query(request.body)
        items = [Item(at, text) for at, text in enumerate(texts, 1)]
        run = Run(query.selection, query.parameters, 1000, for_merging=False, resource_id=str)
        texts = run.page(lambda first: items[max(first - 1, 0) :], None).rows
    body = f'{{"_rid":{json.dumps(rid)},"{name}":[{",".join(texts)}],"_count":{len(texts)}}}'
    return Answer(200, body.encode(), {**_CHARGE, "x-ms-item-count": str(len(texts))})
