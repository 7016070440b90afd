"""What is refused, and in which words."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from azure.messaging.webpubsubclient.models import SendMessageError

from local.demo.people import Agent, CallFailed, Customer
from local.stack.commands import ROOT
from local.stack.settings import sample_settings
from local.stack.stack import Stack
from shared.security.tokens import Tokens

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOBODY = str(uuid.uuid4())


def a_message(customer: Customer, **changes: Any) -> dict[str, Any]:
    given = {
        "conversation_id": customer.conversation_id,
        "client_message_id": str(uuid.uuid4()),
        "text_content": "Hello",
    }
    return given | changes


async def refusal(person: Customer | Agent, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
    with pytest.raises(CallFailed) as failed:
        await person.call(method, path, body)
    return failed.value.status, failed.value.problem


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text_content": ""}, "text_content"),
        ({"text_content": " \n "}, "text_content"),
        ({"text_content": "x" * 5001}, "text_content"),
        ({"text_content": 5}, "text_content"),
        ({"text_content": ["a"]}, "text_content"),
        ({"client_message_id": "one"}, "client_message_id"),
        ({"conversation_id": "mine"}, "conversation_id"),
        ({"mood": "bad"}, "mood"),
    ],
    ids=["empty", "blank", "too long", "number", "list", "message id", "conversation id", "unknown field"],
)
async def test_a_wrong_field_is_named(
    http: aiohttp.ClientSession, stack: Stack, changes: dict[str, Any], field: str
) -> None:
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")

    status, problem = await refusal(customer, "POST", "chat/analyze-message", a_message(customer, **changes))

    assert (status, problem["code"], problem["errors"][0]["field"]) == (400, "validation", field)
    assert await customer.catch_up(customer.conversation_id) == []


async def test_the_longest_message_is_accepted(http: aiohttp.ClientSession, stack: Stack) -> None:
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")

    answer = await customer.write("x" * 5000)

    assert len(answer["message"]["text_content"]) == 5000


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic YTpi",
        "Bearer nonsense",
        "Bearer " + Tokens("a foreign secret of more than thirty-two characters").issue(NOBODY, timedelta(1))[0],
        "Bearer " + Tokens(sample_settings(ROOT)["TOKEN_SECRET"]).issue(NOBODY, timedelta(-1))[0],
        "Bearer " + Tokens(sample_settings(ROOT)["TOKEN_SECRET"]).issue(NOBODY, timedelta(1))[0],
    ],
    ids=["none", "another scheme", "nonsense", "foreign", "expired", "of nobody"],
)
async def test_a_token_that_does_not_hold_is_refused(
    http: aiohttp.ClientSession, stack: Stack, authorization: str
) -> None:
    headers = {"Authorization": authorization, "x-ms-client-principal": "eyJ1c2VySWQiOiJhZG1pbiJ9"}

    async with http.get(f"{stack.site_url}/api/accounts/me", headers=headers) as response:
        problem = await response.json(content_type="application/problem+json")

    assert (response.status, problem["code"]) == (401, "unauthenticated")


async def test_a_wrong_password_and_an_unknown_name_are_refused_alike(
    http: aiohttp.ClientSession, stack: Stack
) -> None:
    person = Customer(http, stack.site_url)

    wrong = await refusal(person, "POST", "accounts/login", {"username": "agent", "password": "no"})
    unknown = await refusal(person, "POST", "accounts/login", {"username": "nobody", "password": "no"})

    assert wrong == unknown
    assert wrong[0] == 401


async def test_customers_reach_neither_the_desk_nor_each_other(http: aiohttp.ClientSession, stack: Stack) -> None:
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")
    stranger = await Customer.arrive(http, stack.site_url, "Another Customer", "en")
    theirs = customer.conversation_id

    assert (await refusal(stranger, "GET", "chat/conversations/active"))[0] == 403
    assert (await refusal(stranger, "GET", f"chat/conversations/{theirs}"))[0] == 404
    assert (await refusal(stranger, "GET", f"chat/conversations/{theirs}/messages"))[0] == 404
    assert (await refusal(stranger, "POST", "chat/analyze-message", a_message(customer)))[0] == 404
    assert (await refusal(stranger, "POST", "realtime/negotiate", {"conversation_id": theirs}))[0] == 404
    assert (await refusal(stranger, "POST", "chat/assign-conversation", {"conversation_id": theirs}))[0] == 403
    assert (await refusal(stranger, "GET", f"ws/agent/{NOBODY}"))[0] == 403
    assert (await customer.call("GET", f"chat/conversations/{theirs}"))["conversation"]["id"] == theirs


async def test_a_customer_hears_nothing_of_another_conversation(http: aiohttp.ClientSession, stack: Stack) -> None:
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")
    stranger = await Customer.arrive(http, stack.site_url, "Another Customer", "en")
    await stranger.connect()
    with pytest.raises(SendMessageError):
        await stranger.tell("watch", {"conversation_id": customer.conversation_id})

    await customer.write("This is mine")
    await stranger.write("This is the stranger's own")

    await stranger.arrival("message.created")
    assert [one.event["message"]["text_content"] for one in stranger.arrivals] == ["This is the stranger's own"]
    await stranger.disconnect()


async def test_agents_are_told_what_is_not_possible(http: aiohttp.ClientSession, stack: Stack) -> None:
    agent = await Agent.log_in(http, stack.site_url, "agent", "demo-agent")
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")
    mine = {"conversation_id": customer.conversation_id}

    unclaimed = await refusal(agent, "POST", "chat/send-agent-message", a_message(customer))
    unknown = await refusal(agent, "POST", "chat/assign-conversation", {"conversation_id": NOBODY})
    for_another = await refusal(agent, "POST", "chat/assign-conversation", mine | {"agent_id": NOBODY})
    no_ticket = await refusal(agent, "POST", "tickets/mark-fixed", mine | {"ticket_id": NOBODY})
    no_priority = await refusal(agent, "POST", "tickets/raise", mine | {"description": "x", "priority": "soon"})

    assert (unclaimed[0], unclaimed[1]["code"]) == (409, "not_assigned")
    assert (unknown[0], for_another[0], no_ticket[0]) == (404, 403, 404)
    assert (no_priority[0], no_priority[1]["errors"][0]["field"]) == (400, "priority")


async def test_an_id_of_somebody_elses_message_is_refused_and_nothing_is_lost(
    http: aiohttp.ClientSession, stack: Stack
) -> None:
    agent = await Agent.log_in(http, stack.site_url, "agent", "demo-agent")
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")
    await agent.claim(customer.conversation_id)
    theirs = (await customer.write("Hello"))["message"]["client_message_id"]
    mine = (await agent.reply(customer.conversation_id, "Good morning"))["message"]["client_message_id"]

    replied = await refusal(
        agent, "POST", "chat/send-agent-message", a_message(customer, client_message_id=theirs, text_content="Lost?")
    )
    written = await refusal(
        customer, "POST", "chat/analyze-message", a_message(customer, client_message_id=mine, text_content="Lost?")
    )

    for status, problem in (replied, written):
        assert (status, problem["code"]) == (409, "conflict")
        assert "client_message_id" in problem["detail"]
    stored = await agent.catch_up(customer.conversation_id)
    assert [message["text_content"] for message in stored] == ["Hello", "Good morning"]


@pytest.mark.parametrize("name", ["", " ", "\u200b", "\x00", "x" * 101, 5, None])
async def test_a_name_that_nobody_could_see_or_that_is_too_long_is_refused(
    http: aiohttp.ClientSession, stack: Stack, name: Any
) -> None:
    status, problem = await refusal(Customer(http, stack.site_url), "POST", "chat/sessions", {"full_name": name})

    assert (status, problem["errors"][0]["field"]) == (400, "full_name")


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("chat/conversations/active?continuation=yesterday", "continuation"),
        ("chat/conversations/active?continuation=2026-13-01T00:00:00.000000Z", "continuation"),
        ("chat/conversations/active?limit=0", "limit"),
        (f"chat/conversations/{NOBODY}/messages?after_seq=-1", "after_seq"),
        (f"chat/conversations/{NOBODY}/messages?after_seq=many", "after_seq"),
        (f"chat/conversations/{NOBODY}/messages?before_seq=1", "before_seq"),
        ("search/customer/%CC%81", "name"),
        ("search/customer/%20", "name"),
    ],
)
async def test_a_wrong_parameter_is_named(http: aiohttp.ClientSession, stack: Stack, path: str, field: str) -> None:
    agent = await Agent.log_in(http, stack.site_url, "agent", "demo-agent")

    status, problem = await refusal(agent, "GET", path)

    assert (status, problem["errors"][0]["field"]) == (400, field)
    assert "Value error" not in problem["detail"]


async def test_what_no_function_serves_is_not_found(http: aiohttp.ClientSession, stack: Stack) -> None:
    async with http.get(f"{stack.site_url}/api/chat/sessions") as wrong_method:
        assert wrong_method.status == 404
    async with http.get(f"{stack.site_url}/api/no/such/thing") as unknown:
        assert unknown.status == 404


async def test_a_body_that_is_no_json_or_too_large_is_refused(http: aiohttp.ClientSession, stack: Stack) -> None:
    address = f"{stack.site_url}/api/chat/sessions"
    async with http.post(address, data=b"{not json") as broken:
        assert broken.status == 400
    async with http.post(address, data=b'{"full_name": "' + b"x" * 70_000 + b'"}') as large:
        assert large.status == 413


async def test_unsigned_socket_events_are_refused(http: aiohttp.ClientSession, stack: Stack) -> None:
    headers = {
        "ce-type": "azure.webpubsub.user.message",
        "ce-connectionId": "c1",
        "ce-userId": NOBODY,
        "ce-signature": "sha256=" + "0" * 64,
    }

    async with http.post(f"{stack.host_url}/api/realtime/events", headers=headers, json={}) as forged:
        assert forged.status == 401
    async with http.options(
        f"{stack.host_url}/api/realtime/events", headers={"WebHook-Request-Origin": "attacker.example"}
    ) as foreign:
        assert foreign.status == 400
