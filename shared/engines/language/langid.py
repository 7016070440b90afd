"""Naive Bayes over byte n-grams (py3langid), restricted to the offered languages, in this process."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.engines.language.offered import OFFERED
from shared.models.analysis import LanguageResult

WORDS = Path(__file__).with_name("words.json")
"""Words that customers send alone, by language: n-grams cannot tell the language of `hello`."""

SURE_ENOUGH = 0.35
"""Below this probability the language is not told. On the development set of docs/engines.md nearly all of what is
left out would be wrong."""

PRIOR_WEIGHT = 8.0
"""How many times likelier the conversation's language is before the text is read. Enough to decide single words,
too little to overrule a sentence: the model's own probabilities grow sharper with the text's length."""

WORD_WEIGHT = 50.0
"""How many times likelier a language becomes when the text is all made of its known words; part of it, less so."""

RARELY_MEANT = {"af": 0.3, "ca": 0.7, "gl": 0.3, "mk": 0.3, "ms": 0.3, "sr": 0.3}
"""Weights of languages that take texts away from a larger neighbour (Dutch, Spanish, Portuguese, Bulgarian,
Indonesian, Croatian) that is written nearly alike."""

# Addresses and order numbers. ASCII alone, since some scripts set words and digits without a space between them.
_NO_LANGUAGE = re.compile(r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.\S+|[#A-Za-z-]*\d[\w-]*", re.ASCII)
_WORD = re.compile(r"[^\W\d_]+(?:['’·][^\W\d_]+)*")


class LangidLanguage:
    """Language detection that needs no network. Loads its model at the first use."""

    name = "langid"

    def __init__(self) -> None:
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
                self._model = _Model()
        language, probability = self._model.best(text, prior)
        return LanguageResult(
            engine=self.name,
            language=language if probability >= SURE_ENOUGH else None,
            confidence=round(min(probability, 1.0), 4),
        )


class _Model:
    """The identifier with what is known beside it."""

    def __init__(self) -> None:
        from py3langid import langid

        self._identifier: Any = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
        self._identifier.set_languages(list(OFFERED))
        self._codes: list[str] = self._identifier.labels
        self._position = {code: position for position, code in enumerate(self._codes)}
        self._weights = np.array([RARELY_MEANT.get(code, 1.0) for code in self._codes])
        self._languages_of: dict[str, list[str]] = {}
        for code, words in json.loads(WORDS.read_text(encoding="utf-8")).items():
            for word in words.split():
                self._languages_of.setdefault(word, []).append(code)

    def best(self, text: str, prior: str | None) -> tuple[str | None, float]:
        """The likeliest language and its probability among the offered ones; null without words."""
        plain = _NO_LANGUAGE.sub(" ", text)
        words = _WORD.findall(plain.lower().replace("’", "'"))
        if not words:
            return None, 0.0
        scores = self._weights * self._likelihoods(" ".join(plain.split()))
        for word in words:
            for code in self._languages_of.get(word, ()):
                scores[self._position[code]] *= WORD_WEIGHT ** (1 / len(words))
        base = prior.split("-")[0].lower() if prior else None
        if base in self._position:
            scores[self._position[base]] *= PRIOR_WEIGHT
        scores /= scores.sum()
        winner = int(scores.argmax())
        return self._codes[winner], float(scores[winner])

    def _likelihoods(self, text: str) -> NDArray[np.float64]:
        of: dict[str, float] = dict(self._identifier.rank(text))
        return np.array([of[code] for code in self._codes], dtype=np.float64)
