"""Trains the sentiment heads on the sentences beside this file: `python -m shared.engines.sentiment.training`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from shared.engines.embedding.minilm import MiniLmEmbedding
from shared.engines.embedding.multilingual import MultilingualEmbedding
from shared.engines.sentiment.examples import SENTENCES, Sentence, read_in_other_languages, read_sentences
from shared.engines.sentiment.features import SURFACE, Vector
from shared.engines.sentiment.head import HeadSentiment, foreign_sentiment
from shared.engines.sentiment.model import FILE, FOREIGN_FILE, LEARNED, HeadModel, Sign
from shared.models.analysis import SentimentLabel

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

STRENGTH = 0.03
"""C of the labels' regression. Cross-validation on the sentences alone would take 1; but texts from elsewhere differ
more from them than they do among themselves, and on those (UMSAB's development texts) 0.03 is better by 0.02 to 0.06 of
F1."""

STRENGTH_FOREIGN = 0.1
"""The same for the heads over the multilingual embedding: 0.03 is better in Spanish and German, worse in French."""

STRENGTH_OF_SIGNS = 1.0
"""The same for mixed, anger and urgency."""

FOLDS = 5
_DECIMALS = 5

Truth = np.ndarray[tuple[int], np.dtype[np.int_]]


def fit(
    features: Vector, sentences: list[Sentence], *, embedding: str, strength: float = STRENGTH
) -> tuple[HeadModel, dict[str, float]]:
    """The heads, and figures from cross-validation: macro-F1 of the labels, the area under the curve of each sign."""
    from sklearn.metrics import f1_score

    learned = np.array([sentence.label in LEARNED for sentence in sentences])
    truth = np.array([LEARNED.index(sentence.label) for sentence in sentences if sentence.label in LEARNED])
    regression = _regression(strength, balanced=True)
    unseen = _unseen(regression, features[learned], truth)
    regression.fit(features[learned], truth)
    figures = {"macro_f1": float(f1_score(truth, unseen.argmax(axis=1), average="macro"))}
    asked: dict[str, Callable[[Sentence], bool | None]] = {
        "mixed": lambda sentence: None if sentence.label is None else sentence.label is SentimentLabel.MIXED,
        "anger": lambda sentence: sentence.angry,
        "urgency": lambda sentence: sentence.urgent,
    }
    signs = {}
    for name, answer in asked.items():
        signs[name], figures[f"{name}_auc"] = _sign(features, [answer(sentence) for sentence in sentences])
    head = HeadModel(
        version=2,
        embedding=embedding,
        surface=SURFACE,
        labels=LEARNED,
        weights=tuple(_rounded(row) for row in regression.coef_),
        bias=_rounded(regression.intercept_),
        temperature=_temperature(unseen, truth),
        **signs,
    )
    return head, figures


def _regression(strength: float, *, balanced: bool) -> LogisticRegression:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=strength, max_iter=5000, class_weight="balanced" if balanced else None)


def _unseen(regression: LogisticRegression, features: Vector, truth: Truth) -> Vector:
    """What regressions that have not seen a sentence make of it."""
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    sums: Vector = cross_val_predict(regression, features, truth, cv=folds, method="decision_function")
    return sums


def _sign(features: Vector, answers: list[bool | None]) -> tuple[Sign, float]:
    """The head of a sign, made as sure as it is right on sentences it has not seen (Platt), and the area."""
    from sklearn.metrics import roc_auc_score

    known = np.array([answer is not None for answer in answers])
    truth = np.array([int(answer) for answer in answers if answer is not None])
    regression = _regression(STRENGTH_OF_SIGNS, balanced=False)
    unseen = _unseen(regression, features[known], truth)
    regression.fit(features[known], truth)
    scaling = _regression(1.0, balanced=False).fit(unseen.reshape(-1, 1), truth)
    slope, offset = float(scaling.coef_[0, 0]), float(scaling.intercept_[0])
    sign = Sign(
        weights=_rounded(regression.coef_[0] * slope),
        bias=round(float(regression.intercept_[0]) * slope + offset, _DECIMALS),
    )
    return sign, float(roc_auc_score(truth, unseen))


def _rounded(numbers: Any) -> tuple[float, ...]:
    return tuple(round(float(number), _DECIMALS) for number in numbers)


def _temperature(sums: Vector, truth: Truth) -> float:
    """The one from 1 on under which the probabilities of unseen sentences surprise least (log loss).

    Never below 1: the sentences are clearer than what customers write and would have it too sure of itself.
    """

    def surprise(temperature: float) -> float:
        scaled = sums / temperature
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        logs = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return float(-logs[np.arange(len(truth)), truth].mean())

    return float(min((round(step * 0.05, 2) for step in range(20, 81)), key=surprise))


async def train(folder: Path = SENTENCES, file: Path = FILE) -> dict[str, object]:
    """Writes the model file for English and gives figures about it."""
    embedding = MiniLmEmbedding()
    return await _trained(read_sentences(folder), HeadSentiment(embedding), embedding.name, file)


async def train_foreign(folder: Path = SENTENCES, file: Path = FOREIGN_FILE) -> dict[str, object]:
    """The same for languages that nothing here translates, of sentences in English and in six others."""
    embedding = MultilingualEmbedding()
    sentences = [*read_sentences(folder), *read_in_other_languages(folder)]
    return await _trained(sentences, foreign_sentiment(embedding), embedding.name, file, strength=STRENGTH_FOREIGN)


async def _trained(
    sentences: list[Sentence], engine: HeadSentiment, embedding: str, file: Path, strength: float = STRENGTH
) -> dict[str, object]:
    features = await engine.features([sentence.text for sentence in sentences])
    head, figures = await asyncio.to_thread(fit, features, sentences, embedding=embedding, strength=strength)
    await asyncio.to_thread(file.write_text, head.model_dump_json() + "\n", encoding="utf-8")
    labels = [sentence.label for sentence in sentences]
    return {
        "sentences": {label: labels.count(label) for label in SentimentLabel},
        "angry": sum(sentence.angry is True for sentence in sentences),
        "urgent": sum(sentence.urgent is True for sentence in sentences),
        "cross_validated": {name: round(figure, 4) for name, figure in figures.items()},
        "temperature": head.temperature,
        "file": str(file),
    }


if __name__ == "__main__":
    for trained in (train, train_foreign):
        print(json.dumps(asyncio.run(trained()), indent=2))
