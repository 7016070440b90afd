"""What was translated is kept, within bounds; what is asked for twice at once is made once."""

from __future__ import annotations

import asyncio

import pytest

from shared.engines.translation import TranslationOptions
from shared.engines.translation.cache import ENTRY_BYTES, TranslationCache, Wanted
from shared.models.analysis import TranslationResult

WANTED = Wanted("Hola", "es", "en", TranslationOptions(), ("azure", "apertium"))


class Translation:
    """A translation that counts how often it is asked for, and waits to be let go when told so."""

    def __init__(self, text: str = "Hello", *, held: bool = False) -> None:
        self.asked = 0
        self.given_up = 0
        self.begun, self.let_go = asyncio.Event(), asyncio.Event()
        self._text = text
        if not held:
            self.let_go.set()

    async def __call__(self) -> TranslationResult | None:
        self.asked += 1
        self.begun.set()
        try:
            await self.let_go.wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        return TranslationResult(
            engine="azure",
            source_language="es",
            target_language="en",
            state="translated",
            text=self._text,
            latency_ms=12,
        )


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def always(_: TranslationResult) -> bool:
    return True


def never(_: TranslationResult) -> bool:
    return False


async def test_the_second_time_nothing_is_asked_and_the_result_says_so() -> None:
    cache, translation = TranslationCache(1 << 20), Translation()

    first = await cache.ask(WANTED, translation, always)
    second = await cache.ask(WANTED, translation, always)

    assert first is not None
    assert second is not None
    assert (first.cached, first.latency_ms, second.cached, second.latency_ms) == (False, 12, True, 0)
    assert (second.text, second.engine, translation.asked) == ("Hello", "azure", 1)


@pytest.mark.parametrize(
    "other",
    [
        Wanted("hola", "es", "en", TranslationOptions(), ("azure", "apertium")),
        Wanted("Hola", "es-MX", "en", TranslationOptions(), ("azure", "apertium")),
        Wanted("Hola", "es", "en-GB", TranslationOptions(), ("azure", "apertium")),
        Wanted("Hola", "es", "en", TranslationOptions(formality="formal"), ("azure", "apertium")),
        Wanted("Hola", "es", "en", TranslationOptions(tone="formal"), ("azure", "apertium")),
        Wanted("Hola", "es", "en", TranslationOptions(), ("apertium",)),
    ],
    ids=["text", "source", "target", "formality", "tone", "engines"],
)
async def test_what_differs_in_anything_is_asked_for(other: Wanted) -> None:
    cache, translation = TranslationCache(1 << 20), Translation()

    await cache.ask(WANTED, translation, always)
    result = await cache.ask(other, translation, always)

    assert result is not None
    assert (result.cached, translation.asked) == (False, 2)


def test_another_glossary_is_another_key() -> None:
    assert WANTED.key("one") != WANTED.key("other")


async def test_what_is_not_worth_keeping_or_failed_is_asked_for_again() -> None:
    cache, translation = TranslationCache(1 << 20), Translation()

    async def nothing() -> None:
        return None

    await cache.ask(WANTED, translation, never)
    assert await cache.ask(WANTED, nothing, always) is None
    await cache.ask(WANTED, translation, never)

    assert (translation.asked, cache.bytes) == (2, 0)


async def test_who_ask_at_once_share_one_translation() -> None:
    cache, translation = TranslationCache(1 << 20), Translation(held=True)
    asking = [asyncio.create_task(cache.ask(WANTED, translation, never)) for _ in range(5)]
    await translation.begun.wait()

    asking[0].cancel()
    translation.let_go.set()
    results = await asyncio.gather(*asking, return_exceptions=True)

    assert isinstance(results[0], asyncio.CancelledError)
    assert [result.text for result in results[1:] if isinstance(result, TranslationResult)] == ["Hello"] * 4
    assert translation.asked == 1


async def test_a_translation_that_nobody_waits_for_is_given_up_and_the_next_begins_anew() -> None:
    cache, translation = TranslationCache(1 << 20), Translation(held=True)
    asking = asyncio.create_task(cache.ask(WANTED, translation, always))
    await translation.begun.wait()

    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    translation.let_go.set()
    result = await cache.ask(WANTED, translation, always)

    assert result is not None
    assert (result.text, translation.asked, translation.given_up) == ("Hello", 2, 1)


async def test_a_failure_is_every_callers_and_not_kept() -> None:
    cache, translation = TranslationCache(1 << 20), Translation()

    async def fails() -> TranslationResult | None:
        raise RuntimeError("broken")

    failures = await asyncio.gather(*(cache.ask(WANTED, fails, always) for _ in range(2)), return_exceptions=True)

    assert [type(failure) for failure in failures] == [RuntimeError, RuntimeError]
    assert await cache.ask(WANTED, translation, always) is not None


async def test_entries_grow_old() -> None:
    clock, translation = Clock(), Translation()
    cache = TranslationCache(1 << 20, seconds=60, clock=clock)
    await cache.ask(WANTED, translation, always)

    clock.now = 59
    young = await cache.ask(WANTED, translation, always)
    clock.now = 60
    old = await cache.ask(WANTED, translation, always)

    assert young is not None
    assert old is not None
    assert (young.cached, old.cached, translation.asked) == (True, False, 2)


async def test_the_least_recently_used_makes_room() -> None:
    cache = TranslationCache(2 * ENTRY_BYTES + 100)
    wanted = [Wanted(text, "es", "en", TranslationOptions(), ()) for text in ("uno", "dos", "tres")]
    translations = [Translation(), Translation(), Translation()]

    for place in (0, 1, 0, 2, 0, 1):
        await cache.ask(wanted[place], translations[place], always)

    assert [translation.asked for translation in translations] == [1, 2, 1]
    assert cache.bytes <= 2 * ENTRY_BYTES + 100


async def test_a_text_larger_than_the_cache_and_a_cache_of_nothing_keep_nothing() -> None:
    small, none = TranslationCache(ENTRY_BYTES + 10), TranslationCache(0)
    long = Translation("x" * 100)

    for cache in (small, small, none, none):
        result = await cache.ask(WANTED, long, always)
        assert result is not None
        assert not result.cached

    assert (long.asked, small.bytes, none.bytes) == (4, 0, 0)
