"""A conversation from the customer to the agent and back, on the whole local stack."""

from __future__ import annotations

import asyncio
import uuid

import aiohttp
import pytest

from local.demo.people import Agent, CallFailed, Customer
from local.stack.stack import Stack

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def an_agent(http: aiohttp.ClientSession, stack: Stack, username: str = "agent") -> Agent:
    return await Agent.log_in(http, stack.site_url, username, f"demo-{username}")


async def test_a_message_is_read_answered_and_resolved(http: aiohttp.ClientSession, stack: Stack) -> None:
    agent = await an_agent(http, stack)
    await agent.connect()
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")
    await customer.connect()

    sent = await customer.write("Hello, where is my order 12345? I have been waiting for two weeks!")
    assert (sent["message"]["seq"], sent["conversation"]["status"]) == (1, "waiting")
    await agent.arrival("conversation.updated", lambda e: e["conversation"]["id"] == customer.conversation_id)

    await agent.claim(customer.conversation_id)
    await agent.watch(customer.conversation_id)
    await customer.arrival("conversation.assigned")
    read = await agent.message(
        customer.conversation_id, lambda m: m["analysis_state"] == "complete", "analysed message"
    )
    assert (read["language"]["language"], read["intent"]["intent"]) == ("en", "track_order")
    assert [(each["type"], each["text"]) for each in read["entities"]][:1] == [("order_number", "12345")]
    suggestion = next(each for each in read["suggestions"] if each["kind"] == "reply")

    reply = await agent.reply(customer.conversation_id, suggestion["text"], suggestion["id"])
    seen = await customer.message(customer.conversation_id, lambda m: m["sender"] == "agent", "reply")
    assert (seen["text_content"], seen["seq"]) == (suggestion["text"], 2)
    assert reply["message"]["suggestion_id"] == suggestion["id"]

    resolved = await agent.resolve(customer.conversation_id)
    assert resolved["conversation"]["status"] == "resolved"
    await customer.arrival("conversation.resolved")
    await asyncio.gather(agent.disconnect(), customer.disconnect())


async def test_each_side_reads_its_own_language(http: aiohttp.ClientSession, stack: Stack) -> None:
    agent = await an_agent(http, stack)
    customer = await Customer.arrive(http, stack.site_url, "Cliente de Teste", "pt")
    await customer.connect()
    await agent.connect()
    await customer.write("Olá, a minha encomenda ainda não chegou. Onde está?")
    await agent.claim(customer.conversation_id)
    await agent.watch(customer.conversation_id)

    read = await agent.message(
        customer.conversation_id, lambda m: m["analysis_state"] == "complete", "analysed message"
    )
    assert (read["language"]["language"], read["translation"]["state"]) == ("pt", "translated")
    assert "order" in read["translation"]["text"].lower() or "package" in read["translation"]["text"].lower()

    await agent.reply(customer.conversation_id, "Your order will arrive tomorrow.")
    seen = await customer.message(customer.conversation_id, lambda m: m["sender"] == "agent", "reply")
    assert seen["translation"]["state"] == "translated"
    assert "amanhã" in seen["translation"]["text"]
    await asyncio.gather(agent.disconnect(), customer.disconnect())


async def test_a_language_without_engine_is_marked_untranslated(http: aiohttp.ClientSession, stack: Stack) -> None:
    agent = await an_agent(http, stack)
    await agent.connect()
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "de")
    await customer.write("Guten Tag, meine Bestellung ist immer noch nicht angekommen. Wo ist sie?")
    await agent.watch(customer.conversation_id)

    read = await agent.message(
        customer.conversation_id, lambda m: m["analysis_state"] == "complete", "analysed message"
    )

    assert (read["language"]["language"], read["translation"]["state"]) == ("de", "untranslated")
    assert read["translation"]["text"] is None
    await agent.disconnect()


async def test_a_repeated_message_is_stored_once(http: aiohttp.ClientSession, stack: Stack) -> None:
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")
    identifier = str(uuid.uuid4())

    answers = await asyncio.gather(*(customer.write("Hello?", identifier) for _ in range(5)))

    assert len({answer["message"]["id"] for answer in answers}) == 1
    assert [message["seq"] for message in await customer.catch_up(customer.conversation_id)] == [1]


async def test_messages_written_at_once_are_numbered_without_gap(http: aiohttp.ClientSession, stack: Stack) -> None:
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")

    agent = await an_agent(http, stack)
    await agent.claim(customer.conversation_id)

    answers = await asyncio.gather(
        *(customer.write(f"Question {number}") for number in range(12)),
        *(agent.reply(customer.conversation_id, f"Answer {number}") for number in range(8)),
    )

    assert sorted(answer["message"]["seq"] for answer in answers) == list(range(1, 21))
    assert [message["seq"] for message in await customer.catch_up(customer.conversation_id)] == list(range(1, 21))


async def test_of_two_who_claim_at_once_one_gets_it(http: aiohttp.ClientSession, stack: Stack) -> None:
    first, second = await asyncio.gather(an_agent(http, stack), an_agent(http, stack, "agent2"))
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")

    claims = await asyncio.gather(
        first.claim(customer.conversation_id), second.claim(customer.conversation_id), return_exceptions=True
    )

    refused = [claim for claim in claims if isinstance(claim, Exception)]
    winner = first if isinstance(claims[1], Exception) else second
    assert [getattr(each, "status", None) for each in refused] == [409]
    assert refused[0].problem["assigned_agent"] == winner.account["id"]  # type: ignore[attr-defined]
    assert refused[0].problem["code"] == "already_assigned"  # type: ignore[attr-defined]


async def test_a_supervisor_takes_a_conversation_over_only_by_name(http: aiohttp.ClientSession, stack: Stack) -> None:
    agent, supervisor = await asyncio.gather(an_agent(http, stack), an_agent(http, stack, "supervisor"))
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")
    await agent.claim(customer.conversation_id)

    with pytest.raises(CallFailed) as unnamed:
        await supervisor.claim(customer.conversation_id)
    named = {"conversation_id": customer.conversation_id, "agent_id": supervisor.account["id"]}
    taken = await supervisor.call("POST", "chat/assign-conversation", named)

    assert unnamed.value.problem["code"] == "already_assigned"
    assert taken["conversation"]["assigned_agent"] == supervisor.account["id"]


async def test_the_queue_goes_on_where_a_page_ended(http: aiohttp.ClientSession, stack: Stack) -> None:
    agent = await an_agent(http, stack)
    waiting = [await Customer.arrive(http, stack.site_url, f"Number {number}", "en") for number in range(3)]

    first = await agent.call("GET", "chat/conversations/active", limit=2)
    second = await agent.call("GET", "chat/conversations/active", limit=1, continuation=first["continuation"])

    listed = [each["id"] for each in first["conversations"] + second["conversations"]]
    assert listed == [each.conversation_id for each in reversed(waiting)]


async def test_a_resolved_conversation_opens_again_when_the_customer_writes(
    http: aiohttp.ClientSession, stack: Stack
) -> None:
    agent = await an_agent(http, stack)
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")
    await customer.write("Thanks, that is all.")
    await agent.claim(customer.conversation_id)
    await agent.resolve(customer.conversation_id)

    answer = await customer.write("One more thing: where is my refund?")

    assert (answer["conversation"]["status"], answer["message"]["seq"]) == ("waiting", 2)
    assert answer["conversation"]["assigned_agent_name"] is None


async def test_a_released_conversation_can_be_claimed_by_another(http: aiohttp.ClientSession, stack: Stack) -> None:
    first, second = await asyncio.gather(an_agent(http, stack), an_agent(http, stack, "agent2"))
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")
    await first.claim(customer.conversation_id)

    await first.call("POST", "chat/unassign-conversation", {"conversation_id": customer.conversation_id})
    claimed = await second.claim(customer.conversation_id)

    assert claimed["conversation"]["assigned_agent"] == second.account["id"]


async def test_who_asks_for_a_person_gets_a_ticket(http: aiohttp.ClientSession, stack: Stack) -> None:
    agent = await an_agent(http, stack)
    await agent.connect()
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")

    await customer.write("I want to talk to a real human agent, not a bot.")

    mine = customer.conversation_id
    escalated = await agent.arrival("conversation.escalated", lambda e: e["conversation"]["id"] == mine)
    tickets = (await agent.call("GET", f"tickets/conversation/{mine}"))["tickets"]
    assert escalated.event["conversation"]["escalation"]["reason"] == "human_requested"
    assert [ticket["id"] for ticket in tickets] == [escalated.event["conversation"]["escalation"]["ticket_id"]]
    await agent.disconnect()


async def test_tickets_are_raised_once_and_marked_fixed(http: aiohttp.ClientSession, stack: Stack) -> None:
    agent = await an_agent(http, stack)
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")
    raised = {
        "conversation_id": customer.conversation_id,
        "description": "Send the invoice again",
        "priority": "high",
        "client_ticket_id": str(uuid.uuid4()),
    }

    tickets = await asyncio.gather(*(agent.call("POST", "tickets/raise", raised) for _ in range(2)))
    ticket = tickets[0]["ticket"]
    fixed = await agent.call(
        "POST", "tickets/mark-fixed", {"conversation_id": customer.conversation_id, "ticket_id": ticket["id"]}
    )

    assert tickets[0] == tickets[1]
    assert (fixed["ticket"]["status"], fixed["ticket"]["fixed_by"]) == ("fixed", agent.account["id"])
    listed = (await agent.call("GET", f"tickets/conversation/{customer.conversation_id}"))["tickets"]
    assert [each["status"] for each in listed] == ["fixed"]


async def test_a_customer_is_found_by_part_of_the_name_with_all_that_was_said(
    http: aiohttp.ClientSession, stack: Stack
) -> None:
    agent = await an_agent(http, stack)
    customer = await Customer.arrive(http, stack.site_url, "Zürich Prüfling", "en")
    await customer.write("Hello there")

    found = (await agent.call("GET", "search/customer/zurich"))["customers"]
    by_customer = (await agent.call("GET", f"search/chat-history/{found[0]['customer']['id']}"))["history"]
    by_conversation = (await agent.call("GET", f"search/chat-history/{customer.conversation_id}"))["history"]

    assert [each["customer"]["full_name"] for each in found] == ["Zürich Prüfling"]
    assert [message["text_content"] for message in by_customer[0]["messages"]] == ["Hello there"]
    assert [past["conversation"]["id"] for past in by_conversation] == [customer.conversation_id]


async def test_a_message_through_the_socket_is_the_same_as_one_through_http(
    http: aiohttp.ClientSession, stack: Stack
) -> None:
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")
    await customer.connect()
    identifier = str(uuid.uuid4())
    message = {
        "conversation_id": customer.conversation_id,
        "client_message_id": identifier,
        "text_content": "Hello through the socket",
    }

    await customer.tell("message", message)
    repeated = await customer.write("Hello through the socket", identifier)
    await customer.tell("message", message | {"text_content": "", "client_message_id": str(uuid.uuid4())})

    assert repeated["message"]["seq"] == 1
    rejected = await customer.arrival("message.rejected")
    assert "text_content" in rejected.event["detail"]
    assert await customer.catch_up(customer.conversation_id) == []
    assert customer.thread(customer.conversation_id).last_seq == 1
    await customer.disconnect()


async def test_typing_and_reading_reach_the_other_side(http: aiohttp.ClientSession, stack: Stack) -> None:
    agent = await an_agent(http, stack)
    customer = await Customer.arrive(http, stack.site_url, "Test Customer", "en")
    await asyncio.gather(agent.connect(), customer.connect())
    await customer.write("Hello")
    await agent.claim(customer.conversation_id)
    here = {"conversation_id": customer.conversation_id}

    await asyncio.gather(customer.tell("typing", here), agent.tell("read", here | {"seq": 99}))

    typing = await agent.arrival("typing")
    read = await customer.arrival("read")
    assert typing.event["sender"] == "customer"
    assert (read.event["sender"], read.event["seq"]) == ("agent", 1)
    await asyncio.gather(agent.disconnect(), customer.disconnect())


async def test_a_lost_session_request_can_be_repeated(http: aiohttp.ClientSession, stack: Stack) -> None:
    begun = {"full_name": "Test Customer", "session_key": uuid.uuid4().hex * 2}
    customer = Customer(http, stack.site_url)

    first, second = [await customer.call("POST", "chat/sessions", begun) for _ in range(2)]

    assert first["conversation"]["id"] == second["conversation"]["id"]
    assert first["user"] == second["user"]
