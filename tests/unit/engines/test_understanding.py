"""The facade: what it gives when engines answer, are late, fail, or do not serve a language."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from shared.engines.chain import Chain
from shared.engines.understanding import Understanding
from shared.models.analysis import Analysis
from tests.fakes.virtual_time import in_virtual_time
from tests.unit.engines.understanding_support import (
    ENGLISH,
    GERMAN,
    PORTUGUESE,
    SPANISH,
    WORDLESS,
    Desk,
    Language,
    a_request,
)


async def test_a_quick_reading_tells_language_intent_and_sentiment_of_english() -> None:
    desk = Desk()

    analysis = await desk.understanding.quick(ENGLISH, prior_language="pt")

    assert analysis.language is not None
    assert analysis.language.language == "en"
    assert analysis.intent is not None
    assert analysis.sentiment is not None
    assert desk.language.asked == [(ENGLISH, "pt")]
    assert desk.translation.asked == []


async def test_a_quick_reading_goes_through_english_where_there_is_a_translation() -> None:
    desk = Desk()

    analysis = await desk.understanding.quick(PORTUGUESE, prior_language=None)

    assert analysis.intent is not None
    assert desk.intent.asked == [(ENGLISH,)]
    assert desk.sentiment.asked == [(ENGLISH, "en")]


async def test_a_quick_reading_names_things_and_gives_agents_who_read_english_the_translation() -> None:
    quick = Desk().understanding.quick

    english = await quick(ENGLISH, prior_language=None, agent_language="en")
    portuguese = await quick(PORTUGUESE, prior_language=None, agent_language="en-GB")
    for_others = await quick(PORTUGUESE, prior_language=None, agent_language="pt")

    assert (len(portuguese.entities), portuguese.key_phrases) == (1, ["order"])
    assert portuguese.translation is not None
    assert portuguese.translation.text == ENGLISH
    assert (english.translation, for_others.translation) == (None, None)


async def test_a_quick_reading_leaves_out_what_no_engine_reads() -> None:
    analysis = await Desk().understanding.quick(GERMAN, prior_language=None)

    assert analysis.language is not None
    assert (analysis.intent, analysis.sentiment) == (None, None)


@pytest.mark.parametrize(("prior", "asked"), [("en", [(WORDLESS,)]), (None, [])])
async def test_a_text_of_unknown_language_is_read_in_the_conversations(
    prior: str | None, asked: list[tuple[str]]
) -> None:
    desk = Desk()

    await desk.understanding.quick(WORDLESS, prior_language=prior)

    assert desk.intent.asked == asked


def test_what_is_late_is_null_and_goes_on_behind() -> None:
    async def late() -> None:
        desk = Desk(quick_limit=0.2)
        desk.sentiment.go_on.clear()

        analysis = await desk.understanding.quick(ENGLISH, prior_language=None)

        assert analysis.intent is not None
        assert analysis.sentiment is None
        desk.sentiment.go_on.set()
        await desk.sentiment.ended.wait()

    in_virtual_time(late)


async def test_what_fails_is_null_and_the_rest_is_told() -> None:
    desk = Desk()
    desk.intent.failure = ConnectionError()

    analysis = await desk.understanding.quick(ENGLISH, prior_language=None)

    assert analysis.intent is None
    assert analysis.sentiment is not None


async def test_a_quick_reading_without_any_engine_in_time_is_empty() -> None:
    desk = Desk(quick_limit=0.01)
    desk.language.go_on.clear()

    analysis = await desk.understanding.quick(ENGLISH, prior_language=None)

    assert analysis == Analysis()


async def test_a_failing_language_engine_leaves_the_quick_reading_empty_and_its_text_out_of_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = Desk()
    desk.language.failure = ValueError(ENGLISH)

    with caplog.at_level(logging.DEBUG):
        analysis = await desk.understanding.quick(ENGLISH, prior_language=None)

    assert analysis.language is not None
    assert (analysis.language.language, analysis.intent, analysis.sentiment) == (None, None, None)
    assert "ValueError" in caplog.text
    assert ENGLISH not in caplog.text


@pytest.mark.parametrize(
    ("source", "target", "state", "text"),
    [
        ("pt", "en", "translated", ENGLISH),
        ("en", "en", "same_language", None),
        ("pt-BR", "pt", "same_language", None),
        ("de", "en", "untranslated", None),
        (None, "en", "untranslated", None),
    ],
)
async def test_a_translation_says_what_it_is(source: str | None, target: str, state: str, text: str | None) -> None:
    result = await Desk().understanding.translate(PORTUGUESE, source, target)

    assert (result.state, result.text) == (state, text)
    assert (result.source_language, result.target_language) == (source, target)


@pytest.mark.parametrize(
    ("source", "target", "engine"),
    [("pt-BR", "en", "stand-in"), ("en", "pt", "stand-in"), ("de", "en", None), ("en-GB", "en", None)],
)
async def test_who_translates_a_pair_is_known_without_asking(source: str, target: str, engine: str | None) -> None:
    found = (await Desk().understanding.translators()).of(source, target)

    assert (found.engine if found else None) == engine


async def test_a_failing_translation_leaves_the_original_untranslated() -> None:
    desk = Desk()
    desk.translation.failure = ConnectionError()

    assert (await desk.understanding.translate(PORTUGUESE, "pt", "en")).state == "untranslated"


@pytest.mark.parametrize("given_translation", [True, False])
async def test_what_is_meant_is_read_from_english(given_translation: bool) -> None:
    desk = Desk()
    translation = await desk.understanding.translate(PORTUGUESE, "pt", "en") if given_translation else None

    found = await desk.understanding.understand(PORTUGUESE, "pt", translation)
    intent, sentiment = found.intent, found.sentiment

    assert intent is not None
    assert sentiment is not None
    assert desk.intent.asked == [(ENGLISH,)]
    assert len(desk.translation.asked) == 1


async def test_without_english_a_text_is_read_where_an_engine_knows_its_language() -> None:
    desk = Desk()

    german = await desk.understanding.understand(GERMAN, "de", None)
    spanish = await desk.understanding.understand(SPANISH, "es", None)
    wordless = await desk.understanding.understand(WORDLESS, None, None)

    assert (german.intent, german.sentiment) == (None, None)
    assert spanish.intent is not None
    assert (spanish.intent.intent, spanish.intent.confidence) == ("track_order", 0.8)
    assert spanish.sentiment is not None
    assert desk.intent.asked == []
    assert (wordless.intent, wordless.sentiment) == (None, None)


@pytest.mark.parametrize("broken", ["intent", "sentiment", "entities", "key_phrases"])
async def test_an_engine_that_fails_takes_nothing_else_along(broken: str) -> None:
    desk = Desk()
    getattr(desk, broken).failure = ConnectionError()

    found = await desk.understanding.understand(ENGLISH, "en", None)

    assert [name for name in ("intent", "sentiment", "entities", "key_phrases") if not getattr(found, name)] == [broken]


async def test_the_quick_reading_asks_no_engine_outside_the_process() -> None:
    desk, cloud = Desk(), Language()
    cloud.embedded = False  # type: ignore[attr-defined]
    chain = desk.understanding.chains.language
    before_it = Chain("language", [cloud, *chain.engines], limit=5, engine_limit=5)
    understanding = Understanding(replace(desk.understanding.chains, language=before_it))

    await understanding.quick(ENGLISH, prior_language=None)
    assert (cloud.asked, len(desk.language.asked)) == ([], 1)

    await understanding.detect_language(ENGLISH, None)
    assert (len(cloud.asked), len(desk.language.asked)) == (1, 1)


async def test_suggestions_are_those_of_the_engine_or_none() -> None:
    desk = Desk()

    assert len((await desk.understanding.suggest(a_request())).suggestions) == 1
    assert (await desk.understanding.suggest(a_request(language="fi"))).suggestions == []

    desk.reasoning.failure = ConnectionError()
    assert (await desk.understanding.suggest(a_request())).suggestions == []


async def test_warming_asks_each_model_once_and_a_broken_one_is_no_obstacle(caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk()
    desk.sentiment.failure = ConnectionError()

    await desk.understanding.warm()
    await desk.understanding.warm()

    assert [len(engine.asked) for engine in desk.engines] == [1, 1, 1, 2, 0]
    assert "sentiment" in caplog.text
    assert all(state.failures == 0 for state in desk.understanding.states())


async def test_the_states_are_those_of_all_engines() -> None:
    desk = Desk()
    desk.translation.failure = ConnectionError()
    await desk.understanding.translate(PORTUGUESE, "pt", "en")

    states = desk.understanding.states()

    assert [state.capability for state in states] == [
        "language",
        "intent",
        "foreign_intent",
        "sentiment",
        "entities",
        "key_phrases",
        "translation",
        "comprehension",
        "reasoning",
        "personal_data",
    ]
    assert [state.capability for state in states if state.failures] == ["translation"]
