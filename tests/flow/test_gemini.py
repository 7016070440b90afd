"""The whole stack with Gemini configured: what it is sent, what comes of its answers, what it costs, what is logged."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from local.demo.people import Agent, Customer
from local.stack.stack import Stack, running_stack
from tests.conftest import UNDER_TEST
from tests.contract.engines.gemini_support import INJECTION, TRACE, diagnosed, instruction, read, said
from tests.fakes.core import fails, usual
from tests.fakes.gemini import FakeGemini, data_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEY = "key-that-must-not-be-told"
EMAIL, PHONE, NAME = "rosalind.quillfeather@example.org", "+49 30 901820", "Rosalind Quillfeather"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def fake() -> AsyncIterator[FakeGemini]:
    async with FakeGemini().running() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(fake: FakeGemini) -> AsyncIterator[Stack]:
    configured = {"GEMINI_API_KEY": KEY, "GOOGLE_GEMINI_BASE_URL": fake.url}
    async with running_stack(environment=UNDER_TEST | configured, without={"search"}) as stack:
        yield stack


@pytest.fixture(autouse=True)
def well(fake: FakeGemini) -> None:
    """The model is well and answers what it is asked for."""
    fake.requests.clear()
    fake.always(usual)
    fake.says_when_asked_for = {
        "intent": read(escalate=True, ticket={"priority": "urgent"}),
        "replies": said("Hello [CUSTOMER], it is on its way.", action={"name": "refund", "amount": 1000}),
    }


async def analysed(
    http: aiohttp.ClientSession, stack: Stack, *texts: str, name: str = NAME
) -> tuple[dict[str, Any], dict[str, Any], list[Any]]:
    """The last of the texts as a message, once all are read, with its conversation and its tickets."""
    customer = await Customer.arrive(http, stack.site_url, name, "en")
    agent = await Agent.log_in(http, stack.site_url, "agent", "demo-agent")
    await agent.connect()
    await agent.watch(customer.conversation_id)
    for text in texts:
        sent = (await customer.write(text))["message"]["id"]
        message = await agent.message(customer.conversation_id, partial(_is_read, sent), "analysed message")
    overview = await agent.call("GET", f"chat/conversations/{customer.conversation_id}")
    await agent.disconnect()
    return message, overview["conversation"], overview["tickets"]


def _is_read(message_id: str, message: dict[str, Any]) -> bool:
    return bool(message["id"] == message_id and message["analysis_state"] == "complete")


async def test_a_message_is_read_in_its_conversation_and_paid_for_once(
    http: aiohttp.ClientSession, desk: Stack, fake: FakeGemini
) -> None:
    message, conversation, _ = await analysed(
        http, desk, f"Hello, I am {NAME}, {EMAIL}", "Where is my refund for order 4471902?"
    )

    assert message["request"]["engine"] == "gemini"
    assert message["request"]["wants"] == "The customer wants to know where the refund is."
    assert message["suggestions"][0]["text"] == "Hello Rosalind, it is on its way."
    assert conversation["token_usage"] == {"calls": 4, "prompt": 28, "answer": 12, "thoughts": 0, "total": 40}
    told = [data_of(request) for request in fake.requests]
    assert [len(each["conversation"]) for each in told] == [0, 0, 1, 1]
    sent = json.dumps([request.body for request in fake.requests], ensure_ascii=False)
    assert not [each for each in (EMAIL, "Rosalind", "Quillfeather") if each in sent]


async def test_the_quick_answer_holds_all_that_engines_at_hand_tell(
    http: aiohttp.ClientSession, desk: Stack, fake: FakeGemini
) -> None:
    customer = await Customer.arrive(http, desk.site_url, "Cliente de Teste", "pt")

    analysis = (await customer.write("Onde está a minha encomenda 4471902?"))["analysis"]

    assert (analysis["language"]["language"], analysis["intent"]["intent"]) == ("pt", "track_order")
    assert [each["text"] for each in analysis["entities"]] == ["4471902"]
    assert analysis["key_phrases"]
    assert analysis["translation"]["state"] == "translated"
    assert "4471902" in analysis["translation"]["text"]
    assert analysis["sentiment"] is not None


async def test_pasted_code_is_diagnosed(http: aiohttp.ClientSession, desk: Stack, fake: FakeGemini) -> None:
    fake.says_when_asked_for["intent"] = read(diagnosis=diagnosed())

    message, _, _ = await analysed(http, desk, TRACE)

    assert message["diagnosis"]["summary"] == "The prices have no shipping."
    assert message["diagnosis"]["quotes"] == ["KeyError: 'shipping'"]


async def test_an_injected_action_has_no_effect(http: aiohttp.ClientSession, desk: Stack, fake: FakeGemini) -> None:
    message, conversation, tickets = await analysed(http, desk, INJECTION)

    assert (tickets, conversation["escalation"], conversation["status"]) == ([], None, "waiting")
    assert [each["text"] for each in message["suggestions"]] == ["Hello Rosalind, it is on its way."]
    assert [each.body["systemInstruction"]["parts"][0]["text"] for each in fake.requests] == [
        instruction("comprehend.v1"),
        instruction("suggest.v2"),
    ]
    assert all(data_of(each)["message"] == INJECTION for each in fake.requests)
    assert not [each for each in fake.requests if "tools" in each.body]


async def test_while_the_model_fails_the_desk_goes_on_and_no_log_tells_what_was_written(
    http: aiohttp.ClientSession, desk: Stack, fake: FakeGemini
) -> None:
    fake.always(fails(400))
    secret = f"My xylophonist order 4471902 is late! {EMAIL} or {PHONE}"

    message, conversation, _ = await analysed(http, desk, secret)

    assert message["request"]["engine"] == "rules"
    assert [each["kind"] for each in message["suggestions"]][:3] == ["reply"] * 3
    assert conversation["token_usage"]["calls"] == 0
    logs = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in desk.logs.glob("*.log"))
    assert "engine gemini of comprehension did not answer: HTTP 400" in logs
    told = [each for each in ("xylophonist", EMAIL, PHONE, "901820", "Quillfeather", KEY) if each in logs]
    assert told == []
