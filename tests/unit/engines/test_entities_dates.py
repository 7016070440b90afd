"""Dates, as people write and call them, resolved by the day on which they wrote."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.engines.entities.calendar_words import calendar_words
from shared.engines.entities.patterns import PatternEntities
from shared.engines.language.offered import OFFERED
from shared.models.analysis import EntityType

WRITTEN = datetime(2026, 3, 18, 10, tzinfo=UTC)
"""A Wednesday."""


async def dates(text: str, language: str | None, now: datetime = WRITTEN) -> list[tuple[str, str | None]]:
    result = await PatternEntities().recognise(text, language=language, now=now)
    return [(entity.text, entity.value) for entity in result.entities if entity.type is EntityType.DATE]


@pytest.mark.parametrize(
    ("language", "text", "written"),
    [
        ("en", "on Tuesday, 3 February 2026", ["Tuesday", "3 February 2026"]),
        ("en", "3 February (Tuesday)", ["3 February", "Tuesday"]),
        ("de", "am Dienstag, den 3.2.2026", ["Dienstag", "3.2.2026"]),
        ("es", "el martes 3 de febrero", ["martes", "3 de febrero"]),
        ("en", "on Monday, 3 February 2026", ["3 February 2026"]),
    ],
)
async def test_a_weekday_beside_a_date_is_that_day(language: str, text: str, written: list[str]) -> None:
    assert await dates(text, language) == [(each, "2026-02-03") for each in written]


@pytest.mark.parametrize(
    ("language", "text", "written", "value"),
    [
        ("en", "it came yesterday", "yesterday", "2026-03-17"),
        ("en", "two weeks ago", "two weeks ago", "2026-03-04"),
        ("en", "since last Monday", "last Monday", "2026-03-16"),
        ("en", "since last Wednesday", "last Wednesday", "2026-03-11"),
        ("en", "by Friday", "Friday", "2026-03-20"),
        ("en", "on Friday", "Friday", "2026-03-13"),
        ("en", "in 3 days", "in 3 days", "2026-03-21"),
        ("en", "last week", "last week", "2026-W11"),
        ("en", "next month", "next month", "2026-04"),
        ("en", "on March 3rd, 2025", "March 3rd, 2025", "2025-03-03"),
        ("en", "5th of May", "5th of May", "2026-05-05"),
        ("en", "in December 2025", "December 2025", "2025-12"),
        ("en", "12/03/2026", "12/03/2026", "2026-12-03"),
        ("en", "15/03/2026", "15/03/2026", "2026-03-15"),
        ("en-GB", "12/03/2026", "12/03/2026", "2026-03-12"),
        ("pt", "chega amanhã", "amanhã", "2026-03-19"),
        ("pt", "chega amanha", "amanha", "2026-03-19"),
        ("pt", "há duas semanas", "há duas semanas", "2026-03-04"),
        ("pt", "na próxima segunda-feira", "próxima segunda-feira", "2026-03-23"),
        ("pt", "12/03/2026", "12/03/2026", "2026-03-12"),
        ("es", "hace tres días", "hace tres días", "2026-03-15"),
        ("es", "pasado mañana", "pasado mañana", "2026-03-20"),
        ("fr", "il y a deux semaines", "il y a deux semaines", "2026-03-04"),
        ("fr", "le 1er mars", "1er mars", "2026-03-01"),
        ("de", "vor zwei Wochen", "vor zwei Wochen", "2026-03-04"),
        ("de", "am 12.03. bestellt", "12.03.", "2026-03-12"),
        ("it", "lunedì scorso", "lunedì scorso", "2026-03-16"),
        ("nl", "twee weken geleden", "twee weken geleden", "2026-03-04"),
        ("pl", "tydzień temu", "tydzień temu", "2026-03-11"),
        ("ru", "3 дня назад", "3 дня назад", "2026-03-15"),
        ("ja", "昨日届いた", "昨日", "2026-03-17"),
        ("en", "It came on March 5.", "March 5", "2026-03-05"),
        ("de", "am Montag morgen", "Montag", "2026-03-16"),
        ("nl", "vrijdag morgen", "vrijdag", "2026-03-13"),
        ("de", "kommt morgen", "morgen", "2026-03-19"),
        ("de", "nächste Woche Dienstag", "nächste Woche Dienstag", "2026-03-24"),
        ("en", "Friday next week", "Friday next week", "2026-03-27"),
        ("ko", "3월 5일에 2개를 주문", "3월 5일", "2026-03-05"),
        ("ru", "три недели назад", "три недели назад", "2026-02-25"),
        ("sv", "för tre veckor sedan", "för tre veckor sedan", "2026-02-25"),
        ("tr", "üç hafta önce", "üç hafta önce", "2026-02-25"),
        ("zh", "三天前下单", "三天前", "2026-03-15"),
        ("ar", "١٥/٠٢/٢٠٢٦", "١٥/٠٢/٢٠٢٦", "2026-02-15"),
        ("fa", "دیروز", "دیروز", "2026-03-17"),
        ("fa", "۳ روز پیش", "۳ روز پیش", "2026-03-15"),
        ("he", "שבוע שעבר", "שבוע שעבר", "2026-W11"),
        ("hi", "पिछले हफ्ते", "पिछले हफ्ते", "2026-W11"),
        ("hu", "múlt héten", "múlt héten", "2026-W11"),
        ("cs", "před třemi dny", "před třemi dny", "2026-03-15"),
        ("da", "for tre uger siden", "for tre uger siden", "2026-02-25"),
        ("no", "for tre dager siden", "for tre dager siden", "2026-03-15"),
        ("no", "i går", "i går", "2026-03-17"),
        ("no", "den 5. mars", "5. mars", "2026-03-05"),
        ("tl", "kahapon", "kahapon", "2026-03-17"),
        ("ko", "그저께", "그저께", "2026-03-16"),
        ("vi", "ngày 5 tháng 3 năm 2026", "ngày 5 tháng 3 năm 2026", "2026-03-05"),
        ("hu", "2026. március 5.", "2026. március 5", "2026-03-05"),
        ("th", "5 มีนาคม 2569", "5 มีนาคม 2569", "2026-03-05"),
        ("ja", "２０２６年３月５日", "２０２６年３月５日", "2026-03-05"),
        (None, "2026-02-14", "2026-02-14", "2026-02-14"),
        (None, "14.02.2026", "14.02.2026", "2026-02-14"),
    ],
)
async def test_a_date_is_found_and_resolved(language: str | None, text: str, written: str, value: str) -> None:
    assert await dates(text, language) == [(written, value)]


@pytest.mark.parametrize("language", OFFERED)
async def test_every_language_has_words_for_yesterday(language: str) -> None:
    words = calendar_words(language)

    assert words is not None
    assert any((each.count, each.unit) == (-1, "day") for each in words.offsets.values())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I may march in any second"),
        ("en", "it has been 3 weeks, 24/7"),
        ("en", "31/02/2026"),
        ("en", "the sun and the sat nav"),
        ("de", "Guten Morgen, die Mitte"),
        ("es", "llámame por la mañana"),
        ("pt", "é a quarta vez, deve ter dez"),
        ("en", "version 1.2.3 from 10.20.30.40"),
        (None, "yesterday or tomorrow"),
        ("zz", "yesterday or tomorrow"),
    ],
)
async def test_words_and_numbers_that_only_look_like_dates_are_left(language: str | None, text: str) -> None:
    assert await dates(text, language) == []


@pytest.mark.parametrize(
    ("now", "text", "value"),
    [
        (datetime(2027, 1, 3, tzinfo=UTC), "28 December", "2026-12-28"),
        (datetime(2026, 12, 20, tzinfo=UTC), "3 January", "2027-01-03"),
        (datetime(2026, 12, 20, tzinfo=UTC), "12 March", "2026-03-12"),
        (datetime(2026, 3, 31, tzinfo=UTC), "one month ago", "2026-02-28"),
        (datetime(2026, 3, 18, tzinfo=UTC), "999 years ago", "1027-03-18"),
    ],
)
async def test_a_date_is_counted_from_when_the_text_was_written(now: datetime, text: str, value: str) -> None:
    assert [each for _, each in await dates(text, "en", now)] == [value]


async def test_a_time_beyond_the_calendar_is_no_date() -> None:
    assert await dates("in 999 years", "en", datetime(9500, 1, 1, tzinfo=UTC)) == []
