"""Amounts of money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from shared.engines.entities.reading import Finding, Reading, fold
from shared.engines.entities.vocabulary import table, words
from shared.models.analysis import EntityType

_CODES = words("currency_codes")
"""Currencies of ISO 4217 that are recognised by their code."""

_WITHOUT_CENTS = {"JPY", "KRW", "CLP", "ISK", "VND"}
"""Currencies whose smaller unit is not used (ISO 4217)."""

_SYMBOLS = table("currency_symbols")
_WORDS = table("currency_words")
_CURRENCY = {
    **{fold(code): code for code in _CODES},
    **{fold(symbol): code for symbol, code in _SYMBOLS.items()},
    **{word: code for code, names in _WORDS.items() for word in names.split()},
}

_DOLLAR_OF = {
    "CA": "CAD",
    "AU": "AUD",
    "NZ": "NZD",
    "MX": "MXN",
    "AR": "ARS",
    "CL": "CLP",
    "CO": "COP",
    "SG": "SGD",
    "HK": "HKD",
}
"""Where a plain dollar sign is another dollar or a peso."""
_CROWN_OF = {"da": "DKK", "nb": "NOK", "no": "NOK", "nn": "NOK", "cs": "CZK"}

_NUMBER = (
    r"(?:\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3}){1,4}(?!\d)(?:[.,]\d{1,2}(?!\d))?"
    r"|\d{1,9}(?:[.,](?:\d{1,3}(?!\d)|[-–]{1,2}))?)"
)


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_SIGNS = _either([fold(symbol) for symbol in _SYMBOLS])
_LETTERS = _either([name for name in _CURRENCY if name.isalpha()])
_NEAR = r"[ \u00a0\u202f]?"
_FOLDED_CODES = _either([fold(code) for code in _CODES])
_BEFORE = re.compile(
    rf"(?<![\w$€£])(?P<unit>{_SIGNS}|{_FOLDED_CODES})\.?{_NEAR}(?P<number>{_NUMBER})(?!\w)"
    rf"(?:{_NEAR}(?P<code>{_FOLDED_CODES})(?!\w))?"
)
_AFTER = re.compile(
    rf"(?<![a-z0-9_.,:/#$€£-])(?P<number>{_NUMBER}){_NEAR}(?:(?P<sign>[円元원]|(?:{_SIGNS})(?![^\W\d_]))|(?P<word>{_LETTERS})(?!\w))"
    r"(?P<cents>(?<=€)\d{2}(?!\d))?"
)


def find_amounts(reading: Reading) -> Iterator[Finding]:
    """Amounts with a currency; the value is its ISO 4217 code and the number, such as `EUR 12.50`."""
    if not any(character.isdigit() for character in reading.text):
        return
    for match in _BEFORE.finditer(reading.folded):
        yield _finding(reading, match, match["code"] or match["unit"], None)
    for match in _AFTER.finditer(reading.folded):
        yield _finding(reading, match, match["sign"] or match["word"], match["cents"])


def _finding(reading: Reading, match: re.Match[str], unit: str, cents: str | None) -> Finding:
    currency = _currency(unit, reading)
    number = number_of(match["number"]) + (Decimal(cents) / 100 if cents else 0)
    if currency in _WITHOUT_CENTS and number == number.to_integral_value():
        value = f"{currency} {number:.0f}"
    else:
        value = f"{currency} {number:.2f}"
    return Finding(EntityType.AMOUNT, *match.span(), 0.95, value, rank=3)


def _currency(unit: str, reading: Reading) -> str:
    if unit == "$" and reading.region in _DOLLAR_OF:
        return _DOLLAR_OF[reading.region]
    if unit in ("kr", "kroner") and reading.language in _CROWN_OF:
        return _CROWN_OF[reading.language]
    if unit in ("¥", "￥") and reading.language == "zh":
        return "CNY"
    return str(_CURRENCY[unit])


def number_of(written: str) -> Decimal:
    """The number that is written with European or English separators.

    The last separator starts the decimals, unless three digits follow it or it is repeated: those are thousands.
    """
    bare = re.sub(r"[ '’\u00a0\u202f]", "", written).rstrip(".,-–")
    whole, separator, decimals = _parted(bare)
    return Decimal(re.sub(r"[.,]", "", whole) + ("." + decimals if separator else ""))


def _parted(number: str) -> tuple[str, str, str]:
    position = max(number.rfind("."), number.rfind(","))
    if position < 0:
        return number, "", ""
    separator, decimals = number[position], number[position + 1 :]
    other = "," if separator == "." else "."
    thousands = len(decimals) == 3 and other not in number and not number.startswith("0")
    if thousands or number.count(separator) > 1:
        return number, "", ""
    return number[:position], separator, decimals
