"""The real JavaScript client in a browser, bundled as the front end bundles it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Page, async_playwright

from tests.contract.pubsub.event_handler import HandlerServer, Reply
from tests.contract.pubsub.support import EVERY_ROLE, TIME_LIMIT_SECONDS, Line, Target, client_url, line_to

FRONTEND = Path(__file__).parents[3] / "frontend"
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCRIPT = """
import { WebPubSubClient } from "@azure/web-pubsub-client";

window.told = [];
const tell = (what, data) => window.told.push({ what, data });
window.open = async (url) => {
  const client = (window.client = new WebPubSubClient(url));
  client.on("connected", (event) => tell("connected", event.connectionId));
  client.on("disconnected", () => tell("disconnected", null));
  client.on("group-message", ({ message }) => tell("group", message.data));
  client.on("server-message", ({ message }) => tell("server", message.data));
  await client.start();
};
"""


@pytest.fixture(scope="module")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with the client, made by the bundler of the front end."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "node_modules").symlink_to(FRONTEND / "node_modules")
    (folder / "page.js").write_text(SCRIPT)
    (folder / "index.html").write_text('<!doctype html><script type="module" src="bundle.js"></script>')
    bundler = FRONTEND / "node_modules" / ".bin" / "rolldown"
    command = [str(bundler), "page.js", "--platform", "browser", "--format", "esm", "--file", "bundle.js"]
    subprocess.run(command, cwd=folder, check=True, timeout=120, capture_output=True)
    return folder


@pytest.fixture
async def page(site_folder: Path) -> AsyncIterator[Page]:
    application = web.Application()
    application.router.add_static("/", site_folder)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            opened = await browser.new_page()
            opened.set_default_timeout(TIME_LIMIT_SECONDS * 1000)
            await opened.goto(f"http://127.0.0.1:{runner.addresses[0][1]}/index.html")
            yield opened
            await browser.close()
    finally:
        await runner.cleanup()


@pytest.fixture
async def far(eventful: Target) -> AsyncIterator[Line]:
    """A line to the stand-in with event handlers."""
    async with line_to(eventful) as line:
        yield line


async def told(page: Page, what: str, count: int) -> list[Any]:
    """What the client was told of this kind, once it is that much."""
    entries = f"told.filter((each) => each.what === '{what}')"
    await page.wait_for_function(f"{entries}.length >= {count}")
    found: list[Any] = await page.evaluate(f"{entries}.map((each) => each.data)")
    return found


async def test_a_browser_joins_hears_asks_and_recovers(
    page: Page, eventful: Target, far: Line, handler: HandlerServer
) -> None:
    handler.replies["order"] = [Reply(body=b'{"taken":true}', headers={"Content-Type": "application/json"})]
    async with eventful.service("watched", far.endpoint) as signs, eventful.service("watched") as service:
        await page.evaluate("url => open(url)", await client_url(signs, "ann", EVERY_ROLE))
        [connection] = await told(page, "connected", 1)

        await service.add_connection_to_group("g", connection)
        await service.send_to_group("g", {"text": "olá"})
        assert await told(page, "group", 1) == [{"text": "olá"}]

        result = await page.evaluate("client.sendEvent('order', { n: 1 }, 'json')")
        assert not result["isDuplicated"]
        assert await told(page, "server", 1) == [{"taken": True}]

        for number in range(30):
            if number in (5, 20):
                far.cut()
            await service.send_to_group("g", {"n": number})
            if number in (10, 25):
                far.mend()
        assert await told(page, "group", 31) == [{"text": "olá"}, *({"n": number} for number in range(30))]
        assert far.opened > 1
        assert await page.evaluate("told.some((each) => each.what === 'disconnected')") is False
        assert await service.connection_exists(connection)
        await page.evaluate("client.stop()")


async def test_a_browser_without_a_role_may_not_join(page: Page, eventful: Target) -> None:
    async with eventful.service("watched") as service:
        await page.evaluate("url => open(url)", await client_url(service, "ann"))
        refused = await page.evaluate("client.joinGroup('g').catch((error) => error.errorDetail.name)")
        assert refused == "Forbidden"
        await page.evaluate("client.stop()")
