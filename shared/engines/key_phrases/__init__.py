"""Key phrases: what a text is about, in its own words."""

from __future__ import annotations

from typing import Protocol

from shared.models.analysis import KeyPhrasesResult


class KeyPhraseEngine(Protocol):
    @property
    def name(self) -> str:
        """What results call it."""

    async def extract(self, text: str, *, language: str | None) -> KeyPhrasesResult:
        """The most telling phrases first. Raises NotServed for a language it cannot read."""
