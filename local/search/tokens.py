"""Words of a text in any script: what is stored in the index and what a query looks for.

Words are cut as Unicode's text segmentation (UAX 29) cuts them; letters lose their case and Latin and Greek letters
their accents. Scripts that write without spaces (and Korean, whose particles stick to the words) are cut into single
characters and pairs, so that a query finds its pairs without a dictionary.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple


class Token(NamedTuple):
    """One word: as it is indexed, where it stands in the text (`start`, `end`), and its number among the words."""

    text: str
    start: int
    end: int
    position: int


Analyzer = Callable[[str, bool], Iterator[Token]]
"""Cuts a text; the flag says that it is a query, which looks for pairs of characters rather than single ones."""

LONGEST = 300
"""Characters of a token; what is longer is cut off, as nobody searches for it."""

_UNSEGMENTED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, Han, Kana and Hangul."""

_SAME_LETTER = str.maketrans(
    {"ё": "е", "ى": "ي", "ة": "ه", "\u0640": None, "\u093c": None, "ı": "i", "ø": "o", "ł": "l"}
)
"""Spellings that readers take for the same letter, among them the stretching stroke of Arabic and the dot below."""

_ARABIC_SIGNS = re.compile("[\u064b-\u065f\u0670]")
_DECOMPOSED_LATIN = re.compile("(?<=[a-z\u0370-\u03ff])[\u0300-\u036f]+")


@cache
def _marks() -> str:
    """Signs that belong to the letter before them: ranges for a character class."""
    ranges: list[list[int]] = []
    for code in range(0x300, min(sys.maxunicode, 0x1FFFF)):
        if unicodedata.category(chr(code)) in ("Mn", "Mc"):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


@cache
def _words() -> re.Pattern[str]:
    part = rf"\w[\w{_marks()}]*"
    return re.compile(rf"{part}(?:(?:(?<=\D)['’.·](?=[^\W\d_])|(?<=\d)[.,](?=\d)){part})*")


@cache
def _runs() -> re.Pattern[str]:
    return re.compile(rf"(?P<dense>(?:[{_UNSEGMENTED}][{_marks()}]*)+)|[^{_UNSEGMENTED}]+")


@cache
def _units() -> re.Pattern[str]:
    return re.compile(rf"[{_UNSEGMENTED}][{_marks()}]*")


_ASCII_WORDS = re.compile(r"\w+(?:(?:(?<=[a-zA-Z_])['.](?=[a-zA-Z])|(?<=\d)[.,](?=\d))\w+)*")


@lru_cache(maxsize=16384)
def fold(word: str) -> str:
    """The word without what readers do not tell apart: case, accents, width, vowel signs of Arabic."""
    if word.isascii():
        return word.lower()[:LONGEST]
    spread = unicodedata.normalize("NFKD", word.casefold())
    spread = _ARABIC_SIGNS.sub("", _DECOMPOSED_LATIN.sub("", spread))
    return unicodedata.normalize("NFC", spread).translate(_SAME_LETTER).replace("’", "'")[:LONGEST]


def _unicode(text: str, is_query: bool) -> Iterator[Token]:
    if text.isascii():
        for position, match in enumerate(_ASCII_WORDS.finditer(text)):
            yield Token(match.group().lower()[:LONGEST], match.start(), match.end(), position)
        return
    position = 0
    for match in _words().finditer(text):
        for run in _runs().finditer(match.group()):
            start = match.start() + run.start()
            if run["dense"] is None:
                if folded := fold(run.group()):
                    yield Token(folded, start, match.start() + run.end(), position)
                    position += 1
                continue
            yield from _pairs(run.group(), start, position, is_query)
            position += sum(1 for _ in _units().finditer(run.group()))


def _pairs(run: str, start: int, position: int, is_query: bool) -> Iterator[Token]:
    units = [(fold(unit.group()), start + unit.start(), start + unit.end()) for unit in _units().finditer(run)]
    for number, (text, begin, end) in enumerate(units):
        if not is_query or len(units) == 1:
            yield Token(text, begin, end, position + number)
        if number + 1 < len(units):
            following = units[number + 1]
            yield Token(text + following[0], begin, following[2], position + number)


def _keyword(text: str, is_query: bool) -> Iterator[Token]:
    if text:
        yield Token(text[:LONGEST], 0, len(text), 0)


def _whitespace(text: str, is_query: bool) -> Iterator[Token]:
    for position, match in enumerate(re.finditer(r"\S+", text)):
        yield Token(match.group()[:LONGEST], match.start(), match.end(), position)


def _letters(text: str, is_query: bool) -> Iterator[Token]:
    for position, match in enumerate(re.finditer(r"[^\W\d_]+", text)):
        yield Token(match.group().lower()[:LONGEST], match.start(), match.end(), position)


_SPECIAL: dict[str, Analyzer] = {"keyword": _keyword, "whitespace": _whitespace, "simple": _letters}
_LANGUAGE = re.compile(r"([a-z]{2}(-[A-Za-z]+)?|sr-(cyrillic|latin))\.(microsoft|lucene)")


def analyzer(name: str | None) -> Analyzer | None:
    """The analyzer that Azure calls by this name, or None when the stand-in has none.

    All language analyzers are the same Unicode one here: they neither reduce words to their stems nor leave words out.
    """
    if name is None or name in ("standard.lucene", "standardasciifolding.lucene") or _LANGUAGE.fullmatch(name):
        return _unicode
    return _SPECIAL.get(name)


def is_dense(text: str) -> bool:
    """Whether the text has characters of a script that is cut into pairs."""
    return not text.isascii() and any(run["dense"] is not None for run in _runs().finditer(text))


def prefix_token(text: str, cut: Analyzer) -> str:
    """The beginning of a word as words are stored: folded alike, but never cut into pairs. May be empty."""
    if cut is _unicode:
        return fold(text)
    return text if cut in (_keyword, _whitespace) else text.lower()
