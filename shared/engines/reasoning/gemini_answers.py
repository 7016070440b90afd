"""Answers from the knowledge base, written by Gemini: from the passages given, or none."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from shared.engines.language import LanguageEngine
from shared.engines.personal_data.outgoing import Outgoing
from shared.engines.reasoning import AnswerRequest, AnswerResult
from shared.engines.reasoning.gemini import NAME, Gemini
from shared.engines.reasoning.gemini_data import Leaving, cited
from shared.engines.reasoning.gemini_language import WrittenLanguage
from shared.engines.reasoning.plain import holds_label, links_are_known, plain

PROMPT = "answer.v1"


class _Answer(BaseModel):
    """The answer to the question."""

    answered: bool
    text: Annotated[str, StringConstraints(max_length=5000)]
    citations: Annotated[list[str], Field(max_length=20)]


class GeminiAnswers:
    """Answers to questions, each resting on passages that it names."""

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

    async def answer(self, request: AnswerRequest) -> AnswerResult:
        """What the passages say to the question; null without passages, and where none of them supports an answer.

        Raises EngineFailed.
        """
        if not request.passages:
            return AnswerResult(engine=self.name, answer=None)
        leaving = Leaving(self._outgoing, request.customer_name)
        data = {
            "language": request.language,
            "passages": await leaving.passages(request.passages, request.language),
            "conversation": await leaving.conversation(request.history),
            "question": await leaving.text(request.question, request.question_language),
        }

        async def objection(answer: _Answer) -> str | None:
            return await self._written.objection([answer.text], request.language)

        written = await self._gemini.ask(PROMPT, data, _Answer, objection)
        citations = cited(written.citations, request.passages)
        text = leaving.with_name(plain(written.text))
        sources = [passage.text for passage in request.passages if passage.id in citations]
        rests = written.answered and citations and links_are_known(text, sources) and not holds_label(text)
        if not rests or not text:
            return AnswerResult(engine=self.name, answer=None)
        return AnswerResult(engine=self.name, answer=text, citations=citations)
