"""What a customer is after, without a model."""

from __future__ import annotations

from typing import Any

import pytest

from shared.engines.chain import NotServed
from shared.engines.intent.catalogue import INTENTS
from shared.engines.reasoning import ComprehensionRequest, Turn
from shared.engines.reasoning.rules import RuleComprehension
from shared.engines.reasoning.templates import UNSURE
from shared.models.analysis import IntentResult, RequestResult

ENGINE = RuleComprehension()


def a_message(
    intent: str | None, text: str = "where is it", *, sure: float = 0.9, **changes: Any
) -> ComprehensionRequest:
    found = IntentResult(engine="test", intent=intent, confidence=sure) if intent else None
    return ComprehensionRequest(text=text, language=changes.pop("language", "en"), intent=found, **changes)


async def request(message: ComprehensionRequest) -> RequestResult:
    found = (await ENGINE.comprehend(message)).request
    assert found is not None
    return found


async def test_the_topic_is_told_with_what_is_missing() -> None:
    without = await request(a_message("track_order"))
    having = await request(a_message("track_order", "where is order 4471902"))

    assert (without.wants, without.missing_information) == (
        "The customer writes about where an order is.",
        ["order number"],
    )
    assert (having.wants, having.missing_information) == (
        "The customer writes about where an order is (order 4471902).",
        [],
    )


@pytest.mark.parametrize(
    ("text", "missing"), [("delete me", ["e-mail da conta"]), ("delete me, it is me@example.com", [])]
)
async def test_the_email_is_missing_only_when_it_is(text: str, missing: list[str]) -> None:
    found = await request(a_message("delete_account", text, language="pt-BR"))

    assert (found.wants, found.missing_information) == ("O cliente escreve sobre a exclusão de uma conta.", missing)


async def test_what_the_customer_gave_before_is_not_missing() -> None:
    before = [
        Turn(sender="customer", text="Hello, it is about order 55410"),
        Turn(sender="agent", text="Is it order 77777?"),
    ]

    assert (await request(a_message("track_order", history=before))).wants.endswith("(order 55410).")
    assert (await request(a_message("track_order", history=before[1:]))).missing_information == ["order number"]


@pytest.mark.parametrize(
    ("intent", "sure"), [(None, 0.9), ("out_of_scope", 0.99), ("track_order", UNSURE - 0.01), ("rent_a_boat", 0.9)]
)
async def test_what_is_not_clear_is_said_to_be(intent: str | None, sure: float) -> None:
    found = await request(a_message(intent, sure=sure))

    assert (found.wants, found.missing_information) == ("It is not clear what the customer wants.", [])


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize("intent", sorted(INTENTS))
async def test_every_intent_is_put_in_one_sentence(intent: str, language: str) -> None:
    wants = (await request(a_message(intent, language=language))).wants

    assert wants.endswith(".")
    assert wants.count(".") == 1
    assert "{" not in wants


async def test_a_pasted_trace_is_diagnosed_and_plain_words_are_not() -> None:
    trace = 'Traceback (most recent call last):\n  File "a.py", line 1\nKeyError: 1'

    assert (await ENGINE.comprehend(a_message("technical_support", trace))).diagnosis is not None
    assert (await ENGINE.comprehend(a_message("technical_support"))).diagnosis is None


async def test_a_language_without_texts_is_not_served() -> None:
    with pytest.raises(NotServed):
        await ENGINE.comprehend(a_message("track_order", language="fi"))
