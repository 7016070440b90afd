"""A message in its conversation, read by Gemini: one call for all that can be told of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from shared.engines.language import LanguageEngine
from shared.engines.personal_data.outgoing import Outgoing
from shared.engines.reasoning import Comprehension, ComprehensionRequest, Feeling, Named
from shared.engines.reasoning.checks import literal_lines
from shared.engines.reasoning.gemini import NAME, Gemini
from shared.engines.reasoning.gemini_data import Leaving
from shared.engines.reasoning.gemini_language import WrittenLanguage
from shared.engines.reasoning.plain import links_are_known, plain
from shared.models.analysis import DiagnosisResult, EntityType, IntentScore, RequestResult, SentimentLabel

PROMPT = "comprehend.v1"

MOST_QUOTES = 5

Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Long = Annotated[str, StringConstraints(min_length=1, max_length=800)]


class _Intent(BaseModel):
    name: Annotated[str, StringConstraints(max_length=100)]
    confidence: Probability


class _Feeling(BaseModel):
    sentiment: SentimentLabel
    confidence: Probability


class _Named(BaseModel):
    type: EntityType
    text: Short


class _Request(BaseModel):
    wants: Short
    missing_information: Annotated[list[Short], Field(max_length=5)]


class _Diagnosis(BaseModel):
    material: Literal["code", "log", "stack_trace", "configuration"]
    programming_language: Annotated[str, StringConstraints(max_length=40)] | None
    summary: Long
    likely_cause: Long | None
    steps: Annotated[list[Short], Field(max_length=5)]
    quotes: Annotated[list[Long], Field(max_length=MOST_QUOTES)]


class _Reading(BaseModel):
    """What the message says."""

    intent: _Intent
    sentiment: _Feeling
    entities: Annotated[list[_Named], Field(max_length=30)]
    request: _Request
    diagnosis: _Diagnosis | None


class GeminiComprehension:
    """Intent, mood, names, what is wanted, what is missing, and what pasted code tells."""

    name = NAME
    embedded = False

    def __init__(
        self, gemini: Gemini, *, outgoing: Outgoing | None = None, languages: LanguageEngine | None = None
    ) -> None:
        """`outgoing` takes personal data out of what is sent; null sends it as it is. `languages` tells whether the
        answer is in the language asked for; null believes it."""
        self._gemini = gemini
        self._outgoing = outgoing
        self._written = WrittenLanguage(languages)

    async def comprehend(self, request: ComprehensionRequest) -> Comprehension:
        """What the customer is after. Raises EngineFailed."""
        leaving = Leaving(self._outgoing, request.customer_name)
        sent = await leaving.text(request.text, request.text_language)

        async def objection(read: _Reading) -> str | None:
            texts = [read.request.wants, *([read.diagnosis.summary] if read.diagnosis else [])]
            return await self._written.objection(texts, request.language)

        read = await self._gemini.ask(PROMPT, await _data(request, leaving, sent), _Reading, objection)
        writing = _Writing(request, leaving)
        return Comprehension(
            engine=self.name,
            intent=IntentScore(intent=read.intent.name, confidence=read.intent.confidence),
            sentiment=Feeling(sentiment=read.sentiment.sentiment, confidence=read.sentiment.confidence),
            entities=[Named(type=each.type, text=each.text) for each in read.entities],
            request=writing.request(read.request),
            diagnosis=writing.diagnosis(read.diagnosis, sent) if read.diagnosis else None,
        )


async def _data(request: ComprehensionRequest, leaving: Leaving, sent: str) -> dict[str, Any]:
    found = request.intent
    return {
        "language": request.language,
        "intents": request.intents,
        "classifier": found and {"intent": found.intent, "confidence": round(found.confidence, 2)},
        "conversation": await leaving.conversation(request.history),
        "message": sent,
    }


class _Writing:
    """What the model wrote, as an agent may read it."""

    def __init__(self, request: ComprehensionRequest, leaving: Leaving) -> None:
        self._request = request
        self._leaving = leaving
        self._said = [request.text, *(turn.text for turn in request.history)]

    def request(self, read: _Request) -> RequestResult | None:
        wants = self._line(read.wants)
        if not wants:
            return None
        return RequestResult(engine=NAME, wants=wants, missing_information=self._lines(read.missing_information))

    def diagnosis(self, read: _Diagnosis, sent: str) -> DiagnosisResult | None:
        """Null when nothing of the message supports it."""
        quotes = literal_lines(read.quotes, self._request.text, sent)[:MOST_QUOTES]
        summary = self._line(read.summary)
        if not quotes or not summary:
            return None
        return DiagnosisResult(
            engine=NAME,
            material=read.material,
            programming_language=self._line(read.programming_language or "") or None,
            summary=summary,
            likely_cause=self._line(read.likely_cause or "") or None,
            steps=self._lines(read.steps),
            quotes=quotes,
        )

    def _line(self, written: str) -> str:
        """The text without markup; empty when it leads to an address that nobody gave."""
        text = " ".join(self._leaving.with_name(plain(written)).split())
        return text if links_are_known(text, self._said) else ""

    def _lines(self, written: list[str]) -> list[str]:
        return [line for each in written if (line := self._line(each))]
