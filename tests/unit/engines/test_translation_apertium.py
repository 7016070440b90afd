"""Apertium's engine on a pipeline of our own: the framing, the processes, and what happens when they fail."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shared.engines.chain import Chain, EngineFailed, NoEngineAnswered, NotServed
from shared.engines.translation import TranslationOptions
from shared.engines.translation.apertium import ApertiumTranslation
from tests.fakes.apertium import FakeApertium

TEXT = "¿Dónde está mi pedido?"


@pytest.fixture
def apertium(tmp_path: Path) -> FakeApertium:
    fake = FakeApertium(tmp_path)
    fake.mode("spa-por", "shouts")
    return fake


def an_engine(fake: FakeApertium, pipelines: int = 4, seconds: float = 10) -> ApertiumTranslation:
    return ApertiumTranslation(folder=fake.folder, pipelines=pipelines, seconds=seconds)


def ended(process: int) -> bool:
    """Whether the process ends; nobody waits longer than ten seconds."""
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    try:
        return bool(poll.poll(10_000))
    finally:
        os.close(handle)


async def test_a_text_goes_through_the_mode_of_its_pair(apertium: FakeApertium) -> None:
    engine = an_engine(apertium)

    result = await engine.translate(TEXT, source="es-MX", target="pt")
    await engine.close()

    assert (result.engine, result.state, result.text) == ("apertium", "translated", TEXT.upper())
    assert (result.source_language, result.target_language) == ("es-MX", "pt")
    assert (result.quality, result.formality, result.tone) == ("good", None, None)


async def test_a_mode_for_the_region_is_used_for_that_region_alone(apertium: FakeApertium) -> None:
    apertium.mode("spa-por_BR", "whispers")
    engine = an_engine(apertium)

    texts = [(await engine.translate(TEXT, source="es", target=target)).text for target in ("pt-BR", "pt-PT", "pt")]
    await engine.close()

    assert texts == [TEXT.lower(), TEXT.upper(), TEXT.upper()]


async def test_where_a_gist_is_of_no_use_good_pairs_alone_are_served(apertium: FakeApertium) -> None:
    apertium.mode("eng-spa", "shouts")
    engine = an_engine(apertium)
    wanted = TranslationOptions(good_only=True)

    good = await engine.translate(TEXT, source="es", target="pt", options=wanted)
    with pytest.raises(NotServed):
        await engine.translate(TEXT, source="en", target="es", options=wanted)
    roughly = await engine.translate(TEXT, source="en", target="es")
    await engine.close()

    assert (good.quality, roughly.quality) == ("good", "gist")


async def test_only_pairs_that_can_run_here_are_served(apertium: FakeApertium) -> None:
    apertium.mode("spa-cat_valencia", "shouts")
    apertium.mode("spa-xxx", "shouts")
    apertium.mode("eng-spa", "shouts")
    (apertium.folder / "fra-spa.mode").write_text("lt-proc-that-nobody-has 'a.bin' | cat")
    (apertium.folder / "ita-spa.mode").write_text("cat 'unclosed")
    (apertium.folder / "cat-spa.mode").write_text("cat | | cat")
    engine = an_engine(apertium)

    assert await engine.pairs() == {("es", "pt"): "good", ("en", "es"): "gist"}
    with pytest.raises(NotServed):
        await engine.translate(TEXT, source="pt", target="es")


async def test_without_apertium_nothing_is_served(tmp_path: Path) -> None:
    engine = ApertiumTranslation(folder=tmp_path / "none")

    assert await engine.pairs() == {}
    with pytest.raises(NotServed):
        await engine.translate(TEXT, source="es", target="pt")


async def test_one_pipeline_serves_many_texts_and_each_gets_its_own(apertium: FakeApertium) -> None:
    engine = an_engine(apertium)
    texts = [f"texto número {word}" for word in ("uno", "dos", "tres", "cuatro", "cinco")]

    answers = await asyncio.gather(*(engine.translate(text, source="es", target="pt") for text in texts))
    await engine.close()

    assert [answer.text for answer in answers] == [text.upper() for text in texts]
    assert len(apertium.processes("shouts")) == 1


async def test_marks_of_unknown_words_and_the_streams_own_notation_are_taken_out(apertium: FakeApertium) -> None:
    apertium.mode("spa-cat", "marks_unknown")
    apertium.mode("spa-glg", "adds_escapes")
    engine = an_engine(apertium)

    unknown = await engine.translate("nunca visto", source="es", target="ca")
    escaped = await engine.translate("nunca, visto", source="es", target="gl")
    await engine.close()

    assert unknown.text == "nunca visto"
    assert escaped.text == "nunca, visto"


@pytest.mark.parametrize("behaviour", ["dies", "breaks_off", "babbles", "floods"])
async def test_a_pipeline_that_does_not_answer_as_agreed_fails_and_is_started_anew(
    apertium: FakeApertium, behaviour: str
) -> None:
    apertium.mode("spa-cat", behaviour)
    engine = an_engine(apertium)

    for _ in range(2):
        with pytest.raises(EngineFailed) as failed:
            await engine.translate("die", source="es", target="ca")
        assert "die" not in failed.value.reason.split()
    await engine.close()

    assert len(apertium.processes(behaviour)) == 2
    assert all(map(ended, apertium.processes(behaviour)))


async def test_a_pipeline_that_died_between_two_texts_is_not_noticed(apertium: FakeApertium) -> None:
    engine = an_engine(apertium)
    await engine.translate(TEXT, source="es", target="pt")
    [first] = apertium.processes("shouts")

    os.kill(first, signal.SIGKILL)
    assert ended(first)
    again = await engine.translate(TEXT, source="es", target="pt")
    await engine.close()

    assert again.text == TEXT.upper()


async def test_an_answer_that_does_not_come_is_given_up(apertium: FakeApertium) -> None:
    apertium.mode("spa-cat", "hangs")
    engine = an_engine(apertium, seconds=0.5)

    with pytest.raises(EngineFailed, match="time limit"):
        await engine.translate("hang", source="es", target="ca")
    after = await engine.translate("hola", source="es", target="ca")
    await engine.close()

    assert after.text == "HOLA"
    assert all(map(ended, apertium.processes("hangs")))


async def test_a_pair_that_does_not_work_leaves_the_others_working(apertium: FakeApertium) -> None:
    apertium.mode("spa-cat", "breaks_off")
    engine = an_engine(apertium)
    chain = Chain("translation", [engine], limit=30, engine_limit=30)

    for _ in range(5):
        with pytest.raises(NoEngineAnswered):
            await chain.ask(lambda one: one.translate(TEXT, source="es", target="ca"))
    well = await chain.ask(lambda one: one.translate(TEXT, source="es", target="pt"))
    await engine.close()

    assert well.text == TEXT.upper()
    assert len(apertium.processes("breaks_off")) == 3


async def test_a_caller_who_leaves_takes_no_answer_from_the_next(apertium: FakeApertium) -> None:
    apertium.mode("spa-cat", "waits")
    os.mkfifo(apertium.folder / "go")
    engine = an_engine(apertium)
    leaving = asyncio.create_task(engine.translate("wait", source="es", target="ca"))
    # Opening this end succeeds when the stage is at the other: it has the text.
    writing = await asyncio.to_thread((apertium.folder / "go").open, "w")

    leaving.cancel()
    next_one = asyncio.create_task(engine.translate("hola", source="es", target="ca"))
    writing.close()

    assert (await next_one).text == "HOLA"
    await engine.close()
    assert leaving.cancelled()


async def test_only_so_many_pipelines_run_at_once(apertium: FakeApertium) -> None:
    apertium.mode("spa-cat", "whispers")
    engine = an_engine(apertium, pipelines=1)

    await engine.translate(TEXT, source="es", target="pt")
    await engine.translate(TEXT, source="es", target="ca")

    assert all(map(ended, apertium.processes("shouts")))
    await engine.close()
    assert all(map(ended, apertium.processes("whispers")))


def test_the_processes_end_with_ours_even_when_it_is_killed(apertium: FakeApertium) -> None:
    program = f"""
import asyncio, pathlib
from shared.engines.translation.apertium import ApertiumTranslation
async def main():
    engine = ApertiumTranslation(folder=pathlib.Path({str(apertium.folder)!r}))
    print((await engine.translate("hola", source="es", target="pt")).text, flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as ours:
        assert ours.stdout is not None
        assert ours.stdout.readline() == "HOLA\n"
        ours.kill()

    assert all(map(ended, apertium.processes("shouts") + apertium.processes("pass")))
