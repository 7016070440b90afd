"""Found words in their sentences, with tags around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from local.search.definition import Field
from local.search.request import Tags
from local.search.textquery import Leaf, Pattern, Phrase, Prefix, Similar, Words
from local.search.tokens import fold, is_dense, prefix_token
from local.search.words import distance_within, pattern_of

Finder = Callable[[str], list[tuple[int, int]]]
"""The places (start, end) of found words in a text, in order, apart from each other."""

_SENTENCE = re.compile(r"\S(?:.*?[.!?…](?=\s|$)|.*?[。！？।؟]|.*?(?=\n|$))", re.MULTILINE)


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence of the text begins and ends."""
    return [match.span() for match in _SENTENCE.finditer(text)]


def finder(field: Field, leaves: Iterable[Leaf]) -> Finder:
    """Finds what the leaves of a query look for in texts of the field."""
    words: set[str] = set()
    tests: list[Callable[[str], bool]] = []
    for leaf in leaves:
        if leaf.field not in (None, field.name):
            continue
        match leaf:
            case Prefix() if not is_dense(leaf.text):
                start = prefix_token(leaf.text, field.analyze)
                tests.append(lambda word, start=start: bool(start) and word.startswith(start))  # type: ignore[misc]
            case Pattern():
                tests.append(pattern_of(leaf.text))
            case Similar():
                tests.append(_likeness(fold(leaf.text), leaf.distance))
            case Words() | Phrase() | Prefix():
                words |= {token.text for token in field.analyze(leaf.text, True)}
    return lambda text: _places(field, text, lambda word: word in words or any(test(word) for test in tests))


def _likeness(wanted: str, most: int) -> Callable[[str], bool]:
    return lambda word: distance_within(wanted, word, most) is not None


def _places(field: Field, text: str, is_found: Callable[[str], bool]) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    for token in field.analyze(text, False):
        if is_found(token.text):
            if places and token.start < places[-1][1]:
                places[-1] = (places[-1][0], max(places[-1][1], token.end))
            else:
                places.append((token.start, token.end))
    return places


def tagged(text: str, places: Sequence[tuple[int, int]], tags: Tags) -> str:
    """The text with tags around the places."""
    parts, at = [], 0
    for start, end in places:
        parts += [text[at:start], tags.before, text[start:end], tags.after]
        at = end
    return "".join([*parts, text[at:]])


def highlights(value: str | list[str] | None, find: Finder, tags: Tags, most: int) -> list[str]:
    """The sentences of a field's value with found words, those with the most words first."""
    found: list[tuple[int, str]] = []
    for text in [value] if isinstance(value, str) else value or []:
        for start, end in sentences(text):
            sentence = text[start:end]
            if places := find(sentence):
                found.append((len(places), tagged(sentence, places, tags)))
    found.sort(key=lambda each: -each[0])
    return [sentence for _, sentence in found[:most]]
