"""Sentiment: how a customer feels about it."""

from __future__ import annotations

from typing import Protocol

from shared.models.analysis import SentimentResult


class SentimentEngine(Protocol):
    @property
    def name(self) -> str:
        """What results call it."""

    async def score(self, text: str, *, language: str | None) -> SentimentResult:
        """The sentiment of a text in `language` (null: unknown). Raises NotServed for a language it cannot read."""
