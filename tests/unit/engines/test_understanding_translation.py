"""Translations through the one door: which engine, how good, and what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from shared.desk.replies import for_customer
from shared.engines.chain import Chain, NotServed
from shared.engines.translation import NO_OPTIONS, Pair, Quality, TranslationOptions
from shared.engines.translation.cache import TranslationCache
from shared.engines.translation.served import Translator
from shared.engines.understanding import Chains, Understanding
from shared.models.analysis import TranslationResult

TEXT = "Where is my order?"


class Translating:
    """An engine with pairs of its own, which can be ill."""

    def __init__(self, name: str, pairs: Mapping[Pair, Quality] | None, *, follows: bool = False) -> None:
        self.name = name
        self.follows = follows
        self.ill = False
        self.asked: list[TranslationOptions] = []
        self._pairs = pairs

    async def pairs(self) -> Mapping[Pair, Quality] | None:
        return self._pairs

    async def translate(
        self, text: str, *, source: str, target: str, options: TranslationOptions = NO_OPTIONS
    ) -> TranslationResult:
        self.asked.append(options)
        if self.ill:
            raise ConnectionError
        if self._pairs is not None and (source, target) not in self._pairs:
            raise NotServed
        return TranslationResult(
            engine=self.name,
            source_language=source,
            target_language=target,
            state="translated",
            text=f"[{target}] {text}",
            quality="good" if self._pairs is None else self._pairs[source, target],
            formality=options.formality if self.follows else None,
        )


def an_understanding(*engines: Translating) -> Understanding:
    chains: dict[str, Any] = {name: Chain(name, [], limit=5, engine_limit=5) for name in Chains.__dataclass_fields__}
    chains["translation"] = Chain("translation", engines, limit=5, engine_limit=5)
    return Understanding(Chains(**chains), translations=TranslationCache(1 << 20))


async def test_each_pair_names_its_first_engine_and_how_good_it_is() -> None:
    close = Translating("close", {("es", "pt"): "good", ("en", "es"): "gist"})
    any_pair = Translating("any", None)

    alone = await an_understanding(close).translators()
    both = await an_understanding(close, any_pair).translators()

    assert alone.of("es-MX", "pt-BR") == Translator("close", "good")
    assert alone.of("en", "es") == Translator("close", "gist")
    assert (alone.of("de", "en"), alone.of("es", "es-MX")) == (None, None)
    assert both.of("de", "en") == Translator("any", "good")
    assert both.of("en", "es") == Translator("close", "gist")


async def test_what_was_translated_is_not_asked_for_again() -> None:
    engine = Translating("close", {("en", "pt"): "good"})
    understanding = an_understanding(engine)

    first = await understanding.translate(TEXT, "en", "pt")
    again = await understanding.translate(TEXT, "en", "pt")
    formal = await understanding.translate(TEXT, "en", "pt", TranslationOptions(formality="formal"))

    assert (first.cached, again.cached, again.text, formal.cached) == (False, True, first.text, False)
    assert len(engine.asked) == 2


async def test_a_gist_and_the_work_of_a_stand_in_are_not_kept() -> None:
    first, second = Translating("first", None), Translating("second", {("en", "pt"): "good"})
    gist = Translating("gist", {("en", "es"): "gist"})
    understanding = an_understanding(first, second)
    roughly = an_understanding(gist)

    first.ill = True
    stood_in = await understanding.translate(TEXT, "en", "pt")
    first.ill = False
    well_again = await understanding.translate(TEXT, "en", "pt")
    for _ in range(2):
        await roughly.translate(TEXT, "en", "es")

    assert (stood_in.engine, well_again.engine, len(gist.asked)) == ("second", "first", 2)


async def test_the_gist_of_a_reply_is_not_sent_and_of_a_message_is_shown() -> None:
    understanding = an_understanding(Translating("close", {("en", "es"): "gist", ("en", "pt"): "good"}))

    shown = await understanding.translate(TEXT, "en", "es")
    not_sent = await for_customer(understanding, TEXT, "en", "es")
    sent = await for_customer(understanding, TEXT, "en", "pt")

    assert (shown.state, shown.quality, shown.text) == ("translated", "gist", f"[es] {TEXT}")
    assert (not_sent.state, not_sent.quality, not_sent.text) == ("untranslated", "good", None)
    assert (sent.state, sent.text) == ("translated", f"[pt] {TEXT}")


@pytest.mark.parametrize(
    ("language", "asked", "wanted"),
    [
        ("de", None, "formal"),
        ("sv", None, "informal"),
        ("de", "informal", "informal"),
        ("fi", None, None),
        ("de", "default", None),
        ("eo", None, None),
        ("de-XQ", None, None),
    ],
)
async def test_customers_are_addressed_as_is_usual_unless_the_agent_says_otherwise(
    language: str, asked: Any, wanted: str | None
) -> None:
    engine = Translating("any", None, follows=True)

    result = await for_customer(an_understanding(engine), TEXT, "en", language, asked)

    assert [options.formality for options in engine.asked] == [wanted]
    assert result.formality == wanted
