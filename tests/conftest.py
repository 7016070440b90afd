"""One local stack for all tests that need the whole application."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest_asyncio

from local.stack.stack import Stack, running_stack

QUICK_SWEEP = {"SWEEP_SCHEDULE": "*/1 * * * * *", "SWEEP_AFTER_SECONDS": "2"}
"""The sweep looks every second for what has been pending for two, so that tests need not wait a minute."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stack() -> AsyncIterator[Stack]:
    """The whole application on free ports, with its data in a temporary folder."""
    async with running_stack(environment=QUICK_SWEEP) as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """A client session that outlives the single test."""
    async with aiohttp.ClientSession() as session:
        yield session
