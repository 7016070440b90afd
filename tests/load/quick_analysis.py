"""The embedded engines on their own."""

from __future__ import annotations

import os
import time

from local.stack.commands import ROOT
from local.stack.settings import sample_settings
from shared.engines.personal_data.patterns import PatternPersonalData
from shared.engines.understanding import Understanding
from shared.services import services
from tests.load.options import Options
from tests.load.report import Row
from tests.load.texts import ENGLISH, PORTUGUESE, message

WARM_UP = 20
GOAL = 30.0
REDACTION = PatternPersonalData()


async def measure(options: Options) -> list[Row]:
    """How long a request waits for the quick reading and the redaction, and how often a part came too late."""
    for name, value in sample_settings(ROOT).items():
        os.environ.setdefault(name, value)
    connected = await services()
    try:
        return await _measured(connected.understanding, options)
    finally:
        # The look for the active intent model asked for a database that is not there.
        await connected.database.close()


async def _measured(understanding: Understanding, options: Options) -> list[Row]:
    await understanding.warm()
    rows = []
    for language, texts in (("English", ENGLISH), ("Portuguese", PORTUGUESE)):
        for number in range(WARM_UP):
            await _one(understanding, message(texts, 1_000 + number))
        readings = [await _one(understanding, message(texts, 2_000 + number)) for number in range(options.messages)]
        rows.append(Row.of_times(f"quick analysis, {language}", [taken for taken, _ in readings], GOAL))
        late = sum(not whole for _, whole in readings)
        rows.append(Row(f"of these not whole in time, {language}", str(late), "", "", len(readings)))
    return rows


async def _one(understanding: Understanding, text: str) -> tuple[float, bool]:
    """Milliseconds, and whether nothing is missing."""
    began = time.perf_counter()
    analysis = await understanding.quick(text, prior_language=None)
    await REDACTION.redact(text, language=analysis.language.language if analysis.language else None)
    taken = (time.perf_counter() - began) * 1000
    return taken, None not in (analysis.language, analysis.intent, analysis.sentiment)
