"""Reasoning: what a customer is after, and what an agent might do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

from shared.models.analysis import (
    DiagnosisResult,
    Entity,
    EntityType,
    IntentResult,
    IntentScore,
    RequestResult,
    Result,
    SentimentLabel,
    SentimentResult,
    SuggestionResult,
)
from shared.models.base import LanguageCode, Model


class Turn(Model):
    """An earlier message of the conversation."""

    sender: Literal["customer", "agent"]
    text: str
    language: LanguageCode | None = None
    """The language of `text`."""


class Passage(Model):
    """A part of the knowledge base that an answer may rest on."""

    id: str
    text: str
    personal: bool = False
    """Whether it holds words of customers, as a conversation that was resolved does."""


class Culture(Model):
    """How to speak with customers of a language and a region, in short."""

    language: LanguageCode
    """The customer's, with its region where that is known."""
    name: str
    """Of the language, in English."""
    formality: Literal["formal", "informal", "either"]
    formal_you: str | None = None
    informal_you: str | None = None
    name_order: Literal["given_first", "family_first", "varies", "no_family_name"] = "given_first"
    greeting: str = ""
    closing: str = ""
    """Both in the customer's language."""
    avoid: list[str] = []
    """In English."""


class SuggestionRequest(Model):
    """What is known of the message for which an agent wants suggestions."""

    message_id: str
    """Suggestion ids derive from it: the same request gives the same ids."""
    text: str
    """The customer's words in `language` where there is a translation, else as they were written."""
    text_language: LanguageCode | None = None
    """The language of `text`; null when it is unknown."""
    language: LanguageCode
    """The agents' language, in which suggestions are written."""
    customer_name: str
    intent: IntentResult | None = None
    sentiment: SentimentResult | None = None
    request: RequestResult | None = None
    diagnosis: DiagnosisResult | None = None
    history: list[Turn] = []
    """The conversation before the message, the earliest first."""
    culture: Culture | None = None
    passages: list[Passage] = []


class ReasoningEngine(Protocol):
    @property
    def name(self) -> str:
        """What results call it."""

    async def suggest(self, request: SuggestionRequest) -> SuggestionResult:
        """Replies and actions, best first. Raises NotServed for a language it does not write."""


class ComprehensionRequest(Model):
    """A message as it was written, and what is known of it already."""

    text: str
    text_language: LanguageCode | None = None
    """The language of `text`; null when it is unknown."""
    language: LanguageCode
    """The agents' language, in which the answer is written."""
    customer_name: str = ""
    intents: dict[str, str] = {}
    """The intents that the product knows, with their meaning."""
    intent: IntentResult | None = None
    """What the classifier found."""
    history: list[Turn] = []
    """The conversation before the message, the earliest first."""


class Named(Model):
    """Something that the message names, word for word."""

    type: EntityType
    text: str


class Feeling(Model):
    sentiment: SentimentLabel
    confidence: float


class Comprehension(Result):
    """One engine's reading of a message in its conversation. Nothing in it has been held against the message yet,
    but for the quotes of the diagnosis."""

    intent: IntentScore | None = None
    sentiment: Feeling | None = None
    entities: list[Named] = []
    request: RequestResult | None = None
    diagnosis: DiagnosisResult | None = None


class ComprehensionEngine(Protocol):
    @property
    def name(self) -> str:
        """What results call it."""

    async def comprehend(self, request: ComprehensionRequest) -> Comprehension:
        """What the customer is after. Raises NotServed for a language it does not write."""


class AnswerRequest(Model):
    """A question to the knowledge base, with the passages that were found for it."""

    question: str
    question_language: LanguageCode | None = None
    language: LanguageCode
    """The language of the answer."""
    customer_name: str = ""
    passages: list[Passage]
    history: list[Turn] = []


class AnswerResult(Result):
    answer: str | None
    """Null when the passages do not tell."""
    citations: list[str] = []
    """Ids of the passages that the answer rests on; never empty when there is one."""


Intents = Mapping[str, str]
"""Intents with their meaning."""

__all__ = [
    "AnswerRequest",
    "AnswerResult",
    "Comprehension",
    "ComprehensionEngine",
    "ComprehensionRequest",
    "Culture",
    "Entity",
    "Feeling",
    "Intents",
    "Named",
    "Passage",
    "ReasoningEngine",
    "SuggestionRequest",
    "Turn",
]
