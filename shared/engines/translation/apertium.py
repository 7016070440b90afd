"""Close languages, and the gist of others, by the pairs of Apertium that are installed: rules, in other processes."""

from __future__ import annotations

import asyncio
import itertools
import logging
import re
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from shared.engines.breaker import Breaker
from shared.engines.chain import EngineFailed, NotServed
from shared.engines.translation import NO_OPTIONS, Pair, Quality, TranslationOptions, sentences
from shared.engines.translation.apertium_modes import FOLDER, Mode, Modes, installed
from shared.engines.translation.protection import Protection
from shared.models.analysis import TranslationResult
from shared.models.base import base_language

if TYPE_CHECKING:
    from shared.engines.translation.apertium_pipeline import Pipeline

log = logging.getLogger(__name__)

PIPELINES = 4
"""Modes that run at once; each takes 50 to 200 MB. The one that was not used for longest makes room."""

SENTENCE_SECONDS = 5.0
"""Time limit of one sentence, the start of the processes included: 10 ms, and 0.3 s the first time."""

WORD_CHARACTERS = 60
"""A longer run without a space is no word."""

_PUNCTUATION = frozenset(" .,;:!?¿¡'’\"“”«»()-–—…")
_SPACE_BEFORE = re.compile(r" +(?=[.,)])")
_SPACES = re.compile(r"  +")
_DOUBTS = str.maketrans("", "", "*#@")
"""How the rules mark words that they do not know, cannot inflect or cannot find; none of these is ever sent."""


class ApertiumTranslation:
    """Translates sentence by sentence; links, addresses, order numbers, amounts, emoji and line ends stay."""

    name = "apertium"

    def __init__(
        self,
        protection: Protection | None = None,
        *,
        folder: Path = FOLDER,
        pipelines: int = PIPELINES,
        seconds: float = SENTENCE_SECONDS,
    ) -> None:
        """`folder` holds the mode files; without it, or with none in it, no pair is served. `seconds`: for a
        sentence. Raises ValueError."""
        if pipelines < 1 or seconds <= 0:
            raise ValueError(f"pipelines and seconds must be above zero, got {pipelines} and {seconds}")
        self._protection = protection or Protection()
        self._folder = folder
        self._most = pipelines
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(max_workers=pipelines, thread_name_prefix="apertium")
        self._modes: Modes | None = None
        self._live: dict[str, _Live] = {}

    async def pairs(self) -> dict[Pair, Quality]:
        """The pairs that are installed."""
        return (await self._installed()).pairs()

    async def translate(
        self, text: str, *, source: str, target: str, options: TranslationOptions = NO_OPTIONS
    ) -> TranslationResult:
        """The text in `target`, in the words of its region where there is a mode for it. Raises NotServed for a pair
        that is not installed or of no use, EngineFailed.

        The rules know no forms of address and no tones.
        """
        mode = (await self._installed()).of(source, target)
        quality = (await self.pairs()).get((base_language(source), base_language(target)))
        if mode is None or quality is None or (options.good_only and quality != "good"):
            raise NotServed(f"{source} to {target}")
        parts = [
            await self._sentence(part, target, mode) if is_sentence else part
            for part, is_sentence in sentences.split(text, self._protection.spans(text, target))
        ]
        return TranslationResult(
            engine=self.name,
            source_language=source,
            target_language=target,
            state="translated",
            text="".join(parts),
            quality=quality,
        )

    async def close(self) -> None:
        """End all processes."""
        for live in self._live.values():
            live.end(self._threads)
        await asyncio.to_thread(self._threads.shutdown)

    async def _installed(self) -> Modes:
        if self._modes is None:
            try:
                self._modes = await asyncio.to_thread(installed, self._folder)
            except OSError as error:
                log.warning("the modes of Apertium cannot be read: %s", type(error).__name__)
                self._modes = Modes({})
        return self._modes

    async def _sentence(self, sentence: str, target: str, mode: Mode) -> str:
        marked = self._protection.mark(sentence, target)
        if marked is not None:
            restored = marked.restore(await self._words(marked.text, mode))
            if restored is not None:
                return restored
        return "".join(
            [
                part if stays else await self._words(part, mode)
                for part, stays in self._protection.pieces(sentence, target)
            ]
        )

    async def _words(self, text: str, mode: Mode) -> str:
        """The text with its words translated; other characters stay where they are, and are not sent.

        So nothing that has a meaning in Apertium's own notation reaches it, and nothing that a customer writes can
        break the framing.
        """
        parts: list[str] = []
        for is_words, characters in itertools.groupby(text, _may_be_sent):
            part = "".join(characters)
            for longer, words in itertools.groupby(part.split(" "), lambda word: len(word) > WORD_CHARACTERS):
                run = " ".join(words)
                parts.append(run if longer or not is_words else await self._run(run, mode))
                parts.append(" ")
            parts.pop()
        return "".join(parts)

    async def _run(self, text: str, mode: Mode) -> str:
        # Dictionaries hold letters with their accents in one character.
        bare = unicodedata.normalize("NFC", text.strip())
        if not any(character.isalpha() for character in bare):
            return text
        live = self._running(mode)
        # A caller who leaves does not leave an answer behind for the next one: it is read to its end.
        answer = await asyncio.shield(asyncio.create_task(live.translate(bare, self._seconds, self._threads)))
        lead = text[: len(text) - len(text.lstrip())]
        trail = text[len(text.rstrip()) :]
        tidy = _SPACE_BEFORE.sub("", _SPACES.sub(" ", answer.translate(_DOUBTS)))
        return f"{lead}{tidy}{trail}"

    def _running(self, mode: Mode) -> _Live:
        """The mode's processes, with room made for them."""
        live = self._live.setdefault(mode.name, _Live(mode))
        others = [one for one in self._live.values() if one is not live and one.started]
        idle = sorted((one for one in others if not one.waiting), key=lambda one: one.used)
        for one in idle[: max(0, len(others) + 1 - self._most)]:
            one.end(self._threads)
        live.used = time.monotonic()
        return live


class _Live:
    """A mode with its processes, started when they are first wanted and again when they ended."""

    def __init__(self, mode: Mode) -> None:
        self._mode = mode
        self._pipeline: Pipeline | None = None
        self._turn = asyncio.Lock()
        # One pair that does not work is not to shut the others out, as the chain's own breaker would.
        self._breaker = Breaker(time.monotonic)
        self.waiting = 0
        """Texts that are being translated or wait for it."""
        self.used = 0.0

    @property
    def started(self) -> bool:
        """Whether it takes room."""
        return self._pipeline is not None

    async def translate(self, text: str, seconds: float, threads: ThreadPoolExecutor) -> str:
        """The translation; one text at a time. Raises EngineFailed, NotServed after repeated failures."""
        self.waiting += 1
        try:
            async with self._turn:
                if not self._breaker.admit():
                    raise NotServed(f"{self._mode.name} is left alone after repeated failures")
                answer = await asyncio.get_running_loop().run_in_executor(threads, self._ask, text, seconds)
        except EngineFailed as failure:
            self._breaker.failed(failure.reason)
            raise
        finally:
            self.waiting -= 1
        self._breaker.answered()
        return answer

    def end(self, threads: ThreadPoolExecutor) -> None:
        """End the processes, if there are any; nobody waits for it."""
        pipeline, self._pipeline = self._pipeline, None
        if pipeline is not None:
            threads.submit(pipeline.kill)

    def _ask(self, text: str, seconds: float) -> str:
        # What it imports is not on every system; where it is not, no mode is installed.
        from shared.engines.translation.apertium_pipeline import Pipeline

        pipeline = self._pipeline
        if pipeline is not None and not pipeline.alive():
            pipeline.kill()
            pipeline = None
        if pipeline is None:
            pipeline = self._pipeline = Pipeline(self._mode)
        return pipeline.translate(text, seconds)


def _may_be_sent(character: str) -> bool:
    """Letters, digits, what is written on letters, and the punctuation of sentences."""
    if character in _PUNCTUATION:
        return True
    return character <= "\uffff" and (character.isalnum() or unicodedata.category(character) in ("Mn", "Mc"))
