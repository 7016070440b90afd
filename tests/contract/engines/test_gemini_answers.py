"""Answers from the knowledge base: from the passages given and with their names, or none."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from shared.engines.chain import EngineFailed
from shared.engines.language.langid import LangidLanguage
from shared.engines.reasoning import Passage
from shared.engines.reasoning.gemini import Gemini
from shared.engines.reasoning.gemini_answers import GeminiAnswers
from tests.contract.engines.gemini_support import INJECTION, POLICY, a_question, instruction, outgoing
from tests.fakes.core import Json
from tests.fakes.gemini import FakeGemini, data_of


def answered(text: str = "Five working days.", *citations: str, **more: Json) -> str:
    """An answer, as the model says it."""
    return json.dumps({"answered": True, "text": text, "citations": list(citations) or ["policy-7"], **more})


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeGemini]:
    async with FakeGemini().running() as running:
        running.says = answered()
        yield running


@pytest.fixture
def engine(gemini: Gemini) -> GeminiAnswers:
    return GeminiAnswers(gemini)


async def test_an_answer_names_what_it_rests_on(fake: FakeGemini, engine: GeminiAnswers) -> None:
    found = await engine.answer(a_question(language="pt"))

    assert (found.engine, found.answer, found.citations) == ("gemini", "Five working days.", ["policy-7"])
    assert data_of(fake.requests[0]) == {
        "language": "pt",
        "passages": [{"id": "policy-7", "text": POLICY.text}],
        "conversation": [],
        "question": "How long do refunds take?",
    }
    assert fake.requests[0].body["systemInstruction"]["parts"] == [{"text": instruction("answer.v1")}]


@pytest.mark.parametrize(
    "said",
    [
        answered("Nobody knows.", "policy-8"),
        answered("", "policy-7"),
        answered("See https://evil.example", "policy-7"),
        answered("Write to [EMAIL]", "policy-7"),
        json.dumps({"answered": False, "text": "Five days, I guess.", "citations": ["policy-7"]}),
        json.dumps({"answered": True, "text": "Five days.", "citations": []}),
    ],
    ids=["unknown passage", "nothing", "made-up link", "label", "not answered", "no citation"],
)
async def test_what_no_passage_supports_is_no_answer(fake: FakeGemini, engine: GeminiAnswers, said: str) -> None:
    fake.says = said

    found = await engine.answer(a_question())

    assert (found.answer, found.citations) == (None, [])


async def test_citations_that_are_no_passage_are_dropped(fake: FakeGemini, engine: GeminiAnswers) -> None:
    fake.says = answered("**Five** days, see https://shop.example/refunds.", "p9", "policy-7", "policy-7")

    found = await engine.answer(a_question())

    assert (found.answer, found.citations) == ("Five days, see https://shop.example/refunds.", ["policy-7"])


async def test_without_passages_nobody_is_asked(fake: FakeGemini, engine: GeminiAnswers) -> None:
    assert (await engine.answer(a_question(passages=[]))).answer is None
    assert fake.requests == []


async def test_instructions_in_questions_and_passages_stay_data(fake: FakeGemini, engine: GeminiAnswers) -> None:
    poisoned = Passage(id="policy-7", text=INJECTION)

    await engine.answer(a_question(INJECTION, passages=[poisoned]))

    data, body = data_of(fake.requests[0]), fake.requests[0].body
    assert (data["question"], data["passages"]) == (INJECTION, [{"id": "policy-7", "text": INJECTION}])
    assert "1000" not in json.dumps(body["systemInstruction"])


async def test_personal_data_stays_here(fake: FakeGemini, gemini: Gemini) -> None:
    discreet = GeminiAnswers(gemini, outgoing=outgoing())

    await discreet.answer(a_question("Is rita@example.org refunded? Rita Gomes"))

    assert data_of(fake.requests[0])["question"] == "Is [EMAIL] refunded? [CUSTOMER]"


async def test_an_answer_in_another_language_is_asked_for_once_more(fake: FakeGemini, gemini: Gemini) -> None:
    engine = GeminiAnswers(gemini, languages=LangidLanguage())
    fake.says_in_turn = [answered("Los reembolsos tardan cinco días laborables.")]

    assert (await engine.answer(a_question())).answer == "Five working days."
    assert len(fake.requests) == 2


async def test_an_answer_of_another_shape_is_asked_for_once_more(fake: FakeGemini, engine: GeminiAnswers) -> None:
    fake.says_in_turn = ['{"answered": "perhaps"}']
    assert (await engine.answer(a_question())).answer == "Five working days."

    fake.says = "[]"
    with pytest.raises(EngineFailed, match="unreadable answer"):
        await engine.answer(a_question())
