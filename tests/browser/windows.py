"""What people do in the windows of a browser: customers who write, staff who sign in and answer."""

from __future__ import annotations

from playwright.async_api import Browser, Page, expect

from local.stack.stack import Stack


async def a_window(browser: Browser, address: str, width: int = 1280) -> Page:
    """A new window, of which nothing is shared with others."""
    context = await browser.new_context(viewport={"width": width, "height": 800}, locale="en-GB")
    page = await context.new_page()
    await page.goto(address)
    return page


async def a_customer(browser: Browser, stack: Stack, name: str, language: str | None = None) -> Page:
    """A customer who has begun a conversation, in a language of the list if one is named."""
    page = await a_window(browser, stack.site_url)
    await page.get_by_test_id("customer-name").fill(name)
    if language is not None:
        await page.get_by_test_id("customer-language").select_option(language)
    await page.get_by_test_id("start-chat").click()
    await expect(page.get_by_test_id("composer")).to_be_visible()
    return page


async def sign_in(page: Page, username: str, password: str) -> None:
    """Fills the form in and sends it; what comes of it is for the caller to see."""
    await page.get_by_test_id("login-username").fill(username)
    await page.get_by_test_id("login-password").fill(password)
    await page.get_by_test_id("login-submit").click()


async def an_agent(browser: Browser, stack: Stack) -> Page:
    """An agent at the desk, connected."""
    page = await a_window(browser, f"{stack.site_url}/desk")
    await sign_in(page, "agent", "demo-agent")
    await connected(page)
    return page


async def at_the_administration(browser: Browser, stack: Stack, username: str, path: str = "") -> Page:
    """Somebody with one of the demo accounts who has signed in there."""
    page = await a_window(browser, f"{stack.site_url}/admin{path}")
    await sign_in(page, username, f"demo-{username}")
    await expect(page.get_by_test_id("sign-out")).to_be_visible()
    return page


async def connected(page: Page) -> None:
    """Waits until the page says that it is live."""
    await expect(page.get_by_test_id("connection-state").first).to_have_attribute("data-state", "connected")


async def write(page: Page, text: str) -> None:
    """Sends a message and waits until it stands in the thread."""
    await page.get_by_test_id("composer").fill(text)
    await page.get_by_test_id("composer").press("Enter")
    await expect(page.get_by_test_id("message").filter(has_text=text)).to_be_visible()


async def open_conversation(agent: Page, name: str) -> None:
    """Opens the conversation of a customer in the queue."""
    await agent.get_by_test_id("queue-item").filter(has_text=name).first.click()
