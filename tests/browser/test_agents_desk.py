"""What the desk tells an agent of a customer, and what one click writes."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from local.stack.stack import Stack
from tests.browser.windows import a_customer, an_agent, open_conversation, write

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def an_open_conversation(browser: Browser, stack: Stack, name: str, text: str, language: str) -> Page:
    """The desk of an agent who looks at the conversation of a new customer."""
    customer = await a_customer(browser, stack, name, language)
    await write(customer, text)
    agent = await an_agent(browser, stack)
    await open_conversation(agent, name)
    return agent


async def test_a_greeting_and_a_closing_of_the_customers_culture_go_into_the_reply(
    browser: Browser, stack: Stack
) -> None:
    agent = await an_open_conversation(browser, stack, "Culture Tester", "Onde está a minha encomenda?", "pt")
    greetings, closings = agent.get_by_test_id("greetings"), agent.get_by_test_id("closings")
    composer = agent.get_by_test_id("composer")
    await expect(greetings.get_by_role("button", name="Bom dia")).to_be_disabled()

    await agent.get_by_test_id("claim").click()
    await composer.fill("Your order is on its way.")
    await greetings.get_by_role("button", name="Bom dia").click()
    await greetings.get_by_role("button", name="Olá").click()
    await closings.get_by_role("button", name="Cordialmente").click()

    await expect(composer).to_have_value("Olá\nYour order is on its way.\nCordialmente")
    await expect(composer).to_be_focused()
    await agent.context.close()


async def test_phrases_of_a_language_from_right_to_left_stand_that_way(browser: Browser, stack: Stack) -> None:
    agent = await an_open_conversation(browser, stack, "Direction Tester", "أين طلبي؟", "ar")

    phrase = agent.get_by_test_id("greetings").get_by_test_id("phrase").first.locator("bdi")

    await expect(phrase).to_have_attribute("lang", "ar")
    await expect(phrase).to_have_css("direction", "rtl")
    await agent.context.close()


async def test_of_the_agents_own_language_the_culture_is_shown_on_demand_by_keyboard(
    browser: Browser, stack: Stack
) -> None:
    agent = await an_open_conversation(browser, stack, "Demand Tester", "Where is my order?", "en")
    culture = agent.get_by_test_id("culture")
    await expect(culture.get_by_role("button")).to_have_attribute("aria-expanded", "false")
    await expect(agent.get_by_test_id("greetings")).to_have_count(0)

    await culture.get_by_role("button").press("Enter")

    await expect(agent.get_by_test_id("greetings").get_by_test_id("phrase").first).to_be_visible()
    await agent.context.close()


async def test_the_form_of_address_is_chosen_where_a_reply_is_translated(browser: Browser, stack: Stack) -> None:
    agent = await an_open_conversation(browser, stack, "Address Tester", "A minha encomenda não chegou.", "pt")
    await agent.get_by_test_id("claim").click()
    await agent.get_by_test_id("formality").select_option("formal")

    async with agent.expect_request("**/api/chat/send-agent-message") as sent:
        await write(agent, "It will arrive tomorrow.")
    body = (await sent.value).post_data_json

    assert body is not None
    assert body["formality"] == "formal"
    await agent.context.close()


async def test_no_form_of_address_is_asked_for_where_nothing_is_translated(browser: Browser, stack: Stack) -> None:
    agent = await an_open_conversation(browser, stack, "Plain Tester", "Where is my order?", "en")

    await agent.get_by_test_id("claim").click()

    await expect(agent.get_by_test_id("composer")).to_be_visible()
    await expect(agent.get_by_test_id("formality")).to_have_count(0)
    await agent.context.close()


async def test_who_needs_attention_can_be_shown_alone(browser: Browser, stack: Stack) -> None:
    calm = await a_customer(browser, stack, "Calm Tester")
    await write(calm, "What are your opening hours?")
    wanting = await a_customer(browser, stack, "Wanting Tester")
    await write(wanting, "I want to speak to a human agent now, please.")
    agent = await an_agent(browser, stack)
    queue = agent.get_by_test_id("queue-item")
    await expect(queue.filter(has_text="Wanting Tester").get_by_test_id("escalation")).to_be_visible()
    await expect(queue.filter(has_text="Calm Tester")).to_be_visible()

    await agent.get_by_test_id("needs-attention").click()

    await expect(queue.filter(has_text="Wanting Tester")).to_be_visible()
    await expect(queue.filter(has_text="Calm Tester")).to_have_count(0)
    await agent.context.close()
