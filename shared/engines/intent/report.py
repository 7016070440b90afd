"""What a cross-validation says of a model's examples: how well they are told, and which ones to look at."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.engines.intent import OUT_OF_SCOPE
from shared.engines.intent.examples import Example
from shared.engines.intent.training import FOLDS, FoldReading
from shared.models.intents import Confusion, ExampleToLookAt, IntentReport, IntentScores, MultilingualScores

MOST_CONFUSIONS = 30
EXAMPLES_OF_A_CONFUSION = 3
MOST_TO_LOOK_AT = 50
MOST_NEAR_DUPLICATES = 20
"""They come first, since one of two is surely labelled wrongly; but others must have room."""

NEARLY_THE_SAME = 0.95
"""Cosine of two embeddings from which on two sentences mean the same to the model."""

WORDS_COMPARED = 3
"""Of fewer words an embedding says little: to it all short answers are alike."""

SHOWN_CHARACTERS = 300
"""As much of an example as a report shows."""

_ROWS = 1024
"""Rows of the matrix of similarities that are in memory at once."""


@dataclass(frozen=True)
class _Read:
    """An example, and what a model that had not seen it made of it."""

    example: Example
    reading: FoldReading

    @property
    def is_right(self) -> bool:
        return self.reading.intent == self.example.intent

    @property
    def sureness(self) -> float:
        """Of the likeliest intent, also when the model declined."""
        declined = self.reading.intent == OUT_OF_SCOPE != self.reading.likeliest
        return 1 - self.reading.confidence if declined else self.reading.confidence


def report_of(
    examples: Sequence[Example],
    readings: Sequence[FoldReading],
    embeddings: NDArray[np.float32],
    *,
    trained_in_seconds: float,
) -> IntentReport:
    """The report on examples, their readings and their embeddings (rows of length 1), all in the same order.

    Whole sentences alone are reported on: phrases in openings are easier to tell than what customers write.
    """
    asked = [i for i, example in enumerate(examples) if example.text == example.origin]
    read = [_Read(examples[i], readings[i]) for i in asked]
    scores = _scores(read)
    in_scope = [each for each in read if each.example.intent != OUT_OF_SCOPE]
    outside = [each for each in read if each.example.intent == OUT_OF_SCOPE]
    return IntentReport(
        accuracy=_share([each.is_right for each in read]),
        macro_f1=round(sum(each.f1 for each in scores) / len(scores), 4),
        out_of_scope_recall=_share([each.is_right for each in outside]) if outside else None,
        answered=_share([each.reading.intent != OUT_OF_SCOPE for each in in_scope]),
        folds=FOLDS,
        confusions=_confusions(read),
        per_intent=scores,
        to_look_at=_to_look_at(read, embeddings[asked]),
        trained_in_seconds=round(trained_in_seconds, 1),
    )


def scores_of(examples: Sequence[Example], readings: Sequence[FoldReading]) -> MultilingualScores:
    """What a report says of the model for other languages; whole sentences alone, as above."""
    pairs = zip(examples, readings, strict=True)
    read = [_Read(example, reading) for example, reading in pairs if example.text == example.origin]
    scores = _scores(read)
    return MultilingualScores(
        examples=len(examples),
        accuracy=_share([each.is_right for each in read]),
        macro_f1=round(sum(each.f1 for each in scores) / len(scores), 4),
    )


def _share(outcomes: Sequence[bool]) -> float:
    return round(sum(outcomes) / len(outcomes), 4) if outcomes else 0.0


def _scores(read: Sequence[_Read]) -> list[IntentScores]:
    given = Counter(each.example.intent for each in read)
    told = Counter(each.reading.intent for each in read)
    right = Counter(each.example.intent for each in read if each.is_right)
    scores = []
    for intent, count in given.items():
        precision = right[intent] / told[intent] if told[intent] else 0.0
        recall = right[intent] / count
        f1 = 2 * precision * recall / (precision + recall) if right[intent] else 0.0
        scores.append(
            IntentScores(
                intent=intent,
                examples=count,
                precision=round(precision, 4),
                recall=round(recall, 4),
                f1=round(f1, 4),
            )
        )
    return sorted(scores, key=lambda each: (each.f1, each.intent))


def _confusions(read: Sequence[_Read]) -> list[Confusion]:
    wrong: dict[tuple[str, str], list[_Read]] = defaultdict(list)
    for each in read:
        if not each.is_right:
            wrong[each.example.intent, each.reading.intent].append(each)
    most_first = sorted(wrong.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [
        Confusion(
            intent=intent,
            mistaken_for=mistaken_for,
            count=len(found),
            examples=[_shown(each.example.text) for each in _surest_first(found)[:EXAMPLES_OF_A_CONFUSION]],
        )
        for (intent, mistaken_for), found in most_first[:MOST_CONFUSIONS]
    ]


def _to_look_at(read: Sequence[_Read], embeddings: NDArray[np.float32]) -> list[ExampleToLookAt]:
    found: dict[str, ExampleToLookAt] = {}
    for one, other in _near_duplicates(read, embeddings):
        if len(found) + 2 > MOST_NEAR_DUPLICATES:
            break
        for each, similar in ((one, other), (other, one)):
            entry = _entry(each, each.reading.intent, "near_duplicate_of_another_intent", _shown(similar.example.text))
            found.setdefault(each.example.text, entry)
    # The surest mistake is the likeliest slip of whoever labelled it.
    for each in _surest_first([each for each in read if each.reading.likeliest != each.example.intent]):
        found.setdefault(each.example.text, _entry(each, each.reading.likeliest, "misread"))
    for each in reversed(_surest_first([each for each in read if _was_declined(each)])):
        found.setdefault(each.example.text, _entry(each, each.reading.likeliest, "unsure"))
    return list(found.values())[:MOST_TO_LOOK_AT]


def _was_declined(each: _Read) -> bool:
    return not each.is_right and each.reading.likeliest == each.example.intent


def _entry(each: _Read, predicted: str, why: str, similar_text: str | None = None) -> ExampleToLookAt:
    return ExampleToLookAt.model_validate(
        {
            "text": _shown(each.example.text),
            "intent": each.example.intent,
            "predicted": predicted,
            "confidence": round(min(max(each.sureness, 0.0), 1.0), 4),
            "why": why,
            "similar_text": similar_text,
        }
    )


def _near_duplicates(read: Sequence[_Read], embeddings: NDArray[np.float32]) -> list[tuple[_Read, _Read]]:
    """Pairs of examples of different intents that mean nearly the same, the nearest first."""
    compared = [i for i, each in enumerate(read) if len(each.example.text.split()) >= WORDS_COMPARED]
    numbers: dict[str, int] = {}
    intents = np.array([numbers.setdefault(read[i].example.intent, len(numbers)) for i in compared])
    nearest = sorted(_similar_pairs(embeddings[compared], intents), reverse=True)
    return [(read[compared[i]], read[compared[j]]) for _, i, j in nearest]


def _similar_pairs(embeddings: NDArray[np.float32], intents: NDArray[np.int64]) -> Iterator[tuple[float, int, int]]:
    for start in range(0, len(embeddings), _ROWS):
        rows = slice(start, start + _ROWS)
        # Each pair once: only what comes after the row.
        similar = embeddings[rows] @ embeddings[start:].T
        similar[intents[rows, None] == intents[None, start:]] = 0.0
        for i, j in np.argwhere(similar >= NEARLY_THE_SAME):
            if i < j:
                yield float(similar[i, j]), start + int(i), start + int(j)


def _surest_first(read: Sequence[_Read]) -> list[_Read]:
    return sorted(read, key=lambda each: (-each.sureness, each.example.text))


def _shown(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
