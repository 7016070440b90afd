"""What the quality commands count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def accuracy(expected: Sequence[str], found: Sequence[str | None]) -> float | None:
    """Share of right answers; null when nothing was asked."""
    return rounded(sum(e == f for e, f in zip(expected, found, strict=True)), len(expected))


def rounded(part: float, whole: int) -> float | None:
    """A share with four decimals; null of nothing."""
    return round(part / whole, 4) if whole else None


def macro_f1(expected: Sequence[str], found: Sequence[str | None]) -> float | None:
    """F1 averaged over the labels of the test set, each counting alike; null when nothing was asked."""
    right = Counter(e for e, f in zip(expected, found, strict=True) if e == f)
    asked, answered = Counter(expected), Counter(found)
    return rounded(sum(2 * right[label] / (asked[label] + answered[label]) for label in asked), len(asked))


def recall(expected: Sequence[str], found: Sequence[str | None], label: str) -> float | None:
    """Share of a label's texts that were found; null when there are none."""
    of_label = [f for e, f in zip(expected, found, strict=True) if e == label]
    return rounded(sum(f == label for f in of_label), len(of_label))


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float | None:
    """How far confidence is from the share of right answers, on average, in ten groups of alike confidence."""
    groups: dict[int, list[float]] = {}
    for confidence, was_right in zip(confidences, right, strict=True):
        groups.setdefault(min(int(confidence * 10), 9), []).append(confidence - was_right)
    return rounded(sum(abs(sum(group)) for group in groups.values()), len(right))


def confusions(expected: Sequence[str], found: Sequence[str | None], most: int) -> list[tuple[str, int]]:
    """The most frequent wrong answers, as `expected -> found`."""
    wrong = Counter(f"{e} -> {f}" for e, f in zip(expected, found, strict=True) if e != f)
    return wrong.most_common(most)
