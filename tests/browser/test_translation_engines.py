"""What the administration says of an engine of translation that has few pairs of languages, or none."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from local.stack.stack import running_stack
from tests.browser.windows import at_the_administration
from tests.conftest import UNDER_TEST
from tests.fakes.apertium import FakeApertium

pytestmark = pytest.mark.asyncio(loop_scope="session")


def translating(page: Page, name: str) -> Locator:
    chain = page.get_by_test_id("chain").and_(page.locator("[data-capability=translation]"))
    return chain.get_by_test_id("engine").filter(has=page.get_by_text(name, exact=True))


async def test_the_pairs_of_an_engine_are_named_and_one_without_any_is_not_installed(
    browser: Browser, tmp_path: Path
) -> None:
    apertium = FakeApertium(tmp_path)
    apertium.mode("spa-por", "pass")
    apertium.mode("por-spa", "pass")
    apertium.mode("fra-spa", "pass")
    async with running_stack(environment={**UNDER_TEST, "APERTIUM_MODES": str(tmp_path)}) as stack:
        page = await at_the_administration(browser, stack, "admin", "/engines")
        some = translating(page, "apertium")

        await expect(some).to_have_attribute("data-condition", "well")
        await some.get_by_text("3 language pairs").click()
        await expect(some.get_by_role("listitem")).to_have_text(["French → Spanish rough", "Portuguese ⇄ Spanish"])

        apertium.remove_modes()
        await stack.part("host").kill()
        await stack.part("host").start()
        await stack.until_ready()
        await page.reload()

        for name in ("apertium", "apertium+bergamot"):
            await expect(translating(page, name)).to_have_attribute("data-condition", "absent")
            await expect(translating(page, name)).to_contain_text("Not installed")
        await expect(translating(page, "bergamot")).to_have_attribute("data-condition", "well")
        await page.context.close()
