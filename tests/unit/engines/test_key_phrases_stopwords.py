"""What a text is about, in its own words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.engines.chain import NotServed
from shared.engines.key_phrases.stopwords import MOST_PHRASES, StopwordKeyPhrases

ENGINE = StopwordKeyPhrases()


@pytest.mark.parametrize(
    ("language", "text", "best"),
    [
        ("en", "Hello, I cannot log in: the password reset email never arrives", "password reset email"),
        ("en-GB", "my order #12345 arrived with a broken screen", "broken screen"),
        ("en", "I have an iPhone 15 Pro", "iPhone 15 Pro"),
        ("pt", "O código de rastreio não funciona", "código de rastreio"),
        ("es", "Mi tarjeta de crédito fue rechazada", "tarjeta de crédito"),
        ("fr", "L'adresse de livraison n'est pas la mienne", "adresse de livraison"),
        ("de", "Ich möchte eine Rückerstattung", "Rückerstattung"),
        ("hi", "मेरा ऑर्डर टूटा हुआ", "मेरा ऑर्डर टूटा"),
        ("pt", "O co\u0301digo e\u0301 este", "co\u0301digo"),
        ("ru", "Где мой заказ?", "заказ"),
        ("en", "That'll be the warehouse", "warehouse"),
    ],
)
async def test_the_most_telling_phrase_comes_first(language: str, text: str, best: str) -> None:
    result = await ENGINE.extract(text, language=language)

    assert result.key_phrases[0] == best
    assert result.engine == "stopwords"


@pytest.mark.parametrize(
    "text", ["", "ok", "Hello, thank you!", "👍", "#12345 https://x.org/a me@x.org 12.50", "x" * 5000]
)
async def test_a_text_about_nothing_has_no_phrases(text: str) -> None:
    assert (await ENGINE.extract(text, language="en")).key_phrases == []


@pytest.mark.parametrize("language", [None, "ja", "zh-Hans", "zz"])
async def test_languages_without_stop_words_or_spaces_are_not_served(language: str | None) -> None:
    with pytest.raises(NotServed):
        await ENGINE.extract("parcel", language=language)


async def test_a_phrase_within_a_better_one_is_left_out() -> None:
    result = await ENGINE.extract("The delivery driver was rude. The driver again.", language="en")

    assert result.key_phrases == ["delivery driver", "rude"]


async def test_a_phrase_ends_with_its_line() -> None:
    result = await ENGINE.extract("broken lamp\nWalter Hartmann\nBaker Street", language="en")

    assert sorted(result.key_phrases) == ["Baker Street", "Walter Hartmann", "broken lamp"]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120), st.sampled_from(["en", "pt", "ar", "fr"]))
async def test_phrases_are_few_each_once_and_always_the_same(text: str, language: str) -> None:
    phrases = (await ENGINE.extract(text, language=language)).key_phrases

    assert len(phrases) <= MOST_PHRASES
    assert len(set(phrases)) == len(phrases)
    assert (await ENGINE.extract(text, language=language)).key_phrases == phrases
