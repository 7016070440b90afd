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


@pytest.mark.parametrize("word", ["x", "line", "no", "Danke"])
@pytest.mark.parametrize("between", [" ", "\n", " 12 "])
async def test_a_word_said_over_and_over_tells_no_more_than_said_once(
    engine: LangidLanguage, word: str, between: str
) -> None:
    once, often = [await engine.detect(between.join([word] * times), prior=None) for times in (1, 400)]

    assert (often.language, often.confidence) == (once.language, once.confidence)


async def test_a_sentence_after_the_same_letter_many_times_is_still_read(engine: LangidLanguage) -> None:
    assert (await engine.detect("x " * 200 + "where is my order", prior=None)).language == "en"


@pytest.mark.parametrize(
    ("text", "prior", "language"),
    [
        ("ok", "en", "en"),
        ("ok", "pt", "pt"),
        ("ok", "pt-BR", "pt"),
        ("no", "es", "es"),
        ("no", "it", "it"),
        ("Hello!", None, "en"),
        ("hola", None, "es"),
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


@pytest.mark.parametrize("text", ["no", "la", "asdfghjkl", "Kowalczyk", "SELECT NULL", "hahaha"])
async def test_what_it_is_not_sure_of_it_does_not_tell(engine: LangidLanguage, text: str) -> None:
    assert (await engine.detect(text, prior=None)).language is None


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("mera order abhi tak nahi aaya", "hi-Latn"),
        ("pou einai i paraggelia mou", "el-Latn"),
        ("gde moy zakaz, vernite dengi", "ru-Latn"),
        ("pasuwado wo wasuremashita", "ja-Latn"),
    ],
)
async def test_romanised_text_is_named_as_such_and_taken_for_no_other_language(
    engine: LangidLanguage, text: str, seen: str
) -> None:
    result = await engine.detect(text, prior=None)

    assert result.language is None
    assert result.also[0].language == seen


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("Hello I need help with my order. Necesito ayuda con mi pedido por favor.", {"en", "es"}),
        ("Здравствуйте! Where is my order? Я жду уже две недели", {"ru", "en"}),
    ],
)
async def test_a_mixed_text_names_each_language_with_its_share(
    engine: LangidLanguage, text: str, languages: set[str]
) -> None:
    result = await engine.detect(text, prior=None)

    assert result.mixed
    assert {result.language, *(one.language for one in result.also)} == languages
    assert 0.5 <= result.confidence <= 0.8
    assert result.confidence + result.also[0].confidence == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("text", ["Der Support hat mein Ticket ohne Feedback geschlossen", SENTENCES["pt"]])
async def test_borrowed_words_make_no_mixed_text(engine: LangidLanguage, text: str) -> None:
    assert not (await engine.detect(text, prior=None)).mixed


async def test_of_very_many_languages_none_is_the_texts(engine: LangidLanguage) -> None:
    result = await engine.detect(" ".join(SENTENCES.values()), prior=None)

    assert result.language is None
    assert result.confidence < 0.5


@pytest.mark.parametrize("text", ["\u202e\u200f\u200b", "\x00\x07", "\ud800", "a" * 5000, "где " * 1250, "'’·"])
async def test_any_text_gets_a_valid_answer(engine: LangidLanguage, text: str) -> None:
    result = await engine.detect(text, prior="en")

    assert 0 <= result.confidence <= 1
    assert result.language is None or result.language in OFFERED


async def test_only_offered_languages_are_told() -> None:
    offering = LangidLanguage(["en", "de"])

    assert (await offering.detect(SENTENCES["de"], prior=None)).language == "de"
    other = await offering.detect(SENTENCES["fr"], prior=None)
    assert other.language is None
    assert other.also[0].language == "fr"


async def test_the_neighbours_that_are_not_offered_take_no_text_away() -> None:
    assert (await LangidLanguage(["en", "no"]).detect("Hvor er pakken min", prior=None)).language == "no"


@pytest.mark.parametrize(("offered", "named"), [(["en", "tlh"], "tlh"), ([], "at least one")])
def test_offering_a_language_that_nobody_can_tell_is_refused(offered: list[str], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        LangidLanguage(offered)


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


async def test_a_text_in_scripts_of_all_over_the_world_is_in_no_language(engine: LangidLanguage) -> None:
    greetings = "Hello hola bonjour ciao привет こんにちは 你好 안녕하세요 مرحبا שלום नमस्ते สวัสดี γειά merhaba szia labas"

    for prior in (None, "en"):
        result = await engine.detect(greetings, prior=prior)
        assert (result.language, result.mixed) == (None, True)


@pytest.mark.parametrize(
    ("text", "language"),
    [("東京でiPhoneのケースをΩブランドから買いました", "ja"), ("Мой заказ от Ωmega Store из 東京 не пришёл", "ru")],
)
async def test_names_in_other_scripts_make_no_text_of_many_languages(
    engine: LangidLanguage, text: str, language: str
) -> None:
    assert (await engine.detect(text, prior=None)).language == language
