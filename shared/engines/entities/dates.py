"""Dates, and what days are called, resolved to ISO 8601 by the day on which the text was written."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from shared.engines.entities.calendar_words import CalendarWords, Offset, calendar_words
from shared.engines.entities.reading import ENDS, STARTS, Finding, Reading
from shared.models.analysis import EntityType

_ISO = re.compile(
    rf"{STARTS}(?<![/.-])(?P<year>(?:19|20)\d\d)(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}})"
    rf"(?:(?=T\d)|{ENDS}(?!/))(?![-.]\d)"
)
_NUMERIC = re.compile(
    rf"{STARTS}(?<![/.,:+-])(?P<first>\d{{1,2}})(?P<sep>[-/.])(?P<second>\d{{1,2}})(?P=sep)"
    rf"(?P<year>(?:19|20)\d\d|\d\d){ENDS}(?!/|[-.,:]\d)"
)
_DOTTED = re.compile(r"(?<![\w/.,:+-])(?P<first>\d{1,2})\.[ ]?(?P<second>\d{1,2})\.(?![\d.])")
_SLASHED = re.compile(
    r"(?<!\w)(?:on|since|by|until|dia|em|desde|ate|el|del|le|du|il|dal|op|van|am|vom|bis|seit|den|dne|w dniu|dnia) "
    r"(?P<first>\d{1,2})[/.](?P<second>\d{1,2})(?![\w/]|[-.,:/]\d|\s?[%$€£])"
)
_EASTERN = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)\s?[年년]\s?)?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日号號일]"
)
_VIETNAMESE = re.compile(
    r"(?<!\w)ngay (?P<day>\d{1,2}) thang (?P<month>\d{1,2})(?: nam (?P<year>(?:19|20)\d\d))?(?!\w)"
)

_DOT_LANGUAGES = {
    "de",
    "pl",
    "cs",
    "sk",
    "fi",
    "da",
    "nb",
    "no",
    "ru",
    "uk",
    "hr",
    "sl",
    "hu",
    "tr",
    "ro",
    "bg",
    "et",
    "lv",
}
_DAY_FIRST_REGIONS = {"GB", "IE", "AU", "NZ", "IN", "ZA"}
_NEXT_TO_EACH_OTHER = re.compile(r"[\s,.(]{0,3}(?:(?:den|dem|the|on|le|el|il|lo|de|op|am|dia)[\s]{1,2})?")
_NEAR = 12
_DAY, _WEEK = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-W\d\d")

_BUDDHIST = 543
_FAR = 300
"""Days: a date without a year that would be farther off than this stands on the other side of New Year."""


def find_dates(reading: Reading) -> Iterator[Finding]:
    """Dates; the value is a day (2026-11-23), week (2026-W48), month (2026-11) or year, as exact as the words are."""
    words = calendar_words(reading.language) if reading.language else None
    found = list(_in_figures(reading, words)) if reading.has_digits else []
    if words is not None:
        meaningless = {
            place
            for match in (words.meaningless.finditer(reading.folded) if words.meaningless else ())
            for place in range(*match.span())
        }
        found += _with_month(reading, words)
        weekdays = list(_weekdays(reading, words))
        ends = {day.end + 1 for day in weekdays}
        spoken = [
            each
            for each in _in_words(reading, words)
            if each.start not in ends or reading.folded[each.start : each.end] not in words.mornings
        ]
        weeks = [each for each in spoken if each.value is not None and _WEEK.fullmatch(each.value)]
        days = (_beside(reading, day, [*found, *weeks]) for day in weekdays)
        found = [each for each in (*found, *spoken, *days) if each is not None and each.start not in meaningless]
    yield from found


def _beside(reading: Reading, day: Finding, found: Sequence[Finding]) -> Finding | None:
    """The weekday as what stands beside it tells it: that very date, or the day of the week that is named there.

    Null where the date beside it is another day of the week: somebody made a slip, and the date says more.
    """
    for other in found:
        first, second = (day, other) if day.start < other.start else (other, day)
        between = reading.folded[first.end : second.start] if second.start - first.end < _NEAR else None
        if other.value is None or between is None or not _NEXT_TO_EACH_OTHER.fullmatch(between):
            continue
        weekday = date.fromisoformat(str(day.value)).isoweekday()
        if _DAY.fullmatch(other.value):
            same = date.fromisoformat(other.value).isoweekday() == weekday
            return replace(day, value=other.value, confidence=other.confidence) if same else None
        if _WEEK.fullmatch(other.value):
            year, week = other.value.split("-W")
            within = date.fromisocalendar(int(year), int(week), weekday)
            return Finding(EntityType.DATE, first.start, second.end, 0.9, within.isoformat(), rank=2)
    return day


def _in_figures(reading: Reading, words: CalendarWords | None) -> Iterator[Finding]:
    written = reading.at.date()
    for match in (
        *_ISO.finditer(reading.text),
        *_EASTERN.finditer(reading.text),
        *_VIETNAMESE.finditer(reading.folded),
    ):
        year = int(match["year"]) if match["year"] else None
        yield from _on(match, _day(year, int(match["month"]), int(match["day"]), written), 0.97)
    day_first = (words.day_first if words else True) or reading.region in _DAY_FIRST_REGIONS
    for match in _NUMERIC.finditer(reading.text):
        year = int(match["year"])
        year += 0 if year > 99 else 2000 if year < 70 else 1900
        exact = 0.95 if words is not None or match["first"] == match["second"] else 0.8
        yield from _on(match, _ordered(match, year, written, day_first or match["sep"] == "."), exact)
    loose = [_SLASHED] + ([_DOTTED] if reading.language in _DOT_LANGUAGES else [])
    for pattern in loose:
        for match in pattern.finditer(reading.folded):
            found = _ordered(match, None, written, day_first or "." in match[0])
            if found is not None:
                start = match.start("first")
                end = match.end() if pattern is _DOTTED else match.end("second")
                yield Finding(EntityType.DATE, start, end, 0.8, found.isoformat(), rank=3)


def _ordered(match: re.Match[str], year: int | None, written: date, day_first: bool) -> date | None:
    first, second = int(match["first"]), int(match["second"])
    pairs = ((second, first), (first, second)) if day_first else ((first, second), (second, first))
    return next((found for pair in pairs if (found := _day(year, *pair, written)) is not None), None)


def _in_words(reading: Reading, words: CalendarWords) -> Iterator[Finding]:
    written = reading.at.date()
    for match in words.fixed.finditer(reading.folded):
        yield from _at(match, _moved(written, words.offsets[match[0]]), 0.9)
    for direction, unit, pattern in words.counted:
        for match in pattern.finditer(reading.folded):
            count = next(group for group in match.groups() if group is not None)
            steps = words.numbers[count] if count in words.numbers else int(count)
            yield from _at(match, _moved(written, Offset(direction * steps, unit)), 0.9)


def _weekdays(reading: Reading, words: CalendarWords) -> Iterator[Finding]:
    written = reading.at.date()
    for which, pattern in words.on_weekday:
        for match in pattern.finditer(reading.folded):
            ahead = (words.weekdays[match["day"]] - written.weekday()) % 7
            if which in ("next", "until"):
                days = ahead or 7
            elif which == "this":
                days = ahead
            elif which == "last":
                days = ahead - 7
            else:
                days = ahead - 7 if ahead else 0
            found = _moved(written, Offset(days, "day"))
            if found is not None:
                span = match.span("day" if which in ("until", "any") else 0)
                yield Finding(EntityType.DATE, *span, 0.6 if which == "any" else 0.9, found, rank=3)


def _with_month(reading: Reading, words: CalendarWords) -> Iterator[Finding]:
    written = reading.at.date()
    for match in words.in_month.finditer(reading.folded) if words.in_month else ():
        groups = {name: value for name, value in match.groupdict().items() if value is not None}
        name = next(name for name in groups if name.startswith(("month", "inside")))
        month = words.months[groups[name]]
        year = next((_common_era(int(text)) for name, text in groups.items() if name.startswith("year")), None)
        lower = groups[name] in words.ambiguous and not reading.text[match.start(name)].isupper()
        day_text = groups.get("day1") or groups.get("day2")
        if (
            lower
            and year is None
            and (day_text is None or not re.search(r"\d(?:st|nd|rd|th|er|\.|[ ](?:of|de))", match[0]))
        ):
            continue
        if day_text is not None:
            yield from _on(match, _day(year, month, int(day_text), written), 0.95)
        elif year is not None:
            yield from _at(match, f"{year:04}-{month:02}", 0.9)
        else:
            near = _day(None, month, 1, written)
            assert near is not None
            yield Finding(EntityType.DATE, *match.span(name), 0.7, f"{near.year:04}-{month:02}", rank=4)


def _common_era(year: int) -> int:
    """The year of our count; Thailand counts from the Buddha's."""
    return year - _BUDDHIST if year >= _BUDDHIST + 1900 else year


def _on(match: re.Match[str], day: date | None, confidence: float) -> Iterator[Finding]:
    """The match as a date, unless there is no such day."""
    if day is not None:
        yield Finding(EntityType.DATE, *match.span(), confidence, day.isoformat(), rank=3)


def _at(match: re.Match[str], value: str | None, confidence: float) -> Iterator[Finding]:
    if value is not None:
        yield Finding(EntityType.DATE, *match.span(), confidence, value, rank=3)


def _day(year: int | None, month: int, day: int, written: date) -> date | None:
    """The day, or null when there is none; without a year that of writing, or of the nearer side of New Year."""
    try:
        found = date(year or written.year, month, day)
        if year is None and abs((found - written).days) > _FAR:
            found = date(written.year + (1 if found < written else -1), month, day)
    except ValueError:
        return None
    return found


def _moved(written: date, offset: Offset) -> str | None:
    """The day, week, month or year so far from the day of writing; null beyond the calendar."""
    try:
        if offset.unit in ("day", "week"):
            found = written + timedelta(days=offset.count * (7 if offset.unit == "week" else 1))
            if offset.vague:
                year, week, _ = found.isocalendar()
                return f"{year:04}-W{week:02}"
            return found.isoformat()
        months = written.year * 12 + written.month - 1 + offset.count * (12 if offset.unit == "year" else 1)
        year, month = divmod(months, 12)
        if offset.vague:
            return f"{year:04}" if offset.unit == "year" else f"{year:04}-{month + 1:02}"
        return date(year, month + 1, min(written.day, calendar.monthrange(year, month + 1)[1])).isoformat()
    except (ValueError, OverflowError):
        return None
