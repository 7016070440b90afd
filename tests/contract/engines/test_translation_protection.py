"""What must stay stays, in number and letter by letter, whatever an engine makes of a text: held for every engine."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from azure.core.credentials import AzureKeyCredential
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shared.engines.translation import TranslationEngine
from shared.engines.translation.apertium import ApertiumTranslation
from shared.engines.translation.azure import AzureTranslation
from shared.engines.translation.bergamot import BergamotTranslation
from shared.engines.translation.glossary import Glossary
from shared.engines.translation.protection import Protection
from tests.contract.engines.support import KEY, TIMEOUT
from tests.fakes.apertium import FakeApertium
from tests.fakes.apertium_stage import BEHAVIOURS
from tests.fakes.translator import FakeTranslator

GLOSSARY = Glossary(
    {"Aurora Mini": {}, "Dr. Lund & Sons": {}, "Yes! Card": {}, "return slip": {"es": "hoja de devolución"}},
    names=["Nordlys"],
)
PROTECTION = Protection(GLOSSARY)

STAYS = (
    "https://shop.example/track?id=5&x=[1]",
    "rita.silva+shop@mail.example",
    "mailto:help@shop.example",
    "shop.example/ação?x=ü",
    "www.loja.pl/zwroty",
    "ftp://shop.example/file",
    "AB-1234567",
    "№ 55",
    "2001:db8::1",
    "@{name}",
    "#998877",
    "12,50 €",
    "R$ 1.299,90",
    "2026-03-01",
    "`pip install x == 1`",
    "```\nfor a in b:\n    print(a)\n\nend\n```",
    'prices["net"]',
    'save_order(4, "red")',
    "fetch('/api').then(r => r.json())",
    "C:\\shop\\log.txt",
    "/srv/shop/orders.py",
    "C#",
    "{order_id}",
    "{{ first name }}",
    "%(total)s",
    "<b>",
    "😀",
    "👍🏽",
    "👩‍👩‍👧‍👦",
    "🇧🇷",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "❤️‍🔥",
    "1️⃣",
    "™",
    ":)",
    "Aurora Mini",
    "AURORA MINI",
    "Dr. Lund & Sons",
    "Yes! Card",
    "Nordlys",
)
NOTATION = "[]^$/\\@{}<>~|*_"

WORDS = st.sampled_from(
    ["where", "Is", "the parcel?", "please.", "it was", "promised, today", "XQ", "kx1", "\n", "((", "…"]
)
PARTS = st.lists(st.one_of(st.sampled_from(STAYS), WORDS), min_size=1, max_size=12)


@dataclass
class Bench:
    """An engine, and the loop it lives in."""

    engine: TranslationEngine
    source: str
    target: str
    runner: asyncio.Runner

    def translated(self, text: str) -> str:
        async def asked() -> str:
            result = await self.engine.translate(text, source=self.source, target=self.target)
            assert result.text is not None
            return result.text

        return self.runner.run(asked())


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as one:
        yield one


def reversed_words(text: str, target: str) -> str:
    return " ".join(reversed(text.split(" ")))


def without_marks(text: str, target: str) -> str:
    return re.sub(r"[A-Z]{2}\d+", "", text)


def marks_bent(text: str, target: str) -> str:
    return re.sub(r"([A-Z]{2})(\d+)", r"\1 \2", text).replace("😀", "")


def emoji_taken_apart(text: str, target: str) -> str:
    apart = re.sub("[\u200d\ufe0f\U000e0020-\U000e007f]", "", text)
    return re.sub("([\U0001f1e6-\U0001f1ff])([\U0001f1e6-\U0001f1ff])", r"\2\1", apart)


def numbers_changed(text: str, target: str) -> str:
    return re.sub(r"\d+", lambda number: str(int(number[0]) + 1), text).replace("\n", " ")


@pytest.fixture(scope="module", params=[reversed_words, without_marks, marks_bent, emoji_taken_apart, numbers_changed])
def azure(request: pytest.FixtureRequest, runner: asyncio.Runner) -> Iterator[Bench]:
    fake = FakeTranslator()
    translation: Callable[[str, str], str] = request.param
    fake.translation = translation
    running = fake.running()
    runner.run(running.__aenter__())
    engine = AzureTranslation(
        fake.url, AzureKeyCredential(KEY), region="westeurope", timeout=TIMEOUT, protection=PROTECTION
    )
    yield Bench(engine, "en", "de", runner)
    runner.run(engine.close())
    runner.run(running.__aexit__(None, None, None))


@pytest.fixture(scope="module", params=sorted(BEHAVIOURS))
def apertium(
    request: pytest.FixtureRequest, runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Bench, FakeApertium]]:
    fake = FakeApertium(tmp_path_factory.mktemp("modes"))
    fake.mode("eng-spa", request.param)
    engine = ApertiumTranslation(PROTECTION, folder=fake.folder)
    yield Bench(engine, "en", "es", runner), fake
    runner.run(engine.close())


def missing(text: str, translated: str) -> list[str]:
    return [part for part in STAYS if translated.count(part) != text.count(part)]


A_FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@A_FEW
@example(parts=["Yes! Card", "please.", "Dr. Lund & Sons"])
@example(parts=["```\nfor a in b:\n    print(a)\n\nend\n```", "where", "😀", "1️⃣"])
@given(parts=PARTS)
def test_azure_translator_changes_nothing_of_it(azure: Bench, parts: list[str]) -> None:
    text = " ".join(parts)

    assert missing(text, azure.translated(text)) == []


@A_FEW
@example(parts=["Yes! Card", "please.", "Dr. Lund & Sons"])
@example(parts=["```\nfor a in b:\n    print(a)\n\nend\n```", "where", "😀", "1️⃣"])
@given(parts=PARTS)
def test_apertium_changes_nothing_of_it(apertium: tuple[Bench, FakeApertium], parts: list[str]) -> None:
    text = " ".join(parts)

    assert missing(text, apertium[0].translated(text)) == []


@A_FEW
@given(parts=PARTS)
def test_bergamot_changes_nothing_of_it(runner: asyncio.Runner, parts: list[str]) -> None:
    bench = Bench(BergamotTranslation(PROTECTION), "en", "pt", runner)
    text = " ".join(parts)

    assert missing(text, bench.translated(text)) == []


@A_FEW
@example(text="a[b]c ^d$ e/f \\g@h {i} <j> *k #l ~m +n _o 😀p")
@example(text="<\u0338 [\u0301")
@example(text="x" * 3000 + " y")
@given(text=st.one_of(st.text(max_size=80), st.text(alphabet="aB é\u0301.,!?[]^$/\\@{}<>*#~|_+\0\n\t😀‏", max_size=80)))
def test_no_text_breaks_apertiums_framing(apertium: tuple[Bench, FakeApertium], text: str) -> None:
    bench, fake = apertium
    sign = {character: text.count(character) for character in NOTATION}

    translated = bench.translated(text)

    assert {character: translated.count(character) for character in NOTATION} == sign
    assert translated.count("😀") == text.count("😀")
    assert bench.translated("hello") in {"hello", "HELLO", "HELLO.", "hello."}
    sent = [one.removesuffix("[][\n]") for one in fake.received()]
    assert not {character for one in sent for character in one} & set(NOTATION.replace("*", "") + "\n\t\0😀")


@pytest.mark.parametrize(
    ("target", "text"),
    [("es", "The Hoja de devolución, hoja de devolución"), ("de", "The Return slip, return slip")],
)
def test_a_term_with_a_translation_is_given_in_it(runner: asyncio.Runner, target: str, text: str) -> None:
    async def translated() -> str | None:
        async with FakeTranslator().running() as fake:
            fake.translation = lambda text, target: text
            engine = AzureTranslation(
                fake.url, AzureKeyCredential(KEY), region=None, timeout=TIMEOUT, protection=PROTECTION
            )
            result = await engine.translate("The Return slip, return slip", source="en", target=target)
            await engine.close()
            return result.text

    assert runner.run(translated()) == text
