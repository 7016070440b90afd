"""How fast the embedded engines are and how much memory they take: `python -m tests.quality.engines`.

Prints one JSON object: for each engine, and for the whole analysis of a message, milliseconds a text (wall clock and
processor time, which what else runs on the machine disturbs less), megabytes added and seconds to load. Each is
measured in a fresh process that has one core to itself; `--only NAME` measures one.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import gc
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from local.stack.commands import ROOT
from local.stack.settings import sample_settings
from tests.load.report import percentile
from tests.load.texts import ENGLISH, PORTUGUESE, message

TEXTS = 200
"""Texts that each figure is taken from."""

WARM_UP = 10
WHOLE = "whole"
GOALS = {"ms_p95": 30.0, "added_mb": 350.0, "loaded_in_seconds": 1.0}
"""What the whole analysis may take."""

_BEFORE = ("shared.desk.analysis", "shared.desk.sockets", "shared.services")
"""What a worker has imported before its first message."""

_LIMIT_SECONDS = 120

Read = Callable[[str, str], Awaitable[object]]
"""Reads a text in a language."""


def _embedding() -> Read:
    from shared.engines.embedding.minilm import MiniLmEmbedding

    engine = MiniLmEmbedding()
    return lambda text, language: engine.embed([text])


def _language() -> Read:
    from shared.engines.language.langid import LangidLanguage

    engine = LangidLanguage()
    return lambda text, language: engine.detect(text, prior=None)


def _intent() -> Read:
    from shared.engines.embedding.minilm import MiniLmEmbedding
    from shared.engines.intent.linear import LinearIntent

    engine = LinearIntent(MiniLmEmbedding())
    return lambda text, language: engine.classify(text)


def _sentiment() -> Read:
    from shared.engines.embedding.minilm import MiniLmEmbedding
    from shared.engines.sentiment.head import HeadSentiment

    engine = HeadSentiment(MiniLmEmbedding())
    return lambda text, language: engine.score(text, language=language)


def _entities() -> Read:
    from shared.engines.entities.patterns import PatternEntities

    engine = PatternEntities(())
    return lambda text, language: engine.recognise(text, language=language)


def _key_phrases() -> Read:
    from shared.engines.key_phrases.stopwords import StopwordKeyPhrases

    engine = StopwordKeyPhrases()
    return lambda text, language: engine.extract(text, language=language)


def _personal_data() -> Read:
    from shared.engines.personal_data.patterns import PatternPersonalData

    engine = PatternPersonalData()
    return lambda text, language: engine.redact(text, language=language)


def _translation() -> Read:
    from shared.engines.translation.bergamot import BergamotTranslation

    engine = BergamotTranslation()
    return lambda text, language: engine.translate(text, source=language, target="en" if language == "pt" else "pt")


def _whole() -> Read:
    from shared.engines.personal_data.patterns import PatternPersonalData
    from shared.services import understanding_of
    from shared.settings import Settings

    # As the request does it, but nothing is given up as too late.
    understanding = understanding_of(Settings(quick_analysis_seconds=10))
    redaction = PatternPersonalData()

    async def read(text: str, language: str) -> None:
        analysis = await understanding.quick(text, prior_language=None)
        await redaction.redact(text, language=language)
        missing = [part for part in ("language", "intent", "sentiment") if getattr(analysis, part) is None]
        if missing:
            raise RuntimeError(f"the analysis lacks {', '.join(missing)}")

    return read


ENGINES: dict[str, tuple[Callable[[], Read], tuple[str, ...]]] = {
    "language": (_language, ("en", "pt")),
    "embedding": (_embedding, ("en",)),
    "intent, with its embedding": (_intent, ("en",)),
    "sentiment, with its embedding": (_sentiment, ("en",)),
    "entities": (_entities, ("en", "pt")),
    "key phrases": (_key_phrases, ("en", "pt")),
    "personal data": (_personal_data, ("en", "pt")),
    "translation": (_translation, ("pt", "en")),
    WHOLE: (_whole, ("en", "pt")),
}
"""How each is made, and the languages it is measured in. The whole shares what its engines have in common."""

_MESSAGES = {"en": ENGLISH, "pt": PORTUGUESE}


async def measure(name: str) -> dict[str, Any]:
    """The figures of one engine. This process must not have loaded any."""
    make, languages = ENGINES[name]
    for setting, value in sample_settings(ROOT).items():
        os.environ.setdefault(setting, value)
    for module in _BEFORE:
        import_module(module)
    before = memory_mb()
    read = make()
    blocked: list[float] = []
    watching = asyncio.create_task(_watch(blocked))
    started = time.perf_counter()
    for language in languages:
        await read(message(_MESSAGES[language], 0), language)
    loaded_in = time.perf_counter() - started
    watching.cancel()
    times = {language: await _times(read, language) for language in languages}
    after = memory_mb()
    return {
        "languages": times,
        "loaded_in_seconds": round(loaded_in, 2),
        "loop_blocked_ms": round(max(blocked, default=0.0), 1),
        "added_mb": None if before is None or after is None else round(after - before, 1),
    }


async def _times(read: Read, language: str) -> dict[str, float]:
    numbers = itertools.count(1_000)
    for _ in range(WARM_UP):
        await read(message(_MESSAGES[language], next(numbers)), language)
    wall, processor = [], []
    for _ in range(TEXTS):
        text = message(_MESSAGES[language], next(numbers))
        started, used = time.perf_counter(), time.process_time()
        await read(text, language)
        processor.append((time.process_time() - used) * 1000)
        wall.append((time.perf_counter() - started) * 1000)
    return {
        "ms_p50": round(percentile(wall, 50), 2),
        "ms_p95": round(percentile(wall, 95), 2),
        "processor_ms_p50": round(percentile(processor, 50), 2),
        "processor_ms_p95": round(percentile(processor, 95), 2),
    }


async def _watch(blocked: list[float], beat: float = 0.002) -> None:
    """How many milliseconds at a time nothing else could run on the loop."""
    with suppress(asyncio.CancelledError):
        while True:
            slept = time.perf_counter()
            await asyncio.sleep(beat)
            blocked.append((time.perf_counter() - slept - beat) * 1000)


def memory_mb() -> float | None:
    """Resident memory of this process without what the allocator only keeps for later; null where it is not told."""
    rollup = Path("/proc/self/smaps_rollup")
    if not rollup.exists():
        return None
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    lines = rollup.read_text(encoding="ascii").splitlines()
    (kilobytes,) = (int(line.split()[1]) for line in lines if line.startswith("Rss:"))
    return kilobytes / 1024


def measure_all() -> dict[str, Any]:
    """The figures of every engine, each from a process of its own. Raises CalledProcessError."""
    figures: dict[str, Any] = {}
    for name in ENGINES:
        asked = [sys.executable, "-m", "tests.quality.engines", "--only", name]
        answer = subprocess.run(asked, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, timeout=_LIMIT_SECONDS)
        figures[name] = json.loads(answer.stdout)[name]
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure how fast the embedded engines are, and their memory.")
    parser.add_argument("--only", choices=ENGINES, help="measure this one")
    only = parser.parse_args().only
    if only is None:
        figures = measure_all()
    else:
        if hasattr(os, "sched_setaffinity"):
            # Before anything counts the cores: libraries start as many threads.
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        figures = {only: asyncio.run(measure(only))}
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
