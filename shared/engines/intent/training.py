"""Train an intent model from examples. `python -m shared.engines.intent.training` rebuilds the shipped one."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from shared.engines.embedding import EmbeddingEngine
from shared.engines.intent import OUT_OF_SCOPE, network
from shared.engines.intent.examples import FEWEST, Example, shipped_examples
from shared.engines.intent.features import CHARACTERS_READ, Ngrams, plain
from shared.engines.intent.linear import SHIPPED_MODEL
from shared.engines.intent.model import FORMAT, IntentModel, Manifest, lead, save
from shared.engines.intent.multilingual import SHIPPED_MODEL as MULTILINGUAL_MODEL

# Chosen for this pair of heads on parts of the training sets of two public benchmarks (docs/engines.md).
NGRAM_C = 0.5
NGRAM_SHARE = 0.5
NGRAM_SHARPNESS = 4.0
STOPPED_AT = 1e-3
"""Tolerance at which the SVM stops: no worse than a tenth of it, in half the time."""
MEMBERS = 3
"""Networks whose mean answers; those that only calibrate are one."""

SEEN_IN = 2
"""An n-gram must occur in so many texts to be learnt: half the vocabulary, and no worse."""
FOLDS = 3
"""Every example is read by a model of the other folds; more folds would say little more and take longer."""
TEMPERATURES = np.geomspace(0.2, 5.0, 33)
KEPT_IN_SCOPE = 0.965
"""Share of in-scope examples that must still be answered."""


@dataclass(frozen=True)
class FoldReading:
    """What a model that had not seen an example, nor any of its origin, made of it."""

    intent: str
    """The likeliest; OUT_OF_SCOPE also when none is likely enough."""
    confidence: float
    likeliest: str
    """The likeliest, however unlikely."""


@dataclass(frozen=True)
class Trained:
    """A model, and how its like reads the examples it was trained on."""

    model: IntentModel
    readings: list[FoldReading]
    """In the order of the examples."""


async def train(
    examples: Sequence[Example],
    embedding: EmbeddingEngine,
    *,
    embeddings: NDArray[np.float32] | None = None,
) -> IntentModel:
    """A model of these examples, calibrated on examples it was not trained on.

    `embeddings`: what `embedded` gave for these examples, so as not to compute them again. Raises ValueError when there
    are fewer than two intents or one has too few examples to validate.
    """
    return (await train_validated(examples, embedding, embeddings=embeddings)).model


async def train_validated(
    examples: Sequence[Example],
    embedding: EmbeddingEngine,
    *,
    embeddings: NDArray[np.float32] | None = None,
    with_ngrams: bool = True,
) -> Trained:
    """The model that `train` gives, with the readings of the validation it was calibrated by, at no further cost.

    `with_ngrams` false: a model for texts that are in other languages than the examples.
    """
    _refuse_too_few(examples)
    if embeddings is None:
        embeddings = await embedded(examples, embedding)
    if len(embeddings) != len(examples):
        raise ValueError(f"embeddings: {len(embeddings)} rows for {len(examples)} examples")
    return await asyncio.to_thread(_train, examples, embeddings, embedding.name, with_ngrams)


async def cross_validate(
    examples: Sequence[Example], embedding: EmbeddingEngine, *, embeddings: NDArray[np.float32] | None = None
) -> list[FoldReading]:
    """What models that have not seen them make of the examples, in their order. Raises ValueError like `train`."""
    return (await train_validated(examples, embedding, embeddings=embeddings)).readings


async def embedded(examples: Sequence[Example], embedding: EmbeddingEngine) -> NDArray[np.float32]:
    """One row for each example."""
    texts = sorted({example.text for example in examples}, key=len)
    # Texts of one length beside each other: a batch takes as long as its longest text.
    rows = await embedding.embed(texts)
    row_of = {text: row for row, text in enumerate(texts)}
    return rows[[row_of[example.text] for example in examples]]


def _refuse_too_few(examples: Sequence[Example]) -> None:
    origins: dict[str, set[str]] = {}
    for example in examples:
        origins.setdefault(example.intent, set()).add(example.origin)
    if len(origins) < 2:
        raise ValueError("label: there must be examples of at least two intents")
    few = sorted(intent for intent, texts in origins.items() if len(texts) < FEWEST)
    if few:
        raise ValueError(f"label: fewer than {FEWEST} different examples of {', '.join(few)}")


def _train(examples: Sequence[Example], embeddings: NDArray[np.float32], embedding: str, with_ngrams: bool) -> Trained:
    intents = sorted({example.intent for example in examples})
    labels = np.array([intents.index(example.intent) for example in examples])
    manifest = Manifest(
        format=FORMAT,
        embedding=embedding,
        intents=intents,
        ngram_share=NGRAM_SHARE if with_ngrams else 0.0,
        ngram_sharpness=NGRAM_SHARPNESS,
        temperature=1.0,
        threshold=0.0,
        examples=len(examples),
    )
    wording = _Wording.of([example.text for example in examples]) if with_ngrams else None
    logits = _held_out(_folds(examples), embeddings, wording, labels, intents)
    # Calibrated on whole sentences alone: phrases in openings are easier to tell than what customers write.
    whole = np.array([example.text == example.origin for example in examples])
    asked = whole if whole.any() else ~whole
    temperature = float(min(TEMPERATURES, key=lambda t: _surprise(logits[asked] / t, labels[asked])))
    probabilities = np.exp(_log_softmax(logits / temperature))
    threshold = _threshold(probabilities[asked], labels[asked], intents)
    if not with_ngrams:
        # Nothing that is calibrated in the examples' language holds in others: the likeliest answers, and is not to be
        # surer than the network itself.
        temperature, threshold = max(temperature, 1.0), 0.0
    calibrated = manifest.model_copy(
        update={"temperature": round(temperature, 4), "threshold": round(threshold, 4)},
    )
    meaning = _meaning(embeddings, labels, intents, members=MEMBERS)
    model = IntentModel(calibrated, meaning, *_learnt(wording, labels, len(intents)))
    return Trained(model, [_reading(row, intents, threshold) for row in probabilities])


def _meaning(
    embeddings: NDArray[np.float32], labels: NDArray[np.int64], intents: Sequence[str], *, members: int
) -> network.Layers:
    """The network, no intent taken to be likelier than another because more examples of it were given.

    How many examples somebody wrote says nothing of how often customers ask (docs/engines.md). The heads are added, so
    what this head says holds for both.
    """
    layers = network.fit(embeddings, labels, len(intents), members=members)
    given = np.bincount(labels, minlength=len(intents)).astype(np.float32)
    asked = np.array([intent != OUT_OF_SCOPE for intent in intents])
    # Out of scope keeps its own weight: it is a wide field, and needs many examples.
    rarity = np.where(asked, np.log(given[asked].mean() / np.maximum(given, 1)), 0)
    return replace(layers, output_bias=(layers.output_bias + rarity).astype(np.float32))


def _reading(probabilities: NDArray[np.float32], intents: Sequence[str], threshold: float) -> FoldReading:
    best = int(probabilities.argmax())
    confidence = float(probabilities[best])
    if intents[best] != OUT_OF_SCOPE and lead(probabilities, intents) < threshold:
        return FoldReading(OUT_OF_SCOPE, 1 - confidence, likeliest=intents[best])
    return FoldReading(intents[best], confidence, likeliest=intents[best])


@dataclass(frozen=True)
class _Wording:
    """Texts as n-grams."""

    characters: Ngrams
    words: Ngrams
    matrix: Any
    """One sparse row for each text: its characters, then its words."""

    @classmethod
    def of(cls, texts: Sequence[str]) -> _Wording:
        from scipy.sparse import hstack

        told = [plain(text) for text in texts]
        characters, character_matrix = _ngrams("char", told, 2, 5)
        words, word_matrix = _ngrams("word", told, 1, 2)
        return cls(characters, words, hstack([character_matrix, word_matrix]).tocsr())

    def head(
        self, labels: NDArray[np.int64], rows: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The weights, n-grams × intents, and the bias, learnt from some rows or all."""
        from sklearn.svm import LinearSVC

        matrix, told = (self.matrix, labels) if rows is None else (self.matrix[rows], labels[rows])
        said: Any = LinearSVC(C=NGRAM_C, random_state=0, tol=STOPPED_AT).fit(matrix, told)
        return _one_row_each(said.coef_).T, _one_row_each(said.intercept_)


def _learnt(
    wording: _Wording | None, labels: NDArray[np.int64], intents: int
) -> tuple[Ngrams, Ngrams, NDArray[np.float32], NDArray[np.float32]]:
    """The head over n-grams for a model, or one that knows none."""
    if wording is not None:
        return wording.characters, wording.words, *wording.head(labels)
    nothing = np.empty(0, dtype=np.float32)
    weights = np.empty((0, intents), dtype=np.float32)
    return Ngrams("char", 2, 5, {}, nothing), Ngrams("word", 1, 2, {}, nothing), weights, np.zeros(intents, np.float32)


def _one_row_each(weights: NDArray[Any]) -> NDArray[np.float32]:
    """scikit-learn keeps one row for two classes: the other is its opposite."""
    rows = np.concatenate([-weights, weights]) if len(weights) == 1 else weights
    return np.asarray(rows, dtype=np.float32)


def _ngrams(of: Literal["char", "word"], texts: Sequence[str], shortest: int, longest: int) -> tuple[Ngrams, Any]:
    """The vocabulary of these texts, and the texts as a sparse matrix over it."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(
        analyzer=of, ngram_range=(shortest, longest), min_df=SEEN_IN, sublinear_tf=True, dtype=np.float32
    )
    matrix = vectorizer.fit_transform([text[:CHARACTERS_READ] for text in texts])
    vocabulary = {gram: int(column) for gram, column in vectorizer.vocabulary_.items()}
    return Ngrams(of, shortest, longest, vocabulary, vectorizer.idf_.astype(np.float32)), matrix


def _held_out(
    fold: NDArray[np.int64],
    embeddings: NDArray[np.float32],
    wording: _Wording | None,
    labels: NDArray[np.int64],
    intents: Sequence[str],
) -> NDArray[np.float32]:
    """Fused log-probabilities of every example, from heads that learnt from the other folds."""
    logits = np.empty((len(labels), len(intents)), dtype=np.float32)
    for held_out in range(FOLDS):
        seen, unseen = np.flatnonzero(fold != held_out), np.flatnonzero(fold == held_out)
        if not len(unseen):
            continue
        meaning = _meaning(embeddings[seen], labels[seen], intents, members=1)
        fused = _log_softmax(meaning.logits(embeddings[unseen]))
        if wording is not None:
            weights, bias = wording.head(labels, seen)
            margins = wording.matrix[unseen] @ weights + bias
            fused = fused + np.float32(NGRAM_SHARE) * _log_softmax(np.float32(NGRAM_SHARPNESS) * margins)
        logits[unseen] = fused
    return logits


def _folds(examples: Sequence[Example]) -> NDArray[np.int64]:
    """The fold of each example: the origins of every intent are dealt out in turn."""
    origins: dict[str, dict[str, int]] = {}
    for example in examples:
        of_intent = origins.setdefault(example.intent, {})
        of_intent.setdefault(example.origin, len(of_intent))
    return np.array([origins[e.intent][e.origin] % FOLDS for e in examples])


def _surprise(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """Mean negative log-likelihood: least when the confidences are right."""
    return -float(_log_softmax(logits)[np.arange(len(labels)), labels].mean())


def _threshold(probabilities: NDArray[np.float32], labels: NDArray[np.int64], intents: list[str]) -> float:
    """The lead that nearly all in-scope examples reach; 0 when there are none out of scope to tell apart."""
    if OUT_OF_SCOPE not in intents:
        return 0.0
    in_scope = probabilities[labels != intents.index(OUT_OF_SCOPE)]
    # Examples that look more like out of scope than like anything else are declined whatever the threshold: they count.
    return max(float(np.quantile(lead(in_scope, intents), 1 - KEPT_IN_SCOPE)), 0.0)


def _log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    shifted = logits - logits.max(axis=1, keepdims=True)
    normalised: NDArray[np.float32] = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return normalised


def main() -> None:
    """Rebuild the shipped models."""
    parser = argparse.ArgumentParser(description="Train the shipped intent models from their examples.")
    parser.add_argument("--folder", type=Path, default=SHIPPED_MODEL.parent, help="where the files are written")
    folder: Path = parser.parse_args().folder
    from shared.engines.embedding.minilm import MiniLmEmbedding
    from shared.engines.intent.multilingual_training import train_multilingual

    examples = shipped_examples()
    shipped = {
        SHIPPED_MODEL.name: asyncio.run(train(examples, MiniLmEmbedding())),
        MULTILINGUAL_MODEL.name: asyncio.run(train_multilingual(examples)).model,
    }
    for name, model in shipped.items():
        save(model, folder / name)
        manifest = model.manifest
        print(
            f"{name}: {len(manifest.intents)} intents, {manifest.examples} examples, "
            f"{(folder / name).stat().st_size:,} bytes, temperature {manifest.temperature}, "
            f"threshold {manifest.threshold}"
        )


if __name__ == "__main__":
    main()
