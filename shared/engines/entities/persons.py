"""People who say who they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.engines.entities.reading import Finding, Reading
from shared.engines.entities.vocabulary import either, words
from shared.models.analysis import EntityType

_CAPITALISED = (
    r"(?:[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁІЇЄΑ-ΩŞĞİ](?:[^\W\d_]|['’](?=[^\W\d_])){1,24}(?:-[^\W\d_]{2,20})?|[A-Z](?:\.|(?=[ ][A-Z])))"
)
_PARTICLE = r"(?:de|da|do|dos|das|del|della|di|van|von|der|den|zu|la|le|el|bin|al|ter|y|e|du|des|af|O['’])"
_NAME = rf"{_CAPITALISED}(?:[ ](?:{_PARTICLE}[ ]){{0,2}}{_CAPITALISED}){{0,3}}"
_LOWER_NAME = r"[^\W\d_]{2,20}(?:[ ][^\W\d_]{2,20}){0,2}"

_CALLED = rf"(?:{either('called')})"
_AM = rf"(?:{either('i_am')})"
_OPENING = rf"(?:(?:{either('opening')})(?:[ ,][^\W\d_]{{2,15}}){{0,2}}[\s,.!–-]{{1,4}}){{0,2}}"
_CLOSING = rf"(?:{either('closing')})"
_TITLE = rf"(?:{either('title')})\.?"

_LONGEST_ABBREVIATION = 3
"""`Thanks VP!` thanks nobody by name."""

_SAID = re.compile(rf"(?<!\w)(?i:{_CALLED})[ ]{{1,2}}(?P<name>{_NAME})")
_SAID_LOWER = re.compile(rf"(?<!\w)(?i:{_CALLED})[ ]{{1,2}}(?P<name>{_LOWER_NAME})")
_IS = re.compile(
    rf"(?:^|(?<=[.!?\n])\s{{0,3}})(?i:{_OPENING})(?i:{_AM})[ ](?P<name>{_NAME})"
    r"(?=\s*(?:$|[.,!;\n–-]|\b(?:from|and|here|with|of|e|da|do|y|de|et|und|von|vom|aus|uit|en|van|z|i|och|writing|again)\b))"
)
_SIGNED = re.compile(
    rf"(?:^|(?<=[\s.,!?;:]))(?i:{_CLOSING})[ \t]{{0,2}}[,.!–-]?[ \t]{{0,2}}"
    rf"\n{{0,3}}[ \t]{{0,3}}(?P<name>{_NAME})[ \t]{{0,3}}[.!]?(?=\s*$|\s*\n)"
)
_DASHED = re.compile(rf"(?:^|\n|[ \t])(?:--|–|—)[ \t]?(?P<name>{_NAME})\s*$")
_TITLED = re.compile(rf"(?<![\w.]){_TITLE}[ ](?P<name>(?:{_PARTICLE}[ ]){{0,2}}{_NAME})")
_IN_OTHER_SCRIPTS = [re.compile(pattern) for pattern in words("named_in_other_scripts")]
"""Introductions in scripts without capitals, where what ends a name is counted or comes after it."""

_NO_NAME = frozenset(words("no_names"))
_STOPS = frozenset(words("after_names"))


def find_persons(reading: Reading) -> Iterator[Finding]:
    """Names of people where the words around say that it is one: an introduction, a signature, a title."""
    for pattern, confidence in ((_SAID, 0.95), (_SIGNED, 0.85), (_TITLED, 0.85), (_IS, 0.75), (_DASHED, 0.7)):
        for match in pattern.finditer(reading.text):
            start, end = match.span("name")
            if not _is_no_name(reading, start, end):
                yield Finding(EntityType.PERSON, start, end, confidence, rank=7)
    if not reading.text.isascii():
        for pattern in _IN_OTHER_SCRIPTS:
            for match in pattern.finditer(reading.text):
                yield Finding(EntityType.PERSON, *match.span("name"), 0.8, rank=7)
    for match in _SAID_LOWER.finditer(reading.text):
        if match["name"][0].islower():
            end = _end_of_lower_name(reading, *match.span("name"))
            if end > match.start("name"):
                yield Finding(EntityType.PERSON, match.start("name"), end, 0.7, rank=8)


def _is_no_name(reading: Reading, start: int, end: int) -> bool:
    if reading.text[start:end].isupper() and end - start <= _LONGEST_ABBREVIATION:
        return True
    words = reading.folded[start:end].split()
    return words[0].rstrip(".") in _NO_NAME or (len(words) > 1 and words[-1] in _NO_NAME)


def _end_of_lower_name(reading: Reading, start: int, end: int) -> int:
    """Where a name typed without capitals ends: before the first word that belongs to the sentence."""
    last = start
    for word in re.finditer(r"\S+", reading.folded[start:end]):
        if word[0] in _STOPS or word[0] in _NO_NAME:
            break
        last = start + word.end()
    return last
