"""Running a query over items at hand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from local.cosmos.sql.execution import Item, Run
from local.cosmos.sql.selection import compile_query


def results(query: str, *items: object, page_size: int = 100, **parameters: Any) -> list[Any]:
    """All rows of the query over the items; a keyword `p` is the parameter @p."""
    named = {f"@{name}": value for name, value in parameters.items()}
    run = Run(compile_query(query), named, page_size, for_merging=False, resource_id=str)
    stored = [Item(at, json.dumps(item)) for at, item in enumerate(items, 1)]

    def from_number(first: int) -> Iterable[Item]:
        return [item for item in stored if item.number >= first]

    found: list[Any] = []
    position = None
    while True:
        page = run.page(from_number, position)
        found += [json.loads(row) for row in page.rows]
        if page.next_position is None:
            return found
        # As it travels: through JSON, in a token.
        position = json.loads(json.dumps(page.next_position))


def value(expression: str, item: object = None, **parameters: Any) -> Any:
    """What an expression gives for one item called c; "undefined" when it has no value."""
    found = results(f"SELECT VALUE [{expression}] FROM c", item or {}, **parameters)[0]
    return found[0] if found else "undefined"
