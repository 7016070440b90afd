"""One local stack for all tests that need the whole application."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest_asyncio

from local.stack.stack import Stack, running_stack

PATIENT = {
    "QUICK_ANALYSIS_SECONDS": "30",
    "ENGINE_SECONDS": "45",
    "CHAIN_SECONDS": "50",
    "REPLY_TRANSLATION_SECONDS": "30",
    "GEMINI_HEDGE_AFTER_SECONDS": "30",
}
"""No engine is given up, and nothing goes out untranslated, because the machine that runs the tests is busy."""

UNDER_TEST = {"SWEEP_SCHEDULE": "*/1 * * * * *", "SWEEP_AFTER_SECONDS": "2", **PATIENT}
"""The sweep looks every second for what has been pending for two, so that tests need not wait a minute."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stack() -> AsyncIterator[Stack]:
    """The whole application on free ports, with its data in a temporary folder."""
    async with running_stack(environment=UNDER_TEST) as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """A client session that outlives the single test."""
    async with aiohttp.ClientSession() as session:
        yield session
