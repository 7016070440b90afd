"""Several rankings made into one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

CONSTANT = 60
"""The constant of reciprocal rank fusion that Azure's documentation gives; places count from 0, as its scores show."""


def fused(rankings: Iterable[tuple[Sequence[int], float]]) -> dict[int, float]:
    """Reciprocal rank fusion: for each number the sum of weight / (60 + place) over the rankings it is in."""
    scores: dict[int, float] = {}
    for ranking, weight in rankings:
        for place, number in enumerate(ranking):
            scores[number] = scores.get(number, 0.0) + weight / (CONSTANT + place)
    return scores
