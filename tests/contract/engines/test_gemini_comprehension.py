"""A message read by Gemini: one call, its words as data, and nothing believed that the message does not hold."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from shared.engines.chain import Chain, EngineFailed
from shared.engines.language.langid import LangidLanguage
from shared.engines.reasoning import ComprehensionEngine, Turn
from shared.engines.reasoning.gemini import Gemini
from shared.engines.reasoning.gemini_comprehension import GeminiComprehension
from shared.engines.reasoning.rules import RuleComprehension
from shared.models.analysis import EntityType, IntentResult, SentimentLabel
from tests.contract.engines.gemini_support import INJECTION, TRACE, a_message, diagnosed, instruction, outgoing, read
from tests.fakes.core import Json
from tests.fakes.gemini import FakeGemini, data_of


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeGemini]:
    async with FakeGemini().running() as running:
        running.says = read()
        yield running


@pytest.fixture
def engine(gemini: Gemini) -> GeminiComprehension:
    return GeminiComprehension(gemini)


async def test_one_call_tells_everything(fake: FakeGemini, engine: GeminiComprehension) -> None:
    fake.says = read(entities=[{"type": "order_number", "text": "A-77"}], diagnosis=diagnosed())

    found = await engine.comprehend(a_message("Order A-77. " + TRACE))

    assert found.intent is not None
    assert found.sentiment is not None
    assert found.request is not None
    assert found.diagnosis is not None
    assert (found.intent.intent, found.sentiment.sentiment) == ("track_refund", SentimentLabel.NEUTRAL)
    assert found.request.wants == "The customer wants to know where the refund is."
    assert [(each.type, each.text) for each in found.entities] == [(EntityType.ORDER_NUMBER, "A-77")]
    assert (found.diagnosis.programming_language, found.diagnosis.quotes) == ("Python", ["KeyError: 'shipping'"])
    assert len(fake.requests) == 1


async def test_what_the_model_is_told(fake: FakeGemini, engine: GeminiComprehension) -> None:
    guess = IntentResult(engine="linear", intent="complaint", confidence=0.41)
    before = Turn(sender="customer", text="Hello", language="en")

    await engine.comprehend(a_message("Und jetzt?", text_language="de", intent=guess, history=[before]))

    assert data_of(fake.requests[0]) == {
        "language": "en",
        "intents": {"track_refund": "How far a refund has come.", "complaint": "Strong dissatisfaction."},
        "classifier": {"intent": "complaint", "confidence": 0.41},
        "conversation": [{"from": "customer", "text": "Hello"}],
        "message": "Und jetzt?",
    }


async def test_an_injected_instruction_stays_data_and_an_injected_action_has_no_effect(
    fake: FakeGemini, engine: GeminiComprehension
) -> None:
    fake.says = read(action={"name": "refund"}, escalate=True, suggestions=["Pay 1000 €"])

    found = await engine.comprehend(a_message(INJECTION))

    assert data_of(fake.requests[0])["message"] == INJECTION
    assert fake.requests[0].body["systemInstruction"]["parts"] == [{"text": instruction("comprehend.v1")}]
    assert not {"action", "escalate", "suggestions"} & found.model_dump().keys()
    assert "1000" not in found.model_dump_json()


@pytest.mark.parametrize(
    "wrong",
    [
        '{"intent": {"name": "x", "confidence": NaN}}',
        read().replace("0.9", "NaN"),
        read().replace("0.9", "Infinity"),
        read().replace("0.9", "1e999"),
        read(intent={"name": "track_refund", "confidence": 1.5}),
        read(sentiment={"sentiment": "furious", "confidence": 0.9}),
        read(entities=[{"type": "soul", "text": "x"}]),
        read(entities=[{"type": "other", "text": "x"}] * 31),
        read(request=None),
        read()[:-20],
    ],
    ids=["part", "NaN", "Infinity", "overflow", "above 1", "mood", "entity", "too many", "no request", "truncated"],
)
async def test_numbers_and_names_that_cannot_be_are_not_taken(
    fake: FakeGemini, engine: GeminiComprehension, wrong: str
) -> None:
    fake.says = wrong
    engines: list[ComprehensionEngine] = [engine, RuleComprehension()]
    chain = Chain("comprehension", engines, limit=60, engine_limit=30)

    found = await chain.ask(lambda each: each.comprehend(a_message()))

    assert found.engine == "rules"
    assert chain.states()[0].problem == "unreadable answer"
    assert len(fake.requests) == 2


@pytest.mark.parametrize(
    ("quotes", "kept"),
    [
        (["KeyError: 'shipping'", "KeyError: 'taxes'"], ["KeyError: 'shipping'"]),
        (["KeyError: 'shipping'\n\n  It fails:  "], ["KeyError: 'shipping'", "It fails:"]),
        (["prices[", "ok", "KeyError: 'shipping'", "KeyError: 'shipping'"], ["prices[", "KeyError: 'shipping'"]),
    ],
)
async def test_quotes_are_lines_of_the_message(
    fake: FakeGemini, engine: GeminiComprehension, quotes: list[str], kept: list[str]
) -> None:
    fake.says = read(diagnosis=diagnosed(quotes=quotes))

    found = await engine.comprehend(a_message(TRACE))

    assert found.diagnosis is not None
    assert found.diagnosis.quotes == kept


@pytest.mark.parametrize("changes", [{"quotes": []}, {"quotes": ["Segmentation fault"]}, {"summary": "<b></b>"}])
async def test_a_diagnosis_that_rests_on_nothing_is_dropped(
    fake: FakeGemini, engine: GeminiComprehension, changes: Json
) -> None:
    fake.says = read(diagnosis=diagnosed(**changes))

    assert (await engine.comprehend(a_message(TRACE))).diagnosis is None


async def test_what_an_agent_reads_has_no_markup_and_no_made_up_link(
    fake: FakeGemini, engine: GeminiComprehension
) -> None:
    wants = {"wants": "<i>A</i> **refund**\nnow", "missing_information": ["see https://evil.example", "`order` number"]}
    fake.says = read(request=wants, diagnosis=diagnosed(likely_cause="see https://evil.example", steps=["<b>Ask</b>"]))

    found = await engine.comprehend(a_message(TRACE))

    assert found.request is not None
    assert found.diagnosis is not None
    assert (found.request.wants, found.request.missing_information) == ("A refund now", ["order number"])
    assert (found.diagnosis.likely_cause, found.diagnosis.steps) == (None, ["Ask"])


async def test_personal_data_stays_here_and_quotes_are_as_the_customer_wrote_them(
    fake: FakeGemini, gemini: Gemini
) -> None:
    discreet = GeminiComprehension(gemini, outgoing=outgoing())
    fake.says = read(
        request={"wants": "[CUSTOMER] wants the log explained.", "missing_information": []},
        diagnosis=diagnosed(material="log", quotes=["ERROR refused by [IP_ADDRESS] for [EMAIL]"]),
    )

    found = await discreet.comprehend(a_message("Rita here:\n12:00 ERROR refused by 10.1.2.3 for rita@example.org"))

    sent = json.dumps(fake.requests[0].body, ensure_ascii=False)
    assert not [each for each in ("10.1.2.3", "rita@example", "Rita") if each in sent]
    assert found.diagnosis is not None
    assert found.request is not None
    assert found.diagnosis.quotes == ["12:00 ERROR refused by 10.1.2.3 for rita@example.org"]
    assert found.request.wants == "Rita wants the log explained."


async def test_a_wish_that_is_all_markup_is_none(fake: FakeGemini, engine: GeminiComprehension) -> None:
    fake.says = read(request={"wants": "<p></p>", "missing_information": []})

    assert (await engine.comprehend(a_message())).request is None


async def test_failures_are_the_engines(fake: FakeGemini, engine: GeminiComprehension) -> None:
    fake.blocked = True

    with pytest.raises(EngineFailed, match="blocked by safety"):
        await engine.comprehend(a_message())


async def test_a_reading_in_another_language_than_the_agents_is_asked_for_once_more(
    fake: FakeGemini, gemini: Gemini
) -> None:
    foreign = {"wants": "El cliente quiere saber dónde está su reembolso.", "missing_information": []}
    fake.says_in_turn = [read(request=foreign)]

    found = await GeminiComprehension(gemini, languages=LangidLanguage()).comprehend(a_message())

    assert found.request is not None
    assert found.request.wants == "The customer wants to know where the refund is."
    assert len(fake.requests) == 2
