"""Language detection in this process: our own model of words and their pieces beside py3langid's of byte n-grams."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.engines.language.mixture import in_many_scripts, shares
from shared.engines.language.model import UNREADABLE, LanguageModel
from shared.engines.language.offered import OFFERED, checked
from shared.engines.language.words import without_addresses, words_of
from shared.models.analysis import LanguageResult, LanguageScore
from shared.models.base import base_language

WORDS = Path(__file__).with_name("words.json")
"""Words that customers send alone, by language: n-grams cannot tell the language of `hello`."""

# docs/engines.md says on which texts these numbers were set.
SURE_ENOUGH = 0.35
"""Below this probability the language is not told."""
SURE_ENOUGH_OF_A_WORD = 0.5
"""The same for a single word: `no` and `la` are words of many languages."""

BYTES_WEIGHT = 1.5
"""How much py3langid's log-probability counts beside our own model's logit. They err in different places."""

SHARPNESS = 0.7
"""Makes the probability mean what it says, now that two models that know much the same are added."""

PRIOR_WEIGHT = 16.0
"""How many times likelier the conversation's language is before the text is read. Enough to decide single words,
too little to overrule a sentence: the models' own probabilities grow sharper with the text's length."""

WORD_WEIGHT = 50.0
"""How many times likelier a language becomes when the text is all made of its known words; part of it, less so."""

RARELY_MEANT = {"af": 0.3, "ca": 0.7, "gl": 0.3, "mk": 0.3, "ms": 0.3, "sr": 0.3}
"""Weights of languages that take texts away from a larger neighbour (Dutch, Spanish, Portuguese, Bulgarian,
Indonesian, Croatian) that is written nearly alike."""

NOT_OFFERED = 0.02
"""Weight of languages that are not offered. A text that is plainly in one of them is not told as another."""

SERBIAN_IN_LATIN = "sr-Latn"
"""A class of the model, and as much Serbian as the other."""

UNUSUAL = 0.3
"""Weight of languages in Latin letters that have others of their own, and of what is in no language."""

NAMES_TELL = 0.3
"""What is left of the probability when a text is nothing but words with a capital: names are at home everywhere."""

MOST_REPEATED = 3
"""So often a word counts, and once when the text is nothing else: said over and over it tells no more."""

WORTH_NAMING = 0.1
"""From this probability on another language is named beside the likeliest."""
MOST_NAMED = 3
FEWEST_MIXED = 4
"""Words that a text must have before it is searched for a second language."""

_ENDS = re.compile(r"[.!?…。！？:,]\s*$")


class LangidLanguage:
    """Language detection that needs no network. Loads its models at the first use."""

    name = "langid"

    def __init__(self, offered: Collection[str] = tuple(OFFERED)) -> None:
        """`offered` are the languages to tell apart. Raises ValueError naming those that nobody can."""
        self._offered = checked(offered)
        self._loading = threading.Lock()
        self._model: _Model | None = None

    async def detect(self, text: str, *, prior: str | None) -> LanguageResult:
        """The language with its probability; null when that is unsure or the text holds no words.

        `prior` may be any code; its base language counts (`pt` for `pt-BR`), and one that is not offered has no weight.
        """
        return await asyncio.to_thread(self._detect, text, prior)

    def _detect(self, text: str, prior: str | None) -> LanguageResult:
        with self._loading:
            if self._model is None:
                self._model = _Model(self._offered)
        found = self._model.read(text, prior)
        return LanguageResult(
            engine=self.name,
            language=found.language,
            confidence=found.confidence,
            also=[LanguageScore(language=code, confidence=share) for code, share in found.also],
            mixed=found.mixed,
        )


@dataclass(frozen=True)
class _Reading:
    """The offered language, null when unsure, what else it may be, and whether these are parts of the text."""

    language: str | None = None
    confidence: float = 0.0
    also: tuple[tuple[str, float], ...] = ()
    mixed: bool = False


class _Model:
    """Both models with what is known beside them."""

    def __init__(self, offered: Sequence[str]) -> None:
        from py3langid import langid

        self._bytes: Any = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
        self._bytes.set_languages(list(OFFERED))
        self._own = LanguageModel()
        self._codes = list(OFFERED)
        self._position = {code: at for at, code in enumerate(self._codes)}
        classes = self._own.classes
        self._columns = np.array([classes.index(code) for code in self._codes])
        self._in_latin = (self._position["sr"], classes.index(SERBIAN_IN_LATIN))
        self._unusual = [at for at, name in enumerate(classes) if name not in {*OFFERED, SERBIAN_IN_LATIN}]
        self._offered = offered
        is_offered = np.array([code in offered for code in self._codes])
        self._offered_at = np.flatnonzero(is_offered)
        self._weights = np.array([RARELY_MEANT.get(code, 1.0) for code in self._codes])
        self._weights[~is_offered] *= NOT_OFFERED
        self._languages_of: dict[str, list[str]] = {}
        for code, words in json.loads(WORDS.read_text(encoding="utf-8")).items():
            for word in words.split():
                self._languages_of.setdefault(word, []).append(code)

    def read(self, text: str, prior: str | None) -> _Reading:
        """What the text is written in."""
        plain = _once(without_addresses(text))
        words = words_of(plain)
        if not words:
            return _Reading()
        whole, each = self._own.read(words)
        chances, unusual = self._chances(plain, words, whole, prior)
        if in_many_scripts(words):
            return _Reading(mixed=True)
        if len(words) >= FEWEST_MIXED:
            parts = self._parts(words, each, chances)
            if len(parts) > 1:
                (language, share), *others = parts
                if share < SURE_ENOUGH:  # of many languages none is the text's
                    return _Reading(None, share, tuple(parts), mixed=True)
                return _Reading(language, share, tuple(others), mixed=True)
        found: dict[str, float] = dict(zip(self._codes, chances.tolist(), strict=True))
        best = max(self._offered, key=found.__getitem__)
        least = SURE_ENOUGH if len(words) > 1 else SURE_ENOUGH_OF_A_WORD
        rest = sorted(((share, code) for code, share in (found | unusual).items() if code != best), reverse=True)
        return _Reading(
            best if found[best] >= max(least, rest[0][0]) else None,
            round(found[best], 4),
            tuple(
                (code, round(share, 4))
                for share, code in rest[:MOST_NAMED]
                if share >= WORTH_NAMING and code != UNREADABLE
            ),
        )

    def _chances(
        self, plain: str, words: list[str], whole: NDArray[np.float32], prior: str | None
    ) -> tuple[NDArray[np.float64], dict[str, float]]:
        """The probability of each language, and of each class that is no language in its own script."""
        by_own = _softmax(whole.astype(np.float64))
        own = whole[self._columns].astype(np.float64)
        serbian, in_latin = self._in_latin
        own[serbian] = max(own[serbian], whole[in_latin])
        of_bytes: dict[str, float] = dict(self._bytes.rank(plain))
        by_bytes = np.array([of_bytes[code] for code in self._codes])
        chances = _softmax(SHARPNESS * (own + BYTES_WEIGHT * np.log(by_bytes + 1e-12))) * self._weights
        for word in words:
            for code in self._languages_of.get(word, ()):
                chances[self._position[code]] *= WORD_WEIGHT ** (1 / len(words))
        base = base_language(prior) if prior else None
        if base in self._position:
            chances[self._position[base]] *= PRIOR_WEIGHT
        unusual = UNUSUAL * by_own[self._unusual]
        chances *= 1 - by_own[self._unusual].sum()
        total = (chances.sum() + unusual.sum()) / (NAMES_TELL if self._names_alone(plain, words) else 1.0)
        names = [self._own.classes[at] for at in self._unusual]
        return chances / total, dict(zip(names, (unusual / total).tolist(), strict=True))

    def _parts(
        self, words: list[str], each: NDArray[np.float32], chances: NDArray[np.float64]
    ) -> list[tuple[str, float]]:
        """The offered languages that parts of the text are in, with their shares, greatest first."""
        offered = self._offered_at
        likely = offered[np.argsort(-chances[offered], kind="stable")]
        code_of = {int(self._columns[at]): self._codes[at] for at in offered}
        found = shares(words, each, [int(self._columns[at]) for at in likely])
        return [(code_of[column], share) for column, share in found.items()]

    def _names_alone(self, plain: str, words: list[str]) -> bool:
        """Whether all words have a capital, none is known, and nothing ends a sentence."""
        if _ENDS.search(plain) or any(word in self._languages_of for word in words):
            return False
        return all(word.istitle() for word in re.findall(r"[^\W\d_]+", plain))


def _once(plain: str) -> str:
    """The text without the further repetitions of a word."""
    counts: Counter[str] = Counter()
    kept, written = [], plain.split()
    most = MOST_REPEATED if len({word.lower() for word in written}) > 1 else 1
    for word in written:
        counts[word.lower()] += 1
        if counts[word.lower()] <= most:
            kept.append(word)
    return " ".join(kept)


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum())
