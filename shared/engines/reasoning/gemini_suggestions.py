"""Suggestions by Gemini: texts that an agent reads, edits and decides on."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from shared.engines.chain import EngineFailed
from shared.engines.intent import OUT_OF_SCOPE
from shared.engines.language import LanguageEngine
from shared.engines.personal_data.outgoing import Outgoing
from shared.engines.reasoning import SuggestionRequest
from shared.engines.reasoning.gemini import NAME, Gemini
from shared.engines.reasoning.gemini_calls import UNREADABLE
from shared.engines.reasoning.gemini_data import Leaving, cited, culture_data
from shared.engines.reasoning.gemini_language import WrittenLanguage
from shared.engines.reasoning.plain import holds_label, links_are_known, plain
from shared.models.analysis import Suggestion, SuggestionResult
from shared.models.base import derived_id

PROMPT = "suggest.v2"


class _Reply(BaseModel):
    text: Annotated[str, StringConstraints(min_length=1, max_length=3000)]
    citations: Annotated[list[str], Field(max_length=20)]


class _Answer(BaseModel):
    """Suggestions for the agent."""

    replies: Annotated[list[_Reply], Field(min_length=1, max_length=3)]
    actions: Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=300)]], Field(max_length=3)]


class GeminiReasoning:
    """Replies and actions as texts for the agent."""

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

    async def suggest(self, request: SuggestionRequest) -> SuggestionResult:
        """Replies, then actions, best first; citations name passages of the request alone. Raises EngineFailed."""
        leaving = Leaving(self._outgoing, request.customer_name, request.culture)

        async def objection(answer: _Answer) -> str | None:
            texts = [*(reply.text for reply in answer.replies), *answer.actions]
            return await self._written.objection(texts, request.language)

        answer = await self._gemini.ask(PROMPT, await _data(request, leaving), _Answer, objection)
        suggestions = _suggestions(answer, request, leaving)
        if not any(each.kind == "reply" for each in suggestions):
            raise EngineFailed(UNREADABLE)
        return SuggestionResult(engine=self.name, suggestions=suggestions)


async def _data(request: SuggestionRequest, leaving: Leaving) -> dict[str, Any]:
    intent, sentiment, asked, diagnosis = request.intent, request.sentiment, request.request, request.diagnosis
    told = diagnosis and {
        "summary": await leaving.text(diagnosis.summary, request.language),
        "likely_cause": diagnosis.likely_cause and await leaving.text(diagnosis.likely_cause, request.language),
        "steps": diagnosis.steps,
    }
    wants = asked and {
        "wants": await leaving.text(asked.wants, request.language),
        "missing_information": asked.missing_information,
    }
    return {
        "language": request.language,
        "customer_name": leaving.customer,
        "culture": culture_data(request.culture),
        "intent": intent and {"name": intent.intent, "confidence": round(intent.confidence, 2)},
        "sentiment": sentiment and {"name": sentiment.sentiment, "confidence": round(sentiment.confidence, 2)},
        "request": wants,
        "diagnosis": told,
        "passages": await leaving.passages(request.passages, request.language),
        "conversation": await leaving.conversation(request.history),
        "message": await leaving.text(request.text, request.text_language),
    }


def _suggestions(answer: _Answer, request: SuggestionRequest, leaving: Leaving) -> list[Suggestion]:
    """What of the answer an agent may see: no markup, no link that nobody gave, no name of a taken-out thing."""
    told = [passage.text for passage in request.passages]
    said = [*told, request.text, *(turn.text for turn in request.history)]
    written: list[tuple[str, str, list[str], list[str]]] = [
        ("reply", reply.text, cited(reply.citations, request.passages), said) for reply in answer.replies
    ]
    # Where an agent goes to act, a link of the customer's would lead an agent anywhere.
    written += [("action", action, [], told) for action in answer.actions]
    return [
        Suggestion.model_validate(
            {
                "id": derived_id(request.message_id, "suggestion", request.language, NAME, str(place)),
                "kind": kind,
                "text": text,
                "language": request.language,
                "intent": request.intent.intent if request.intent else OUT_OF_SCOPE,
                "citations": citations,
            }
        )
        for place, (kind, raw, citations, sources) in enumerate(written)
        if (text := leaving.with_name(plain(raw))) and not holds_label(text) and links_are_known(text, sources)
    ]
