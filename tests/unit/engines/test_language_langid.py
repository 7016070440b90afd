"""Which language a text is in: sentences by themselves, single words by the conversation's language."""

from __future__ import annotations

import json

import pytest

from shared.engines.language.langid import RARELY_MEANT, WORDS, LangidLanguage
from shared.engines.language.offered import OFFERED


@pytest.fixture(scope="module")
def engine() -> LangidLanguage:
    return LangidLanguage()


SENTENCES = {
    "en": "I have been waiting for my parcel for two weeks",
    "pt": "Ainda não recebi a minha encomenda, onde é que ela está?",
    "es": "Todavía no he recibido mi pedido, ¿dónde está?",
    "fr": "Je voudrais annuler ma commande s'il vous plaît",
    "de": "Ich habe mein Passwort vergessen und komme nicht in mein Konto",
    "ja": "注文した商品がまだ届いていません",
    "ar": "أريد أن أسترد أموالي من فضلك",
    "uk": "Де моє замовлення? Я чекаю вже тиждень",
    "hi": "मेरा ऑर्डर अभी तक नहीं आया है",
}


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("prior", [None, "en", "pt-BR", "zz"])
async def test_a_sentence_is_told_whatever_the_conversation_was_in(
    engine: LangidLanguage, language: str, prior: str | None
) -> None:
    result = await engine.detect(SENTENCES[language], prior=prior)

    assert result.language == language
    assert 0.5 < result.confidence <= 1
    assert result.engine == "langid"


@pytest.mark.parametrize(
    ("text", "prior", "language"),
    [
        ("ok", "en", "en"),
        ("ok", "pt", "pt"),
        ("ok", "pt-BR", "pt"),
        ("no", "es", "es"),
        ("no", "it", "it"),
        ("Hello!", None, "en"),
        ("obrigado", None, "pt"),
        ("Danke", "en", "de"),
        ("THANKS", None, "en"),
        ("order #12345", "en", "en"),
    ],
)
async def test_single_words_go_by_common_words_and_by_the_conversation(
    engine: LangidLanguage, text: str, prior: str | None, language: str
) -> None:
    assert (await engine.detect(text, prior=prior)).language == language


@pytest.mark.parametrize("text", ["", "   ", "12345", "👍👍", "?!", "#A-99 https://example.com/track me@example.com"])
@pytest.mark.parametrize("prior", [None, "en"])
async def test_a_text_without_words_has_no_language(engine: LangidLanguage, text: str, prior: str | None) -> None:
    result = await engine.detect(text, prior=prior)

    assert (result.language, result.confidence) == (None, 0)


async def test_what_it_is_not_sure_of_it_does_not_tell(engine: LangidLanguage) -> None:
    assert (await engine.detect("no", prior=None)).language is None


async def test_addresses_and_numbers_do_not_speak_for_a_language(engine: LangidLanguage) -> None:
    text = "onde está? https://shop.example.com/where/is/my/order/please order@company-support.example.com"

    assert (await engine.detect(text, prior=None)).language == "pt"


async def test_digits_beside_letters_of_another_script_are_no_order_number(engine: LangidLanguage) -> None:
    assert (await engine.detect("第3の荷物が2024年に届きました", prior=None)).language == "ja"


def test_offered_languages_have_names_and_the_word_list_speaks_only_of_them() -> None:
    assert len(OFFERED) >= 50
    assert all(language.english_name and language.native_name for language in OFFERED.values())
    assert {code for code, language in OFFERED.items() if language.right_to_left} == {"ar", "fa", "he", "ur"}
    assert json.loads(WORDS.read_text(encoding="utf-8")).keys() <= OFFERED.keys()
    assert RARELY_MEANT.keys() <= OFFERED.keys()
