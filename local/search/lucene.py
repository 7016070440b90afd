"""The full query syntax: what of Lucene's language the stand-in understands, and a clear refusal of the rest."""

from __future__ import annotations

import re

from local.search.definition import Definition
from local.search.errors import SearchError, bad_parameter, unsupported
from local.search.textquery import (
    DEEPEST,
    MOST_CLAUSES,
    Combined,
    Everything,
    Pattern,
    Phrase,
    Prefix,
    Query,
    Similar,
    Words,
    too_many_clauses,
)
from local.search.tokens import is_dense

_PIECE = re.compile(
    r"""(?P<space>\s+)
    | (?P<conjunction>AND(?![^\s()])|OR(?![^\s()])|&&|\|\|)
    | (?P<modifier>NOT(?![^\s()])|[+\-!])
    | (?P<open>\() | (?P<close>\))
    | "(?P<phrase>(?:\\.|[^"\\])*)"
    | (?P<regex>/(?:\\.|[^/\\])*/)
    | (?P<range>[\[{][^\]}]*[\]}])
    | (?P<boost>\^(?P<factor>\d+(?:\.\d+)?)?)
    | (?P<fuzzy>~(?P<distance>\d+(?:\.\d+)?)?)
    | (?P<field>[A-Za-z][A-Za-z0-9_]*):
    | (?P<word>(?:\\.|[^\s"()\[\]{}^~:\\/!&|+\-]|[+\-!&|/](?<=[^\s(][+\-!&|/]))+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_WILD = re.compile(r"(?<!\\)[*?]")


def parse_full(text: str, definition: Definition, *, needs_all: bool) -> Query:
    """The query of a text in the full Lucene syntax. Raises SearchError 400 naming what is wrong or not supported."""
    if text.strip() in ("", "*", "*:*"):
        return Everything()
    pieces: list[re.Match[str]] = []
    at = 0
    while at < len(text):
        match = _PIECE.match(text, at)
        if match is None:
            raise _wrong(f"it cannot be read at character {at + 1}: '{text[at : at + 20]}'")
        if match["space"] is None:
            pieces.append(match)
        at = match.end()
    if len(pieces) > 2 * MOST_CLAUSES:
        raise too_many_clauses()
    return _Full(pieces, definition, needs_all).sequence(0, None)


class _Full:
    def __init__(self, pieces: list[re.Match[str]], definition: Definition, needs_all: bool) -> None:
        self._pieces = pieces
        self._at = 0
        self._definition = definition
        self._needs_all = needs_all

    def sequence(self, depth: int, field: str | None) -> Query:
        """Clauses up to the closing parenthesis, or to the end; how they combine is Lucene's classic parser's way."""
        if depth > DEEPEST:
            raise _wrong("it is nested too deeply")
        clauses: list[tuple[str, Query]] = []
        while self._at < len(self._pieces):
            if self._take("close"):
                if not depth:
                    raise _wrong("a parenthesis is closed that was not opened")
                return _combined(clauses)
            conjunction = self._take("conjunction")
            if conjunction and not clauses:
                raise _wrong(f"{conjunction} has nothing before it")
            modifier = self._take("modifier")
            clause = self._operand(depth, field)
            if conjunction in ("AND", "&&") and clauses[-1][0] == "should":
                clauses[-1] = ("must", clauses[-1][1])
            if conjunction in ("OR", "||") and self._needs_all and clauses[-1][0] == "must":
                clauses[-1] = ("should", clauses[-1][1])
            if modifier in ("-", "!", "NOT"):
                clauses.append(("must_not", clause))
            elif modifier == "+" or conjunction in ("AND", "&&") or (self._needs_all and conjunction is None):
                clauses.append(("must", clause))
            else:
                clauses.append(("should", clause))
        if depth:
            raise _wrong("a parenthesis is not closed")
        return _combined(clauses)

    def _operand(self, depth: int, field: str | None) -> Query:
        if name := self._take("field"):
            field = name.removesuffix(":")
            chosen = self._definition.field(field, "search")
            if not chosen.is_text:
                raise bad_parameter(f"The field '{field}' in the search field list is not searchable.", "search")
        if self._at >= len(self._pieces):
            raise _wrong("something is missing at its end")
        piece = self._pieces[self._at]
        self._at += 1
        if piece["open"]:
            inner = self.sequence(depth + 1, field)
            if self._peek("boost"):
                raise unsupported("A boost (^) after parentheses")
            return inner
        if piece["regex"]:
            raise unsupported("A regular expression in a full query")
        if piece["range"]:
            raise unsupported("A range in a full query (use $filter)")
        if piece["phrase"] is not None:
            if self._peek("fuzzy"):
                raise unsupported("Proximity (~) after a phrase")
            return Phrase(_plain(piece["phrase"]), field, self._boost())
        if piece["word"]:
            return self._word(piece["word"], field)
        raise _wrong(f"'{piece.group()}' stands at the wrong place")

    def _word(self, word: str, field: str | None) -> Query:
        if is_dense(word) and (self._peek("fuzzy") or _WILD.search(word[:-1]) or word.endswith("?")):
            raise unsupported("~ or a wildcard inside a word of a script without spaces")
        if self._peek("fuzzy"):
            distance = self._pieces[self._at]["distance"] or "2"
            self._at += 1
            if distance not in ("0", "1", "2"):
                raise _wrong(f"~{distance} is not a distance from 0 to 2")
            return Similar(_plain(word), int(distance), field, self._boost())
        boost = self._boost()
        if word == "*":
            return Everything()
        if not _WILD.search(word):
            return Words(_plain(word), self._needs_all, field, boost)
        if _WILD.search(word[:-1]) or word.endswith("?"):
            if word[0] in "*?":
                raise unsupported("A wildcard at the beginning of a word")
            return Pattern(word, field, boost)
        return Prefix(_plain(word[:-1]), field, boost)

    def _boost(self) -> float:
        if not self._peek("boost"):
            return 1.0
        factor = self._pieces[self._at]["factor"]
        self._at += 1
        if factor is None:
            raise _wrong("^ needs a number")
        return float(factor)

    def _peek(self, kind: str) -> bool:
        return self._at < len(self._pieces) and self._pieces[self._at][kind] is not None

    def _take(self, kind: str) -> str | None:
        if not self._peek(kind):
            return None
        self._at += 1
        return self._pieces[self._at - 1].group()


def _combined(clauses: list[tuple[str, Query]]) -> Query:
    if len(clauses) == 1 and clauses[0][0] != "must_not":
        return clauses[0][1]
    kinds = ("must", "should", "must_not")
    must, should, must_not = (tuple(query for kind, query in clauses if kind == wanted) for wanted in kinds)
    return Combined(must, should, must_not)


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _wrong(reason: str) -> SearchError:
    return bad_parameter(f"Failed to parse query string: {reason}. See the full Lucene query syntax.", "search")
