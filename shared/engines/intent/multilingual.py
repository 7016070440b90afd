"""Intents of texts that nothing translates: the same examples, learnt over sentences of a hundred languages."""

from __future__ import annotations

from pathlib import Path

from shared.engines.embedding import EmbeddingEngine
from shared.engines.intent.features import plain
from shared.engines.intent.linear import LinearIntent
from shared.engines.intent.model import IntentModel
from shared.models.analysis import IntentResult

SHIPPED_MODEL = Path(__file__).with_name("multilingual.npz")
"""Trained with the other by `python -m shared.engines.intent.training`."""


class MultilingualIntent:
    """Intents of texts in any language that the embedding reads."""

    name = "linear-multilingual"

    def __init__(self, embedding: EmbeddingEngine, *, model: IntentModel | None = None, version: str = "") -> None:
        """`model`: one of an administrator's own examples, and its `version`; the shipped one without it."""
        if model is None:
            self._linear = LinearIntent(embedding, SHIPPED_MODEL)
        else:
            self._linear = LinearIntent(embedding, known=None, model=model)
            self.name = f"{self.name}:{version}"
        self._linear.name = self.name

    async def classify(self, text: str) -> IntentResult:
        """The likeliest intent, or OUT_OF_SCOPE."""
        # A number says nothing of what is wanted, and it is what languages share: left in, it outweighs the words.
        return await self._linear.classify(plain(text))
