"""When the services fail on the wire: who answers instead, what is asked again, and what the log may tell."""

from __future__ import annotations

import asyncio
import logging
import socket
from pathlib import Path

import pytest
from azure.core.credentials import AzureKeyCredential

from shared.engines.azure_language import AzureLanguage
from shared.engines.chain import ATTEMPTS, FAILURES_THAT_OPEN, Chain, EngineFailed, NoEngineAnswered
from shared.engines.sentiment import SentimentEngine
from shared.engines.sentiment.azure import AzureSentiment
from shared.engines.translation import TranslationEngine, TranslationOptions
from shared.engines.translation.apertium import ApertiumTranslation
from shared.engines.translation.azure import AzureTranslation
from shared.engines.translation.bergamot import BergamotTranslation
from shared.engines.translation.bridge import BridgedTranslation
from shared.models.analysis import SentimentLabel, SentimentResult
from tests.contract.engines.support import FAILURES, KEY, NOT_RETRIED, RETRIED, SECRET, TIMEOUT, LastResort
from tests.fakes.apertium import FakeApertium
from tests.fakes.core import fails, hangs, waits_for
from tests.fakes.language import FakeLanguage
from tests.fakes.translator import FakeTranslator

NEVER = 60.0


def a_chain(
    resource: AzureLanguage,
    last: LastResort | None = None,
    *,
    engine_limit: float = NEVER,
    hedge_after: float | None = None,
) -> Chain[SentimentEngine]:
    engines: list[SentimentEngine] = [AzureSentiment(resource), *([last] if last else [])]
    return Chain("sentiment", engines, limit=2 * NEVER, engine_limit=engine_limit, hedge_after=hedge_after)


async def ask(chain: Chain[SentimentEngine], language: str = "en") -> SentimentResult:
    return await chain.ask(lambda engine: engine.score(SECRET, language=language))


@pytest.mark.parametrize("name", FAILURES)
async def test_the_embedded_engine_answers_for_a_service_that_fails(
    language: FakeLanguage, resource: AzureLanguage, name: str
) -> None:
    behaviour, reason = FAILURES[name]
    language.always(behaviour)
    chain = a_chain(resource, LastResort())

    result = await ask(chain)

    assert result.engine == "last-resort"
    assert (chain.states()[0].failures, chain.states()[0].problem) == (1, reason)
    assert len(language.requests) == (ATTEMPTS if name in RETRIED else 1)


@pytest.mark.parametrize("name", RETRIED)
async def test_a_failure_that_passes_is_not_noticed(language: FakeLanguage, resource: AzureLanguage, name: str) -> None:
    language.sentiments = {SECRET: ("negative", (0.0, 0.1, 0.9))}
    language.then(RETRIED[name][0])
    last = LastResort()
    chain = a_chain(resource, last)

    result = await ask(chain)

    assert (result.engine, result.sentiment) == ("azure-language", SentimentLabel.NEGATIVE)
    assert (len(language.requests), last.asked, chain.states()[0].failures) == (2, 0, 0)


async def test_a_wait_beyond_the_limit_is_not_waited_for(language: FakeLanguage, resource: AzureLanguage) -> None:
    language.always(fails(429, retry_after=3600))

    assert (await ask(a_chain(resource, LastResort()))).engine == "last-resort"
    assert len(language.requests) == 1


@pytest.mark.parametrize("name", FAILURES)
async def test_neither_key_nor_text_is_told(
    language: FakeLanguage, resource: AzureLanguage, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    language.always(FAILURES[name][0])

    with caplog.at_level(logging.DEBUG), pytest.raises(NoEngineAnswered) as raised:
        await ask(a_chain(resource))

    told = caplog.text + str(raised.value)
    assert FAILURES[name][1] in told
    assert SECRET not in told
    assert KEY not in told


async def test_a_service_that_keeps_failing_is_left_alone(language: FakeLanguage, resource: AzureLanguage) -> None:
    language.always(fails(401))
    chain = a_chain(resource, LastResort())
    for _ in range(FAILURES_THAT_OPEN + 2):
        assert (await ask(chain)).engine == "last-resort"

    assert chain.states()[0].breaker == "open"
    assert len(language.requests) == FAILURES_THAT_OPEN


async def test_a_language_that_the_service_lacks_is_no_failure(language: FakeLanguage, resource: AzureLanguage) -> None:
    language.refused = {"cy": "UnsupportedLanguageCode"}
    chain = a_chain(resource, LastResort())

    assert (await ask(chain, "cy")).engine == "last-resort"
    assert chain.states()[0].failures == 0


async def test_a_service_that_hangs_is_answered_for_at_its_limit(
    language: FakeLanguage, resource: AzureLanguage
) -> None:
    language.always(hangs)

    result = await ask(a_chain(resource, LastResort(), engine_limit=0.05))

    assert result.engine == "last-resort"


async def test_a_service_that_hangs_is_hedged(language: FakeLanguage, resource: AzureLanguage) -> None:
    language.always(hangs)
    chain = a_chain(resource, LastResort(), hedge_after=0)

    assert (await ask(chain)).engine == "last-resort"
    await chain.close()


async def test_a_service_that_is_late_wins_when_the_hedge_does_not_serve(
    language: FakeLanguage, resource: AzureLanguage
) -> None:
    go_on = asyncio.Event()
    language.always(waits_for(go_on))
    last = LastResort()
    asking = asyncio.create_task(ask(a_chain(resource, last, hedge_after=0), "tlh"))
    await language.arrived()
    go_on.set()

    assert (await asking).engine == "azure-language"
    assert last.asked == 1


async def test_the_sdk_gives_up_at_its_own_limit(language: FakeLanguage) -> None:
    language.always(hangs)
    impatient = AzureLanguage(language.url, AzureKeyCredential(KEY), timeout=0.5)

    with pytest.raises(EngineFailed, match="time limit") as raised:
        await AzureSentiment(impatient).score(SECRET, language="en")

    assert not raised.value.retriable
    await impatient.close()


async def test_a_service_that_is_not_there_may_be_asked_again() -> None:
    with socket.socket() as held:  # nobody else gets the port, and nobody listens on it
        held.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{held.getsockname()[1]}"
        nobody = AzureLanguage(address, AzureKeyCredential(KEY), timeout=TIMEOUT)

        with pytest.raises(EngineFailed, match="connection lost") as raised:
            await AzureSentiment(nobody).score(SECRET, language="en")

        assert raised.value.retriable
        await nobody.close()


@pytest.mark.parametrize("name", FAILURES)
async def test_the_translators_failures_mean_the_same(
    translator: FakeTranslator, translation: AzureTranslation, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    translator.always(FAILURES[name][0])
    engines: list[TranslationEngine] = [translation]
    chain = Chain("translation", engines, limit=NEVER, engine_limit=NEVER)

    with caplog.at_level(logging.DEBUG), pytest.raises(NoEngineAnswered) as raised:
        await chain.ask(lambda engine: engine.translate(SECRET, source="en", target="es"))

    assert raised.value.reasons == {"azure-translator": FAILURES[name][1]}
    assert len(translator.requests) == (1 if name in NOT_RETRIED else ATTEMPTS)
    assert SECRET not in caplog.text + str(raised.value)
    assert KEY not in caplog.text + str(raised.value)


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf")])
def test_a_time_limit_is_a_number_above_zero(timeout: float) -> None:
    with pytest.raises(ValueError, match="timeout"):
        AzureLanguage("http://127.0.0.1:1", AzureKeyCredential(KEY), timeout=timeout)
    with pytest.raises(ValueError, match="timeout"):
        AzureTranslation("http://127.0.0.1:1", AzureKeyCredential(KEY), region=None, timeout=timeout)


async def test_spanish_does_not_wait_for_a_translator_that_hangs_and_a_reply_does(
    translator: FakeTranslator, translation: AzureTranslation, tmp_path: Path
) -> None:
    translator.always(hangs)
    installed = FakeApertium(tmp_path)
    installed.mode("spa-por", "pass")
    installed.mode("por-spa", "pass")
    apertium, bergamot = ApertiumTranslation(folder=installed.folder), BergamotTranslation()
    engines: list[TranslationEngine] = [translation, BridgedTranslation(apertium, bergamot), apertium, bergamot]
    chain = Chain("translation", engines, limit=2 * NEVER, engine_limit=NEVER, hedge_after=0.01)

    message = await chain.ask(lambda engine: engine.translate("O pedido", source="es", target="en"))
    reply = asyncio.create_task(
        chain.ask(
            lambda engine: engine.translate(
                "Hello", source="en", target="es", options=TranslationOptions(good_only=True)
            )
        )
    )
    await translator.arrived(2)

    assert (message.engine, message.quality) == ("apertium+bergamot", "gist")
    assert not reply.done()
    reply.cancel()
    await asyncio.wait({reply})
    await chain.close()
    await apertium.close()
