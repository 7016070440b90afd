"""A reply whose translation follows: the pipeline makes of it what the reply itself would have."""

from __future__ import annotations

from typing import Any

import pytest

from shared.desk.analysis import Findings, MessageAnalysis, MessageWork
from shared.engines.translation import NO_OPTIONS, TranslationOptions
from shared.models.analysis import TranslationResult
from shared.models.message import Sender


class Translating:
    """Stands for the engines: tells what was asked of them."""

    def __init__(self) -> None:
        self.asked: tuple[str | None, str, TranslationOptions] | None = None

    async def translate(
        self, text: str, source: str | None, target: str, options: TranslationOptions = NO_OPTIONS
    ) -> TranslationResult:
        self.asked = (source, target, options)
        return TranslationResult(
            engine="test", source_language=source, target_language=target, state="translated", text=text
        )


def a_reply(**changes: Any) -> MessageWork:
    given: dict[str, Any] = {
        "conversation_id": "c",
        "message_id": "m",
        "sender": Sender.AGENT,
        "text": "Guten Tag",
        "customer_name": "Test Customer",
        "prior_language": "fr",
        "agent_language": "en",
    }
    return MessageWork(**(given | changes))


@pytest.mark.parametrize(
    ("changes", "source", "formality"),
    [
        ({"written_in": "de", "formality": "informal"}, "de", "informal"),
        ({"written_in": "de"}, "de", "formal"),
        ({"written_in": "de", "formality": "default"}, "de", None),
        ({}, "en", "formal"),
    ],
    ids=["as the agent chose", "as is usual", "left to the engine", "of an agent whose language is not known"],
)
async def test_it_is_translated_from_the_agents_own_language_and_in_the_chosen_form(
    changes: dict[str, Any], source: str, formality: str | None
) -> None:
    engines: Any = Translating()
    nothing: Any = None

    await MessageAnalysis(nothing, nothing, engines, nothing).translate(a_reply(**changes), Findings())

    assert engines.asked == (source, "fr", TranslationOptions(formality=formality, good_only=True))  # type: ignore[arg-type]
