"""What a search text asks for, as a tree; and the simple syntax, in which every text is a query.

The simple syntax reads from left to right without precedence: what stands before an operator is one operand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from local.search.errors import bad_parameter

DEEPEST = 50
"""Parentheses inside each other."""

MOST_CLAUSES = 1024
"""Words and operators of one query, as in Lucene."""


@dataclass(frozen=True, slots=True)
class Words:
    """A chunk of text without spaces; an analyzer may cut it into several words."""

    text: str
    needs_all: bool
    """Whether all of these words must be there, or any of them."""
    field: str | None = None
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand one after the other."""

    text: str
    field: str | None = None
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word."""

    text: str
    field: str | None = None
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Pattern:
    """A word with ? for one character and * for any number."""

    text: str
    field: str | None = None
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Similar:
    """A word within this many changes of single letters."""

    text: str
    distance: int
    field: str | None = None
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Everything:
    """All documents."""


@dataclass(frozen=True, slots=True)
class Combined:
    """Every part of `must`; without any, one of `should`; and none of `must_not`."""

    must: tuple[Query, ...] = ()
    should: tuple[Query, ...] = ()
    must_not: tuple[Query, ...] = ()


Leaf: TypeAlias = Words | Phrase | Prefix | Pattern | Similar
Query: TypeAlias = Leaf | Everything | Combined

_PIECE = re.compile(
    r'\s+|[+|()]|"(?P<phrase>(?:\\.|[^"\\])*)(?P<closed>")?|(?P<word>(?:\\.|[^\s"+|()\\]|\\$)+)', re.DOTALL
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def leaves(query: Query) -> Iterator[Leaf]:
    """Everything that is looked for, leaving out what must not be there."""
    if isinstance(query, Combined):
        for part in (*query.must, *query.should):
            yield from leaves(part)
    elif not isinstance(query, Everything):
        yield query


def parse_simple(text: str, *, needs_all: bool) -> Query:
    """The query of a text in the simple syntax. Raises SearchError 400 when it is too large."""
    if text.strip() in ("", "*"):
        return Everything()
    pieces = [match for match in _PIECE.finditer(text) if match.group()]
    if len(pieces) > 2 * MOST_CLAUSES:
        raise too_many_clauses()
    return _Simple(pieces, needs_all).sequence(0) or Combined()


def too_many_clauses() -> Exception:
    """The refusal of an overlong query."""
    return bad_parameter(f"Failed to parse the query: it has more than {MOST_CLAUSES} clauses.", "search")


class _Simple:
    def __init__(self, pieces: list[re.Match[str]], needs_all: bool) -> None:
        self._pieces = pieces
        self._at = 0
        self._needs_all = needs_all

    def sequence(self, depth: int) -> Query | None:
        """Operands up to the closing parenthesis, or to the end."""
        if depth > DEEPEST:
            raise bad_parameter("Failed to parse the query: it is nested too deeply.", "search")
        whole: Query | None = None
        last = ""
        operator = ""
        while self._at < len(self._pieces):
            piece = self._pieces[self._at]
            self._at += 1
            sign = piece.group()
            if sign == ")":
                if depth:
                    break
            elif sign in "+|":
                operator = sign
            elif not sign.isspace():
                operand = self.sequence(depth + 1) if sign == "(" else self._operand(piece, depth)
                if operand is None:
                    continue
                chosen = operator or ("+" if self._needs_all else "|")
                whole = operand if whole is None else _joined(whole, operand, chosen, extends=chosen == last)
                last = chosen if whole is not operand else ""
                operator = ""
        return whole

    def _operand(self, piece: re.Match[str], depth: int) -> Query | None:
        if piece["phrase"] is not None:
            return Phrase(_plain(piece["phrase"]))
        word = piece["word"]
        if word is None:
            return None
        if word.startswith("-"):
            rest = word.lstrip("-")
            inner = self._word(rest) if rest else self._negated_group(depth)
            return None if inner is None else Combined(must=(Everything(),), must_not=(inner,))
        return self._word(word)

    def _negated_group(self, depth: int) -> Query | None:
        """What follows a minus directly: a phrase or a group. A minus on its own means nothing."""
        if self._at >= len(self._pieces) or self._pieces[self._at].group()[0] not in '("':
            return None
        piece = self._pieces[self._at]
        self._at += 1
        return self.sequence(depth + 1) if piece.group() == "(" else Phrase(_plain(piece["phrase"]))

    def _word(self, word: str) -> Query:
        if word.endswith("*") and not word.endswith("\\*"):
            text = _plain(word.rstrip("*"))
            return Prefix(text) if text else Everything()
        return Words(_plain(word), self._needs_all)


def _joined(whole: Query, operand: Query, operator: str, *, extends: bool) -> Query:
    if extends and isinstance(whole, Combined):
        if operator == "+":
            return Combined(must=(*whole.must, operand))
        return Combined(should=(*whole.should, operand))
    return Combined(must=(whole, operand)) if operator == "+" else Combined(should=(whole, operand))


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
