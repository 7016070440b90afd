"""Numbers of orders, parcels and invoices."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.engines.entities.reading import Finding, Reading
from shared.engines.entities.vocabulary import either
from shared.models.analysis import EntityType

# Words are folded (lower case, no accents), of all languages at once: they hardly collide, and the language of a
# message with an order number is often unknown.
_NAMES = either("order_names")
_TOGETHER = either("order_names_together")
"""Words of scripts in which what follows may be written without a space."""
_CONNECTORS = either("order_connectors")
_TOGETHER_CONNECTORS = either("order_connectors_together")
_GAP = (
    rf"(?:[ \t\u00a0.:=(,–-]{{0,3}}(?:(?:{_CONNECTORS})(?![\w-])|"
    rf"(?:n[.]?\s?)?[ºo°](?!\w)|№|{_TOGETHER_CONNECTORS})){{0,5}}+"
    r"[ \t\u00a0:.=([\"'“„–-]{0,4}"
)
_CODE = r"(?P<hash>[#№]\s?)?(?P<code>[a-z0-9]+(?:[-_/][a-z0-9]+){0,5})(?![a-z0-9а-я_%$€£]|[.,:]\d|[ \u00a0]?[%$€£])"
_NAMED = re.compile(rf"(?:(?<!\w)(?:{_NAMES})(?!\w)|(?:{_TOGETHER}))(?P<gap>{_GAP}){_CODE}")
_BEFORE_NAME = re.compile(
    r"(?<![\w#.,/+-])#?(?P<code>[a-z0-9]+(?:[-/][a-z0-9]+){0,4})[ \u00a0']{1,2}"
    r"(?:numarali|nolu|no'?lu|sayili|numaralı|szamu)\s(?:siparis|kargo|rendeles)"
)
_MARKED = re.compile(r"(?<![\w/#&;])#\s?(?P<code>[a-z0-9]+(?:[-_/][a-z0-9]+){0,5})(?!\w)")
_HASHTAG = re.compile(r"[^\W\d_]{5,}\d|\d+[^\W\d_]{3,}")
_NUMBER_SIGN = re.compile(r"(?<!\w)(?:n\.?[º°]|№|nr\.?|no\.)\s?(?P<code>[a-z]{0,4}-?\d{4,12})(?![\w%$€£]|[.,:]\d)")
_CODED = re.compile(
    r"(?<![\w#@/.+-])(?:[A-Z]{2,6}[-–_]\d{4}[-–]\d{2,8}|[A-Z]{1,6}[-–_]?\d{5,12}|\d{3}-\d{7}-\d{7}|1Z[0-9A-Z]{16}"
    r"|[A-Z]{2}\d{9}[A-Z]{2}|(?:ORD|ORDER|PED|PO|SO|INV|CMD|BEST|REF|RMA|TRK)[-–_#]?\d{3,12}(?:-\d{1,8})?)(?![\w@]|[-/]\w)"
)
_BARE = re.compile(r"(?<![\w.,/+@$€£#:_*–-])\d{6,12}(?![\w%$€£@*]|[.,/:–_-]\d|[ \u00a0]?[%$€£])")
_ALONE = re.compile(r"\W*(\d{4,12})\W*")
_OTHER_NUMBER = re.compile(rf"\b(?:{either('other_numbers')})\b[^\d\n.!?]{{0,25}}$")

_DIGITS_LEAST = 3
_DIGITS_UNNAMED = 4
_DIGITS_COUNTED = 5
"""Nobody writes that they order more than 99,999 of something."""
_LONGEST = 30
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/]\d{1,2}[-/](?:\d\d){1,2}|\d{1,2}/\d{1,4}")
_NUMBER_WORD = re.compile(
    r"num|nummer|nr|\bn[.]?\s?[ºo°]|№|\bno\b|\bid\b|ref|code|codi|番号|号|번호|رقم|номер|cislo|szam"
)
_COUNTED = re.compile(rf"\s+(?:{either('counted_things')})\b")


def find_orders(reading: Reading) -> Iterator[Finding]:
    """Order numbers and their like; the value is the number in upper case without a leading #."""
    if not any(character.isdigit() for character in reading.text):
        return
    for match in _NAMED.finditer(reading.folded):
        if _is_number(match["code"]) and _is_meant(reading.folded, match):
            yield _finding(
                reading, match.start("hash") if match["hash"] else match.start("code"), match.end("code"), 0.95, 4
            )
    for match in _BEFORE_NAME.finditer(reading.folded):
        if _is_number(match["code"]):
            yield _finding(reading, match.start(), match.end("code"), 0.9, 4)
    for match in _MARKED.finditer(reading.folded):
        if _is_number(match["code"]) and not _HASHTAG.match(match["code"]) and not _is_other(reading, match.start()):
            yield _finding(reading, match.start(), match.end(), 0.9, 4)
    for match in _NUMBER_SIGN.finditer(reading.folded):
        if _is_number(match["code"]) and not _is_other(reading, match.start()):
            yield _finding(reading, match.start("code"), match.end(), 0.7, 6)
    for match in _CODED.finditer(reading.text):
        if not _is_other(reading, match.start()):
            yield _finding(reading, *match.span(), 0.8, 5)
    for match in _BARE.finditer(reading.text):
        if not _is_other(reading, match.start()):
            yield _finding(reading, *match.span(), 0.55, 6)
    alone = _ALONE.fullmatch(reading.text)
    if alone is not None and not _YEAR.fullmatch(alone[1]):
        yield _finding(reading, *alone.span(1), 0.6, 6)


def _finding(reading: Reading, start: int, end: int, confidence: float, rank: int) -> Finding:
    value = reading.text[start:end].lstrip("#№ ").upper()
    return Finding(EntityType.ORDER_NUMBER, start, end, confidence, value, rank=rank)


def _is_number(code: str) -> bool:
    """Whether a code is shaped like a number: digits enough, and no more letters than a prefix has."""
    digits = sum(character.isdigit() for character in code)
    letters = sum(character.isalpha() for character in code)
    return digits >= _DIGITS_LEAST and len(code) <= _LONGEST and letters <= digits + 3 and not _DATE.fullmatch(code)


def _is_meant(folded: str, match: re.Match[str]) -> bool:
    """Whether it numbers the thing named before it, rather than counts it or dates it."""
    code = match["code"]
    if match["hash"] or _NUMBER_WORD.search(match[0][: match.start("code") - match.start()]):
        return True
    if code.isdigit() and (len(code) < _DIGITS_UNNAMED or _YEAR.fullmatch(code)):
        return False
    return not (code.isdigit() and len(code) <= _DIGITS_COUNTED and _COUNTED.match(folded, match.end()))


def _is_other(reading: Reading, start: int) -> bool:
    """Whether the words before call it the number of something else."""
    return _OTHER_NUMBER.search(reading.folded, max(0, start - 45), start) is not None
