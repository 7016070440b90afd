"""The places in a text that Azure AI Language names, as entities of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shared.engines.azure_service import UNREADABLE
from shared.engines.chain import EngineFailed
from shared.engines.documents import Piece
from shared.models.analysis import Entity, EntityType

TYPES: Mapping[str, EntityType] = {
    "Person": EntityType.PERSON,
    "Email": EntityType.EMAIL,
    "PhoneNumber": EntityType.PHONE,
    "Address": EntityType.ADDRESS,
    "Product": EntityType.PRODUCT,
    "URL": EntityType.URL,
    "DateTime": EntityType.DATE,
    "Quantity.Currency": EntityType.AMOUNT,
    "DateTime.Time": EntityType.OTHER,
    "DateTime.TimeRange": EntityType.OTHER,
    "DateTime.Duration": EntityType.OTHER,
    "DateTime.Set": EntityType.OTHER,
}
"""Our type for each category or `category.subcategory` of the service; what is not here is `other`."""


def entities(piece: Piece, found: Iterable[Any]) -> list[Entity]:
    """What the service found in the piece, with offsets into the whole text, in code points.

    Raises EngineFailed when an offset does not lead to the text it is said to: redaction would miss it.
    """
    spans: list[Entity] = []
    for each in found:
        end = each.offset + each.length
        if each.offset < 0 or each.length <= 0 or piece.text[each.offset : end] != each.text:
            raise EngineFailed(UNREADABLE)
        spans.append(
            Entity(
                type=type_of(each.category, each.subcategory),
                text=each.text,
                start=piece.start + each.offset,
                end=piece.start + end,
                confidence=each.confidence_score,
            )
        )
    return spans


def type_of(category: str, subcategory: str | None) -> EntityType:
    """Our type for a category of the service."""
    exact = TYPES.get(f"{category}.{subcategory}") if subcategory else None
    return exact or TYPES.get(category, EntityType.OTHER)
