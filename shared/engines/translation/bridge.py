"""Two engines one after the other: a language that neither serves alone, by way of a third that is close to it."""

from __future__ import annotations

from dataclasses import dataclass

from shared.engines.chain import NotServed
from shared.engines.translation import NO_OPTIONS, Pair, Quality, TranslationEngine, TranslationOptions
from shared.engines.translation.protection import Protection
from shared.models.analysis import TranslationResult
from shared.models.base import base_language


@dataclass(frozen=True)
class _Way:
    first: TranslationEngine
    by: str
    second: TranslationEngine


class BridgedTranslation:
    """Takes only steps that are good by themselves. What comes out is a gist: the errors of both add up."""

    def __init__(self, one: TranslationEngine, other: TranslationEngine, protection: Protection | None = None) -> None:
        """`protection` knows what stays."""
        self.name = f"{one.name}+{other.name}"
        self._one, self._other = one, other
        self._protection = protection or Protection()

    async def pairs(self) -> dict[Pair, Quality]:
        """The pairs that need a step of each."""
        return dict.fromkeys(await self._ways(), "gist")

    async def translate(
        self, text: str, *, source: str, target: str, options: TranslationOptions = NO_OPTIONS
    ) -> TranslationResult:
        """The text in `target`. Raises NotServed for other pairs and where a gist is of no use, and what the two
        engines raise."""
        way = (await self._ways()).get((base_language(source), base_language(target)))
        if way is None or options.good_only:
            raise NotServed(f"{source} to {target}")
        # Marked for the last language: a term is given in that one, and not in the one between.
        marked = self._protection.mark(text, target)
        found = None if marked is None else marked.restore(await _through(way, marked.text, source, target, options))
        return TranslationResult(
            engine=self.name,
            source_language=source,
            target_language=target,
            state="translated",
            text=await _through(way, text, source, target, options) if found is None else found,
            quality="gist",
        )

    async def _ways(self) -> dict[Pair, _Way]:
        ways: dict[Pair, _Way] = {}
        for first, second in ((self._one, self._other), (self._other, self._one)):
            onward = await _good(second)
            for source, by in await _good(first):
                for target in (to for start, to in onward if start == by and to != source):
                    ways[source, target] = _Way(first, by, second)
        return ways


async def _good(engine: TranslationEngine) -> list[Pair]:
    return [pair for pair, quality in (await engine.pairs() or {}).items() if quality == "good"]


async def _through(way: _Way, text: str, source: str, target: str, options: TranslationOptions) -> str:
    halfway = await way.first.translate(text, source=source, target=way.by, options=options)
    whole = await way.second.translate(halfway.text or "", source=way.by, target=target, options=options)
    return whole.text or ""
