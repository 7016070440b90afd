"""What is answered for a language tag: the right formats, the right variant, or that nothing is known."""

from __future__ import annotations

import pytest

from shared.culture.library import cultural_context
from shared.errors import NotFound

NARROW_SPACE = "\u202f"
SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("code", "date", "time", "number", "amount"),
    [
        ("en-US", "3/5/26", f"2:05{NARROW_SPACE}PM", "1,234,567.89", "$1,234.50"),
        ("en-GB", "05/03/2026", "14:05", "1,234,567.89", "£1,234.50"),
        ("de", "05.03.26", "14:05", "1.234.567,89", f"1.234,50{SPACE}€"),
        ("de-CH", "05.03.26", "14:05", "1’234’567.89", f"CHF{SPACE}1’234.50"),
        ("pt-BR", "05/03/2026", "14:05", "1.234.567,89", f"R${SPACE}1.234,50"),
        ("hi", "5/3/26", "2:05 pm", "12,34,567.89", "₹1,234.50"),
        ("ja", "2026/03/05", "14:05", "1,234,567.89", "￥1,234"),
        ("sv", "2026-03-05", "14:05", f"1{SPACE}234{SPACE}567,89", f"1{SPACE}234,50{SPACE}kr"),
    ],
)
def test_formats_are_those_of_the_region(code: str, date: str, time: str, number: str, amount: str) -> None:
    formats = cultural_context(code).formats

    assert (formats.date_short, formats.number, formats.amount) == (date, number, amount)
    assert formats.time.replace(NARROW_SPACE, " ") == time.replace(NARROW_SPACE, " ")


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("ar-EG", "١٬٢٣٤٬٥٦٧٫٨٩"),
        ("fa", "۱٬۲۳۴٬۵۶۷٫۸۹"),
        ("bn", "১২,৩৪,৫৬৭.৮৯"),
        ("mr", "१२,३४,५६७.८९"),
        ("my", "၁,၂၃၄,၅၆၇.၈၉"),
        ("ar-MA", "1.234.567,89"),
    ],
)
def test_numbers_are_written_in_the_digits_of_the_region(code: str, number: str) -> None:
    assert cultural_context(code).formats.number == number


@pytest.mark.parametrize(
    ("code", "first", "weekend"),
    [
        ("de", "monday", ["saturday", "sunday"]),
        ("en-US", "sunday", ["saturday", "sunday"]),
        ("ar-EG", "saturday", ["friday", "saturday"]),
        ("ar-AE", "monday", ["saturday", "sunday"]),
        ("he", "sunday", ["friday", "saturday"]),
        ("bn-BD", "sunday", ["friday", "saturday"]),
        ("ne", "sunday", ["saturday"]),
        ("ms-BN", "monday", ["friday", "sunday"]),
        ("ar-PS", "monday", ["friday", "saturday"]),
        ("fr-DJ", "saturday", ["friday", "saturday"]),
    ],
)
def test_the_week_begins_and_ends_as_it_does_there(code: str, first: str, weekend: list[str]) -> None:
    formats = cultural_context(code).formats

    assert (formats.first_day_of_week, formats.weekend) == (first, weekend)


def test_the_direction_is_that_of_the_script() -> None:
    written = {code: cultural_context(code).formats.direction for code in ("ar", "he", "fa", "ur", "pa-PK", "pa", "de")}

    assert written == {"ar": "rtl", "he": "rtl", "fa": "rtl", "ur": "rtl", "pa-PK": "rtl", "pa": "ltr", "de": "ltr"}


@pytest.mark.parametrize(
    ("code", "region", "locale", "greeting"),
    [
        ("zh", "CN", "zh-Hans-CN", "早上好"),
        ("zh-TW", "TW", "zh-Hant-TW", "早安"),
        ("zh-Hant", "TW", "zh-Hant-TW", "早安"),
        ("zh-HK", "HK", "zh-Hant-HK", "早晨"),
        ("sr", "RS", "sr-Cyrl-RS", "Добро јутро"),
        ("sr-Latn", "RS", "sr-Latn-RS", "Dobro jutro"),
        ("no", "NO", "nb-NO", "God morgen"),
        ("tl", "PH", "fil-PH", "Magandang umaga po"),
        ("de-JP", "JP", "de-DE", "Guten Morgen"),
    ],
)
def test_a_region_or_script_has_its_own_words(code: str, region: str, locale: str, greeting: str) -> None:
    context = cultural_context(code)

    assert (context.region, context.formats.locale) == (region, locale)
    assert greeting in {each.text for each in context.greetings}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("sr", "Српски"),
        ("sr-Latn", "Srpski"),
        ("pa-PK", "پنجابی"),
        ("pa", "ਪੰਜਾਬੀ"),
        ("zh-TW", "中文"),
        ("no", "Norsk bokmål"),
    ],
)
def test_a_language_is_called_as_its_readers_write_it(code: str, name: str) -> None:
    assert cultural_context(code).native_name == name


def test_the_evening_greeting_of_taiwan_is_not_that_of_the_mainland() -> None:
    evening = {
        code: next(each.text for each in cultural_context(code).greetings if each.when == "evening")
        for code in ("zh", "zh-TW", "zh-Hant")
    }

    assert evening == {"zh": "晚上好", "zh-TW": "晚安", "zh-Hant": "晚安"}


def test_a_variant_changes_what_it_names_and_leaves_the_rest() -> None:
    brazil, portugal = cultural_context("pt"), cultural_context("pt-PT")

    assert (brazil.region, brazil.address.informal, portugal.address.informal) == ("BR", "você", "tu")
    assert brazil.closings != portugal.closings
    assert brazil.names == portugal.names
    assert "PT" in brazil.regions_with_remarks
    assert brazil.regional.holidays != portugal.regional.holidays


def test_a_region_without_remarks_has_formats_all_the_same() -> None:
    context = cultural_context("es-PY")

    assert (context.formats.currency, context.regional.holidays) == ("PYG", None)


def test_an_area_of_many_currencies_has_no_example_of_a_sum() -> None:
    formats = cultural_context("es-419").formats

    assert (formats.currency, formats.amount) == (None, None)


def test_a_tag_is_answered_in_its_usual_spelling() -> None:
    assert [cultural_context(code).code for code in ("pt-br", "zh-hant-hk", "sr-LATN")] == [
        "pt-BR",
        "zh-Hant-HK",
        "sr-Latn",
    ]


def test_every_group_of_claims_names_its_sources() -> None:
    named = {each.claims: [source.title for source in each.sources] for each in cultural_context("de-AT").sources}

    assert set(named) == {"formats", "expressions", "address", "names", "communication", "region"}
    assert named["formats"] == ["Common Locale Data Repository"]
    assert all(named.values())


@pytest.mark.parametrize(
    "code", ["xx", "eo", "en-XQ", "en-ZZ", "en-Xxxx", "en-Zzzz", "german", "de-DE-bavaria", "", "../de", "DE"]
)
def test_of_an_unknown_tag_nothing_is_known(code: str) -> None:
    assert cultural_context("en-US").code == "en-US"

    with pytest.raises(NotFound):
        cultural_context(code)
