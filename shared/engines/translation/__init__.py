"""Translation between the customers' languages and the agents'."""

from __future__ import annotations

from typing import Protocol

from shared.models.analysis import TranslationResult


class TranslationEngine(Protocol):
    @property
    def name(self) -> str:
        """What results call it."""

    def pairs(self) -> frozenset[tuple[str, str]] | None:
        """The pairs of source and target it serves, as codes without region; null when it serves any."""

    async def translate(self, text: str, *, source: str, target: str) -> TranslationResult:
        """The text in `target`, state `translated`. Raises NotServed for a pair of languages it does not have."""
