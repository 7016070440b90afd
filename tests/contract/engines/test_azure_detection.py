"""Which language Azure AI Language tells, through its SDK against a service that speaks its protocol."""

from __future__ import annotations

import pytest

from shared.engines.azure_language import AzureLanguage
from shared.engines.documents import MOST_CHARACTERS
from shared.engines.language.azure import AzureLanguageDetection
from tests.contract.engines.support import KEY, sent_texts
from tests.fakes.language import FakeLanguage


async def test_the_language_is_asked_for_without_a_hint_of_a_country(
    language: FakeLanguage, resource: AzureLanguage
) -> None:
    language.languages = {"Onde está o meu pedido?": ("pt", 0.97)}

    result = await AzureLanguageDetection(resource).detect("Onde está o meu pedido?", prior=None)

    assert (result.engine, result.language, result.confidence) == ("azure-language", "pt", 0.97)
    request = language.requests[0]
    assert request.headers["ocp-apim-subscription-key"] == KEY
    assert request.body["analysisInput"]["documents"] == [
        {"id": "0", "text": "Onde está o meu pedido?", "countryHint": ""}
    ]


@pytest.mark.parametrize(
    ("told", "confidence", "prior", "expected"),
    [
        ("en", 0.99, "pt", "en"),  # a sentence overrules the conversation
        ("it", 0.6, "en-GB", "en"),  # a word does not
        ("pt", 0.6, "pt-BR", "pt"),
        ("it", 0.6, None, "it"),
        ("it", 0.2, None, None),
        ("(Unknown)", 0.0, "en", None),
        ("zh_chs", 1.0, None, "zh"),
        ("zh_cht", 1.0, "pt", "zh"),
        ("nb", 1.0, None, "no"),
        ("fil", 1.0, None, "tl"),
    ],
)
async def test_a_language_is_weighed_against_the_conversations_and_named_as_ours(
    language: FakeLanguage,
    resource: AzureLanguage,
    told: str,
    confidence: float,
    prior: str | None,
    expected: str | None,
) -> None:
    language.languages = {"ciao": (told, confidence)}

    result = await AzureLanguageDetection(resource).detect("ciao", prior=prior)

    assert result.language == expected


async def test_a_language_that_is_not_offered_is_named_but_not_told(
    language: FakeLanguage, resource: AzureLanguage
) -> None:
    language.languages = {"Où est mon colis ?": ("fr", 0.98)}

    result = await AzureLanguageDetection(resource, ["en", "de"]).detect("Où est mon colis ?", prior="en")

    assert result.language is None
    assert [(one.language, one.confidence) for one in result.also] == [("fr", 0.98)]
    assert not result.mixed


async def test_the_pieces_of_a_long_text_may_be_in_different_languages(
    language: FakeLanguage, resource: AzureLanguage
) -> None:
    text = "My parcel is late. " * 260 + "Wo ist mein Paket? " * 100
    await AzureLanguageDetection(resource).detect(text, prior=None)
    *_, last = sent_texts(language)
    language.languages = {last: ("de", 1.0)}

    result = await AzureLanguageDetection(resource).detect(text, prior=None)

    assert (result.language, result.mixed) == ("en", True)
    assert [one.language for one in result.also] == ["de"]


@pytest.mark.parametrize("text", ["", "  \n", "😀", "12345 !!", "\u200f\u200e", "\x00\x07"])
async def test_a_text_without_letters_has_no_language_and_is_not_sent(
    language: FakeLanguage, resource: AzureLanguage, text: str
) -> None:
    result = await AzureLanguageDetection(resource).detect(text, prior="en")

    assert (result.language, result.confidence) == (None, 0.0)
    assert language.requests == []


async def test_the_language_of_pieces_is_that_of_most_of_the_text(
    language: FakeLanguage, resource: AzureLanguage
) -> None:
    first, second = "a" * MOST_CHARACTERS, "b" * (MOST_CHARACTERS // 2)
    language.languages = {first: ("pt", 0.9), second: ("es", 1.0)}

    result = await AzureLanguageDetection(resource).detect(first + second, prior=None)

    assert (result.language, result.confidence) == ("pt", 0.6)
