"""Languages over HTTP: what is offered, detection, translation, cultural context, and who may ask."""

from __future__ import annotations

import uuid
from typing import Any

import aiohttp
import pytest

from local.demo.people import Agent, CallFailed, Customer
from local.stack.stack import Stack
from tests.flow.test_odd_texts import ODD_TEXTS

pytestmark = pytest.mark.asyncio(loop_scope="session")

GERMAN = "Meine Bestellung ist immer noch nicht angekommen."


async def refusal(person: Customer | Agent, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
    with pytest.raises(CallFailed) as failed:
        await person.call(method, path, body)
    return failed.value.status, failed.value.problem


async def an_agent(http: aiohttp.ClientSession, stack: Stack) -> Agent:
    return await Agent.log_in(http, stack.site_url, "agent", "demo-agent")


async def test_anyone_sees_what_is_offered_and_who_serves_it(http: aiohttp.ClientSession, stack: Stack) -> None:
    async with http.get(f"{stack.site_url}/api/languages/supported") as response:
        offered = await response.json()

    by_code = {each["code"]: each for each in offered["languages"]}
    assert (response.status, offered["agent_language"]) == (200, "en")
    assert "langid" in offered["detection"]
    assert (by_code["pt"]["to_agents"], by_code["pt"]["from_agents"]) == ("bergamot", "bergamot")
    assert (by_code["pt"]["to_agents_quality"], by_code["pt"]["from_agents_quality"]) == ("good", "good")
    assert (by_code["en"]["to_agents"], by_code["en"]["from_agents"]) == (None, None)
    assert (by_code["ja"]["to_agents_quality"], by_code["ja"]["from_agents_quality"]) == (None, None)
    pairs = {each["engine"]: each["pairs"] for each in offered["translation"]}
    assert {"source": "pt", "target": "en", "quality": "good"} in pairs["bergamot"]
    assert (by_code["ar"]["english_name"], by_code["ar"]["native_name"]) == ("Arabic", "العربية")
    assert (by_code["ar"]["direction"], by_code["de"]["direction"]) == ("rtl", "ltr")


async def test_a_customer_may_have_a_language_told(http: aiohttp.ClientSession, stack: Stack) -> None:
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")

    told = await customer.call("POST", "languages/detect", {"text": GERMAN})
    nothing = await customer.call("POST", "languages/detect", {"text": "12345"})

    assert told["language"] == "de"
    assert (nothing["language"], nothing["confidence"]) == (None, 0.0)


@pytest.mark.parametrize(
    ("body", "field"),
    [({"text": " \n"}, "text"), ({"text": "x" * 5001}, "text"), ({}, "text"), ({"text": "Hi", "hint": "en"}, "hint")],
    ids=["blank", "too long", "nothing", "unknown field"],
)
async def test_a_text_that_cannot_be_told_is_refused(
    http: aiohttp.ClientSession, stack: Stack, body: dict[str, Any], field: str
) -> None:
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")

    status, problem = await refusal(customer, "POST", "languages/detect", body)

    assert (status, problem["code"], problem["errors"][0]["field"]) == (400, "validation", field)


async def test_an_agent_translates_with_and_without_a_source(http: aiohttp.ClientSession, stack: Stack) -> None:
    agent = await an_agent(http, stack)
    text = "Onde está o meu pedido #A-1234?"

    told = await agent.call("POST", "languages/translate", {"text": text, "source": "pt-BR", "target": "en"})
    detected = await agent.call("POST", "languages/translate", {"text": text, "target": "en"})

    assert (told["state"], told["engine"], detected["source_language"]) == ("translated", "bergamot", "pt")
    assert "#A-1234" in told["text"]
    assert detected["text"] == told["text"]


async def test_what_was_translated_before_is_there_at_once(http: aiohttp.ClientSession, stack: Stack) -> None:
    agent = await an_agent(http, stack)
    body = {"text": "The parcel left our warehouse on Tuesday, order 7730145.", "source": "en", "target": "pt"}

    first = await agent.call("POST", "languages/translate", body)
    again = await agent.call("POST", "languages/translate", body)

    assert (first["cached"], again["cached"], again["latency_ms"]) == (False, True, 0)
    assert again["text"] == first["text"]


async def test_an_engine_that_knows_no_forms_of_address_says_so(http: aiohttp.ClientSession, stack: Stack) -> None:
    agent = await an_agent(http, stack)
    body = {"text": "How are you?", "source": "en", "target": "pt", "formality": "formal", "tone": "neutral"}

    result = await agent.call("POST", "languages/translate", body)

    assert (result["state"], result["quality"]) == ("translated", "good")
    assert (result["formality"], result["tone"]) == (None, None)


@pytest.mark.parametrize("name", sorted(ODD_TEXTS))
async def test_an_odd_text_comes_back_translated_with_its_signs(
    http: aiohttp.ClientSession, stack: Stack, name: str
) -> None:
    agent = await an_agent(http, stack)
    text = ODD_TEXTS[name]

    result = await agent.call("POST", "languages/translate", {"text": text, "source": "en", "target": "pt"})

    assert result["state"] == "translated"
    for sign in ("😡", "🇧🇷", "4471902", "\n", "{", "]"):
        assert result["text"].count(sign) == text.count(sign)


async def test_an_agent_says_how_a_customer_is_addressed(http: aiohttp.ClientSession, stack: Stack) -> None:
    agent = await an_agent(http, stack)
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "es")
    await agent.call("POST", "chat/assign-conversation", {"conversation_id": customer.conversation_id})
    body = {"conversation_id": customer.conversation_id, "text_content": "Your parcel arrives today."}

    sent = await agent.call(
        "POST", "chat/send-agent-message", body | {"client_message_id": str(uuid.uuid4()), "formality": "informal"}
    )
    status, problem = await refusal(
        agent, "POST", "chat/send-agent-message", body | {"client_message_id": str(uuid.uuid4()), "formality": "rude"}
    )

    # What there is for Spanish without a key is a gist at best, and that is not sent.
    translation = sent["message"]["translation"]
    assert (translation["state"], translation["text"], translation["formality"]) == ("untranslated", None, None)
    assert sent["message"]["text_content"] == body["text_content"]
    assert (status, problem["errors"][0]["field"]) == (400, "formality")


async def test_what_nobody_translates_is_marked(http: aiohttp.ClientSession, stack: Stack) -> None:
    agent = await an_agent(http, stack)

    foreign = await agent.call("POST", "languages/translate", {"text": "გამარჯობა", "source": "ka", "target": "lo"})
    same = await agent.call("POST", "languages/translate", {"text": "Hello", "source": "en-GB", "target": "en"})

    assert (foreign["state"], foreign["text"]) == ("untranslated", None)
    assert (same["state"], same["text"]) == ("same_language", None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 5001}, "text"),
        ({"target": "tlh"}, "target"),
        ({"target": "German"}, "target"),
        ({"source": "eo"}, "source"),
        ({"formality": "polite"}, "formality"),
        ({"tone": "angry"}, "tone"),
        ({"style": "formal"}, "style"),
    ],
    ids=[
        "empty",
        "too long",
        "not offered",
        "no code",
        "source not offered",
        "no formality",
        "no tone",
        "unknown field",
    ],
)
async def test_a_translation_that_cannot_be_asked_for_names_the_field(
    http: aiohttp.ClientSession, stack: Stack, changes: dict[str, Any], field: str
) -> None:
    agent = await an_agent(http, stack)

    body = {"text": "Hello", "source": "en", "target": "pt"} | changes
    status, problem = await refusal(agent, "POST", "languages/translate", body)

    assert (status, problem["code"], problem["errors"][0]["field"]) == (400, "validation", field)


async def test_an_agent_reads_how_to_speak_with_a_customer(http: aiohttp.ClientSession, stack: Stack) -> None:
    agent = await an_agent(http, stack)

    mexico = await agent.call("GET", "languages/cultural-context/es-MX")
    spain = await agent.call("GET", "languages/cultural-context/es")

    assert (mexico["region"], mexico["formats"]["currency"]) == ("MX", "MXN")
    assert (spain["region"], spain["formats"]["currency"]) == ("ES", "EUR")
    assert mexico["regional"]["language"] != spain["regional"]["language"]
    assert mexico["address"]["formal"] == "usted"


@pytest.mark.parametrize(("code", "status"), [("eo", 404), ("de-XQ", 404), ("German", 400)])
async def test_a_language_nobody_knows_is_not_found(
    http: aiohttp.ClientSession, stack: Stack, code: str, status: int
) -> None:
    agent = await an_agent(http, stack)

    assert (await refusal(agent, "GET", f"languages/cultural-context/{code}"))[0] == status


async def test_customers_and_strangers_are_kept_from_what_is_for_agents(
    http: aiohttp.ClientSession, stack: Stack
) -> None:
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")
    stranger = Customer(http, stack.site_url)
    translation = {"text": "Hello", "target": "pt"}

    assert (await refusal(customer, "POST", "languages/translate", translation))[0] == 403
    assert (await refusal(customer, "GET", "languages/cultural-context/de"))[0] == 403
    assert (await refusal(stranger, "POST", "languages/translate", translation))[0] == 401
    assert (await refusal(stranger, "POST", "languages/detect", {"text": GERMAN}))[0] == 401
    assert (await customer.call("POST", "languages/detect", {"text": GERMAN}))["language"] == "de"
