"""One of the small Bergamot models, run by ONNX Runtime."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from shared.engines.translation.marian_files import Shortlist, Weights
from shared.engines.translation.marian_network import END, POSITIONS, network
from shared.engines.translation.vocabulary import UNKNOWN, Vocabulary

_LONGEST = 256
"""Words read at once. Only what has no space in it is so long; it is translated bit by bit."""

_GROWTH = 2.5
"""How many times the words of the source a translation may have (max-length-factor of the models' configuration)."""


class MarianModel:
    """Translates from one language into one other."""

    def __init__(self, folder: Path) -> None:
        """Reads the folder of a model (about 0.3 s). Raises OSError, ValueError."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # The runtime keeps the bytes of a model that it is handed, but not those of a file.
        with tempfile.TemporaryDirectory() as scratch:
            file = Path(scratch) / "model.onnx"
            file.write_bytes(network(Weights(_only(folder, "model.*.bin"))))
            self._session: Any = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        self._vocabulary = Vocabulary(folder / "tokenizer.json")
        self._shortlist = Shortlist(_only(folder, "lex.*.bin"))

    def translate(self, sentence: str) -> str:
        """The likeliest translation. Safe to call from several threads at once."""
        words = self._vocabulary.encode(sentence)
        bits = [self._translated(words[start : start + _LONGEST]) for start in range(0, len(words), _LONGEST)]
        return " ".join(bits)

    def _translated(self, words: list[int]) -> str:
        ended = [*words, END]
        allowed = self._shortlist.of(ended)
        limit = min(int(len(ended) * _GROWTH) + 1, POSITIONS)
        (written,) = self._session.run(
            None,
            {
                "words": np.array([ended], dtype=np.int64),
                "allowed": allowed[allowed != UNKNOWN],
                "limit": np.array(limit, dtype=np.int64),
            },
        )
        return self._vocabulary.decode([word for word in written.ravel().tolist() if word != END])


def _only(folder: Path, pattern: str) -> Path:
    """The one file of a kind in the folder. Raises OSError."""
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise FileNotFoundError(f"{folder.name}: {len(found)} files {pattern} instead of one")
    return found[0]
