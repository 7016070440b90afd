"""Entities: what a text names, with offsets."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from shared.models.analysis import EntitiesResult


class EntityEngine(Protocol):
    @property
    def name(self) -> str:
        """What results call it."""

    async def recognise(self, text: str, *, language: str | None, now: datetime | None = None) -> EntitiesResult:
        """What the text names, in the order of the text; `now` is when it was written, the present unless given.

        Raises NotServed for a language it cannot read.
        """
