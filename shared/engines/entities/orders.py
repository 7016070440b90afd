"""Numbers of orders, parcels and invoices."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.engines.entities.reading import ENDS, STARTS, Finding, Reading
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
    rf"(?:[ \t.:=(,–-]{{0,3}}(?:(?:{_CONNECTORS})(?![\w-])|"
    rf"(?:n[.]?\s?)?[ºo°](?!\w)|№|{_TOGETHER_CONNECTORS})){{0,5}}+"
    r"[ \t:.=([|*_\"'“„–-]{0,6}(?:\r?\n[ \t>*_]{0,4})?"
)
_SHAPE = (
    r"(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|\d{1,6}(?:[ ]\d{1,6}){1,9}(?![ ]?\w)"
    r"|[a-z0-9]+(?:[-_/][a-z0-9]+){0,5})"
)
"""A UUID, digits in groups up to the end of what is said, or letters and digits in one piece."""
_CODE = rf"(?P<hash>[#№]\s?)?(?P<code>{_SHAPE})(?![a-z0-9а-я_%$€£]|[.,:]\d|[ ]?[%$€£])"
_NEXT = re.compile(
    rf"(?:[ ]?[,;&+]|[ ](?:{either('and')})(?!\w)){{1,2}}[ ]?#?"
    r"(?P<code>[a-z0-9]+(?:[-_][a-z0-9]+){0,5})(?![\w%$€£]|[.,:]\d|[ ]?[%$€£])"
)
"""Another number of the same kind: `orders 12345, 12346 and 12347`."""
_NAMED = re.compile(rf"(?:(?<!\w)(?:{_NAMES})(?!\w)|(?:{_TOGETHER}))(?P<gap>{_GAP}){_CODE}")
_BEFORE_NAME = re.compile(
    r"(?<![\w#.,/+-])#?(?P<code>[a-z0-9]+(?:[-/][a-z0-9]+){0,4})[ ']{1,2}"
    r"(?:numarali|nolu|no'?lu|sayili|numaralı|szamu)\s(?:siparis|kargo|rendeles)"
)
_MARKED = re.compile(r"(?<![\w/#&;])#\s?(?P<code>[a-z0-9]+(?:[-_/][a-z0-9]+){0,5})(?!\w)")
_HASHTAG = re.compile(r"[^\W\d_]{5,}\d|\d+[^\W\d_]{3,}")
_NUMBER_SIGN = re.compile(r"(?<!\w)(?:n\.?[º°]|№|nr\.?|no\.)\s?(?P<code>[a-z]{0,4}-?\d{4,12})(?![\w%$€£]|[.,:]\d)")
_CODED = re.compile(
    rf"{STARTS}(?<![#@/.+-])(?:[A-Z]{{2,6}}[-–_]\d{{4}}[-–_]\d{{2,8}}|[A-Z]{{1,6}}[-–_]?\d{{5,12}}|\d{{3}}-\d{{7}}-\d{{7}}|1Z[0-9A-Z]{{16}}"
    rf"|[A-Z]{{2}}\d{{9}}[A-Z]{{2}}|(?:ORD|ORDER|PED|PO|SO|INV|CMD|BEST|REF|RMA|TRK)[-–_#]?\d{{3,12}}(?:-\d{{1,8}})?)"
    rf"{ENDS}(?!@|[-/]\w)"
)
_BARE = re.compile(rf"{STARTS}(?<![.,/+@$€£#:_*–-])\d{{6,12}}{ENDS}(?![%$€£@*]|[.,/:–_-]\d|[ ]?[%$€£])")
_ALONE = re.compile(r"\W*(\d{4,12})\W*")
_OTHER_NUMBER = re.compile(
    rf"(?:\b(?:{either('other_numbers')})\b|(?:{either('other_numbers_together')}))[^\d\n.!?]{{0,25}}$"
)

_DIGITS_LEAST = 3
_DIGITS_UNNAMED = 4
_DIGITS_COUNTED = 5
"""Nobody writes that they order more than 99,999 of something."""
_LONGEST = 30
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/]\d{1,2}[-/](?:\d\d){1,2}|\d{1,2}/\d{1,4}")
_NUMBER_WORD = re.compile(
    r"num|nummer|nr|\bn[.]?\s?[ºo°]|№|\bno\b|\bid\b|ref|code|codi|番号|号|번호|رقم|номер|cislo|szam"
)
_SURE_NUMBER_WORD = re.compile(r"num|nr\b|\bn[.]?\s?[º°]|№|\bno\.|\bid\b|番号|号|번호|رقم|номер|cislo|szam|नंबर|नम्बर")
"""Those after which one digit is enough; a bare `no` is a word of several languages."""
_COUNTED = re.compile(rf"\s+(?:{either('counted_things')})\b")


def find_orders(reading: Reading) -> Iterator[Finding]:
    """Order numbers and their like; the value is the number in upper case without a leading #."""
    if not reading.has_digits:
        return
    for match in _NAMED.finditer(reading.folded):
        before = match[0][: match.start("code") - match.start()]
        sure = match["hash"] is not None or _SURE_NUMBER_WORD.search(before) is not None
        if _is_number(match["code"], least=1 if sure else _DIGITS_LEAST) and (sure or _is_meant(reading.folded, match)):
            start = match.start("hash") if match["hash"] else match.start("code")
            yield _finding(reading, start, match.end("code"), 0.95, 3 if " " in match["code"] else 4)
            yield from _further(reading, match.end("code"))
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


def _further(reading: Reading, end: int) -> Iterator[Finding]:
    """The numbers that follow one in a list."""
    while (match := _NEXT.match(reading.folded, end)) is not None:
        end = match.end()
        code = match["code"]
        if (
            not _is_number(code)
            or len(code) < _DIGITS_UNNAMED
            or (code.isdigit() and _COUNTED.match(reading.folded, end))
        ):
            return
        yield _finding(reading, match.start("code"), end, 0.85, 4)


def _finding(reading: Reading, start: int, end: int, confidence: float, rank: int) -> Finding:
    value = reading.text[start:end].lstrip("#№ ").replace(" ", "").upper()
    return Finding(EntityType.ORDER_NUMBER, start, end, confidence, value, rank=rank)


def _is_number(code: str, *, least: int = _DIGITS_LEAST) -> bool:
    """Whether a code is shaped like a number: digits enough, and no more letters than a prefix has."""
    if _UUID.fullmatch(code):
        return True
    digits = sum(character.isdigit() for character in code)
    letters = sum(character.isalpha() for character in code)
    return digits >= least and len(code) <= _LONGEST and letters <= digits + 3 and not _DATE.fullmatch(code)


def _is_meant(folded: str, match: re.Match[str]) -> bool:
    """Whether it numbers the thing named before it, rather than counts it or dates it."""
    code = match["code"]
    if _NUMBER_WORD.search(match[0][: match.start("code") - match.start()]):
        return True
    if " " in code or "\n" in match["gap"]:
        return ":" in match["gap"]
    if code.isdigit() and (len(code) < _DIGITS_UNNAMED or _YEAR.fullmatch(code)):
        return False
    return not (code.isdigit() and len(code) <= _DIGITS_COUNTED and _COUNTED.match(folded, match.end()))


def _is_other(reading: Reading, start: int) -> bool:
    """Whether the words before call it the number of something else."""
    return _OTHER_NUMBER.search(reading.folded, max(0, start - 45), start) is not None
