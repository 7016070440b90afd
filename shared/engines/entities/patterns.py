"""Entities by patterns, number plans and the words of calendars, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from shared.engines.entities.addresses import find_addresses
from shared.engines.entities.amounts import find_amounts
from shared.engines.entities.contacts import find_emails, find_links
from shared.engines.entities.dates import find_dates
from shared.engines.entities.orders import find_orders
from shared.engines.entities.persons import find_persons
from shared.engines.entities.phones import find_phones
from shared.engines.entities.products import Products
from shared.engines.entities.reading import Finding, Reading, as_entity, reading, without_overlaps
from shared.models.analysis import EntitiesResult, Entity
from shared.models.base import now as present

Finder = Callable[[Reading], Iterator[Finding]]


class PatternEntities:
    """Entities of a text in any language; dates in words and national telephone numbers need it to be known."""

    name = "patterns"

    def __init__(self, products: Iterable[str] = ()) -> None:
        """`products` are names to be found in any case. Raises ValueError for an empty one."""
        self._finders: tuple[Finder, ...] = (
            find_emails,
            find_links,
            find_addresses,
            Products(products).find,
            find_dates,
            find_amounts,
            find_orders,
            find_phones,
            find_persons,
        )

    async def recognise(self, text: str, *, language: str | None, now: datetime | None = None) -> EntitiesResult:
        """What the text names; `now` is when it was written, the present unless given."""
        return await asyncio.to_thread(self._recognise, text, language, now or present())

    def _recognise(self, text: str, language: str | None, at: datetime) -> EntitiesResult:
        return EntitiesResult(engine=self.name, entities=self.find(text, language, at))

    def find(self, text: str, language: str | None, at: datetime) -> list[Entity]:
        """The same on this thread. The first call takes longer: it loads what is known of the language."""
        read, places = reading(text, language, at)
        findings = (finding for finder in self._finders for finding in finder(read))
        return [as_entity(text, places, finding) for finding in without_overlaps(findings)]
