"""Intents of texts that nothing translates: the same examples, learnt over sentences of a hundred languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from shared.engines.chain import NotServed
from shared.engines.embedding import EmbeddingEngine
from shared.engines.intent.features import plain
from shared.engines.intent.linear import LinearIntent
from shared.models.analysis import IntentResult

SHIPPED_MODEL = Path(__file__).with_name("multilingual.npz")
"""Trained with the other by `python -m shared.engines.intent.training`."""


class MultilingualIntent:
    """Intents of texts in any language that the embedding reads."""

    name = "linear-multilingual"

    def __init__(self, embedding: EmbeddingEngine, *, serves: Callable[[], bool] = lambda: True) -> None:
        """`serves`: whether the shipped intents are those in use; a model of one's own knows others."""
        self._serves = serves
        self._linear = LinearIntent(embedding, SHIPPED_MODEL)
        self._linear.name = self.name

    async def classify(self, text: str) -> IntentResult:
        """The likeliest intent, or OUT_OF_SCOPE. Raises NotServed while other intents are in use."""
        if not self._serves():
            raise NotServed("intents of one's own in this language")
        # A number says nothing of what is wanted, and it is what languages share: left in, it outweighs the words.
        return await self._linear.classify(plain(text))
