"""Trains the sentiment head on the sentences beside this file: `python -m shared.engines.sentiment.training`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import numpy as np

from shared.engines.embedding.minilm import MiniLmEmbedding
from shared.engines.sentiment.features import SURFACE, Vector
from shared.engines.sentiment.head import HeadSentiment
from shared.engines.sentiment.model import FILE, LEARNED, HeadModel
from shared.models.analysis import SentimentLabel

SENTENCES = Path(__file__).with_name("sentences")
"""One file for each label, one sentence a line."""

STRENGTH = 0.1
"""C of the logistic regression. Cross-validation on the sentences alone would take 1; but texts from elsewhere differ
more from them than they do among themselves, and on those (UMSAB's English development texts) 0.1 gains 0.07 of F1."""

FOLDS = 5


class SentencesError(ValueError):
    """The training sentences cannot be used; the message names the file and the line."""


def read_sentences(folder: Path) -> tuple[list[str], list[str]]:
    """The sentences and their labels. Raises SentencesError for a sentence that is there twice, or none at all."""
    texts: list[str] = []
    labels: list[str] = []
    seen: dict[str, str] = {}
    for label in LEARNED:
        path = folder / f"{label}.txt"
        if not path.is_file():
            raise SentencesError(f"{path.name}: missing")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not (text := line.strip()):
                continue
            place = f"{path.name} line {number}"
            if text.lower() in seen:
                raise SentencesError(f"{place}: the same as {seen[text.lower()]}")
            seen[text.lower()] = place
            texts.append(text)
            labels.append(label)
        if label not in labels:
            raise SentencesError(f"{path.name}: holds no sentence")
    return texts, labels


def fit(features: Vector, labels: list[str], *, embedding: str) -> tuple[HeadModel, float]:
    """The head, and its macro-F1 in cross-validation."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    regression = LogisticRegression(C=STRENGTH, max_iter=5000, class_weight="balanced")
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    unseen = cross_val_predict(regression, features, labels, cv=folds, method="decision_function")
    regression.fit(features, labels)
    names = [str(name) for name in regression.classes_]
    truth = np.array([names.index(label) for label in labels])
    head = HeadModel(
        version=1,
        embedding=embedding,
        surface=SURFACE,
        labels=tuple(SentimentLabel(name) for name in names),
        weights=tuple(tuple(round(float(weight), 6) for weight in row) for row in regression.coef_),
        bias=tuple(round(float(number), 6) for number in regression.intercept_),
        temperature=_temperature(unseen, truth),
    )
    return head, float(f1_score(truth, unseen.argmax(axis=1), average="macro"))


def _temperature(sums: Vector, truth: np.ndarray[tuple[int], np.dtype[np.int_]]) -> float:
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
    """Writes the model file and gives figures about it."""
    embedding = MiniLmEmbedding()
    texts, labels = read_sentences(folder)
    features = await HeadSentiment(embedding).features(texts)
    head, macro_f1 = await asyncio.to_thread(fit, features, labels, embedding=embedding.name)
    await asyncio.to_thread(file.write_text, head.model_dump_json() + "\n", encoding="utf-8")
    return {
        "sentences": {label: labels.count(label) for label in LEARNED},
        "cross_validated_macro_f1": round(macro_f1, 4),
        "temperature": head.temperature,
        "file": str(file),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(train()), indent=2))
