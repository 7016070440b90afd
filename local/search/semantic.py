"""An embedded re-ranking in the place of Azure's language models: it reads words and their places, not meaning.

A document's likeness to the question is how many of its words it has (the rarer among the candidates, the more they
count), how close together the best sentence has them, and whether the title has them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from local.search.definition import Json
from local.search.highlights import sentences
from local.search.tokens import Token, analyzer

DEPTH = 50
"""Documents that are re-ranked, as in Azure."""

HIGHEST = 4.0
"""The best score of Azure's re-ranking."""

_COVERAGE, _CLOSENESS, _TITLE = 0.6, 0.25, 0.15
_CAPTION_LENGTH = 600
"""Characters of a caption at most."""

_QUESTION_WORDS = frozenset(
    word
    for words in (
        ("how", "what", "when", "where", "which", "who", "whom", "whose", "why", "can", "could", "do", "does", "is"),
        ("are", "should", "would", "will", "cómo", "qué", "cuándo", "dónde", "quién", "cuál", "como", "onde", "quando"),
        ("quem", "qual", "que", "comment", "quand", "où", "qui", "quel", "pourquoi", "wie", "was", "wann", "wo", "wer"),
        ("welche", "warum", "что", "как", "когда", "где", "кто", "почему", "كيف", "ما", "متى", "أين", "من", "لماذا"),
        ("क्या", "कैसे", "कब", "कहाँ", "कौन", "क्यों"),
    )
    for word in words
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of one document."""

    likeness: float
    """0 to 1."""
    caption: str
    marked: str
    """The caption with its found words in <em>, or empty if there are none."""

    @property
    def score(self) -> float:
        """As Azure scales it, 0 to 4."""
        return round(HIGHEST * self.likeness, 4)


def words(text: str) -> list[Token]:
    """The words of a text, as every language analyzer cuts them."""
    cut = analyzer(None)
    assert cut is not None
    return list(cut(text, True))


def is_question(text: str) -> bool:
    """Whether an answer can be expected: a question mark, or a question word at the beginning."""
    first = text.strip().split(maxsplit=1)[:1]
    return any(mark in text for mark in "?？؟") or bool(first and first[0].lower() in _QUESTION_WORDS)


def read(question: str, documents: Sequence[Json], fields: Json) -> list[Reading]:
    """A reading of each document, given its prioritized fields."""
    wanted = list(dict.fromkeys(token.text for token in words(question)))
    title = [fields["titleField"]] if fields.get("titleField") else []
    content = [*(fields.get("prioritizedContentFields") or []), *(fields.get("prioritizedKeywordsFields") or [])]
    texts = [(_joined(document, title), _joined(document, content)) for document in documents]
    held = [{token.text for token in words("\n".join(pair))} for pair in texts]
    weights = {word: math.log(1 + (len(held) + 1) / (sum(word in each for each in held) + 0.5)) for word in wanted}
    return [_reading(pair, have, weights) for pair, have in zip(texts, held, strict=True)]


def _joined(document: Json, fields: Sequence[Json]) -> str:
    values = [document.get(field["fieldName"]) for field in fields]
    return "\n".join(" ".join(value) if isinstance(value, list) else value for value in values if value)


def _reading(texts: tuple[str, str], have: set[str], weights: dict[str, float]) -> Reading:
    title, content = texts
    whole = sum(weights.values()) or 1.0
    passage, density = _best_passage(content or title, weights)
    in_title = sum(weights.get(word, 0.0) for word in {token.text for token in words(title)}) / whole
    coverage = sum(weight for word, weight in weights.items() if word in have) / whole
    likeness = _COVERAGE * coverage + _CLOSENESS * density / whole + _TITLE * in_title
    return Reading(min(1.0, likeness), passage, _marked(passage, weights))


def _best_passage(text: str, weights: dict[str, float]) -> tuple[str, float]:
    """The sentence with the weightiest words, with those after it as far as a caption goes; and that weight."""
    places = sentences(text)
    if not places:
        return "", 0.0
    found = [sum(weights.get(word, 0.0) for word in {one.text for one in words(text[a:b])}) for a, b in places]
    best = max(range(len(places)), key=lambda number: found[number])
    start, end = places[best]
    for _, following in places[best + 1 :]:
        if following - start > _CAPTION_LENGTH // 2:
            break
        end = following
    return text[start:end][:_CAPTION_LENGTH].replace("\n", " "), found[best]


def _marked(passage: str, weights: dict[str, float]) -> str:
    # Words found in nearly every candidate tell nothing, and marking them hides the others.
    telling = {word for word, weight in weights.items() if weight >= max(weights.values()) / 2}
    parts, at = [], 0
    for token in words(passage):
        if token.text in telling and token.start >= at:
            parts += [passage[at : token.start], "<em>", passage[token.start : token.end], "</em>"]
            at = token.end
    return "".join([*parts, passage[at:]]) if parts else ""
