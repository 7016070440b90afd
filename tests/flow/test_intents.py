"""Training an intent model over HTTP, looking at its report, and activating it while the host serves."""

from __future__ import annotations

import io
import uuid
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from local.demo.people import Agent, CallFailed, Customer
from local.stack.stack import Stack, running_stack
from tests.conftest import PATIENT
from tests.contract.storage.world import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")

Json = dict[str, Any]

TEXTS = {
    "warranty_claim": [
        "My kettle broke within the warranty period",
        "How do I claim the warranty for my toaster?",
        "The warranty should cover this broken screen",
        "I want to use the two-year guarantee of my blender",
        "Is the repair covered by my warranty?",
        "Please open a warranty case for the lamp",
        "My drill failed after six months, it is under warranty",
        "warranty claim for a faulty vacuum",
    ],
    "gift_card": [
        "What is the balance of my gift card?",
        "My gift voucher code is not accepted",
        "Can I buy a gift card for a friend?",
        "I lost my gift card, can you block it",
        "How long is a gift voucher valid?",
        "The gift card code was already used",
        "Send a gift card by e-mail please",
        "Pay with two gift cards at once?",
    ],
    "store_hours": [
        "When does your shop in town open?",
        "Are you open on Sundays?",
        "What are the opening hours of the store",
        "How late is the shop open tonight",
        "Is the store closed on public holidays",
        "At what time do you close on Saturday",
        "Is your branch open now?",
        "opening times please",
    ],
}
EXAMPLES = [{"text": text, "intent": intent} for intent, texts in TEXTS.items() for text in texts]
CSV = "text,label\n" + "".join(f'"{each["text"]}",{each["intent"]}\n' for each in EXAMPLES)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shop() -> AsyncIterator[Stack]:
    """A stack of its own: which model is active touches every customer."""
    async with running_stack(environment=PATIENT | {"INTENT_MODEL_REFRESH_SECONDS": "0.2"}) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def admin(http: aiohttp.ClientSession, shop: Stack) -> Agent:
    return await Agent.log_in(http, shop.site_url, "admin", "demo-admin")


@pytest_asyncio.fixture(loop_scope="session")
async def headers(http: aiohttp.ClientSession, shop: Stack) -> dict[str, str]:
    """An administrator's, for calls that are not JSON."""
    body = {"username": "admin", "password": "demo-admin"}
    async with http.post(f"{shop.site_url}/api/accounts/login", json=body) as response:
        return {"Authorization": f"Bearer {(await response.json())['token']}"}


def a_request(**changes: Any) -> Json:
    return {"name": "Shop", "examples": EXAMPLES} | changes


async def refusal(person: Customer | Agent, method: str, path: str, body: Any = None) -> tuple[int, Json]:
    with pytest.raises(CallFailed) as failed:
        await person.call(method, path, body)
    return failed.value.status, failed.value.problem


async def trained(admin: Agent, **changes: Any) -> Json:
    """A model whose training has come to its end."""
    version = (await admin.call("POST", "intents/models", a_request(**changes)))["model"]["version"]

    async def look() -> Json | None:
        model: Json = (await admin.call("GET", f"intents/models/{version}"))["model"]
        return None if model["state"] == "training" else model

    return await eventually(look, "the end of the training", patience=600)


async def read_by(customer: Customer, text: str, engine: str) -> Json:
    """How a message is read, once that engine reads it."""

    async def look() -> Json | None:
        read = (await customer.write(text))["analysis"]["intent"]
        return read if read is not None and read["engine"] == engine else None

    return await eventually(look, f"an intent told by {engine}")


async def test_a_trained_model_is_looked_at_activated_and_read_with_while_the_host_runs(
    http: aiohttp.ClientSession, shop: Stack, admin: Agent
) -> None:
    customer = await Customer.arrive(http, shop.site_url, "Test Customer", "en")
    text = "On which days is your shop open?"
    model = await trained(admin)
    path = f"intents/models/{model['version']}"

    assert (model["state"], model["problem"], model["active"]) == ("ready", None, False)
    assert model["intents"] == [{"intent": intent, "examples": 8} for intent in sorted(TEXTS)]
    assert {each["intent"] for each in model["report"]["per_intent"]} == set(TEXTS)
    assert model["report"]["accuracy"] > 0.8
    assert model["report"]["multilingual"]["accuracy"] > 0.5
    assert (await read_by(customer, text, "linear"))["intent"] not in TEXTS

    activated = (await admin.call("POST", f"{path}/activate"))["model"]
    assert activated["active"]
    assert activated["activated_at"] is not None
    assert (await read_by(customer, text, f"linear:{model['version']}"))["intent"] == "store_hours"
    german = await Customer.arrive(http, shop.site_url, "Kundin im Test", "de")
    untranslated = await read_by(german, "Wann macht Ihr Laden auf?", f"linear-multilingual:{model['version']}")
    assert untranslated["intent"] == "store_hours"
    assert (await refusal(admin, "DELETE", path))[0] == 409

    back = (await admin.call("POST", "intents/models/shipped/activate"))["model"]
    assert (back["version"], back["active"]) == ("shipped", True)
    await read_by(customer, text, "linear")
    await admin.call("DELETE", path)
    assert (await refusal(admin, "GET", path))[0] == 404


async def test_models_are_listed_newest_first_with_the_shipped_one_last(admin: Agent) -> None:
    first, second = [
        (await admin.call("POST", "intents/models", a_request(name=name)))["model"]["version"] for name in "12"
    ]

    listed = await admin.call("GET", "intents/models")

    versions = [each["version"] for each in listed["models"]]
    assert (versions[:2], versions[-1], listed["active"]) == ([second, first], "shipped", "shipped")
    shipped = listed["models"][-1]
    assert (shipped["state"], shipped["active"], shipped["report"]["to_look_at"]) == ("ready", True, [])
    assert len(shipped["intents"]) == len(shipped["report"]["per_intent"]) > 30
    assert (await admin.call("GET", "intents/models/shipped"))["model"]["report"]["to_look_at"]


async def test_a_repeated_request_gives_the_model_of_the_first(admin: Agent) -> None:
    again = a_request(client_model_id=str(uuid.uuid4()))

    models = [(await admin.call("POST", "intents/models", again | {"name": name}))["model"] for name in ("A", "B")]

    assert models[0]["version"] == models[1]["version"]
    assert models[1]["name"] == "A"


async def test_a_file_is_learnt_and_given_back(
    http: aiohttp.ClientSession, shop: Stack, headers: dict[str, str]
) -> None:
    address = f"{shop.site_url}/api/intents/models"
    as_csv = headers | {"Content-Type": "text/csv"}
    async with http.post(f"{address}/csv", params={"name": "File"}, data=CSV.encode(), headers=as_csv) as response:
        model = (await response.json())["model"]
    async with http.get(f"{address}/{model['version']}/examples", headers=headers) as download:
        content = await download.text()

    assert (response.status, model["name"], model["examples"]) == (202, "File", 24)
    assert (download.status, download.content_type) == (200, "text/csv")
    assert content.splitlines()[:2] == ["text,label", f"{EXAMPLES[0]['text']},warranty_claim"]


async def test_bodies_larger_than_elsewhere_are_taken_but_not_any(
    http: aiohttp.ClientSession, shop: Stack, headers: dict[str, str]
) -> None:
    address = f"{shop.site_url}/api/intents/models/csv"
    more = "".join(f"{number} {'x' * 1900},store_hours\n" for number in range(100))
    async with http.post(address, params={"name": "Large"}, data=(CSV + more).encode(), headers=headers) as large:
        model = (await large.json())["model"]
    async with http.post(
        address, params={"name": "Too large"}, data=io.BytesIO(b"x" * (5 * 1024 * 1024 + 1)), headers=headers
    ) as too_large:
        problem = await too_large.json(content_type="application/problem+json")

    assert (large.status, model["examples"]) == (202, 124)
    assert (too_large.status, problem["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "\x00\u200b"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"examples": []}, "examples"),
        ({"examples": EXAMPLES[:8]}, "examples"),
        ({"examples": EXAMPLES[:12]}, "examples"),
        ({"examples": [*EXAMPLES, {"text": "", "intent": "gift_card"}]}, "examples.24.text"),
        ({"examples": [*EXAMPLES, {"text": float("nan"), "intent": "gift_card"}]}, "examples.24.text"),
        ({"examples": [*EXAMPLES, {"text": "Hello", "intent": "Gift card"}]}, "examples.24.intent"),
        ({"examples": [*EXAMPLES, {"text": "Hello"}]}, "examples.24.intent"),
        ({"examples": [*EXAMPLES, EXAMPLES[0] | {"intent": "gift_card"}]}, "examples.24.text"),
        ({"examples": "many"}, "examples"),
        ({"client_model_id": "mine"}, "client_model_id"),
        ({"with_default_examples": "perhaps"}, "with_default_examples"),
        ({"epochs": 3}, "epochs"),
    ],
    ids=[
        "blank name",
        "name of nothing that could be seen",
        "long name",
        "no examples",
        "one intent",
        "too few of one",
        "no text",
        "not a number",
        "no slug",
        "no intent",
        "two intents for a text",
        "no list",
        "no uuid",
        "no boolean",
        "unknown field",
    ],
)
async def test_wrong_examples_are_refused_with_their_number(admin: Agent, changes: Json, field: str) -> None:
    status, problem = await refusal(admin, "POST", "intents/models", a_request(**changes))

    assert (status, problem["code"], problem["errors"][0]["field"]) == (400, "validation", field)


async def test_too_few_examples_say_of_which_intent_and_how_many_are_needed(admin: Agent) -> None:
    _, problem = await refusal(admin, "POST", "intents/models", a_request(examples=EXAMPLES[:12]))

    assert problem["errors"][0]["message"] == "gift_card has 4 different examples; at least 5 are needed of each"


async def test_what_is_not_ready_or_not_there_is_not_activated(admin: Agent) -> None:
    fresh = (await admin.call("POST", "intents/models", a_request()))["model"]["version"]

    not_ready = await refusal(admin, "POST", f"intents/models/{fresh}/activate")
    unknown = [await refusal(admin, "POST", f"intents/models/{each}/activate") for each in (uuid.uuid4(), "latest")]

    assert (not_ready[0], not_ready[1]["code"]) == (409, "conflict")
    assert [status for status, _ in unknown] == [404, 404]
    assert (await refusal(admin, "DELETE", "intents/models/shipped"))[0] == 409


async def test_agents_look_and_administrators_decide(http: aiohttp.ClientSession, shop: Stack) -> None:
    agent = await Agent.log_in(http, shop.site_url, "agent", "demo-agent")
    customer = await Customer.arrive(http, shop.site_url, "Test Customer", "en")

    refused = [
        await refusal(agent, "POST", "intents/models", a_request()),
        await refusal(agent, "POST", "intents/models/csv?name=File"),
        await refusal(agent, "POST", "intents/models/shipped/activate"),
        await refusal(agent, "GET", "intents/models/shipped/examples"),
        await refusal(agent, "DELETE", f"intents/models/{uuid.uuid4()}"),
        await refusal(customer, "GET", "intents/models"),
        await refusal(customer, "GET", "intents/models/shipped"),
    ]

    assert [status for status, _ in refused] == [403] * 7
    assert (await refusal(Customer(http, shop.site_url), "GET", "intents/models"))[0] == 401
    assert (await agent.call("GET", "intents/models/shipped"))["model"]["version"] == "shipped"
