"""Language detection: which language a text is written in."""

from __future__ import annotations

from typing import Protocol

from shared.models.analysis import LanguageResult


class LanguageEngine(Protocol):
    @property
    def name(self) -> str:
        """What results call it."""

    async def detect(self, text: str, *, prior: str | None) -> LanguageResult:
        """The language of the text, null when unsure; `prior`, the conversation's, decides short texts."""
