"""Amounts of money."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from shared.engines.entities.reading import ENDS, JOINED, STARTS, Finding, Reading, fold
from shared.engines.entities.vocabulary import either, table, words
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
    **{fold(word): code for code, names in _WORDS.items() for word in names.split()},
    **dict.fromkeys(words("pesos"), ""),
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
_PESOS = words("pesos")
_CODES_THAT_ARE_WORDS = frozenset(words("currency_codes_that_are_words"))
_CROWN_OF = {"da": "DKK", "nb": "NOK", "no": "NOK", "nn": "NOK", "cs": "CZK"}

_NUMBER = (
    r"(?:\d{1,3}(?:[.,'’ ]\d{3}){1,4}(?!\d)(?:[.,](?:\d{1,2}(?!\d)|[-–]{1,2}))?"
    r"|\d{1,2}(?:,\d{2}){1,4},\d{3}(?!\d)(?:\.\d{1,2}(?!\d))?"
    r"|\d{1,9}(?:[.,](?:\d{1,3}(?!\d)|[-–]{1,2}))?)"
)
"""The second is how lakhs and crores are grouped: 12,34,567.89."""
_SCALES = table("scales")
"""What stands for thousands and millions, such as `k`, `Mio.` and `万`."""


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_SIGNS = _either([fold(symbol) for symbol in _SYMBOLS])
_LETTERS = _either([name for name in _CURRENCY if name[0].isalpha() and name[-1].isalpha()])
_FOLDED_CODES = _either([fold(code) for code in _CODES])
_WRITTEN_CODES = _either(_CODES)
_SCALES_APART = _either(scale for scale in _SCALES if len(scale) > 1 or not scale.isascii())
_SCALE = rf"(?:(?P<scale>[km]|[ ]?(?:{_SCALES_APART}))\.?(?:{ENDS}|(?=[円元원])))?"
_JOINED_SIGN = r"[円元원块]"
_BEFORE = re.compile(
    rf"(?:{STARTS}(?<![$€£])(?P<unit>{_SIGNS})|(?<![\w$€£])(?P<letters>{_FOLDED_CODES}))\.?[ ]?"
    rf"(?P<number>{_NUMBER})(?![.,]?\d)(?:{_SCALE}|p){ENDS}"
    rf"(?:[ ]?(?P<code>{_FOLDED_CODES}){ENDS})?"
)
_AFTER = re.compile(
    rf"{STARTS}(?<![_.,:/#$€£万萬만千천-])(?P<number>{_NUMBER}){_SCALE}[ ]?"
    rf"(?:(?P<sign>{_JOINED_SIGN}|(?:{_SIGNS})(?![^\W\d_{JOINED}]))|(?P<word>{_LETTERS}){ENDS})"
    r"(?P<cents>(?<=€)\d{2}(?!\d))?"
)
_AND_CENTS = re.compile(rf"\.?[ ]?(?:,|{either('and')})?[ ]?(?P<cents>\d{{1,2}})[ ]?(?:{either('cents')})(?!\w)")
_ONLY_CENTS = re.compile(r"(?<![\w.,:/#$€£-])(?P<cents>\d{1,2})(?:[ ]?(?:pence|penny)|p)(?!\w)")


def find_amounts(reading: Reading) -> Iterator[Finding]:
    """Amounts with a currency; the value is its ISO 4217 code and the number, such as `EUR 12.50`."""
    if not reading.has_digits:
        return
    for match in _BEFORE.finditer(reading.folded):
        if not _is_word(reading, match, "letters"):
            yield _finding(reading, match, match["code"] or match["unit"] or match["letters"], None)
    for match in _AFTER.finditer(reading.folded):
        if not _is_word(reading, match, "word"):
            yield _finding(reading, match, match["sign"] or match["word"], match["cents"])
    for match in _ONLY_CENTS.finditer(reading.folded):
        yield Finding(EntityType.AMOUNT, *match.span(), 0.7, f"GBP {Decimal(match['cents']) / 100:.2f}", rank=3)


def _is_word(reading: Reading, match: re.Match[str], group: str) -> bool:
    """Whether a currency's code is an English word too and is not written as a code: `try 2 times`, `php 8`."""
    return match[group] in _CODES_THAT_ARE_WORDS and not reading.text[match.start(group) : match.end(group)].isupper()


def _finding(reading: Reading, match: re.Match[str], unit: str, cents: str | None) -> Finding:
    currency = _currency(unit, reading)
    number = number_of(match["number"]) * _times(match["scale"])
    end = match.end()
    if cents is None and number == number.to_integral_value():
        following = _AND_CENTS.match(reading.folded, end)
        if following is not None:
            cents, end = following["cents"], following.end()
    number += Decimal(cents) / 100 if cents else 0
    if currency is None:
        return Finding(EntityType.AMOUNT, match.start(), end, 0.8, rank=3)
    if currency in _WITHOUT_CENTS and number == number.to_integral_value():
        value = f"{currency} {number:.0f}"
    else:
        value = f"{currency} {number:.2f}"
    return Finding(EntityType.AMOUNT, match.start(), end, 0.95, value, rank=3)


def _times(scale: str | None) -> int:
    return int(_SCALES[scale.strip()]) if scale else 1


def _currency(unit: str, reading: Reading) -> str | None:
    """The ISO 4217 code; null for pesos of nobody knows which country."""
    if unit in _PESOS:
        return _DOLLAR_OF.get(reading.region or "")
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
    bare = re.sub(r"[ '’]", "", written).rstrip(".,-–")
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
