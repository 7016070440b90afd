"""An index in memory, without HTTP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from local.search.catalog import Catalog, open_data
from local.search.definition import Json, parse_definition
from local.search.documents import MOST_ACTIONS, Documents
from local.search.errors import SearchError
from local.search.request import parse_search
from local.search.searching import search

KEY: Json = {"name": "id", "type": "Edm.String", "key": True}


def an_index(*fields: Json, **parts: Any) -> Documents:
    """An empty index with the key `id` and these fields."""
    connection = open_data(Path(":memory:"))
    index = Catalog(connection).create(parse_definition({"name": "books", "fields": [KEY, *fields], **parts}))
    return Documents(connection, index)


def a_field(name: str, declared: str = "Edm.String", **options: Any) -> Json:
    """A field as the definition has it."""
    return {"name": name, "type": declared, **options}


def upload(documents: Documents, *bodies: Json) -> None:
    """Put documents in."""
    for batch in range(0, len(bodies), MOST_ACTIONS):
        documents.apply([{"@search.action": "upload", **body} for body in bodies[batch : batch + MOST_ACTIONS]])


def found(documents: Documents, **body: Any) -> list[str]:
    """The keys that a search finds, in order."""
    answer = search(documents, parse_search(body, documents.index.definition))
    return [row["id"] for row in answer["value"]]


def refusal(call: Callable[[], object]) -> SearchError | None:
    """The refusal that a call meets, if any; every other exception is a fault."""
    try:
        call()
    except SearchError as error:
        return error
    return None
