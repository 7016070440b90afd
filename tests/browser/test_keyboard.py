"""The desk by the keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, expect

from local.stack.stack import Stack
from tests.browser.windows import a_customer, a_window, an_agent, connected, write

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def find_and_open(agent: Page, name: str) -> None:
    """Types the name, goes down to what was found and opens it."""
    await agent.keyboard.press("/")
    await agent.keyboard.type(name)
    await expect(agent.get_by_test_id("customer-found")).to_have_count(1)
    await agent.keyboard.press("Enter")
    await expect(agent.get_by_test_id("queue-item").filter(has_text=name)).to_be_focused()
    await agent.keyboard.press("Enter")
    await expect(agent.get_by_test_id("claim")).to_be_visible()


async def test_an_agent_signs_in_without_looking_for_the_field(browser: Browser, stack: Stack) -> None:
    agent = await a_window(browser, f"{stack.site_url}/desk")
    await expect(agent.get_by_test_id("login-username")).to_be_focused()

    await agent.keyboard.type("agent")
    await agent.keyboard.press("Tab")
    await agent.keyboard.type("demo-agent")
    await agent.keyboard.press("Enter")

    await connected(agent)
    await agent.context.close()


async def test_a_conversation_is_claimed_answered_and_resolved(browser: Browser, stack: Stack) -> None:
    customer = await a_customer(browser, stack, "Keys Tester")
    await write(customer, "Hello, where is my order 4711?")
    agent = await an_agent(browser, stack)
    keys = agent.keyboard
    await find_and_open(agent, "Keys Tester")

    await keys.press("c")
    await expect(agent.get_by_test_id("composer")).to_be_focused()
    await expect(agent.get_by_test_id("suggestion-send").first).to_be_enabled()
    await keys.press("Escape")
    await keys.press("1")
    await keys.press("Control+End")
    await keys.type(" Edited.")
    await keys.press("Enter")
    await expect(customer.get_by_test_id("message-text").nth(1)).to_have_text(re.compile(r".+ Edited\."))

    await keys.press("Escape")
    await keys.press("t")
    await expect(agent.get_by_test_id("ticket-description")).to_be_focused()
    await keys.type("Look for the parcel R E")
    for _ in range(3):
        await keys.press("Tab")
    await keys.press("Enter")
    await expect(agent.get_by_test_id("ticket-description")).to_be_hidden()
    await expect(agent.get_by_text("Look for the parcel R E")).to_be_visible()

    await keys.press("Shift+E")
    await expect(agent.get_by_test_id("thread-status")).to_have_attribute("data-status", "resolved")
    await agent.context.close()
    await customer.context.close()


async def test_a_conversation_is_released_but_neither_by_a_small_letter_nor_while_writing(
    browser: Browser, stack: Stack
) -> None:
    customer = await a_customer(browser, stack, "Release Tester")
    await write(customer, "Hello, is anybody there?")
    agent = await an_agent(browser, stack)
    await find_and_open(agent, "Release Tester")
    await agent.keyboard.press("c")
    composer = agent.get_by_test_id("composer")
    await expect(composer).to_be_focused()

    await agent.keyboard.type("ER")
    await agent.keyboard.press("Escape")
    await agent.keyboard.press("e")
    await agent.keyboard.press("r")
    await expect(composer).to_be_focused()
    await expect(composer).to_have_value("ER")
    await expect(agent.get_by_test_id("thread-status")).to_have_attribute("data-status", "active")

    await agent.keyboard.press("Escape")
    await agent.keyboard.press("Shift+R")
    await expect(agent.get_by_test_id("thread-status")).to_have_attribute("data-status", "waiting")
    await agent.context.close()
    await customer.context.close()


async def test_on_a_page_from_right_to_left_each_message_stands_as_its_language_runs(
    browser: Browser, stack: Stack
) -> None:
    customer = await a_customer(browser, stack, "Direction Reader", "ar")
    await write(customer, "Where is my order?")
    await write(customer, "أين طلبي؟")

    texts = customer.get_by_test_id("message-text")

    for index, direction in enumerate(("ltr", "rtl")):
        await expect(texts.nth(index)).to_have_css("direction", direction)
        await expect(texts.nth(index)).to_have_css("text-align", "start")
    await customer.context.close()
