"""How dates, times, numbers and sums look in a locale: from Unicode CLDR through Babel, nothing typed by hand."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass
from typing import get_args

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, format_percent, get_territory_currencies

from shared.culture.model import Formats, Weekday

EXAMPLE = datetime.datetime(2026, 3, 5, 14, 5)
EXAMPLE_NUMBER = 1_234_567.89
EXAMPLE_AMOUNT = 1_234.5
EXAMPLE_SHARE = 0.125

_CLDR_CODES = {"no": "nb", "tl": "fil"}
"""Offered languages that CLDR keeps under the code of their written standard."""

_ZEROS = {
    "arab": "ARABIC-INDIC DIGIT ZERO",
    "arabext": "EXTENDED ARABIC-INDIC DIGIT ZERO",
    "beng": "BENGALI DIGIT ZERO",
    "deva": "DEVANAGARI DIGIT ZERO",
    "mymr": "MYANMAR DIGIT ZERO",
}
"""Unicode names of the zeros of numbering systems: Babel knows which a locale has, but writes Latin digits."""

_NOWHERE = frozenset({"ZZ", "Zzzz"})
"""CLDR's codes for a region and a script that nobody knows."""

_TAG = re.compile(r"^([a-z]{2,3})(?:-([A-Za-z]{4}))?(?:-([A-Za-z]{2}|[0-9]{3}))?$")
_WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


@dataclass(frozen=True)
class Place:
    """A language somewhere: a language tag with what it leaves open filled in."""

    code: str
    """The tag in its usual spelling."""
    language: str
    script: str | None
    """Null where the language has one script alone."""
    region: str
    locale: Locale
    """The nearest one that CLDR has."""


def place(code: str) -> Place | None:
    """The place that the tag names, or null for a tag that names no language, script and region known to CLDR."""
    match = _TAG.match(code)
    if match is None:
        return None
    language, script, region = match[1], (match[2] or "").title(), (match[3] or "").upper()
    known = Locale("en")
    if language not in known.languages or (script and script not in known.scripts):
        return None
    if (region and region not in known.territories) or _NOWHERE & {script, region}:
        return None
    cldr_language = _CLDR_CODES.get(language, language)
    home = _home(cldr_language, script)
    if home is None:
        return None
    # Not every language has formats for every region: then those of its home are the nearest.
    locale = _locale(cldr_language, script, region or home) or _locale(cldr_language, "", home)
    if locale is None:
        return None
    usual = "-".join(part for part in (language, script, region) if part)
    return Place(usual, language, locale.script or script or None, region or home, locale)


def formats(where: Place) -> Formats:
    """The examples of a place."""
    locale = where.locale
    currency = _currency(where.region)
    return Formats(
        locale=str(locale).replace("_", "-"),
        date_short=_in_digits(format_date(EXAMPLE, "short", locale), locale),
        date_long=_in_digits(format_date(EXAMPLE, "full", locale), locale),
        time=_in_digits(format_time(EXAMPLE, "short", locale=locale), locale),
        number=_in_digits(format_decimal(EXAMPLE_NUMBER, locale=locale, numbering_system="default"), locale),
        percent=_in_digits(
            format_percent(EXAMPLE_SHARE, locale=locale, decimal_quantization=False, numbering_system="default"), locale
        ),
        currency=currency,
        amount=_amount(currency, locale),
        first_day_of_week=_WEEKDAYS[locale.first_week_day],
        weekend=_weekend(locale),
        direction="rtl" if locale.text_direction == "rtl" else "ltr",
        calendar="gregorian",
    )


def native_name(where: Place) -> str:
    """What the language's speakers call it in their script, with a capital where that has them."""
    language = _CLDR_CODES.get(where.language, where.language)
    locale = _locale(language, where.script or "", "") or Locale(language)
    name = locale.get_language_name() or where.language
    # title() and not upper(): Georgian has capitals, but begins no word with one.
    return name[:1].title() + name[1:]


def region_name(region: str) -> str:
    """The region's English name."""
    return str(Locale("en").territories[region])


def _home(language: str, script: str) -> str | None:
    """The region where most speakers live, of those who write the script if one is given."""
    likely = get_global("likely_subtags")
    known = likely.get(f"{language}_{script}") or likely.get(language)
    return str(known).rsplit("_", 1)[-1] if known else None


def _locale(language: str, script: str, region: str) -> Locale | None:
    try:
        return Locale.parse("_".join(part for part in (language, script, region) if part))
    except (UnknownLocaleError, ValueError):
        return None


def _currency(region: str) -> str | None:
    in_use = get_territory_currencies(region)
    return str(in_use[0]) if in_use else None


def _amount(currency: str | None, locale: Locale) -> str | None:
    if currency is None:
        return None
    return _in_digits(format_currency(EXAMPLE_AMOUNT, currency, locale=locale, numbering_system="default"), locale)


def _weekend(locale: Locale) -> list[Weekday]:
    first, last = locale.weekend_start, locale.weekend_end
    return [_WEEKDAYS[(first + day) % 7] for day in range((last - first) % 7 + 1)]


def _in_digits(text: str, locale: Locale) -> str:
    """The text in the digits that CLDR names as the locale's own."""
    zero = _ZEROS.get(locale.default_numbering_system)
    if zero is None:
        return text
    first = ord(unicodedata.lookup(zero))
    return text.translate({ord("0") + digit: first + digit for digit in range(10)})
