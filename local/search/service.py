"""One search service: its indexes and what can be asked of them. Used from one thread alone."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from local.search.catalog import Catalog, Index
from local.search.definition import Definition, Json, parse_definition
from local.search.errors import not_found

if TYPE_CHECKING:
    from local.search.documents import Documents


class SearchService:
    """Everything behind the HTTP face. What numpy is needed for is imported when it is first asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.catalog = Catalog(connection)
        self._open: dict[int, Documents] = {}

    def create(self, body: Json) -> Json:
        """Create an index. Raises SearchError 400 and 409."""
        return self.catalog.create(parse_definition(body)).body()

    def put(self, name: str, body: Json, match: str | None, none_match: str | None) -> tuple[Json, bool]:
        """Create or update an index; the flag tells whether it is new. Raises SearchError 400 and 412."""
        index, is_new = self.catalog.put(parse_definition({**body, "name": body.get("name", name)}), match, none_match)
        if index.number in self._open:
            self._open[index.number].index = index
        return index.body(), is_new

    def delete(self, name: str, match: str | None, none_match: str | None) -> None:
        """Remove an index. Raises SearchError 404 and 412."""
        self._open.pop(self.catalog.delete(name, match, none_match).number, None)

    def statistics(self, name: str) -> Json:
        """Documents and bytes of an index."""
        documents = self._documents(name)
        storage, vectors = documents.sizes()
        return {"documentCount": documents.count(), "storageSize": storage, "vectorIndexSize": vectors}

    def apply(self, name: str, body: Json) -> list[Json]:
        """Change documents; gives the result of each action."""
        return self._documents(name).apply(body.get("value"))

    def lookup(self, name: str, key: str, select: str | None) -> Json:
        """One document. Raises SearchError 404."""
        from local.search.request import selected

        documents = self._documents(name)
        fields = selected(select, documents.index.definition, "$select")
        number = documents.number(key)
        if number is None:
            raise not_found(f"No document with the key '{key}' was found in the index '{name}'.")
        return documents.bodies([number], fields)[0]

    def count(self, name: str) -> int:
        """How many documents an index has."""
        return self._documents(name).count()

    def search(self, name: str, body: Json) -> tuple[Json, bool]:
        """Answer a search; the flag tells whether the embedded re-ranking had a part in it."""
        from local.search.request import parse_search
        from local.search.searching import search

        request = parse_search(body, self._definition(name))
        return search(self._documents(name), request), request.semantic is not None

    def suggest(self, name: str, body: Json) -> Json:
        """Suggest documents."""
        from local.search.suggestions import parse_suggest, suggest

        return suggest(self._documents(name), parse_suggest(body, self._definition(name)))

    def autocomplete(self, name: str, body: Json) -> Json:
        """Complete words."""
        from local.search.suggestions import autocomplete, parse_autocomplete

        return autocomplete(self._documents(name), parse_autocomplete(body, self._definition(name)))

    def close(self) -> None:
        """Let go of the data file."""
        self._connection.close()

    def _definition(self, name: str) -> Definition:
        return self.catalog.find(name).definition

    def _documents(self, name: str) -> Documents:
        from local.search.documents import Documents

        index: Index = self.catalog.find(name)
        if index.number not in self._open:
            self._open[index.number] = Documents(self._connection, index)
        return self._open[index.number]
