"""Intent: what a customer wants."""

from __future__ import annotations

from typing import Protocol

from shared.models.analysis import IntentResult

OUT_OF_SCOPE = "out_of_scope"
"""The intent of a text that is about none of the others."""


class IntentEngine(Protocol):
    @property
    def name(self) -> str:
        """What results call it."""

    async def classify(self, text: str) -> IntentResult:
        """The intent of an English text; OUT_OF_SCOPE when it is none of those the engine knows."""
