"""The sentences that the sentiment heads are trained on: all written for it, as plain files that anybody can extend."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from shared.models.analysis import SentimentLabel
from shared.models.base import Model

SENTENCES = Path(__file__).with_name("sentences")
"""Lines of `<label>.txt` and `tones/<tone>.txt`, and `parts.json`."""

TONES = {"angry": (True, False), "urgent": (False, True), "angry_urgent": (True, True), "calm": (False, False)}
"""Whether the sentences of each file are angry, and whether they are urgent."""

MIXED_PAIRS = 240
ALIKE_PAIRS = 80
CONCEDED_PAIRS = 60
"""How many sentences are put together of a praise and a blame, of two of the same kind, and of one of them with
something that does not count against it."""

GREETED_PRAISE = 80
GREETED_BLAME = 60
GREETED_ASKED = 20
GREETED_MIXED = 20
"""How many are put together of a polite opening and a praise, a blame, something asked for, and a praise with a blame;
every third ends politely. More of what is only asked for teaches that nobody is pleased who says good morning."""

_FULL_STOPS = (".", "!", "")
_SNEERS_GO_ON = (", ", ". ", "! ")


class SentencesError(ValueError):
    """The training sentences cannot be used; the message names the file and the line."""


@dataclass(frozen=True)
class Sentence:
    text: str
    label: SentimentLabel | None
    """Null where a sentence was written for its tone alone."""
    angry: bool | None
    urgent: bool | None
    """Null where nobody said so."""


class Parts(Model):
    """Clauses that please and displease, those that weigh nothing beside them, and what stands between two.

    Whole sentences alone would teach that `but` makes a text mixed, and a full stop does not.
    """

    praise: Annotated[tuple[str, ...], Field(min_length=2)]
    blame: Annotated[tuple[str, ...], Field(min_length=2)]
    conceded: Annotated[tuple[str, ...], Field(min_length=1)]
    hoped: Annotated[tuple[str, ...], Field(min_length=1)]
    sneered: Annotated[tuple[str, ...], Field(min_length=1)]
    greeted: Annotated[tuple[str, ...], Field(min_length=1)]
    signed: Annotated[tuple[str, ...], Field(min_length=1)]
    asked: Annotated[tuple[str, ...], Field(min_length=1)]
    turns: Annotated[tuple[str, ...], Field(min_length=1)]
    goes_on: Annotated[tuple[str, ...], Field(min_length=1)]


def read_sentences(folder: Path = SENTENCES) -> list[Sentence]:
    """All of them. Raises SentencesError for a sentence that is there twice, or a file with none at all."""
    found: list[Sentence] = []
    seen: dict[str, str] = {}
    for label in SentimentLabel:
        calm = False if label in (SentimentLabel.POSITIVE, SentimentLabel.NEUTRAL) else None
        found += [Sentence(text, label, calm, calm) for text in _lines(folder / f"{label}.txt", seen)]
    for tone, (angry, urgent) in TONES.items():
        found += [Sentence(text, None, angry, urgent) for text in _lines(folder / "tones" / f"{tone}.txt", seen)]
    found += [Sentence(text, label, None, None) for text, label in _put_together(_parts(folder / "parts.json"))]
    return found


def read_in_other_languages(folder: Path = SENTENCES) -> list[Sentence]:
    """The sentences of `other_languages.csv`. Raises SentencesError naming the line and the column that are wrong."""
    name, found = "other_languages.csv", []
    try:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                try:
                    said = _InOtherLanguage.model_validate(row)
                except ValidationError as error:
                    field = ".".join(map(str, error.errors()[0]["loc"]))
                    raise SentencesError(f"{name} line {number}: {field}: {error.errors()[0]['msg']}") from error
                found.append(Sentence(said.text, said.label, said.angry, said.urgent))
    except OSError as error:
        raise SentencesError(f"{name}: missing") from error
    return found


class _InOtherLanguage(Model):
    """A row of the file; `angry` and `urgent` are `yes` or `no`."""

    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    text: Annotated[str, Field(min_length=1)]
    label: SentimentLabel
    angry: bool
    urgent: bool


def _lines(path: Path, seen: dict[str, str]) -> list[str]:
    if not path.is_file():
        raise SentencesError(f"{path.name}: missing")
    texts = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not (text := line.strip()):
            continue
        place = f"{path.name} line {number}"
        if text.lower() in seen:
            raise SentencesError(f"{place}: the same as {seen[text.lower()]}")
        seen[text.lower()] = place
        texts.append(text)
    if not texts:
        raise SentencesError(f"{path.name}: holds no sentence")
    return texts


def _parts(path: Path) -> Parts:
    try:
        return Parts.model_validate_json(path.read_bytes())
    except OSError as error:
        raise SentencesError(f"{path.name}: missing") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise SentencesError(f"{path.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _put_together(parts: Parts) -> Iterator[tuple[str, SentimentLabel]]:
    for place in range(MIXED_PAIRS):
        pair = _at(parts.praise, place), _at(parts.blame, place * 11 + place // len(parts.praise))
        first, second = pair if place % 3 else reversed(pair)
        yield _joined(first, _at(parts.turns, place), second, place), SentimentLabel.MIXED
    for clauses, label in ((parts.praise, SentimentLabel.POSITIVE), (parts.blame, SentimentLabel.NEGATIVE)):
        for place in range(ALIKE_PAIRS):
            second = _at(clauses, place + 1 + place // len(clauses))
            yield _joined(_at(clauses, place), _at(parts.goes_on, place), second, place), label
    for opening, turns, clauses, label in (
        (parts.conceded, parts.turns, parts.praise, SentimentLabel.POSITIVE),
        (parts.hoped, parts.turns, parts.blame, SentimentLabel.NEGATIVE),
        (parts.sneered, _SNEERS_GO_ON, parts.blame, SentimentLabel.NEGATIVE),
    ):
        for place in range(CONCEDED_PAIRS):
            second = _at(clauses, place * 3 + place // len(opening))
            yield _joined(_at(opening, place), _at(turns, place), second, place), label
    yield from _greeted(parts)


def _greeted(parts: Parts) -> Iterator[tuple[str, SentimentLabel]]:
    """A polite opening and a polite end are how people write, whatever they feel: they come with every label alike."""
    for clauses, label, count in (
        (parts.praise, SentimentLabel.POSITIVE, GREETED_PRAISE),
        (parts.blame, SentimentLabel.NEGATIVE, GREETED_BLAME),
        (parts.asked, SentimentLabel.NEUTRAL, GREETED_ASKED),
    ):
        for place in range(count):
            yield _between_courtesies(parts, _at(clauses, place * 11 + place // len(clauses)), place), label
    for place in range(GREETED_MIXED):
        praise, blame = _at(parts.praise, place * 2), _at(parts.blame, place * 3)
        yield _between_courtesies(parts, f"{praise}, but {blame}", place), SentimentLabel.MIXED


def _between_courtesies(parts: Parts, clause: str, place: int) -> str:
    said = _joined(_at(parts.greeted, place), " ", clause, place)
    return said if place % 3 else f"{said.rstrip('.!')}. {_at(parts.signed, place // 3)}"


def _at(texts: tuple[str, ...], place: int) -> str:
    return texts[place % len(texts)]


def _joined(first: str, between: str, second: str, place: int) -> str:
    if (first + between).rstrip().endswith((".", "!", "?")):
        second = second[0].upper() + second[1:]
    return first[0].upper() + first[1:] + between + second + _at(_FULL_STOPS, place)
