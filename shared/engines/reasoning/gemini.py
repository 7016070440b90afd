"""Gemini: questions in JSON, answers of a given shape, and nothing believed that was not checked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.engines.chain import EngineFailed
from shared.engines.lazy_client import LazyClient
from shared.engines.reasoning.gemini_calls import UNREADABLE, GeminiClient, gemini_failures
from shared.engines.reasoning.usage import tell_usage
from shared.models.analysis import TokenUsage

if TYPE_CHECKING:
    from google.genai.types import GenerateContentConfig, GenerateContentResponse

NAME = "gemini"

PROMPTS = Path(__file__).with_name("prompts")
"""The system instructions. Another wording is another file with another number, so that results can be compared."""

MOST_TOKENS = 2048
"""Tokens of an answer, without what the model thinks."""

MOST_THOUGHTS = 32_768
"""Tokens that a model thinks with at most (Gemini 2.5). The service's limit of an answer counts them too: a model that
chooses for itself how long it thinks would have none left to answer with."""

LONGEST_ANSWER = 20_000
"""Characters: more than an answer of MOST_TOKENS has. What is longer is not read."""

_REPAIR = "That is not what was asked for. Answer again with JSON of the schema alone. Wrong: "

Answer = TypeVar("Answer", bound=BaseModel)

Objection = Callable[[Answer], Awaitable[str | None]]
"""Tells what is wrong with an answer of the right shape, in words that repeat nothing of it; null when nothing is."""


class Gemini:
    """One model, asked over the network. It is given no tools, and nothing it says is carried out."""

    def __init__(
        self,
        api_key: str,
        *,
        model: str,
        timeout: float,
        thinking_budget: int | None = None,
        base_url: str | None = None,
    ) -> None:
        """`timeout` is seconds for one call. `thinking_budget` is in tokens: 0 for none, null for the model's own
        choice. `base_url` replaces Google's address. Raises ValueError."""
        if timeout <= 0:
            raise ValueError(f"timeout must be a number of seconds above zero, got {timeout}")
        self._model = model
        self._thinking_budget = thinking_budget
        self._client = LazyClient(lambda: GeminiClient(api_key, base_url, timeout))
        self._configs: dict[tuple[str, type[BaseModel]], GenerateContentConfig] = {}

    async def ask(
        self, prompt: str, data: Mapping[str, Any], shape: type[Answer], objection: Objection[Answer] | None = None
    ) -> Answer:
        """The model's answer to the data, as the instruction of that name tells it to be. Raises EngineFailed.

        An answer of another shape, or one that meets an objection, is asked for once more. What the calls cost is told
        to whoever collects it.
        """
        client = await self._client.get()
        config = self._configs.get((prompt, shape))
        if config is None:
            config = self._configs[prompt, shape] = await asyncio.to_thread(self._config, prompt, shape)
        contents: list[Any] = [_turn("user", _fenced(data))]
        said = await self._call(client, contents, config)
        answer, wrong = await _read(said, shape, objection)
        if answer is None:
            repair = [*contents, _turn("model", said[:LONGEST_ANSWER] or "-"), _turn("user", _REPAIR + wrong)]
            answer, wrong = await _read(await self._call(client, repair, config), shape, objection)
        if answer is None:
            raise EngineFailed(UNREADABLE)
        return answer

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _call(self, client: GeminiClient, contents: list[Any], config: GenerateContentConfig) -> str:
        """The text of the model's answer. Raises EngineFailed, also when the answer was withheld for safety."""
        with gemini_failures():
            response = await client.models.generate_content(model=self._model, contents=contents, config=config)
            _tell(response)
            feedback = response.prompt_feedback
            finish = response.candidates[0].finish_reason if response.candidates else None
            if (feedback and feedback.block_reason) or finish in _withheld():
                raise EngineFailed("blocked by safety")
            if finish == _out_of_tokens() and not response.text:
                # Asked again it would think as long again.
                raise EngineFailed("thought until no tokens were left")
            return response.text or ""

    def _config(self, prompt: str, shape: type[BaseModel]) -> GenerateContentConfig:
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
            system_instruction=(PROMPTS / f"{prompt}.md").read_text(encoding="utf-8"),
            response_mime_type="application/json",
            response_schema=shape,
            safety_settings=safety,
            thinking_config=None if budget is None else types.ThinkingConfig(thinking_budget=budget),
            max_output_tokens=MOST_TOKENS + (MOST_THOUGHTS if budget is None else budget),
            temperature=0.3,
            automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        )


def _tell(response: GenerateContentResponse) -> None:
    told = response.usage_metadata
    counts = told and {
        "prompt": told.prompt_token_count,
        "answer": told.candidates_token_count,
        "thoughts": told.thoughts_token_count,
        "total": told.total_token_count,
    }
    # A response that does not tell still was a call, and numbers below zero are nobody's cost.
    numbers = {name: max(count or 0, 0) for name, count in (counts or {}).items()}
    tell_usage(NAME, TokenUsage(calls=1, **numbers))


def _fenced(data: Mapping[str, Any]) -> str:
    """The data as JSON: within its quotes no text can pass for anything else."""
    written = json.dumps(data, ensure_ascii=False)
    return written.encode(errors="replace").decode()  # half of a surrogate pair cannot be sent


def _turn(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "parts": [{"text": text}]}


async def _read(said: str, shape: type[Answer], objection: Objection[Answer] | None) -> tuple[Answer | None, str]:
    """The answer, or null with what is wrong with it, in words that repeat nothing of it."""
    if len(said) > LONGEST_ANSWER:
        return None, "too long"
    try:
        answer = shape.model_validate_json(said)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        return None, "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['type']}" for each in found[:5])
    wrong = await objection(answer) if objection else None
    return (answer, "") if wrong is None else (None, wrong)


def _out_of_tokens() -> Any:
    from google.genai.types import FinishReason

    return FinishReason.MAX_TOKENS


def _withheld() -> frozenset[Any]:
    from google.genai.types import FinishReason

    return frozenset({FinishReason.SAFETY, FinishReason.PROHIBITED_CONTENT, FinishReason.BLOCKLIST, FinishReason.SPII})
