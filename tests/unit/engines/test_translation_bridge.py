"""Two engines one after the other: which pairs, what is kept, what happens when one fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shared.engines.chain import EngineFailed, NotServed
from shared.engines.translation import NO_OPTIONS, Pair, Quality, TranslationOptions
from shared.engines.translation.bridge import BridgedTranslation
from shared.engines.translation.glossary import Glossary
from shared.engines.translation.protection import Protection
from shared.models.analysis import TranslationResult

PROTECTION = Protection(Glossary({"Aurora": {}, "vale": {"pt": "cupão", "en": "voucher"}}))


class Step:
    """An engine that writes down what it was given, and changes it as told."""

    def __init__(self, name: str, pairs: dict[Pair, Quality], change: Callable[[str], str] = str.upper) -> None:
        self.name = name
        self.given: list[str] = []
        self._pairs, self._change = pairs, change

    async def pairs(self) -> dict[Pair, Quality]:
        return self._pairs

    async def translate(
        self, text: str, *, source: str, target: str, options: TranslationOptions = NO_OPTIONS
    ) -> TranslationResult:
        self.given.append(text)
        return TranslationResult(
            engine=self.name,
            source_language=source,
            target_language=target,
            state="translated",
            text=self._change(text),
        )


def rules(change: Callable[[str], str] = str.upper) -> Step:
    return Step(
        "rules", {("es", "pt"): "good", ("pt", "es"): "good", ("fr", "pt"): "gist", ("es", "en"): "gist"}, change
    )


def network(change: Callable[[str], str] = str) -> Step:
    return Step("network", {("pt", "en"): "good", ("en", "pt"): "good"}, change)


async def test_only_steps_that_are_good_are_taken_and_the_whole_is_a_gist() -> None:
    bridge = BridgedTranslation(rules(), network())

    assert bridge.name == "rules+network"
    assert await bridge.pairs() == {("es", "en"): "gist", ("en", "es"): "gist"}
    with pytest.raises(NotServed):
        await bridge.translate("bonjour", source="fr", target="en")


async def test_where_a_gist_is_of_no_use_it_is_not_made() -> None:
    first = rules()

    with pytest.raises(NotServed):
        await BridgedTranslation(first, network()).translate(
            "hola", source="es", target="en", options=TranslationOptions(good_only=True)
        )
    assert first.given == []


async def test_a_text_goes_over_both_in_their_order() -> None:
    first, second = rules(lambda text: f"{text} uno"), network(lambda text: f"{text} two")
    bridge = BridgedTranslation(first, second)

    there = await bridge.translate("hola", source="es-MX", target="en-GB")
    back = await bridge.translate("hello", source="en", target="es")

    assert (there.text, back.text) == ("hola uno two", "hello two uno")
    assert (there.engine, there.quality, there.source_language, there.target_language) == (
        "rules+network",
        "gist",
        "es-MX",
        "en-GB",
    )


async def test_terms_are_given_in_the_last_language_and_numbers_stay() -> None:
    first = rules()
    bridge = BridgedTranslation(first, network(), PROTECTION)

    result = await bridge.translate("el vale AB-1234567 de Aurora", source="es", target="en")

    assert result.text == "EL voucher AB-1234567 DE Aurora"
    assert not any("vale" in text or "AB-1234567" in text for text in first.given)


async def test_when_marks_are_lost_on_the_way_the_text_goes_over_without_them() -> None:
    bridge = BridgedTranslation(rules(lambda text: text.replace("XQ", "")), network(), PROTECTION)

    result = await bridge.translate("pedido AB-1234567", source="es", target="en")

    assert result.text == "pedido AB-1234567"


async def test_a_step_that_fails_is_the_bridges_failure() -> None:
    def fails(_: str) -> str:
        raise EngineFailed("time limit")

    with pytest.raises(EngineFailed, match="time limit"):
        await BridgedTranslation(rules(), network(fails)).translate("hola", source="es", target="en")
