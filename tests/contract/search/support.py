"""What the contract tests share: one way to call both SDK clients, builders, and the stand-in as a process."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from azure.core.credentials import AzureKeyCredential
from azure.search.documents.indexes.models import (
    HnswAlgorithmConfiguration,
    SearchableField,
    SearchField,
    SearchIndex,
    SearchSuggester,
    SemanticConfiguration,
    SemanticField,
    SemanticPrioritizedFields,
    SemanticSearch,
    SimpleField,
    VectorSearch,
    VectorSearchProfile,
)
from azure.search.documents.models import VectorizedQuery

ROOT = Path(__file__).parents[3]
WAIT = 30.0
"""Seconds for what was written to be found; the stand-in needs none of them."""

Document: TypeAlias = dict[str, Any]
AnyClient: TypeAlias = Any
"""A SearchClient of either kind; the tests await what needs it."""


@dataclass(frozen=True)
class Account:
    """Where the tests find the search service, and its key."""

    endpoint: str
    key: str

    @property
    def credential(self) -> AzureKeyCredential:
        """The key as the SDK wants it."""
        return AzureKeyCredential(self.key)


async def settled(result: Any) -> Any:
    """The result of a call on either client."""
    return await result if inspect.isawaitable(result) else result


async def rows(results: Any) -> list[Any]:
    """All rows of a paged result of either client."""
    results = await settled(results)
    return [row async for row in results] if hasattr(results, "__aiter__") else list(results)


async def keys(results: Any) -> list[str]:
    """The keys of what was found, in order."""
    return [row["id"] for row in await rows(results)]


async def until(check: Callable[[], Any], wanted: object) -> None:
    """Wait until the service, which may take its time, gives what is wanted."""
    async with asyncio.timeout(WAIT):
        while await settled(check()) != wanted:  # noqa: ASYNC110 - a service tells nobody when it is done
            await asyncio.sleep(0.2)


def an_index(name: str, *fields: SearchField, **parts: Any) -> SearchIndex:
    """An index whose key is `id`."""
    return SearchIndex(name=name, fields=[SimpleField(name="id", type="Edm.String", key=True), *fields], **parts)


def a_vector_field(dimensions: int = 3, name: str = "embedding", **options: Any) -> SearchField:
    """A field for vectors under the profile `profile`."""
    return SearchField(
        name=name,
        type="Collection(Edm.Single)",
        searchable=True,
        vector_search_dimensions=dimensions,
        vector_search_profile_name="profile",
        **options,
    )


def vector_search() -> VectorSearch:
    """One algorithm and one profile."""
    return VectorSearch(
        algorithms=[HnswAlgorithmConfiguration(name="algorithm")],
        profiles=[VectorSearchProfile(name="profile", algorithm_configuration_name="algorithm")],
    )


def a_library(name: str) -> SearchIndex:
    """An index with a field of every kind."""
    return an_index(
        name,
        SearchableField(name="title"),
        SearchableField(name="content"),
        SearchableField(name="remark"),
        SimpleField(name="category", type="Edm.String", filterable=True, facetable=True, sortable=True),
        SearchField(name="tags", type="Collection(Edm.String)", filterable=True, facetable=True),
        SimpleField(name="pages", type="Edm.Int32", filterable=True, facetable=True, sortable=True),
        SimpleField(name="price", type="Edm.Double", filterable=True, facetable=True, sortable=True),
        SimpleField(name="is_open", type="Edm.Boolean", filterable=True, facetable=True),
        SimpleField(name="changed", type="Edm.DateTimeOffset", filterable=True, facetable=True, sortable=True),
        SimpleField(name="secret", type="Edm.String", filterable=True, hidden=True),
        a_vector_field(),
        vector_search=vector_search(),
        semantic_search=SemanticSearch(
            configurations=[
                SemanticConfiguration(
                    name="meaning",
                    prioritized_fields=SemanticPrioritizedFields(
                        title_field=SemanticField(field_name="title"),
                        content_fields=[SemanticField(field_name="content")],
                    ),
                )
            ]
        ),
        suggesters=[SearchSuggester(name="typing", source_fields=["title"])],
    )


BOOKS: list[Document] = [
    {
        "id": "reset",
        "title": "Reset your password",
        "content": "Open the settings and choose a new password. Then confirm the change by mail.",
        "category": "account",
        "tags": ["login", "security"],
        "pages": 3,
        "price": 1.5,
        "is_open": True,
        "changed": "2026-01-10T08:00:00Z",
        "secret": "red",
        "embedding": [1.0, 0.0, 0.0],
    },
    {
        "id": "refund",
        "title": "Refunds and returns",
        "content": "A refund reaches you within five days. Returns are free of charge.",
        "category": "billing",
        "tags": ["money"],
        "pages": 12,
        "price": 0.0,
        "is_open": True,
        "changed": "2026-02-20T23:30:00+02:00",
        "secret": "blue",
        "embedding": [0.0, 1.0, 0.0],
    },
    {
        "id": "invoice",
        "title": "Reading an invoice",
        "content": "An invoice lists every charge. Ask for a refund when a charge is wrong.",
        "category": "billing",
        "tags": ["money", "login"],
        "pages": 7,
        "price": 2.25,
        "is_open": False,
        "changed": "2026-02-01T00:00:00Z",
        "secret": "red",
        "embedding": [0.0, 0.8, 0.6],
    },
    {
        "id": "blank",
        "title": "Nothing known yet",
        "content": "This page waits for its author.",
        "embedding": [0.0, 0.0, 1.0],
    },
]
"""What the library holds; the last has null wherever it can."""


def near(vector: Iterable[float], count: int = 50, **options: Any) -> VectorizedQuery:
    """A query for the nearest to the vector."""
    return VectorizedQuery(vector=list(vector), k_nearest_neighbors=count, **{"fields": "embedding", **options})


class Process:
    """The stand-in as a process of its own."""

    def __init__(self, data: Path, key: str, *options: str) -> None:
        self._process = subprocess.Popen(
            [*command(data), "--api-key", key, *options],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        ready = self._process.stdout.readline().split()
        assert ready[:1] == ["ready"], "the stand-in did not start"
        self.account = Account(ready[1], key)

    def stop(self) -> None:
        """Let it end by itself."""
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()
            assert self._process.wait(timeout=60) == 0

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self._process.kill()
        with self._process:
            self._process.wait(timeout=60)


def command(data: Path) -> list[str]:
    """The command line on a free port."""
    return [sys.executable, "-m", "local.search", "--port", "0", "--exit-with-stdin", "--data", str(data)]
