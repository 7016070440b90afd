"""A disk that takes no more: what could not be stored is told as such and can be sent again; nothing is half there."""

from __future__ import annotations

import resource
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import aiohttp
import pytest
import pytest_asyncio

from local.demo.people import Agent, CallFailed, Customer
from local.stack.stack import Stack, running_stack
from tests.conftest import UNDER_TEST
from tests.flow.test_crash import until_analysed

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(sys.platform != "linux", reason="no other system lets a process that runs write no more"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def filled() -> AsyncIterator[Stack]:
    async with running_stack(environment=UNDER_TEST) as stack:
        yield stack


@contextmanager
def no_room_for(stack: Stack, *parts: str) -> Iterator[None]:
    """Whatever these parts write into files is refused meanwhile, as a full disk would."""
    processes = [stack.part(name).process_id or 0 for name in parts]
    before = [resource.prlimit(process, resource.RLIMIT_FSIZE) for process in processes]
    try:
        for process, (_, most) in zip(processes, before, strict=True):
            resource.prlimit(process, resource.RLIMIT_FSIZE, (0, most))
        yield
    finally:
        for process, limits in zip(processes, before, strict=True):
            resource.prlimit(process, resource.RLIMIT_FSIZE, limits)


async def test_a_message_without_room_is_refused_as_such_and_stored_once_there_is(
    http: aiohttp.ClientSession, filled: Stack
) -> None:
    customer = await Customer.arrive(http, filled.site_url, "Test Customer", "en")
    identifier = str(uuid.uuid4())

    with no_room_for(filled, "cosmos"):
        with pytest.raises(CallFailed) as refused:
            await customer.write("Where is my order?", identifier)
        while_full = await customer.catch_up(customer.conversation_id)
    stored = await customer.write("Where is my order?", identifier)

    assert (refused.value.status, refused.value.problem["code"]) == (507, "no_room")
    assert while_full == []
    assert stored["message"]["seq"] == 1


async def test_a_message_whose_analysis_found_no_room_is_analysed_once_there_is(
    http: aiohttp.ClientSession, filled: Stack
) -> None:
    agent = await Agent.log_in(http, filled.site_url, "agent", "demo-agent")
    customer = await Customer.arrive(http, filled.site_url, "Test Customer", "en")

    with no_room_for(filled, "host"):
        stored = await customer.write("I want my money back.")

    messages = await until_analysed(agent, customer.conversation_id)
    assert [message["id"] for message in messages] == [stored["message"]["id"]]
