"""Texts in more than one language: which words are in which."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LEAST_SHARE = 0.2
"""A language counts when at least this share of the letters is in it: a borrowed word makes no second language."""
LEAST_LETTERS = 6
CHANGE = 9.0
"""How much likelier, in nats, words must be in another language for a change to it to be believed."""
UNLIKELIEST = -6.0
"""No single word speaks stronger than this against a language: names and slips occur in all of them."""
CANDIDATES = 4
MOST_WORDS = 400
"""Of longer texts these many words, evenly spread, are looked at."""

MANY_SCRIPTS = 5
"""Nobody writes one text in so many scripts; with names and quotes, three or four occur."""

_WRITTEN_TOGETHER = {"CJK": "JAPANESE", "HIRAGANA": "JAPANESE", "KATAKANA": "JAPANESE"}


def in_many_scripts(words: Sequence[str]) -> bool:
    """Whether the words are in so many scripts that no language can be the text's, whichever is likeliest."""
    names = {unicodedata.name(word[0], "").split(" ")[0] for word in words[:MOST_WORDS]}
    return len({_WRITTEN_TOGETHER.get(name, name) for name in names}) >= MANY_SCRIPTS


def shares(words: Sequence[str], logits: NDArray[np.float32], likely: Sequence[int]) -> dict[int, float]:
    """The share of the letters in each language, by its column, greatest first; one language alone when nothing
    speaks for a second. `logits` has a row for each word; `likely` are the columns to choose from."""
    kept = np.unique(np.linspace(0, len(words) - 1, min(len(words), MOST_WORDS)).astype(int))
    rows = logits[kept]
    chances = rows - _log_sum(rows)
    columns = list(dict.fromkeys([*likely[:CANDIDATES], *_strongest(chances, likely)]))
    chances = np.maximum(chances[:, columns], UNLIKELIEST)
    path = _likeliest_path(chances)
    letters = np.array([len(words[at]) for at in kept])
    of: dict[int, float] = {}
    for at, column in enumerate(columns):
        in_it = path == at
        share = float(letters[in_it].sum() / letters.sum())
        if share >= LEAST_SHARE and letters[in_it].sum() >= LEAST_LETTERS:
            of[column] = round(share, 4)
    return dict(sorted(of.items(), key=lambda item: -item[1]))


def _strongest(chances: NDArray[np.float32], likely: Sequence[int]) -> list[int]:
    """The languages that most words, read alone, are in."""
    allowed = np.array(sorted(likely))
    best = allowed[chances[:, allowed].argmax(axis=1)]
    columns, counts = np.unique(best, return_counts=True)
    return [int(columns[at]) for at in np.argsort(-counts, kind="stable")[:CANDIDATES]]


def _log_sum(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    highest = rows.max(axis=1, keepdims=True)
    return np.asarray(highest + np.log(np.exp(rows - highest).sum(axis=1, keepdims=True)))


def _likeliest_path(chances: NDArray[np.float32]) -> NDArray[np.int64]:
    """For each word the column of the likeliest sequence of languages, each change costing CHANGE (Viterbi)."""
    score = chances[0].copy()
    came_from = np.zeros(chances.shape, dtype=np.int64)
    for at in range(1, len(chances)):
        best = int(score.argmax())
        stays = score >= score[best] - CHANGE
        came_from[at] = np.where(stays, np.arange(len(score)), best)
        score = np.where(stays, score, score[best] - CHANGE) + chances[at]
    path = np.empty(len(chances), dtype=np.int64)
    path[-1] = int(score.argmax())
    for at in range(len(chances) - 1, 0, -1):
        path[at - 1] = came_from[at][path[at]]
    return path
