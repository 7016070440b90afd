"""Two linear heads, one over embeddings and one over n-grams, fused: fast, and trained from examples in seconds."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shared.engines.embedding import EmbeddingEngine
from shared.engines.intent import OUT_OF_SCOPE
from shared.engines.intent.catalogue import INTENTS
from shared.engines.intent.model import IntentModel, load
from shared.models.analysis import IntentResult, IntentScore

SHIPPED_MODEL = Path(__file__).with_name("model.npz")
"""Trained on examples.csv and phrases.json by `python -m shared.engines.intent.training`."""

ALTERNATIVES = 3
"""How many of the next likely intents are told."""


class LinearIntent:
    """Intents of English texts. Loads its model at the first use; a model that cannot be used raises ModelFileError."""

    name = "linear"

    def __init__(
        self,
        embedding: EmbeddingEngine,
        model_path: Path = SHIPPED_MODEL,
        *,
        known: Collection[str] | None = frozenset(INTENTS),
    ) -> None:
        """`known`: the intents that the product can deal with; null accepts any that the model tells."""
        self._embedding = embedding
        self._path = model_path
        self._known = known
        self._loading = threading.Lock()
        self._model: IntentModel | None = None

    async def classify(self, text: str) -> IntentResult:
        """The likeliest intent; OUT_OF_SCOPE when that is the likeliest or none is likely enough."""
        model = await asyncio.to_thread(self._load) if self._model is None else self._model
        embeddings = await self._embedding.embed([text])
        return await asyncio.to_thread(self._decide, model, text, embeddings[0])

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
        if best.intent != OUT_OF_SCOPE and best.confidence < model.manifest.threshold:
            # Not sure of any: the likeliest ones are still worth showing.
            best = IntentScore(intent=OUT_OF_SCOPE, confidence=round(1 - best.confidence, 4))
        others = [score for score in ranked if score.intent != best.intent][:ALTERNATIVES]
        return IntentResult(engine=self.name, intent=best.intent, confidence=best.confidence, alternatives=others)
