"""Suggestions by Gemini: typed output, the customer's text as data, and nothing believed that was not checked."""

from __future__ import annotations

import asyncio
import json
import logging
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from shared.engines.chain import EngineFailed
from shared.engines.intent import OUT_OF_SCOPE
from shared.engines.lazy_client import LazyClient
from shared.engines.personal_data import PersonalDataEngine
from shared.engines.reasoning import SuggestionRequest
from shared.engines.reasoning.facts import first_name
from shared.engines.reasoning.gemini_calls import GeminiClient, gemini_failures
from shared.models.analysis import Suggestion, SuggestionResult
from shared.models.base import Model, derived_id

if TYPE_CHECKING:
    from google.genai.types import GenerateContentConfig, GenerateContentResponse

log = logging.getLogger(__name__)

PROMPT = Path(__file__).with_name("prompts") / "suggest.v1.md"
"""The system instruction. Another wording is another file with another number, so that results can be compared."""

MOST_TOKENS = 2048
"""Tokens of an answer, without what the model thinks."""

LONGEST_ANSWER = 20_000
"""Characters: more than an answer of MOST_TOKENS has. What is longer is not read."""

_REPAIR = "That is not what was asked for. Answer again with JSON of the schema alone. Wrong: "


class Passage(Model):
    """A part of the knowledge base that a suggestion may rest on."""

    id: str
    text: str


@dataclass(frozen=True)
class TokenUsage:
    """What one call cost, in tokens."""

    prompt: int
    answer: int
    thoughts: int
    total: int


class _Reply(BaseModel):
    text: Annotated[str, StringConstraints(min_length=1, max_length=3000)]
    citations: Annotated[list[str], Field(max_length=20)]


class _Answer(BaseModel):
    """Suggestions for the agent."""

    replies: Annotated[list[_Reply], Field(min_length=1, max_length=3)]
    actions: Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=300)]], Field(max_length=3)]


class GeminiReasoning:
    """Replies and actions as texts for the agent. The model is given no tools, and nothing it says is carried out."""

    name = "gemini"
    embedded = False

    def __init__(
        self,
        api_key: str,
        *,
        model: str,
        timeout: float,
        thinking_budget: int | None = None,
        on_usage: Callable[[SuggestionRequest, TokenUsage], None] | None = None,
        base_url: str | None = None,
        redaction: PersonalDataEngine | None = None,
    ) -> None:
        """`timeout` is seconds for one call.

        `redaction` takes personal data out of the customer's words before they leave; null sends them as they are.

        `thinking_budget` is in tokens: 0 for none, null for the model's own choice. `on_usage` is told what each call
        cost. `base_url` replaces Google's address. Raises ValueError.
        """
        if timeout <= 0:
            raise ValueError(f"timeout must be a number of seconds above zero, got {timeout}")
        self._model = model
        self._thinking_budget = thinking_budget
        self._on_usage = on_usage
        self._redaction = redaction
        self._client = LazyClient(lambda: GeminiClient(api_key, base_url, timeout))

    async def suggest(self, request: SuggestionRequest, *, passages: Sequence[Passage] = ()) -> SuggestionResult:
        """Replies, then actions, best first; citations name `passages` alone. Raises EngineFailed."""
        request = await self._fit_to_leave(request)
        client = await self._client.get()
        config = await asyncio.to_thread(lambda: self._config)
        contents: list[Any] = [_turn("user", _data(request, passages))]
        said = await self._ask(client, request, contents, config)
        answer, wrong = _read(said)
        if answer is None:
            repair = [*contents, _turn("model", said[:LONGEST_ANSWER] or "-"), _turn("user", _REPAIR + wrong)]
            answer, wrong = _read(await self._ask(client, request, repair, config))
        if answer is None:
            raise EngineFailed("unreadable answer")
        return SuggestionResult(engine=self.name, suggestions=_suggestions(answer, request, passages))

    async def _fit_to_leave(self, request: SuggestionRequest) -> SuggestionRequest:
        if self._redaction is None:
            return request
        redacted = await self._redaction.redact(request.text, language=request.language)
        return request.model_copy(update={"text": redacted.redacted_text})

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _ask(
        self, client: GeminiClient, request: SuggestionRequest, contents: list[Any], config: GenerateContentConfig
    ) -> str:
        """The text of the model's answer. Raises EngineFailed, also when the answer was withheld for safety."""
        with gemini_failures():
            response = await client.models.generate_content(model=self._model, contents=contents, config=config)
            self._tell_usage(request, response)
            feedback = response.prompt_feedback
            finish = response.candidates[0].finish_reason if response.candidates else None
            if (feedback and feedback.block_reason) or finish in _withheld():
                raise EngineFailed("blocked by safety")
            return response.text or ""

    def _tell_usage(self, request: SuggestionRequest, response: GenerateContentResponse) -> None:
        told = response.usage_metadata
        if told is None:
            return
        usage = TokenUsage(
            prompt=told.prompt_token_count or 0,
            answer=told.candidates_token_count or 0,
            thoughts=told.thoughts_token_count or 0,
            total=told.total_token_count or 0,
        )
        log.info(
            "gemini used tokens: %d prompt, %d answer, %d thoughts, %d in all",
            *(usage.prompt, usage.answer, usage.thoughts, usage.total),
        )
        if self._on_usage is not None:
            self._on_usage(request, usage)

    @cached_property
    def _config(self) -> GenerateContentConfig:
        from google.genai import types

        harms = ("HARASSMENT", "HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT")
        # Angry customers are the desk's daily bread: only what is harmful beyond doubt is withheld.
        safety = [
            types.SafetySetting(
                category=types.HarmCategory(f"HARM_CATEGORY_{harm}"),
                threshold=types.HarmBlockThreshold.BLOCK_ONLY_HIGH,
            )
            for harm in harms
        ]
        budget = self._thinking_budget
        return types.GenerateContentConfig(
            system_instruction=PROMPT.read_text(encoding="utf-8"),
            response_mime_type="application/json",
            response_schema=_Answer,
            safety_settings=safety,
            thinking_config=None if budget is None else types.ThinkingConfig(thinking_budget=budget),
            max_output_tokens=MOST_TOKENS + (budget or 0),
            temperature=0.3,
            automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        )


def _data(request: SuggestionRequest, passages: Sequence[Passage]) -> str:
    """The request as JSON: within its quotes no text can pass for anything else."""
    intent, sentiment = request.intent, request.sentiment
    data = json.dumps(
        {
            "language": request.language,
            "customer_first_name": first_name(request.customer_name),
            "intent": intent and {"name": intent.intent, "confidence": round(intent.confidence, 2)},
            "sentiment": sentiment and {"name": sentiment.sentiment, "confidence": round(sentiment.confidence, 2)},
            "passages": [{"id": each.id, "text": each.text} for each in passages],
            "message": request.text,
        },
        ensure_ascii=False,
    )
    return data.encode(errors="replace").decode()  # half of a surrogate pair cannot be sent


def _turn(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "parts": [{"text": text}]}


def _read(said: str) -> tuple[_Answer | None, str]:
    """The answer, or null with what is wrong with it, in words that repeat nothing of it."""
    if len(said) > LONGEST_ANSWER:
        return None, "too long"
    try:
        return _Answer.model_validate_json(said), ""
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        return None, "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['type']}" for each in found[:5])


def _suggestions(answer: _Answer, request: SuggestionRequest, passages: Sequence[Passage]) -> list[Suggestion]:
    known = {passage.id for passage in passages}
    intent = request.intent.intent if request.intent else OUT_OF_SCOPE
    written: list[tuple[str, str, list[str]]] = [
        ("reply", reply.text, [each for each in dict.fromkeys(reply.citations) if each in known])
        for reply in answer.replies
    ]
    written += [("action", action, []) for action in answer.actions]
    return [
        Suggestion.model_validate(
            {
                "id": derived_id(request.message_id, "suggestion", request.language, "gemini", str(place)),
                "kind": kind,
                "text": text,
                "language": request.language,
                "intent": intent,
                "citations": citations,
            }
        )
        for place, (kind, raw, citations) in enumerate(written)
        if (text := _plain(raw))
    ]


def _plain(text: str) -> str:
    """The text without control and format characters, which could hide or turn around a part of it."""
    kept = (
        character for character in text if character in "\n\u200c\u200d" or unicodedata.category(character)[0] != "C"
    )
    return "".join(kept).strip()


def _withheld() -> frozenset[Any]:
    from google.genai.types import FinishReason

    return frozenset({FinishReason.SAFETY, FinishReason.PROHIBITED_CONTENT, FinishReason.BLOCKLIST, FinishReason.SPII})
