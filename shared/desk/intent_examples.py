"""Examples that an administrator gives for a model: what is accepted, and how they are read from CSV."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shared.desk.texts import checked_text
from shared.engines.intent.examples import FEWEST, shipped_examples
from shared.errors import FieldError, InvalidRequest
from shared.models.intents import LabelledText

MOST_EXAMPLES = 20_000
TEXT_CHARACTERS = 2000
MOST_INTENTS = 200
"""A model's size and its training time grow with intents times vocabulary."""
FEWEST_INTENTS = 2
MOST_PROBLEMS = 20
"""As many wrong fields as one answer names."""

INTENT = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True)
class Given:
    """An example as it came in."""

    text: str
    intent: str
    place: str = ""
    """Where it stood, for messages, when its number alone does not say it."""


@dataclass
class _Problems:
    """What is wrong, up to as much as one answer holds."""

    found: list[FieldError] = field(default_factory=list)

    def add(self, name: str, message: str) -> None:
        if len(self.found) < MOST_PROBLEMS:
            self.found.append(FieldError(name, message))

    def check(self) -> None:
        """Raises InvalidRequest when there is a problem."""
        if self.found:
            detail = "; ".join(f"{each.field}: {each.message}" for each in self.found[:3])
            raise InvalidRequest(detail + (" …" if len(self.found) > 3 else ""), self.found)


def checked_examples(given: Sequence[Given], *, with_default_examples: bool) -> list[LabelledText]:
    """What to train on: the given examples, each text once, and the product's own where they say nothing else.

    Raises InvalidRequest naming every wrong field, up to MOST_PROBLEMS.
    """
    if not given:
        raise InvalidRequest.of("examples", "must not be empty")
    if len(given) > MOST_EXAMPLES:
        raise InvalidRequest.of("examples", f"must be at most {MOST_EXAMPLES}, are {len(given)}")
    problems = _Problems()
    own = list(_distinct(given, problems))
    problems.check()
    added = list(_default_examples(own)) if with_default_examples else []
    _check_counts(own + added, problems)
    problems.check()
    return own + added


def _distinct(given: Sequence[Given], problems: _Problems) -> Iterator[LabelledText]:
    first_with: dict[str, tuple[int, str]] = {}
    for number, each in enumerate(given):
        where = f" ({each.place})" if each.place else ""
        intent = each.intent.strip()
        try:
            text = checked_text(each.text, TEXT_CHARACTERS, f"examples.{number}.text")
        except InvalidRequest as error:
            problems.add(error.fields[0].field, error.fields[0].message + where)
            continue
        if not any(map(str.isalnum, text)):
            problems.add(f"examples.{number}.text", f"must hold a letter or a digit: emoji alone teach nothing{where}")
            continue
        if INTENT.fullmatch(intent) is None:
            problems.add(
                f"examples.{number}.intent",
                f"must be a small letter followed by up to 63 small letters, digits and underscores{where}",
            )
        elif (before := first_with.setdefault(_same(text), (number, intent))) == (number, intent):
            yield LabelledText(text=text, intent=intent, origin=text)
        elif before[1] != intent:
            problems.add(
                f"examples.{number}.text",
                f"is an example of {intent} here and of {before[1]} in examples.{before[0]}{where}",
            )


def _default_examples(own: Sequence[LabelledText]) -> Iterator[LabelledText]:
    """The product's own, without texts that the administrator has decided on."""
    decided = {_same(each.text) for each in own}
    for example in shipped_examples():
        if _same(example.text) not in decided:
            yield LabelledText(text=example.text, intent=example.intent, origin=example.origin)


def _check_counts(examples: Sequence[LabelledText], problems: _Problems) -> None:
    origins: dict[str, set[str]] = {}
    for each in examples:
        origins.setdefault(each.intent, set()).add(each.origin)
    if not FEWEST_INTENTS <= len(origins) <= MOST_INTENTS:
        problems.add("examples", f"must be of {FEWEST_INTENTS} to {MOST_INTENTS} intents, are of {len(origins)}")
    for intent, different in sorted(origins.items()):
        if len(different) < FEWEST:
            problems.add(
                "examples", f"{intent} has {len(different)} different examples; at least {FEWEST} are needed of each"
            )


def counts(examples: Sequence[LabelledText]) -> Counter[str]:
    """How many examples there are of each intent."""
    return Counter(each.intent for each in examples)


def _same(text: str) -> str:
    return " ".join(text.casefold().split())


def read_csv(content: bytes) -> list[Given]:
    """The examples of a CSV file in UTF-8 with the columns text and label. Raises InvalidRequest naming the line."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidRequest.of("body", f"must be UTF-8, is not in line {line}") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return list(_rows(reader))
    except csv.Error as error:
        raise InvalidRequest.of("body", f"is no CSV: {error} in line {reader.line_num}") from None


def _rows(reader: Iterator[list[str]]) -> Iterator[Given]:
    line = getattr(reader, "line_num", 0)
    header = [name.strip().lower() for name in next(reader, [])]
    missing = [name for name in ("text", "label") if name not in header]
    if missing:
        raise InvalidRequest.of(
            "body", f"must begin with a line that names the columns: {', '.join(missing)} is missing"
        )
    text, label = header.index("text"), header.index("label")
    for row in reader:
        line = getattr(reader, "line_num", 0)
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            raise InvalidRequest.of(
                "body",
                f"has {len(row)} columns instead of {len(header)} in line {line}: put texts with commas in quotes",
            )
        yield Given(row[text], row[label], f"line {line}")


def as_csv(examples: Sequence[LabelledText]) -> bytes:
    """The examples as a CSV file that `read_csv` takes."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(["text", "label"])
    writer.writerows((each.text, each.intent) for each in examples)
    return written.getvalue().encode()
