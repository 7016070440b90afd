"""What the engines understood of a text. Each result names the engine that made it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from shared.models.base import LanguageCode, Model


class Result(Model):
    """What every engine's answer carries."""

    engine: str
    """Name of the engine that answered, such as `langid` or `azure-language`."""
    latency_ms: float = Field(default=0.0, ge=0)
    """How long that engine took, in milliseconds."""


class LanguageResult(Result):
    language: LanguageCode | None
    """ISO 639-1 code, or null when nothing is sure enough."""
    confidence: float = Field(ge=0, le=1)


class IntentScore(Model):
    intent: str
    confidence: float = Field(ge=0, le=1)


class IntentResult(Result):
    intent: str
    """One of the model's intents, or `out_of_scope`."""
    confidence: float = Field(ge=0, le=1)
    alternatives: list[IntentScore] = []
    """The next likely intents, best first, without the chosen one."""


class SentimentLabel(StrEnum):
    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


class SentimentResult(Result):
    sentiment: SentimentLabel
    confidence: float = Field(ge=0, le=1)
    scores: dict[SentimentLabel, float]
    """Probability of each label; they add up to 1."""


class EntityType(StrEnum):
    ORDER_NUMBER = "order_number"
    EMAIL = "email"
    PHONE = "phone"
    AMOUNT = "amount"
    DATE = "date"
    ADDRESS = "address"
    PERSON = "person"
    PRODUCT = "product"
    URL = "url"
    OTHER = "other"


class Entity(Model):
    """Something that a text names."""

    type: EntityType
    text: str
    """As written."""
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    """Offsets into the text, in code points; `end` is the one after the last."""
    value: str | None = None
    """The normalised form: an ISO 8601 date, an E.164 phone number, an amount such as `EUR 12.50`."""
    confidence: float = Field(ge=0, le=1)


class EntitiesResult(Result):
    entities: list[Entity]


class KeyPhrasesResult(Result):
    key_phrases: list[str]
    """The most telling first."""


class PersonalDataResult(Result):
    """Where a text holds personal data, and the text without it."""

    redacted_text: str
    """Each finding replaced by its type in brackets, such as `[EMAIL]`."""
    entities: list[Entity]


class TranslationResult(Result):
    source_language: LanguageCode | None
    target_language: LanguageCode
    state: Literal["translated", "same_language", "untranslated"]
    """`untranslated`: no engine serves the pair, and `text` is null; show the original and say so."""
    text: str | None = None


class Suggestion(Model):
    """Something an agent may do next, ready to use as it is or to edit."""

    id: str
    kind: Literal["reply", "action"]
    """A `reply` is text for the customer, an `action` is a step for the agent."""
    text: str
    language: LanguageCode
    """The language of `text`: the agents' own."""
    intent: str
    citations: list[str] = []
    """Ids of the knowledge passages that the text rests on."""


class SuggestionResult(Result):
    suggestions: list[Suggestion]


class Analysis(Model):
    """The quick reading of a message, made inside the request; null where it did not make the time limit."""

    language: LanguageResult | None = None
    intent: IntentResult | None = None
    sentiment: SentimentResult | None = None


class Understood(Model):
    """The deep reading of a text; a part is null or empty when no engine could tell it."""

    intent: IntentResult | None = None
    sentiment: SentimentResult | None = None
    entities: list[Entity] = []
    key_phrases: list[str] = []
