"""How long a chain takes to answer when its cloud engine hangs, and when that engine is left alone."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from azure.core.credentials import AzureKeyCredential

from shared.engines.azure_language import AzureLanguage
from shared.engines.chain import FAILURES_THAT_OPEN, Chain, NoEngineAnswered
from shared.engines.language import LanguageEngine
from shared.engines.language.azure import AzureLanguageDetection
from shared.engines.language.langid import LangidLanguage
from tests.fakes.core import fails, hangs
from tests.fakes.language import FakeLanguage
from tests.load.options import Options
from tests.load.report import Row
from tests.load.texts import ENGLISH, message

LIMIT = 0.1
"""Seconds: the limit that is watched. The time beyond it does not depend on how long it is."""

NEVER = 60.0
GOAL = 50.0
SAMPLES = 50


async def measure(options: Options) -> list[Row]:
    """Milliseconds beyond the limit, and with the breaker open in all; the real SDK talks to a service on a socket."""
    logging.getLogger("shared.engines.chain").setLevel(logging.ERROR)
    async with _hanging() as (service, cloud):
        embedded = LangidLanguage()
        await embedded.detect(message(ENGLISH, 0), prior=None)
        count = min(options.messages, SAMPLES)
        late: dict[str, list[float]] = {"hedged": [], "at the engine's limit": [], "no engine left": []}
        for number in range(count):
            text = message(ENGLISH, 3_000 + number)
            hedged = Chain("language", [cloud, embedded], limit=NEVER, engine_limit=NEVER, hedge_after=LIMIT)
            late["hedged"].append(await _taken(hedged, text) - LIMIT * 1000)
            in_turn = Chain("language", [cloud, embedded], limit=NEVER, engine_limit=LIMIT)
            late["at the engine's limit"].append(await _taken(in_turn, text) - LIMIT * 1000)
            alone = Chain("language", [cloud], limit=LIMIT, engine_limit=NEVER)
            late["no engine left"].append(await _taken(alone, text) - LIMIT * 1000)
            for chain in (hedged, in_turn, alone):
                await chain.close()
        service.always(fails(401))
        left_alone = Chain("language", [cloud, embedded], limit=NEVER, engine_limit=NEVER, hedge_after=LIMIT)
        for number in range(FAILURES_THAT_OPEN):
            await _taken(left_alone, message(ENGLISH, number))
        quick = [await _taken(left_alone, message(ENGLISH, 4_000 + number)) for number in range(options.messages)]
    rows = [Row.of_times(f"cloud engine hangs, {how}: beyond the limit", times, GOAL) for how, times in late.items()]
    return [*rows, Row.of_times("breaker open: the whole answer", quick, GOAL)]


@asynccontextmanager
async def _hanging() -> AsyncIterator[tuple[FakeLanguage, LanguageEngine]]:
    async with FakeLanguage().running() as service:
        resource = AzureLanguage(service.url, AzureKeyCredential("key"), timeout=NEVER)
        cloud = AzureLanguageDetection(resource)
        await cloud.detect(message(ENGLISH, 0), prior=None)
        service.always(hangs)
        yield service, cloud
        await resource.close()


async def _taken(chain: Chain[LanguageEngine], text: str) -> float:
    """Milliseconds until the chain answers or says that nobody does."""
    began = time.perf_counter()
    try:
        await chain.ask(lambda engine: engine.detect(text, prior=None))
    except NoEngineAnswered:
        if len(chain.engines) > 1:
            raise
    return (time.perf_counter() - began) * 1000
