"""The head that reads a meaning: a small network over embeddings, trained with numpy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

# Chosen by how well a part of the training sets of two public benchmarks was told that was kept back (docs/engines.md).
HIDDEN = 256
EPOCHS = 12
FEWEST_STEPS = 300
"""A handful of examples is read as often as it takes."""
BATCH = 128
RATE = 2e-3
DROPPED = 0.3
DECAY = 0.05
SMOOTHING = 0.1
"""Share of certainty that is spread over all intents, so that the network is not surer than its examples."""


@dataclass(frozen=True)
class Layers:
    """Weights and biases of the two layers, for embeddings as they are."""

    hidden_weights: Matrix
    """hidden × dimensions"""
    hidden_bias: Matrix
    output_weights: Matrix
    """intents × hidden"""
    output_bias: Matrix

    def logits(self, embeddings: Matrix) -> Matrix:
        """One number for each intent, of one embedding or of each row of many."""
        hidden = np.maximum(embeddings @ self.hidden_weights.T + self.hidden_bias, 0)
        said: Matrix = hidden @ self.output_weights.T + self.output_bias
        return said


def fit(embeddings: Matrix, labels: NDArray[np.int64], intents: int, *, members: int) -> Layers:
    """The mean of so many networks, which differ in where they begin; the same examples give the same one."""
    centre = embeddings.mean(axis=0)
    spread = max(float(embeddings.std()), 1e-6)
    scaled = ((embeddings - centre) / spread).astype(np.float32)
    fitted = [_Fitting(scaled, labels, intents, seed).run() for seed in range(members)]
    hidden_weights = np.concatenate([first.T for first, _, _, _ in fitted]) / spread
    return Layers(
        hidden_weights=hidden_weights.astype(np.float32),
        hidden_bias=(np.concatenate([bias for _, bias, _, _ in fitted]) - hidden_weights @ centre).astype(np.float32),
        output_weights=(np.concatenate([last for _, _, last, _ in fitted]).T / members).astype(np.float32),
        output_bias=np.mean([bias for _, _, _, bias in fitted], axis=0, dtype=np.float32),
    )


class _Fitting:
    """AdamW (Loshchilov and Hutter, 2019) on smoothed cross-entropy, with dropout and a rate that falls to nothing."""

    def __init__(self, embeddings: Matrix, labels: NDArray[np.int64], intents: int, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._embeddings = embeddings
        wanted = np.full((len(labels), intents), SMOOTHING / intents, dtype=np.float32)
        wanted[np.arange(len(labels)), labels] += 1 - SMOOTHING
        self._wanted = wanted
        dimensions = embeddings.shape[1]
        self._weights: list[Matrix] = [
            self._random.standard_normal((dimensions, HIDDEN), dtype=np.float32) * np.float32((2 / dimensions) ** 0.5),
            np.zeros(HIDDEN, dtype=np.float32),
            self._random.standard_normal((HIDDEN, intents), dtype=np.float32) * np.float32((1 / HIDDEN) ** 0.5),
            np.zeros(intents, dtype=np.float32),
        ]
        self._means = [np.zeros_like(each) for each in self._weights]
        self._squares = [np.zeros_like(each) for each in self._weights]

    def run(self) -> list[Matrix]:
        count = len(self._embeddings)
        batches = -(-count // BATCH)
        epochs = max(EPOCHS, -(-FEWEST_STEPS // batches))
        steps, step = epochs * batches, 0
        for _ in range(epochs):
            order = self._random.permutation(count)
            for start in range(0, count, BATCH):
                step += 1
                chosen = order[start : start + BATCH]
                slopes = self._slopes(self._embeddings[chosen], self._wanted[chosen])
                self._move(slopes, step, RATE * (1 - step / steps))
        return self._weights

    def _slopes(self, inputs: Matrix, wanted: Matrix) -> list[Matrix]:
        first, first_bias, last, last_bias = self._weights
        reached = inputs @ first + first_bias
        kept = (self._random.random(reached.shape, dtype=np.float32) > DROPPED).astype(np.float32) / (1 - DROPPED)
        hidden = np.maximum(reached, 0) * kept
        logits = hidden @ last + last_bias
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        wrong = (shares - wanted) / np.float32(len(inputs))
        back = (wrong @ last.T) * kept * (reached > 0)
        return [inputs.T @ back, back.sum(axis=0), hidden.T @ wrong, wrong.sum(axis=0)]

    def _move(self, slopes: list[Matrix], step: int, rate: float) -> None:
        for weight, slope, mean, square in zip(self._weights, slopes, self._means, self._squares, strict=True):
            mean += 0.1 * (slope - mean)
            square += 0.01 * (slope * slope - square)
            steady = mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
            weight -= np.float32(rate) * (steady + np.float32(DECAY) * weight)
