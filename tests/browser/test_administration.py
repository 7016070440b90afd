"""The administration in a real browser: who may look, what the engines do, and training what reads intents."""

from __future__ import annotations

import re

import aiohttp
import pytest
from playwright.async_api import Browser, Page, expect

from local.stack.stack import Stack
from tests.browser.windows import a_window, at_the_administration, sign_in

pytestmark = pytest.mark.asyncio(loop_scope="session")

TRAINING_MILLISECONDS = 600_000
"""As long as a training may wait behind the other work of a test run."""

HOURS = ("When do you open?", "Are you open at Easter?", "What time do you close tonight?")
PRICES = ("How much is a ticket?", "Do students pay less?", "What does a family ticket cost?")
FITS = """() => [document.documentElement, document.querySelector(".admin-main")]
    .every((each) => each.scrollWidth <= each.clientWidth)"""
"""Nothing on the page is wider than what shows it."""

DAYS = ("on Monday", "on Friday", "in the holidays")


def examples() -> str:
    """Nine different examples of each of two intents, as CSV."""
    rows = [f'"{text} And {day}?",opening_hours' for text in HOURS for day in DAYS]
    rows += [f'"{text} And {day}?",ticket_price' for text in PRICES for day in DAYS]
    return "\n".join(["text,label", *rows])


async def the_form(browser: Browser, stack: Stack, name: str, csv: str) -> Page:
    """An administrator's form for a training, filled in."""
    page = await at_the_administration(browser, stack, "admin", "/intents")
    await page.get_by_test_id("train-new").click()
    await page.get_by_test_id("model-name").fill(name)
    await page.get_by_test_id("examples").fill(csv)
    return page


@pytest.mark.parametrize("path", ["", "/engines", "/intents"])
async def test_an_agent_is_refused(browser: Browser, stack: Stack, path: str) -> None:
    page = await at_the_administration(browser, stack, "agent", path)

    await expect(page.get_by_test_id("refused")).to_contain_text("Demo Agent")
    await expect(page.get_by_test_id("tab-intents")).to_have_count(0)
    await page.get_by_test_id("refused").get_by_role("link").click()

    await expect(page.get_by_test_id("connection-state")).to_be_visible()
    await page.context.close()


async def test_a_supervisor_looks_and_changes_nothing(browser: Browser, stack: Stack) -> None:
    page = await at_the_administration(browser, stack, "supervisor", "/intents/shipped")

    await expect(page.get_by_test_id("version-view")).to_be_visible()
    await expect(page.get_by_role("note")).to_be_visible()
    for name in ("train-new", "activate", "delete", "download"):
        await expect(page.get_by_test_id(name)).to_have_count(0)

    await page.goto(f"{stack.site_url}/admin/intents/new")
    await expect(page.get_by_test_id("version").first).to_be_visible()
    await expect(page.get_by_test_id("train-form")).to_have_count(0)
    await page.context.close()


async def test_an_administrator_trains_reads_the_report_activates_and_goes_back(browser: Browser, stack: Stack) -> None:
    page = await the_form(browser, stack, "Museum", examples())
    await expect(page.get_by_test_id("rows-good")).to_have_text("18 examples of 2 intents")
    await page.get_by_test_id("train").click()
    view = page.get_by_test_id("version-view")
    await expect(view.get_by_test_id("report")).to_be_visible(timeout=TRAINING_MILLISECONDS)
    await expect(view.get_by_test_id("intent-row")).to_have_count(2)

    await view.get_by_role("button", name="Intent", exact=True).click()
    await expect(view.get_by_test_id("intent-row").first).to_contain_text("opening_hours")
    await view.get_by_role("button", name="Intent", exact=True).click()
    await expect(view.get_by_test_id("intent-row").first).to_contain_text("ticket_price")

    await page.get_by_test_id("activate").click()
    await page.get_by_test_id("confirm-yes").click()
    await expect(view).to_have_attribute("data-active", "true")
    await expect(page.get_by_test_id("delete")).to_have_count(0)

    await page.get_by_test_id("version").filter(has_text="Shipped").click()
    await page.get_by_test_id("activate").click()
    await page.get_by_test_id("confirm-yes").click()
    await expect(view).to_have_attribute("data-active", "true")

    await page.get_by_test_id("version").filter(has_text="Museum").click()
    await page.get_by_test_id("delete").click()
    await page.get_by_test_id("confirm").get_by_role("button", name="Cancel").click()
    await expect(page.get_by_test_id("version").filter(has_text="Museum")).to_be_visible()
    await page.get_by_test_id("delete").click()
    await page.get_by_test_id("confirm-yes").click()
    await expect(page.get_by_test_id("version").filter(has_text="Museum")).to_have_count(0)
    await page.context.close()


async def test_examples_come_back_as_the_file_that_they_were(browser: Browser, stack: Stack) -> None:
    page = await at_the_administration(browser, stack, "admin", "/intents/shipped")

    async with page.expect_download() as download:
        await page.get_by_test_id("download").click()
    path = await (await download.value).path()

    assert path.read_text(encoding="utf-8").startswith("text,label")
    await page.context.close()


async def test_mistakes_stand_at_their_lines_before_anything_is_sent(browser: Browser, stack: Stack) -> None:
    csv = f"{examples()}\n,opening_hours\nHow late?,Opening Hours\n"
    page = await the_form(browser, stack, "Mistaken", csv)

    mistakes = page.get_by_test_id("mistakes").get_by_test_id("row")
    await expect(mistakes).to_have_count(2)
    await expect(mistakes.nth(0)).to_contain_text("20")
    await expect(mistakes.nth(1)).to_contain_text("Opening Hours")
    await expect(page.get_by_test_id("train")).to_be_disabled()

    await page.get_by_test_id("fix-labels").click()
    await expect(mistakes).to_have_count(1)
    await page.context.close()


async def test_what_only_the_server_finds_is_said_and_nothing_is_lost(browser: Browser, stack: Stack) -> None:
    page = await the_form(browser, stack, "Thin", f"{examples()}\nWho are you?,about_us")

    await page.get_by_test_id("train").click()

    await expect(page.get_by_test_id("train-problem")).to_contain_text("about_us")
    await expect(page.get_by_test_id("model-name")).to_have_value("Thin")
    await expect(page.get_by_test_id("examples")).to_have_value(re.compile("Who are you"))
    await page.context.close()


async def test_engines_and_services_are_shown_as_they_are(
    browser: Browser, stack: Stack, http: aiohttp.ClientSession
) -> None:
    page = await at_the_administration(browser, stack, "admin")
    await expect(page).to_have_url(re.compile("/admin/engines$"))
    await expect(page.get_by_test_id("chain").and_(page.locator("[data-capability=intent]"))).to_contain_text("linear")
    await expect(page.get_by_test_id("pairs")).to_contain_text("bergamot")
    await expect(page.get_by_test_id("summary")).to_have_text("Everything works")
    await page.get_by_test_id("pause").click()
    await expect(page.get_by_test_id("live")).to_contain_text("Paused")

    faults = f"{stack.site_url}/_local/api/faults/pubsub"
    async with http.put(faults, json={"failure": {"probability": 1.0, "status": 503}}) as answer:
        assert answer.ok, await answer.text()
    try:
        await page.get_by_test_id("pause").click()
        await expect(page.get_by_test_id("summary")).to_contain_text("web-pubsub")
    finally:
        async with http.put(faults, json={}) as answer:
            assert answer.ok, await answer.text()
    await expect(page.get_by_test_id("summary")).to_have_text("Everything works")
    await page.context.close()


async def test_the_pages_fit_a_phone(browser: Browser, stack: Stack) -> None:
    page = await a_window(browser, f"{stack.site_url}/admin/engines", width=390)
    await sign_in(page, "admin", "demo-admin")
    await expect(page.get_by_test_id("pairs")).to_be_visible()

    for tab, landmark in (("tab-engines", "chain"), ("tab-intents", "version")):
        await page.get_by_test_id(tab).click()
        await expect(page.get_by_test_id(landmark).first).to_be_visible()
        assert await page.evaluate(FITS), tab
    await page.context.close()
