"""Telephone numbers, by Google's rules for each region."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.engines.entities.reading import ENDS, STARTS, Finding, Reading
from shared.engines.entities.vocabulary import either, table
from shared.models.analysis import EntityType

_CANDIDATE = re.compile(
    rf"{STARTS}(?<![+#@/.,-])(?:\+|\(\+?|00)?\d(?:[ ().\-–/]{{0,3}}\d){{6,16}}"
    rf"(?:{ENDS}(?![-/.]\d|@)|(?=x\d{{1,5}}(?!\w)))"
)
"""A number may be followed by the extension, as in `x12`."""
_MACHINE = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
"""An IP address rather than a telephone number."""
_DATE = re.compile(r"(?<!\d)(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2})(?!\d)")
_DIGITS_LEAST, _DIGITS_MOST = 7, 15
"""E.164 allows fifteen digits; fewer than seven is no whole number anywhere that is served."""

_CONTEXT = re.compile(rf"\b(?:{either('phone_words')})\b[^\d\n]{{0,40}}$")
_WINDOW = 60

REGIONS = {language: tuple(regions) for language, regions in table("phone_regions").items()}
"""Where a number without its country's code may be from, likeliest first."""


def find_phones(reading: Reading) -> Iterator[Finding]:
    """Telephone numbers; the value is E.164, or null when the country cannot be told."""
    for match in _CANDIDATE.finditer(reading.text):
        start, end = match.span()
        if match[0].count("(") > match[0].count(")"):
            start, end = (start + 1, end) if match[0][0] == "(" else (start, start + match[0].rindex("("))
        written = reading.text[start:end]
        digits = sum(character.isdigit() for character in written)
        if not _DIGITS_LEAST <= digits <= _DIGITS_MOST or len(set(written) - set(" -().+/")) < 3:
            continue
        is_date = written[0] not in "+(" and _DATE.search(written) is not None
        if is_date or _MACHINE.fullmatch(written) or ("/" in written and written[0] not in "+0"):
            continue
        named = _CONTEXT.search(reading.folded, max(0, start - _WINDOW), start) is not None
        finding = _judged(reading, written, start, end, named)
        if finding is not None:
            yield finding


def _judged(reading: Reading, written: str, start: int, end: int, named: bool) -> Finding | None:
    """The candidate as a telephone number, or null when it is hardly one."""
    import phonenumbers

    international = written.lstrip("(").startswith(("+", "00"))
    regions: tuple[str | None, ...] = (None,)
    if not international:
        regions = REGIONS.get(reading.language or "") or _home(reading.language)
        if reading.region is not None:
            regions = (reading.region, *(region for region in regions if region != reading.region))
    number = written.replace("00", "+", 1) if written.startswith("00") else written
    possible: str | None = None
    for region in regions:
        try:
            parsed = phonenumbers.parse(number, region)
        except phonenumbers.NumberParseException:
            continue
        e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.is_valid_number(parsed):
            if international or named or _looks_dialled(written, phonenumbers.number_type(parsed)):
                return Finding(EntityType.PHONE, start, end, 0.95 if international or named else 0.75, e164, rank=4)
        elif phonenumbers.is_possible_number(parsed):
            possible = possible or e164
            reason = phonenumbers.is_possible_number_with_reason(parsed)
            if reason != phonenumbers.ValidationResult.IS_POSSIBLE and possible == e164:
                possible = None
    if international or named:
        # Numbers reserved for examples are well formed but given to nobody.
        return Finding(EntityType.PHONE, start, end, 0.6, possible, rank=4) if possible or named else None
    return None


def _home(language: str | None) -> tuple[str, ...]:
    """Where most speakers of a language live, as CLDR has it."""
    from babel.core import get_global

    likely = str(get_global("likely_subtags").get(language or "", ""))
    return (likely.rpartition("_")[2],) if "_" in likely else ()


def _looks_dialled(written: str, kind: int) -> bool:
    """Whether a number that nothing calls one is written as telephone numbers are, or is a mobile's."""
    import phonenumbers

    if re.search(r"\d[ .\-–/)(]+\d", written):
        return written[0] in "(0" or len(re.findall(r"\d+", written)) > 2 or kind == phonenumbers.PhoneNumberType.MOBILE
    return written[0] == "0" or kind == phonenumbers.PhoneNumberType.MOBILE
