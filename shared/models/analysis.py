"""What the engines understood of a text. Each result names the engine that made it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field

from shared.models.base import LanguageCode, Model


class Result(Model):
    """What every engine's answer carries."""

    engine: str
    """Name of the engine that answered, such as `langid` or `azure-language`."""
    latency_ms: float = Field(default=0.0, ge=0)
    """How long that engine took, in milliseconds."""


class TokenUsage(Model):
    """What calls of a model cost, in tokens."""

    calls: int = Field(default=0, ge=0)
    prompt: int = Field(default=0, ge=0)
    answer: int = Field(default=0, ge=0)
    thoughts: int = Field(default=0, ge=0)
    total: int = Field(default=0, ge=0)

    def __add__(self, other: TokenUsage) -> TokenUsage:
        """Both together."""
        return TokenUsage(**{name: getattr(self, name) + getattr(other, name) for name in TokenUsage.model_fields})


class LanguageScore(Model):
    language: LanguageCode
    """ISO 639-1 code; with a script, as in `hi-Latn`, when it is written in another than its own."""
    confidence: float = Field(ge=0, le=1)


class LanguageResult(Result):
    language: LanguageCode | None
    """ISO 639-1 code, or null when nothing is sure enough."""
    confidence: float = Field(ge=0, le=1)
    also: list[LanguageScore] = []
    """What else the text may be written in or, when it is mixed, is partly written in; likeliest first."""
    mixed: bool = False
    """True: parts of the text are in different languages, and each confidence is that language's share of the text."""


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
    MIXED = "mixed"
    """Clearly pleased with one thing and clearly displeased with another."""


class SentimentResult(Result):
    sentiment: SentimentLabel
    confidence: float = Field(ge=0, le=1)
    scores: dict[SentimentLabel, float]
    """Probability of each label; they add up to 1."""
    anger: float | None = Field(default=None, ge=0, le=1)
    """How likely the writer is angry, not just unhappy; null when no engine could tell."""
    urgency: float | None = Field(default=None, ge=0, le=1)
    """How likely waiting does harm; null when no engine could tell."""


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
    quality: Literal["good", "gist"] = "good"
    """`gist`: enough for an agent to see what a text is about, marked as such; never sent to a customer."""
    formality: Literal["formal", "informal"] | None = None
    """The form of address that the engine was made to use; null when none was asked for, or it cannot be made to."""
    tone: Literal["formal", "informal", "neutral"] | None = None
    """The tone that the engine was made to use; null when none was asked for, or it cannot be made to."""
    cached: bool = False
    """Whether the text had been translated before; `latency_ms` is then 0."""

    def for_customer(self) -> Self:
        """What may go to a customer: of a gist, nothing; the original stands then, marked untranslated."""
        if self.quality == "good":
            return self
        return self.model_copy(update={"state": "untranslated", "text": None, "quality": "good"})


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
    customer_text: str | None = None
    """The same reply in the customer's language, written beforehand; null where it would have to be translated."""
    customer_language: LanguageCode | None = None
    """The language of `customer_text`."""


class SuggestionResult(Result):
    suggestions: list[Suggestion]
    token_usage: TokenUsage = TokenUsage()
    """What models were paid for them, failed calls included."""


class RequestResult(Result):
    """What the customer is after."""

    wants: str
    """One sentence in the agents' language."""
    missing_information: list[str] = []
    """What has to be asked for before it can be done, in the agents' language."""


class DiagnosisResult(Result):
    """What went wrong, told from code or logs that a customer pasted."""

    material: Literal["code", "log", "stack_trace", "configuration"]
    programming_language: str | None = None
    """Such as `Python` or `JavaScript`; null when it cannot be told or there is none."""
    summary: str
    """In the agents' language."""
    likely_cause: str | None = None
    steps: list[str] = []
    """What an agent may do or ask for, the first thing first."""
    quotes: list[str] = []
    """The lines of the message that this rests on, word for word."""


class Analysis(Model):
    """The quick reading of a message, made inside the request; null or empty where it did not make the time limit."""

    language: LanguageResult | None = None
    intent: IntentResult | None = None
    sentiment: SentimentResult | None = None
    entities: list[Entity] = []
    key_phrases: list[str] = []
    translation: TranslationResult | None = None
    """The message in the agents' language; null also when no engine at hand translates it."""


class Understood(Model):
    """The deep reading of a text; a part is null or empty when no engine could tell it."""

    intent: IntentResult | None = None
    sentiment: SentimentResult | None = None
    entities: list[Entity] = []
    key_phrases: list[str] = []
    request: RequestResult | None = None
    diagnosis: DiagnosisResult | None = None
    """Only for a message that holds code, a log or the like."""
    token_usage: TokenUsage = TokenUsage()
    """What models were paid for the reading, failed calls included."""
