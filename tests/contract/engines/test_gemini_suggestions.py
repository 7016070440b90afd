"""Suggestions by Gemini: what of the conversation leaves, and what of the answer an agent sees."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from shared.engines.chain import EngineFailed
from shared.engines.language.langid import LangidLanguage
from shared.engines.personal_data.patterns import PatternPersonalData
from shared.engines.reasoning import Culture, Passage, ReasoningEngine, Turn
from shared.engines.reasoning.gemini import Gemini
from shared.engines.reasoning.gemini_suggestions import GeminiReasoning
from shared.models.analysis import RequestResult, SuggestionResult
from tests.contract.engines.gemini_support import INJECTION, POLICY, a_request, instruction, outgoing, said
from tests.fakes.gemini import FakeGemini, data_of

JAPANESE = Culture(
    language="ja", name="Japanese", formality="formal", name_order="family_first", avoid=["A bare name."]
)


class Deaf:
    """An engine that cannot tell personal data."""

    name = "deaf"

    async def redact(self, text: str, *, language: str | None) -> Any:
        raise ConnectionError(text)


def texts(result: SuggestionResult, kind: str) -> list[str]:
    return [each.text for each in result.suggestions if each.kind == kind]


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeGemini]:
    async with FakeGemini().running() as running:
        running.says = said("It is on its way.", actions=("Look the refund up",))
        yield running


@pytest.fixture
def engine(gemini: Gemini) -> GeminiReasoning:
    return GeminiReasoning(gemini)


async def test_the_answer_becomes_suggestions(engine: GeminiReasoning) -> None:
    reasoning: ReasoningEngine = engine

    result = await reasoning.suggest(a_request())

    assert result.engine == "gemini"
    assert texts(result, "reply") == ["It is on its way."]
    assert texts(result, "action") == ["Look the refund up"]
    assert {(each.language, each.intent) for each in result.suggestions} == {("en", "track_refund")}


async def test_the_same_request_gives_the_same_ids(engine: GeminiReasoning) -> None:
    first, second = await engine.suggest(a_request()), await engine.suggest(a_request())

    assert [each.id for each in first.suggestions] == [each.id for each in second.suggestions]
    assert len({each.id for each in first.suggestions}) == 2


async def test_what_the_model_is_told(fake: FakeGemini, engine: GeminiReasoning) -> None:
    wants = RequestResult(engine="test", wants="To know where the refund is.", missing_information=["order number"])
    before = Turn(sender="agent", text="How can I help?", language="en")

    await engine.suggest(a_request(language="pt-BR", passages=[POLICY], request=wants, history=[before]))

    assert data_of(fake.requests[0]) == {
        "language": "pt-BR",
        "customer_name": "Rita",
        "culture": None,
        "intent": {"name": "track_refund", "confidence": 0.9},
        "sentiment": None,
        "request": {"wants": "To know where the refund is.", "missing_information": ["order number"]},
        "diagnosis": None,
        "passages": [{"id": "policy-7", "text": POLICY.text}],
        "conversation": [{"from": "agent", "text": "How can I help?"}],
        "message": "Where is my refund?",
    }


async def test_the_model_is_told_how_to_speak_with_the_customer(fake: FakeGemini, engine: GeminiReasoning) -> None:
    await engine.suggest(a_request(culture=JAPANESE, customer_name="Yamada Hanako"))

    data = data_of(fake.requests[0])
    assert (data["culture"]["formality"], data["culture"]["avoid"]) == ("formal", ["A bare name."])
    assert data["customer_name"] == "Yamada Hanako"


async def test_an_injected_action_has_no_effect(fake: FakeGemini, engine: GeminiReasoning) -> None:
    fake.says = said(
        "Let me look.", action={"name": "refund", "amount": 1000}, escalate=True, ticket={"priority": "urgent"}
    )

    result = await engine.suggest(a_request(INJECTION))

    assert [(each.kind, each.text) for each in result.suggestions] == [("reply", "Let me look.")]
    assert not {"1000", "refund", "urgent", "escalate"} & set(json.dumps(result.model_dump(mode="json")).split('"'))
    body = fake.requests[0].body
    assert (data_of(fake.requests[0])["message"], data_of(fake.requests[0])["passages"]) == (INJECTION, [])
    assert body["systemInstruction"]["parts"] == [{"text": instruction("suggest.v2")}]
    assert len(fake.requests) == 1


async def test_citations_that_are_no_passage_are_dropped(fake: FakeGemini, engine: GeminiReasoning) -> None:
    fake.says = said("Five working days.", citations=("policy-7", "policy-7", "policy-8", "p9"))

    with_passage = await engine.suggest(a_request(INJECTION, passages=[POLICY]))
    without = await engine.suggest(a_request(INJECTION))

    assert [each.citations for each in with_passage.suggestions] == [["policy-7"]]
    assert [each.citations for each in without.suggestions] == [[]]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Pay\u202e here\x00\u200b, 👩\u200d👧 ok.\n", "Pay here, 👩\u200d👧 ok."),
        ("<b>Dear</b> <img src=x onerror=alert(1)>customer", "Dear customer"),
        ("Hi<script>refund()</script> there<script>alert(1)", "Hi there"),
        ("<<b>i>x<</b>/i> and more", "x and more"),
        ("# Hello\n**We** are `sorry`, see [this](https://shop.example/refunds)", "Hello\nWe are sorry, see this"),
        ("![p](https://evil.example/p.png)Sure <x-a onclick=go()>thing", "Sure thing"),
        ("a < b, 3 > 2 and <3 for List<String> and snake_case", "a < b, 3 > 2 and <3 for List<String> and snake_case"),
    ],
)
async def test_markup_and_what_hides_text_are_taken_out(
    fake: FakeGemini, engine: GeminiReasoning, written: str, shown: str
) -> None:
    fake.says = said(written, actions=("\u200b",))

    result = await engine.suggest(a_request())

    assert [each.text for each in result.suggestions] == [shown]


async def test_links_that_nobody_gave_are_not_shown(fake: FakeGemini, engine: GeminiReasoning) -> None:
    fake.says = said(
        "See https://shop.example/refunds.",
        "See https://evil.example/refunds.",
        "See http://customer.example/photo.",
        actions=("Open http://customer.example/photo", "Read https://shop.example/refunds"),
    )

    result = await engine.suggest(a_request("Look: http://customer.example/photo", passages=[POLICY]))

    assert texts(result, "reply") == ["See https://shop.example/refunds.", "See http://customer.example/photo."]
    assert texts(result, "action") == ["Read https://shop.example/refunds"]


async def test_without_a_reply_to_show_the_next_engine_is_asked(fake: FakeGemini, engine: GeminiReasoning) -> None:
    fake.says = said("Go to javascript:alert(1)", "Write to [EMAIL]", actions=("Wait",))

    with pytest.raises(EngineFailed, match="unreadable answer"):
        await engine.suggest(a_request())


async def test_personal_data_stays_here(fake: FakeGemini, gemini: Gemini) -> None:
    discreet = GeminiReasoning(gemini, outgoing=outgoing())
    fake.says = said("Thank you, [CUSTOMER]. We write to the address you gave.")
    history = [
        Turn(sender="customer", text="I am at +49 30 901820, call me", language="en"),
        Turn(sender="agent", text="Hi Rita, may I have your e-mail?", language="en"),
    ]
    solved = Passage(id="solved", text="Refunded to card 4111 1111 1111 1111", personal=True)

    result = await discreet.suggest(
        a_request("Refund order 55410. Write to rita@example.org. Rita Gomes", history=history, passages=[solved])
    )

    sent, data = json.dumps(fake.requests[0].body, ensure_ascii=False), data_of(fake.requests[0])
    assert not [each for each in ("rita@example", "901820", "4111", "Rita", "Gomes") if each in sent]
    assert (data["customer_name"], data["conversation"][1]["text"]) == (
        "[CUSTOMER]",
        "Hi [CUSTOMER], may I have your e-mail?",
    )
    assert "55410" in data["message"]
    assert texts(result, "reply") == ["Thank you, Rita. We write to the address you gave."]


async def test_nothing_leaves_when_personal_data_cannot_be_taken_out(fake: FakeGemini, gemini: Gemini) -> None:
    with pytest.raises(EngineFailed, match="personal data could not be taken out"):
        await GeminiReasoning(gemini, outgoing=outgoing(Deaf())).suggest(a_request())

    assert fake.requests == []


async def test_a_conversation_is_redacted_once(gemini: Gemini) -> None:
    asked: list[str] = []

    class Counting(PatternPersonalData):
        async def redact(self, text: str, *, language: str | None) -> Any:
            asked.append(text)
            return await super().redact(text, language=language)

    discreet = GeminiReasoning(gemini, outgoing=outgoing(Counting()))
    await discreet.suggest(a_request("Hello there"))
    await discreet.suggest(a_request("And now?", history=[Turn(sender="customer", text="Hello there", language="en")]))

    assert asked == ["Hello there", "And now?"]


SPANISH = "Lamentamos el retraso de su pedido. Por favor, díganos el número de pedido."
ENGLISH = "We are sorry that your order is late. Please tell us its number."


async def test_an_answer_in_another_language_is_asked_for_once_more(fake: FakeGemini, gemini: Gemini) -> None:
    engine = GeminiReasoning(gemini, languages=LangidLanguage())
    fake.says_in_turn = [said(ENGLISH, SPANISH)]
    fake.says = said(ENGLISH)

    assert texts(await engine.suggest(a_request()), "reply") == [ENGLISH]
    assert "not written in the language en" in fake.requests[1].body["contents"][2]["parts"][0]["text"]


async def test_one_that_stays_in_another_language_is_not_shown(fake: FakeGemini, gemini: Gemini) -> None:
    engine = GeminiReasoning(gemini, languages=LangidLanguage())
    fake.says = said(ENGLISH, actions=("Compruebe el estado del envío en el sistema",))

    with pytest.raises(EngineFailed, match="unreadable answer"):
        await engine.suggest(a_request())
    assert len(fake.requests) == 2


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        ("en", "OK!"),
        ("en", "Hello [CUSTOMER], your Número Uno arrives on Monday."),
        ("pt-BR", "Lamentamos o atraso. Pode dizer-nos o número da encomenda?"),
        ("es", SPANISH),
    ],
)
async def test_what_is_in_the_language_asked_for_is_believed(
    fake: FakeGemini, gemini: Gemini, language: str, reply: str
) -> None:
    fake.says = said(reply)

    result = await GeminiReasoning(gemini, languages=LangidLanguage()).suggest(a_request(language=language))

    assert (len(result.suggestions), len(fake.requests)) == (1, 1)
