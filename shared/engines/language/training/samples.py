"""What the model is trained on: strings as they are, and words drawn as often as they are used."""

from __future__ import annotations

import bisect
import itertools
import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import stopwordsiso

from shared.engines.language.model import UNREADABLE
from shared.engines.language.offered import OFFERED
from shared.engines.language.training.romanised import ROMANISED, Romanise
from shared.engines.language.training.sources import Sources
from shared.engines.language.words import words_of

OURS: dict[str, Any] = json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))
ALONE: dict[str, str] = json.loads(Path(__file__).parents[1].joinpath("words.json").read_text(encoding="utf-8"))

SERBIAN_IN_LATIN = "sr-Latn"
_WITHOUT_SPACES = frozenset({"zh", "ja", "th", "lo", "km", "my"})
_IN_LATIN = (
    "af ca cs cy da de en es et eu fi fr ga gl hr hu id is it lt lv ms nl no pl pt ro sk sl sq sr-Latn sv sw tl tr vi"
)
_LATIN = frozenset(_IN_LATIN.split())
_WORDS = (1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8, 10)
"""How many words a drawn text has: mostly few, since those are the hard ones."""
_MARKS_LEFT_OUT = 0.12
"""Share of the texts in Latin letters that lose their accents, as they do on many keyboards."""
_LETTERS_WITHOUT_MARKS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "ı": "i", "æ": "ae"})
_CYRILLIC = str.maketrans(dict(zip("abcčćdđefghijklmnoprsštuvzž", "абцчћдђефгхијклмнопрсштувзж", strict=True)))
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


class Samples:
    """Texts of every class, drawn by chance; the same seed draws the same."""

    def __init__(self, sources: Sources, each: int, seed: int) -> None:
        """`each`: how many texts of a class."""
        self._sources = sources
        self._each = each
        self._random = Random(seed)
        self._serbian, self._croatian = self._told_apart()

    def draw(self) -> Iterator[tuple[list[str], str]]:
        """Words and their class."""
        for code in (*OFFERED, SERBIAN_IN_LATIN):
            yield from self._language(code)
        for name, base, romanise, share in ROMANISED:
            yield from self._romanised(name, base, romanise, int(self._each * share))
        for _ in range(self._each // 3):
            yield self._some(OURS["romanised"]["fa-Latn"].split()), "fa-Latn"
        for _ in range(self._each):
            yield words_of(self._unreadable()), UNREADABLE

    def _language(self, code: str) -> Iterator[tuple[list[str], str]]:
        strings = self._sources.sentences(code)
        counted = self._frequencies(code)
        ours = words_of(f"{ALONE.get(code, '')} {OURS['everyday'].get(code, '')}")
        drawn = _Urn(counted, 0.1) if counted else _Urn(self._uncounted(code, strings, ours), 0.02)
        strings_up_to = (0.3 if counted else 0.5) if strings else 0.0
        ours_up_to = strings_up_to + ((0.07 if counted else 0.3) if ours else 0.0)
        for _ in range(self._each):
            kind = self._random.random()
            if kind < strings_up_to:
                words = self._part(self._random.choice(strings))
            elif kind < ours_up_to:
                words = self._some(ours)
            else:
                words = [drawn.one(self._random) for _ in range(self._random.choice(_WORDS))]
            if code in _WITHOUT_SPACES and self._random.random() < 0.7:
                words = ["".join(words)]
            if code in _LATIN and self._random.random() < _MARKS_LEFT_OUT:
                words = [_without_marks(word) for word in words]
            yield words_of(" ".join(words)), code

    def _romanised(self, name: str, base: str, romanise: Romanise, many: int) -> Iterator[tuple[list[str], str]]:
        drawn = _Urn(self._sources.frequencies(base), 0.05)
        ours = OURS["romanised"].get(name, "").split() if base == name.split("-")[0] else []
        for _ in range(many):
            words: list[str] = []
            for _ in range(self._random.choice(_WORDS)):
                from_ours = bool(ours) and self._random.random() < 0.45
                word = self._random.choice(ours) if from_ours else romanise(drawn.one(self._random), self._random)
                if word and word.isascii():
                    words.append(word)
            if words:
                yield words_of(" ".join(words)), name

    def _frequencies(self, code: str) -> dict[str, float]:
        """As counted; Serbian and Croatian, counted together, apart where they differ."""
        if code not in {"hr", "sr", SERBIAN_IN_LATIN}:
            return self._sources.frequencies(code)
        others = self._serbian if code == "hr" else self._croatian
        own = {word: share for word, share in self._sources.frequencies("hr").items() if word not in others}
        return {_cyrillic(word): share for word, share in own.items()} if code == "sr" else own

    def _told_apart(self) -> tuple[set[str], set[str]]:
        """Words that are only Serbian and only Croatian: where both `lepo` and `lijepo` occur, each is of one."""
        counted = self._sources.frequencies("hr")
        serbian, croatian = set(OURS["serbian"].split()), set(OURS["croatian"].split())
        for word in counted:
            for sound in ("ije", "je"):
                for at in range(len(word)):
                    twin = word[:at] + "e" + word[at + len(sound) :]
                    if word.startswith(sound, at) and len(twin) > 3 and twin in counted:
                        serbian.add(twin)
                        croatian.add(word)
        return serbian, croatian

    def _uncounted(self, code: str, strings: list[list[str]], ours: list[str]) -> dict[str, float]:
        """A guess at how often words are used: half as in the strings, the rest among stop words and forms."""
        share: defaultdict[str, float] = defaultdict(float)
        counts = Counter(itertools.chain.from_iterable(strings))
        stop = words_of(" ".join(sorted(stopwordsiso.stopwords(code)))) if stopwordsiso.has_lang(code) else []
        forms = self._sources.forms(code)
        forms = words_of(" ".join(self._random.sample(forms, min(len(forms), 60_000))))
        for word, count in counts.items():
            share[word] += 0.5 * count / counts.total()
        for weight, words in ((0.3, stop or ours), (0.2, forms)):
            for word in words:
                share[word] += weight / len(words)
        return dict(share)

    def _part(self, words: list[str]) -> list[str]:
        length = self._random.choice((1, 2, 3, 4, 5, 6, 8, 10, 14))
        start = self._random.randint(0, max(0, len(words) - length))
        return words[start : start + length]

    def _some(self, words: list[str]) -> list[str]:
        return [self._random.choice(words) for _ in range(self._random.choice((1, 2, 3, 4, 5)))]

    def _unreadable(self) -> str:
        kind = self._random.random()
        for name, up_to, most in (("code", 0.2, 8), ("noise", 0.3, 2), ("names", 0.42, 3)):
            if kind < up_to:
                words = OURS["unreadable"][name].split()
                return " ".join(self._random.choice(words) for _ in range(self._random.randint(1, most)))
        return " ".join(self._struck() for _ in range(self._random.choice((1, 1, 1, 2, 2, 3, 4))))

    def _struck(self) -> str:
        row = self._random.choice(_ROWS)
        any_letter, consonants = "".join(_ROWS), "bcdfghjklmnpqrstvwxz"
        way = self._random.randrange(6)
        if way == 0:
            start = self._random.randint(0, 3)
            return row[start : start + self._random.randint(3, 8)]
        if way == 1:
            return self._random.choice(any_letter) * self._random.randint(3, 8)
        letters = (row, row, any_letter, consonants)[way - 2]
        return "".join(self._random.choice(letters) for _ in range(self._random.randint(3, 10)))


class _Urn:
    """Words to draw, each as often as its share, and a few of them all alike."""

    def __init__(self, shares: Mapping[str, float], alike: float) -> None:
        self._words = list(shares)
        total = sum(shares.values())
        self._up_to = list(
            itertools.accumulate((1 - alike) * share / total + alike / len(shares) for share in shares.values())
        )

    def one(self, random: Random) -> str:
        return self._words[min(bisect.bisect(self._up_to, random.random()), len(self._words) - 1)]


def _without_marks(word: str) -> str:
    apart = unicodedata.normalize("NFD", word.translate(_LETTERS_WITHOUT_MARKS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _cyrillic(word: str) -> str:
    for pair, letter in (("lj", "љ"), ("nj", "њ"), ("dž", "џ")):
        word = word.replace(pair, letter)
    return word.translate(_CYRILLIC)
