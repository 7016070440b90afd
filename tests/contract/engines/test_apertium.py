"""The engine on Apertium itself, where its packages are installed: docs/translation.md says how."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shared.engines.translation import Pair
from shared.engines.translation.apertium import ApertiumTranslation
from shared.engines.translation.apertium_modes import installed

PAIRS = installed().pairs()
GOOD = sorted(pair for pair, quality in PAIRS.items() if quality == "good")
NEEDED: Pair = ("es", "pt")

pytestmark = pytest.mark.skipif(
    NEEDED not in PAIRS, reason="Apertium's package apertium-es-pt is not installed (docs/translation.md)"
)

NOTATION = "[]^$/\\@{}<>*#~|_+"


class Apertium:
    """The engine in a loop of its own: its pipelines live from test to test."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._engine = ApertiumTranslation()

    def __call__(self, text: str, pair: Pair = NEEDED) -> str:
        async def asked() -> str:
            return (await self._engine.translate(text, source=pair[0], target=pair[1])).text or ""

        return self._runner.run(asked())

    def close(self) -> None:
        self._runner.run(self._engine.close())
        self._runner.close()


@pytest.fixture(scope="module")
def apertium() -> Iterator[Apertium]:
    one = Apertium()
    yield one
    one.close()


def test_the_meaning_goes_over(apertium: Apertium) -> None:
    assert apertium("¿Dónde está mi pedido? Llevo una semana esperando.").startswith("Onde está meu pedido?")


def test_unknown_words_stay_without_marks(apertium: Apertium) -> None:
    assert "blorfo" in apertium("No me gusta el blorfo.")
    assert "*" not in apertium("No me gusta el blorfo.")


def test_what_is_not_the_rules_to_change_stays(apertium: Apertium) -> None:
    text = "El pedido AB-1234567 de 12,50 € no llegó 😀👍🏽:\n`x = [1]` https://tienda.example/a?b=[1] {nombre} 🇪🇸"

    translated = apertium(text)

    for part in (
        "AB-1234567",
        "12,50 €",
        "😀👍🏽",
        "`x = [1]`",
        "https://tienda.example/a?b=[1]",
        "{nombre}",
        "🇪🇸",
        "\n",
    ):
        assert translated.count(part) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(text="hola[b]c ^d$ e/f \\g@h {i} <j> *k #l ~m +n _o 😀p")
@example(text="\\")
@example(text="hola [][\n]")
@example(text="palabra" * 600)
@example(text="مرحبا hola Привет 你好 ‏ ‮hola‬")
@given(
    text=st.one_of(
        st.text(max_size=60),
        st.text(alphabet="aeñ AB.,!?[]^$/\\@{}<>*#~|_+\0\n\t😀‏", max_size=60),
        st.lists(st.sampled_from(["hola", "el pedido", "[", "]", "^", "$", "\\", "<b>", "😀", "😀\n"])).map(" ".join),
    )
)
def test_no_text_breaks_the_framing(apertium: Apertium, text: str) -> None:
    translated = apertium(text)

    assert {sign: translated.count(sign) for sign in NOTATION} == {sign: text.count(sign) for sign in NOTATION}
    assert translated.count("😀") == text.count("😀")
    assert translated.count("\n") == text.count("\n")
    assert apertium("Gracias por su paciencia.").endswith("paciência.")


@pytest.mark.parametrize("pair", GOOD, ids=["-".join(pair) for pair in GOOD])
def test_every_good_pair_that_is_installed_answers(apertium: Apertium, pair: Pair) -> None:
    translated = apertium("Internet 4471902, ok? AB-1234567", pair)

    assert "nternet" in translated
    assert translated.count("4471902") == translated.count("AB-1234567") == 1
