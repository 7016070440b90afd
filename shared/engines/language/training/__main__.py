"""Train the model: multinomial logistic regression over the pieces of words, by Adagrad."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from shared.engines.language.model import CLASSES, STEP, WEIGHTS
from shared.engines.language.training.samples import Samples
from shared.engines.language.training.sources import Sources
from shared.engines.language.words import BUCKETS, pieces_of

SEED = 7
LONGEST = 30
"""Words read of a text, and 40 characters of each."""
ROUNDS = 5
BATCH = 1024
FIRST_STEP = 0.3

Floats = NDArray[np.float32]


def train(sources: Path, each: int) -> tuple[list[str], Floats]:
    """The classes, and the weights of every bucket for each."""
    texts, labels = [], []
    for words, label in Samples(Sources(sources), each, SEED).draw():
        if words:
            texts.append(pieces_of([word[:40] for word in words[:LONGEST]])[0])
            labels.append(label)
    classes = sorted(set(labels))
    position = {name: at for at, name in enumerate(classes)}
    lengths = np.array([len(pieces) for pieces in texts])
    table = sparse.csr_matrix(
        (
            np.repeat(1 / np.sqrt(lengths), lengths).astype(np.float32),
            np.concatenate(texts),
            np.concatenate(([0], np.cumsum(lengths))),
        ),
        shape=(len(texts), BUCKETS),
    )
    return classes, _fitted(table, np.array([position[label] for label in labels]), len(classes))


def _fitted(table: Any, labels: NDArray[np.int64], classes: int) -> Floats:
    order = np.random.default_rng(SEED)
    weights = np.zeros((BUCKETS, classes), dtype=np.float32)
    gone = np.ones(BUCKETS, dtype=np.float32)
    for round_ in range(ROUNDS):
        step = FIRST_STEP * (1 - round_ / ROUNDS)
        shuffled = order.permutation(len(labels))
        loss = 0.0
        for start in range(0, len(labels), BATCH):
            rows = shuffled[start : start + BATCH]
            batch = table[rows]
            columns, inverse = np.unique(batch.indices, return_inverse=True)
            small = sparse.csr_matrix((batch.data, inverse, batch.indptr), shape=(len(rows), len(columns)))
            chances = _softmax(small @ weights[columns])
            right = (np.arange(len(rows)), labels[rows])
            loss -= float(np.log(chances[right] + 1e-9).sum())
            chances[right] -= 1
            slope = small.T @ chances
            gone[columns] += np.square(slope).mean(axis=1)
            weights[columns] -= step * slope / np.sqrt(gone[columns])[:, None]
        print(f"round {round_ + 1}: loss {loss / len(labels):.4f}", flush=True)
    return weights


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def main() -> None:
    """Train and write the shipped files."""
    parser = argparse.ArgumentParser(description="Train the model that tells languages.")
    parser.add_argument("--sources", type=Path, required=True, help="folder of unpacked packages (docs/languages.md)")
    parser.add_argument("--each", type=int, default=12_000, help="texts of a class")
    parser.add_argument("--to", type=Path, default=WEIGHTS.parent, help="folder to write model.npy and model.json to")
    chosen = parser.parse_args()
    classes, weights = train(chosen.sources, chosen.each)
    eighths = np.clip(np.round(weights / STEP), -127, 127).astype(np.int8)
    np.save(chosen.to / WEIGHTS.name, eighths, allow_pickle=False)
    (chosen.to / CLASSES.name).write_text(json.dumps(classes) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
