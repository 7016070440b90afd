"""The dashboard of the local stack in a real browser: by mouse, by keyboard, on a phone."""

from __future__ import annotations

import re

import aiohttp
import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, expect

from local.stack.stack import Stack
from tests.contract.dashboard.test_dashboard import a_message, finished

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECTIONS = ("Parts", "Requests", "Orchestrations", "Queues", "Connections", "Documents", "Search", "Faults")


class Complaints(list[str]):
    """What the browser complained about: script errors, refusals of the content security policy."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        page.on("pageerror", lambda error: self.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.append(message.text)


async def the_dashboard(browser: Browser, stack: Stack, width: int = 1280) -> tuple[Page, Complaints]:
    context = await browser.new_context(viewport={"width": width, "height": 844}, color_scheme="dark")
    page = await context.new_page()
    complaints = Complaints(page)
    await page.goto(f"{stack.site_url}/_local")
    await expect(page.get_by_test_id("part")).to_have_count(6)
    return page, complaints


@pytest.mark.parametrize("width", [1280, 390])
async def test_every_section_opens_without_a_complaint_and_fits(browser: Browser, stack: Stack, width: int) -> None:
    page, complaints = await the_dashboard(browser, stack, width)

    for name in SECTIONS:
        await page.get_by_role("link", name=name, exact=True).click()
        await expect(page.get_by_role("heading", name=name, exact=True, level=2)).to_be_visible()
        await expect(page.locator("main .section > *").first).to_be_attached()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name

    assert complaints == []
    await page.context.close()


async def test_history_of_an_orchestration_is_drawn(
    browser: Browser, stack: Stack, http: aiohttp.ClientSession
) -> None:
    message = await a_message(http, stack, "I want a refund, please.")
    await finished(http, stack, message)
    page, _ = await the_dashboard(browser, stack)

    await page.get_by_role("link", name="Orchestrations").click()
    await page.get_by_role("searchbox", name="Filter").fill(message)
    await expect(page.get_by_test_id("orchestration")).to_have_count(1)
    await page.get_by_test_id("orchestration").get_by_role("link").click()

    bar = page.get_by_test_id("bar").filter(has_text="prepare_message")
    await expect(bar).to_have_attribute("data-state", "completed")
    await bar.locator("summary").click()
    await expect(bar.get_by_text("I want a refund, please.")).to_be_visible()
    await page.context.close()


async def test_a_slow_click_reaches_what_is_looked_at_again_meanwhile(
    browser: Browser, stack: Stack, http: aiohttp.ClientSession
) -> None:
    message = await a_message(http, stack, "Do you click slowly?")
    await finished(http, stack, message)
    page, _ = await the_dashboard(browser, stack)
    await page.get_by_role("link", name="Orchestrations").click()
    await page.get_by_role("searchbox", name="Filter").fill(message)
    await expect(page.get_by_test_id("orchestration")).to_have_count(1)

    await page.get_by_test_id("orchestration").get_by_role("link").hover()
    await page.mouse.down()
    async with page.expect_response("**/_local/api/orchestrations?*") as looked:
        pass
    answer = await looked.value
    await answer.finished()
    # Once it has read the answer to a later request, the page has done with this one whatever it does with it.
    await page.evaluate("(address) => fetch(address).then((later) => later.json())", answer.url)
    await page.mouse.up()

    await expect(page.get_by_test_id("bar").first).to_be_visible()
    await page.context.close()


async def test_new_requests_appear_by_themselves_and_again_after_a_pause(
    browser: Browser, stack: Stack, http: aiohttp.ClientSession
) -> None:
    page, _ = await the_dashboard(browser, stack)
    await page.get_by_role("link", name="Requests").click()

    await http.get(f"{stack.site_url}/api/seen-live")
    await expect(page.get_by_test_id("request").filter(has_text="/api/seen-live").first).to_be_visible()

    await page.get_by_test_id("live").click()
    await expect(page.get_by_test_id("live")).to_have_text("Paused")
    await http.get(f"{stack.site_url}/api/seen-later")
    await page.get_by_test_id("live").click()
    await expect(page.get_by_test_id("request").filter(has_text="/api/seen-later").first).to_be_visible()
    await page.context.close()


async def test_query_runs_by_keyboard_and_shows_what_the_service_refuses(
    browser: Browser, stack: Stack, http: aiohttp.ClientSession
) -> None:
    await a_message(http, stack, "Is this found by a query?")
    page, _ = await the_dashboard(browser, stack)
    await page.get_by_role("link", name="Documents").press("Enter")
    # By its name, not by its label's text: that holds the names of the containers once they are read.
    await page.get_by_role("combobox", name="Container", exact=True).select_option("assistant/conversations")

    await page.get_by_test_id("query").fill("SELECT c.text_content FROM c WHERE c.kind = 'message'")
    await page.get_by_test_id("query").press("Control+Enter")
    await expect(page.get_by_test_id("result").filter(has_text="Is this found by a query?")).to_be_visible()

    await page.get_by_test_id("query").fill("SELECT FROM WHERE")
    await page.get_by_test_id("query").press("Control+Enter")
    await expect(page.get_by_test_id("problem")).to_contain_text(re.compile("syntax|query", re.I))
    await page.context.close()


async def test_fault_is_switched_on_and_off(browser: Browser, stack: Stack, http: aiohttp.ClientSession) -> None:
    page, _ = await the_dashboard(browser, stack)
    await page.get_by_role("link", name="Faults").click()
    card = page.get_by_test_id("faults").and_(page.locator("[data-part=search]"))

    await card.get_by_label("search: Answer 5xx, per cent of requests").fill("100")
    await card.get_by_role("button", name="Apply").click()
    await expect(card.get_by_text("on", exact=True)).to_be_visible()
    async with http.get(f"http://127.0.0.1:{stack.plan.ports.search}/indexes") as failing:
        assert failing.status == 503

    await card.get_by_role("button", name="All off").click()
    await expect(card.get_by_text("off", exact=True)).to_be_visible()
    async with http.get(f"http://127.0.0.1:{stack.plan.ports.search}/indexes") as working:
        assert working.status != 503
    await page.context.close()
