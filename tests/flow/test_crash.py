"""The host is killed between storing a message and finishing its analysis; nothing is lost, nothing happens twice."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from local.demo.people import Agent, CallFailed, Customer
from local.stack.stack import Stack, running_stack
from tests.conftest import UNDER_TEST

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANALYSED_WITHIN = 60.0


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mortal() -> AsyncIterator[Stack]:
    async with running_stack(environment=UNDER_TEST) as stack:
        yield stack


async def until_analysed(agent: Agent, conversation_id: str) -> list[dict[str, object]]:
    """The conversation's messages once each of them is analysed."""
    async with asyncio.timeout(ANALYSED_WITHIN):
        while True:
            path = f"chat/conversations/{conversation_id}/messages"
            messages: list[dict[str, object]] = (await agent.call("GET", path, after_seq=0))["messages"]
            if messages and all(message["analysis_state"] == "complete" for message in messages):
                return messages
            await asyncio.sleep(0.1)  # there is no event to await: the sockets may have missed it


async def test_a_stored_message_is_analysed_after_the_host_was_killed(
    http: aiohttp.ClientSession, mortal: Stack
) -> None:
    agent = await Agent.log_in(http, mortal.site_url, "agent", "demo-agent")
    await agent.connect()
    customer = await Customer.arrive(http, mortal.site_url, "Test Customer", "en")
    text, identifier = "I want to talk to a real human agent, not a bot.", str(uuid.uuid4())

    writing = asyncio.create_task(customer.write(text, identifier))
    await agent.arrival("conversation.updated", lambda e: e["conversation"]["id"] == customer.conversation_id)
    await mortal.part("host").kill()
    await asyncio.gather(writing, return_exceptions=True)
    await mortal.part("host").start()
    await mortal.until_ready()
    repeated = await customer.write(text, identifier)

    messages = await until_analysed(agent, customer.conversation_id)
    tickets = (await agent.call("GET", f"tickets/conversation/{customer.conversation_id}"))["tickets"]
    assert [message["id"] for message in messages] == [repeated["message"]["id"]]
    assert len(tickets) == 1
    await agent.disconnect()


async def test_kills_at_random_moments_lose_and_double_nothing(http: aiohttp.ClientSession, mortal: Stack) -> None:
    agent = await Agent.log_in(http, mortal.site_url, "agent", "demo-agent")
    customer = await Customer.arrive(http, mortal.site_url, "Test Customer", "en")
    moments = random.Random(4)

    for round_number in range(1, 5):
        identifier, text = str(uuid.uuid4()), f"Where is my order number {round_number}?"
        writing = asyncio.create_task(customer.write(text, identifier))
        await asyncio.sleep(moments.uniform(0, 0.3))  # the moment of the kill is what varies
        await mortal.part("host").kill()
        await asyncio.gather(writing, return_exceptions=True)
        await mortal.part("host").start()
        await mortal.until_ready()
        await customer.write(text, identifier)

    messages = await until_analysed(agent, customer.conversation_id)
    assert [message["seq"] for message in messages] == [1, 2, 3, 4]
    assert [str(message["text_content"])[-2] for message in messages] == ["1", "2", "3", "4"]


async def test_without_the_database_requests_fail_clearly_and_work_again_afterwards(
    http: aiohttp.ClientSession, mortal: Stack
) -> None:
    customer = await Customer.arrive(http, mortal.site_url, "Test Customer", "en")

    await mortal.part("cosmos").kill()
    with pytest.raises(CallFailed) as failed:
        await customer.write("Is anybody there?")
    await mortal.part("cosmos").start()

    assert (failed.value.status, failed.value.problem["code"]) == (503, "unavailable")
    assert (await customer.write("Is anybody there?"))["message"]["seq"] == 1


async def test_without_the_socket_service_messages_are_stored_and_found_by_catching_up(
    http: aiohttp.ClientSession, mortal: Stack
) -> None:
    agent = await Agent.log_in(http, mortal.site_url, "agent", "demo-agent")
    customer = await Customer.arrive(http, mortal.site_url, "Test Customer", "en")

    await mortal.part("pubsub").kill()
    answer = await customer.write("Is anybody there?")
    await mortal.part("pubsub").start()

    assert answer["message"]["seq"] == 1
    assert [message["seq"] for message in await agent.catch_up(customer.conversation_id)] == [1]
