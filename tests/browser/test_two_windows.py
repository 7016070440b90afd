"""Customer and agent in two windows of a real browser."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from local.stack.ports import Ports, claim_free_span
from local.stack.stack import Stack, running_stack
from tests.browser.severable import SeverableWire
from tests.browser.windows import (
    a_customer,
    a_window,
    an_agent,
    connected,
    open_conversation,
    sign_in,
    write,
)
from tests.conftest import UNDER_TEST

pytestmark = pytest.mark.asyncio(loop_scope="session")

CUT_SECONDS = 3.0


@dataclass
class Wired:
    """A stack whose sockets go through a wire that can be cut."""

    stack: Stack
    wire: SeverableWire


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def wired() -> AsyncIterator[Wired]:
    base, claim = claim_free_span()
    ports, wire_port = Ports.from_base(base), base + 5
    environment = {**UNDER_TEST, "WEB_PUBSUB_ENDPOINT": f"http://127.0.0.1:{wire_port}"}
    with claim:
        async with (
            SeverableWire(wire_port, ports.pubsub) as wire,
            running_stack(port_base=base, environment=environment) as stack,
        ):
            yield Wired(stack, wire)


async def thread(page: Page, count: int) -> list[tuple[int, str]]:
    """The messages on the page as (seq, sender), once there are that many."""
    messages = page.get_by_test_id("message").and_(page.locator("[data-seq]"))
    await expect(messages).to_have_count(count)
    return [
        (int(await each.get_attribute("data-seq") or 0), str(await each.get_attribute("data-sender")))
        for each in await messages.all()
    ]


async def test_a_conversation_survives_a_reload_and_a_cut_wire(browser: Browser, wired: Wired) -> None:
    agent = await an_agent(browser, wired.stack)
    customer = await a_customer(browser, wired.stack, "Window Tester")
    await write(customer, "Hello, where is my order 4711?")

    await open_conversation(agent, "Window Tester")
    await agent.get_by_test_id("claim").click()
    incoming = agent.get_by_test_id("message").first
    await expect(incoming.get_by_test_id("intent-chip")).to_be_visible()
    await expect(incoming.get_by_test_id("sentiment-chip")).to_be_visible()
    await expect(incoming.get_by_test_id("language-chip")).to_be_visible()
    await agent.get_by_test_id("suggestion-send").first.click()
    assert await thread(customer, 2) == [(1, "customer"), (2, "agent")]

    await customer.reload()
    assert await thread(customer, 2) == [(1, "customer"), (2, "agent")]
    await connected(customer)
    await write(customer, "Thank you, it is the blue one.")
    await expect(agent.get_by_test_id("message").filter(has_text="the blue one")).to_be_visible()

    await wired.wire.cut()
    await write(customer, "Are you still there?")
    await write(agent, "I am, one moment please.")
    await asyncio.sleep(CUT_SECONDS)  # the wire stays cut for as long as the test says, whatever happens
    await wired.wire.mend()

    expected = [(1, "customer"), (2, "agent"), (3, "customer"), (4, "customer"), (5, "agent")]
    assert await thread(agent, 5) == expected == await thread(customer, 5)
    await connected(agent)
    await write(customer, "Good, I can read you again.")
    await expect(agent.get_by_test_id("message").filter(has_text="read you again")).to_be_visible()
    assert [seq for seq, _ in await thread(agent, 6)] == [1, 2, 3, 4, 5, 6]


async def test_a_portuguese_customer_and_an_english_agent_understand_each_other(browser: Browser, wired: Wired) -> None:
    agent = await an_agent(browser, wired.stack)
    customer = await a_customer(browser, wired.stack, "Cliente de Teste")
    await write(customer, "Olá, a minha encomenda ainda não chegou. Podem ajudar-me?")
    await open_conversation(agent, "Cliente de Teste")
    await agent.get_by_test_id("claim").click()

    await expect(agent.get_by_test_id("message").first).to_contain_text(re.compile("order|parcel|package", re.I))
    await expect(agent.get_by_test_id("message").first.get_by_test_id("language-chip")).to_contain_text(
        re.compile("portuguese|pt", re.I)
    )
    await write(agent, "Your order will arrive tomorrow.")

    await expect(customer.get_by_test_id("message").nth(1)).to_contain_text("amanhã")


async def test_an_agent_resolves_and_the_customer_opens_again(browser: Browser, wired: Wired) -> None:
    agent = await an_agent(browser, wired.stack)
    customer = await a_customer(browser, wired.stack, "Patient Tester")
    await write(customer, "How do I reset my password?")
    await open_conversation(agent, "Patient Tester")
    await agent.get_by_test_id("claim").click()
    await expect(agent.get_by_test_id("resolve")).to_be_enabled()

    await agent.get_by_test_id("resolve").click()
    await expect(agent.get_by_test_id("queue-item").filter(has_text="Patient Tester")).to_have_count(0)
    await write(customer, "It did not work.")

    await expect(agent.get_by_test_id("queue-item").filter(has_text="Patient Tester")).to_be_visible()


async def test_of_two_agents_the_second_learns_who_was_first(browser: Browser, wired: Wired) -> None:
    customer = await a_customer(browser, wired.stack, "Wanted Tester")
    await write(customer, "Hello?")
    first = await an_agent(browser, wired.stack)
    second = await a_window(browser, f"{wired.stack.site_url}/desk")
    await sign_in(second, "agent2", "wrong")
    await expect(second.get_by_text(re.compile("wrong", re.I))).to_be_visible()
    await sign_in(second, "agent2", "demo-agent2")
    await connected(second)

    await open_conversation(second, "Wanted Tester")
    await open_conversation(first, "Wanted Tester")
    await first.get_by_test_id("claim").click()

    await expect(second.get_by_text("Demo Agent").first).to_be_visible()
    await expect(second.get_by_test_id("claim")).to_have_count(0)


PLACES = """() => [...document.querySelectorAll("[data-testid=message], .composer")]
    .map((each) => each.getBoundingClientRect().toJSON())"""
COVERED = """() => {
  const note = document.querySelector("[data-testid=connection-state]").getBoundingClientRect();
  const apart = (other) => other.bottom <= note.top || other.top >= note.bottom
      || other.right <= note.left || other.left >= note.right;
  const shown = [...document.querySelectorAll("[data-testid=message], .composer, .chat-head button")];
  return shown.filter((each) => !apart(each.getBoundingClientRect())).map((each) => each.className);
}"""


async def at_widths(page: Page, script: str) -> list[object]:
    """What the script gives on a narrow phone, a phone and a desk."""
    found = []
    for width in (320, 390, 1280):
        await page.set_viewport_size({"width": width, "height": 700})
        found.append(await page.evaluate(script))
    return found


@pytest.mark.parametrize("language", ["pt", "ar"])
async def test_the_note_of_a_lost_connection_covers_and_moves_nothing(
    browser: Browser, wired: Wired, language: str
) -> None:
    customer = await a_customer(browser, wired.stack, "Cut Off Tester", language)
    await write(customer, "Hello, is anybody there?")
    await connected(customer)
    note, status = (customer.get_by_test_id(name) for name in ("connection-state", "conversation-status"))
    before = await at_widths(customer, PLACES)

    await wired.wire.cut()
    try:
        await expect(note).to_have_css("opacity", "1")
        await expect(status).to_have_css("opacity", "0")

        assert await at_widths(customer, COVERED) == [[], [], []]
        assert await at_widths(customer, PLACES) == before
    finally:
        await wired.wire.mend()
    await expect(note).to_have_css("opacity", "0")
    await expect(status).to_have_css("opacity", "1")
    await customer.context.close()
