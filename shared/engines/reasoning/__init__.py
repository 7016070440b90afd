"""Reasoning: what an agent might do next."""

from __future__ import annotations

from typing import Protocol

from shared.models.analysis import IntentResult, SentimentResult, SuggestionResult
from shared.models.base import LanguageCode, Model


class SuggestionRequest(Model):
    """What is known of the message for which an agent wants suggestions."""

    message_id: str
    """Suggestion ids derive from it: the same request gives the same ids."""
    text: str
    """The customer's words in `language` where there is a translation, else as they were written."""
    language: LanguageCode
    """The agents' language, in which suggestions are written."""
    customer_name: str
    intent: IntentResult | None = None
    sentiment: SentimentResult | None = None


class ReasoningEngine(Protocol):
    @property
    def name(self) -> str:
        """What results call it."""

    async def suggest(self, request: SuggestionRequest) -> SuggestionResult:
        """Replies and actions, best first. Raises NotServed for a language it does not write."""
