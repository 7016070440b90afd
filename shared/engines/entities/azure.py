"""Entities by Azure AI Language, beside those that only our own engine knows."""

from __future__ import annotations

import asyncio
from datetime import datetime

from shared.engines.azure_language import DOCUMENTS_WITH_SPANS, NAME, AzureLanguage
from shared.engines.azure_service import service_failures
from shared.engines.azure_spans import entities
from shared.engines.entities import EntityEngine
from shared.models.analysis import EntitiesResult, Entity


class AzureEntities:
    """Names, places, dates and the like. The service knows no order numbers and gives no normalised values."""

    name = NAME
    embedded = False

    def __init__(self, service: AzureLanguage, *, beside: EntityEngine | None = None) -> None:
        """`beside`: an embedded engine whose findings, with their values, stand before the service's."""
        self._service = service
        self._beside = beside

    async def recognise(self, text: str, *, language: str | None, now: datetime | None = None) -> EntitiesResult:
        """What the text names, in its order; no two overlap. `now`, when it was written, is for the engine beside.

        Raises NotServed, EngineFailed.
        """
        found, own = await asyncio.gather(self._found(text, language), self._own(text, language, now))
        rest = [each for each in found if not any(_overlap(each, other) for other in own)]
        return EntitiesResult(engine=NAME, entities=sorted([*own, *_apart(rest)], key=lambda each: each.start))

    async def _found(self, text: str, language: str | None) -> list[Entity]:
        results = await self._service.read(
            text,
            language,
            lambda client, documents: client.recognize_entities(documents),
            documents=DOCUMENTS_WITH_SPANS,
        )
        with service_failures():
            return [each for piece, result in results for each in entities(piece, result.entities)]

    async def _own(self, text: str, language: str | None, now: datetime | None) -> list[Entity]:
        if self._beside is None:
            return []
        return (await self._beside.recognise(text, language=language, now=now)).entities


def _apart(found: list[Entity]) -> list[Entity]:
    """Of findings that overlap the longest, of equally long ones the surest."""
    kept: list[Entity] = []
    for each in sorted(found, key=lambda one: (one.start - one.end, -one.confidence, one.start)):
        if not any(_overlap(each, other) for other in kept):
            kept.append(each)
    return kept


def _overlap(one: Entity, other: Entity) -> bool:
    return one.start < other.end and other.start < one.end
