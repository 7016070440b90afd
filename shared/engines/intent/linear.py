"""Two linear heads, one over embeddings and one over n-grams, fused: fast, and trained from examples in seconds."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Collection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shared.engines.embedding import EmbeddingEngine
from shared.engines.intent import OUT_OF_SCOPE
from shared.engines.intent.catalogue import INTENTS
from shared.engines.intent.model import IntentModel, lead, load
from shared.models.analysis import IntentResult, IntentScore

SHIPPED_MODEL = Path(__file__).with_name("model.npz")
"""Trained on examples.csv and phrases.json by `python -m shared.engines.intent.training`."""

ALTERNATIVES = 3
"""How many of the next likely intents are told."""

CLAUSES_READ = 6
"""Clauses of a text that are read again one by one; more would take longer than a request may wait."""

WORDS_OF_A_CLAUSE = 3
"""Fewer words say too little to be read alone."""

SAYS_NO_WISH = frozenset({OUT_OF_SCOPE, "greeting", "thanks"})
"""What a clause may be without the whole text being that."""

_BETWEEN_CLAUSES = re.compile(r"[.!?;,]+\s+|\n+")


class LinearIntent:
    """Intents of English texts. Loads its model at the first use; a model that cannot be used raises ModelFileError."""

    name = "linear"

    def __init__(
        self,
        embedding: EmbeddingEngine,
        model_path: Path = SHIPPED_MODEL,
        *,
        known: Collection[str] | None = frozenset(INTENTS),
        model: IntentModel | None = None,
    ) -> None:
        """`known`: the intents that the product can deal with; null accepts any that the model tells.

        `model`: one that is already in memory, instead of the file's; raises ValueError when it was trained on another
        embedding.
        """
        if model is not None and model.manifest.embedding != embedding.name:
            raise ValueError(f"model: trained on {model.manifest.embedding}, but the engine embeds by {embedding.name}")
        self._embedding = embedding
        self._path = model_path
        self._known = known
        self._loading = threading.Lock()
        self._model = model

    async def classify(self, text: str) -> IntentResult:
        """The likeliest intent; OUT_OF_SCOPE when that is the likeliest or none is likely enough.

        A text of several clauses that says nothing as a whole is read again clause by clause: in a long story one of
        them often says what the customer wants.
        """
        model = await asyncio.to_thread(self._load) if self._model is None else self._model
        (whole,) = await self._read(model, [text])
        clauses = _clauses(text) if whole.intent == OUT_OF_SCOPE else []
        found = [read for read in await self._read(model, clauses) if read.intent not in SAYS_NO_WISH]
        return max(found, key=lambda read: read.confidence) if found else whole

    async def _read(self, model: IntentModel, texts: list[str]) -> list[IntentResult]:
        embeddings = await self._embedding.embed(texts)
        return await asyncio.to_thread(
            lambda: [self._decide(model, text, row) for text, row in zip(texts, embeddings, strict=True)]
        )

    def _load(self) -> IntentModel:
        with self._loading:
            if self._model is None:
                self._model = load(self._path, embedding=self._embedding.name, known=self._known)
            return self._model

    def _decide(self, model: IntentModel, text: str, embedding: NDArray[np.float32]) -> IntentResult:
        probabilities = model.probabilities(text, embedding)
        ranked = [
            IntentScore(intent=model.manifest.intents[i], confidence=round(min(float(probabilities[i]), 1.0), 4))
            for i in np.argsort(-probabilities, kind="stable")[: ALTERNATIVES + 1]
        ]
        best = ranked[0]
        if best.intent != OUT_OF_SCOPE and lead(probabilities, model.manifest.intents) < model.manifest.threshold:
            # Not sure of any: the likeliest ones are still worth showing.
            best = IntentScore(intent=OUT_OF_SCOPE, confidence=round(1 - best.confidence, 4))
        others = [score for score in ranked if score.intent != best.intent][:ALTERNATIVES]
        return IntentResult(engine=self.name, intent=best.intent, confidence=best.confidence, alternatives=others)


def _clauses(text: str) -> list[str]:
    """The parts of a text that may say something of their own; none when it has but one."""
    parts = [part.strip() for part in _BETWEEN_CLAUSES.split(text)]
    telling = list(dict.fromkeys(part for part in parts if len(part.split()) >= WORDS_OF_A_CLAUSE))
    return telling[:CLAUSES_READ] if len(parts) > 1 else []
