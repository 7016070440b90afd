from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from azure.core.credentials import AzureKeyCredential

from shared.engines.azure_language import AzureLanguage
from shared.engines.reasoning.gemini import Gemini
from shared.engines.translation.azure import AzureTranslation
from tests.contract.engines.support import KEY, TIMEOUT
from tests.fakes.gemini import MODEL, FakeGemini
from tests.fakes.language import FakeLanguage
from tests.fakes.translator import FakeTranslator


@pytest_asyncio.fixture
async def language() -> AsyncIterator[FakeLanguage]:
    async with FakeLanguage().running() as fake:
        yield fake


@pytest_asyncio.fixture
async def resource(language: FakeLanguage) -> AsyncIterator[AzureLanguage]:
    service = AzureLanguage(language.url, AzureKeyCredential(KEY), timeout=TIMEOUT)
    yield service
    await service.close()


@pytest_asyncio.fixture
async def translator() -> AsyncIterator[FakeTranslator]:
    async with FakeTranslator().running() as fake:
        yield fake


@pytest_asyncio.fixture
async def translation(translator: FakeTranslator) -> AsyncIterator[AzureTranslation]:
    engine = AzureTranslation(translator.url, AzureKeyCredential(KEY), region="westeurope", timeout=TIMEOUT)
    yield engine
    await engine.close()


@pytest_asyncio.fixture
async def gemini(fake: FakeGemini) -> AsyncIterator[Gemini]:
    """A client of the fake that the test file's own fixture has set up."""
    client = Gemini(KEY, model=MODEL, timeout=TIMEOUT, base_url=fake.url)
    yield client
    await client.close()
