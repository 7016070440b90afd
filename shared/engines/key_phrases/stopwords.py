"""Key phrases as runs of words between stop words (RAKE), with the stop words of 57 languages; in this process.

Rose, Engel, Cramer, Cowley: Automatic keyword extraction from individual documents, 2010. A word counts by the company
it keeps: the length of the phrases it stands in, over how often it occurs.
"""

from __future__ import annotations

import asyncio
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from shared.engines.chain import NotServed
from shared.engines.entities.reading import fold
from shared.models.analysis import KeyPhrasesResult
from shared.models.base import base_language

WORDS = Path(__file__).with_name("words.json")
"""By language: words that the stop lists hold but customers mean, courtesies that they lack, words that link two."""

MOST_PHRASES = 10
_MOST_WORDS = 4
"""Longer runs are clauses that happen to hold no stop word; they are cut."""
_SHORTEST = 3
_LONGEST = 60
"""No language's words are longer; keys, code and letters struck over and over are."""
_MOST_CHARACTERS = 20_000
"""What is beyond hardly changes what a text is about."""

_WRITTEN_TOGETHER = {"ja", "zh", "th", "ko"}
"""Words are not set apart there, or carry their particles, so that runs between stop words are no phrases."""

_NOT_A_PHRASE = re.compile(
    r"\n|https?://\S+|www\.\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.\S+|#[\w-]+|\+?\d[\d\s().,/:-]+\d"
)
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u0dff"
"""What belongs to the letter before it, such as the vowel signs of India. Not `\\w` to Python."""
_TOKEN = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*(?:['’·-][^\W_](?:[^\W_]|[{_MARKS}])*)*|\S")
_ELISION = re.compile(
    r"(?<!\w)(?:(?:[ldjncsmt]|qu|jusqu|lorsqu|dell|all|nell|sull|dall|un|quest|com)['’])(?=\w{2})", re.IGNORECASE
)


class StopwordKeyPhrases:
    """The same phrases for the same text, always."""

    name = "stopwords"

    async def extract(self, text: str, *, language: str | None) -> KeyPhrasesResult:
        """At most ten phrases in the text's own words, the most telling first.

        Raises NotServed for an unknown language and for one without stop words or without spaces.
        """
        base = base_language(language) if language else None
        phrases = await asyncio.to_thread(_phrases, text[:_MOST_CHARACTERS], base)
        return KeyPhrasesResult(engine=self.name, key_phrases=phrases)


def _phrases(text: str, language: str | None) -> list[str]:
    if language is None or language in _WRITTEN_TOGETHER or not (stops := _stop_words(language)):
        raise NotServed(f"key phrases in {language or 'an unknown language'}")
    runs = list(_runs(_NOT_A_PHRASE.sub(" | ", text), stops, _links(language)))
    folded = [tuple(map(_plain, run)) for run in runs]
    occurrences = Counter(word for run in folded for word in run)
    company = Counter[str]()
    for run in folded:
        for word in run:
            company[word] += len(run)
    repeats = Counter(folded)
    scores: dict[tuple[str, ...], float] = {}
    as_written: dict[tuple[str, ...], str] = {}
    for place, words in enumerate(folded):
        if words not in scores:
            weight = sum(company[word] / occurrences[word] for word in words) / len(words) ** 0.5
            # Customers begin with what they want; what they repeat matters to them.
            scores[words] = weight * repeats[words] ** 0.5 * (1 + 0.5 / (1 + place))
            as_written[words] = " ".join(runs[place])
    best = sorted(scores, key=lambda words: -scores[words])
    return [as_written[words] for words in _not_within_others(best)][:MOST_PHRASES]


def _runs(text: str, stops: frozenset[str], links: frozenset[str]) -> Iterator[list[str]]:
    """The runs of words between stop words, punctuation and numbers; a link such as `de` joins two words."""
    run: list[str] = []
    link: list[str] = []
    for match in _TOKEN.finditer(_ELISION.sub(" | ", text)):
        token = match[0]
        word = _plain(token)
        # A number belongs to the name before it: iPhone 15.
        numbered = token.isdigit() and len(token) < _SHORTEST and bool(run) and run[-1] != run[-1].lower()
        if numbered or (_SHORTEST <= len(token) <= _LONGEST and any(map(str.isalpha, token)) and word not in stops):
            run += [*link, token]
            link = []
        elif run and not link and word in links:
            link = [token]
            continue
        elif run:
            yield run
            run, link = [], []
        if len(run) >= _MOST_WORDS:
            yield run
            run, link = [], []
    if run:
        yield run


def _not_within_others(best: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The phrases without those whose words all stand in a better one."""
    kept: list[frozenset[str]] = []
    for words in best:
        if not any(other.issuperset(words) for other in kept):
            kept.append(frozenset(words))
            yield words


def _plain(word: str) -> str:
    return fold(unicodedata.normalize("NFC", word)).replace("’", "'")


def _links(language: str) -> frozenset[str]:
    return frozenset(_words()["links"].get(language, "").split())


@cache
def _words() -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = json.loads(WORDS.read_text(encoding="utf-8"))
    return words


@lru_cache(maxsize=64)
def _stop_words(language: str) -> frozenset[str]:
    """The folded stop words of a language; empty for one that has none."""
    import stopwordsiso

    if not stopwordsiso.has_lang(language):
        return frozenset()
    content = _words()["content"].get(language, "").split()
    fillers = _words()["fillers"].get(language, "").split()
    stops = {_plain(word) for word in (*stopwordsiso.stopwords(language), *fillers)}
    return frozenset(stops - {_plain(word) for word in content})
