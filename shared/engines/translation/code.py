"""Code, logs and configuration that people paste without marking them: lines that stay whole, and bits within words.

A translation of them is of no use to anybody: `prices["shipping"]` came back as `prices["shipping."]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.engines.translation.sentences import Span

LONGEST_LINE = 500
"""Longer lines are words, or nothing that anybody reads."""

_NAME = r"[A-Za-z_$][\w$]{0,60}"
_DOTTED = rf"{_NAME}(?:\.{_NAME}){{0,8}}"
_GIVEN = r"\((?:[^()\n]|\([^()\n]{0,200}\)){0,400}\)"
"""What stands in brackets after a function's name, brackets in it included."""

BITS = (
    # Calls: of what has a name as no word has, or nothing or something in quotes given to it. Not `parcel(s)`.
    rf"(?<![\w.])(?:{_NAME}\.{_DOTTED}|{_NAME}_\w{{0,60}}|{_NAME}(?=\(\)|\([\"'])){_GIVEN}(?:\.{_NAME}{_GIVEN}){{0,8}};?",
    rf"(?<![\w.]){_DOTTED}\[[\"'][^\"'\n]{{0,100}}[\"']\]",
    r"\{\s*\"[^\"\n]{1,100}\"\s*:[^\n]{0,2000}\}",
    # Paths, and names such as C# and C++.
    r"(?<![\w:/\\])[A-Za-z]:\\[^\s\"'<>|]{1,200}",
    r"(?<![\w:/.<])~?(?:/[\w.@-]{1,100}){2,20}",
    r"\b[A-Z](?:#|\+\+)(?!\w)",
)
"""Patterns of what stays within a sentence."""

_PLAINLY_CODE = re.compile(
    "|".join(
        (
            r'\s*File "[^"]+", line \d+',
            r"\s*Traceback \(most recent call last\)",
            r"\s*at [\w$.<>/\[\]]+ ?\(.*\)\s*$",
            rf"\s*(?:Caused by: |Uncaught )?(?:{_NAME}\.)*[A-Z]\w+(?:Error|Exception)(?::.*)?$",
            r"\W{0,2}\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*\b(?:TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|CRITICAL|FATAL|SEVERE)\b",
            r'.*"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S+ HTTP/[\d.]+" \d{3}\b',
            r'\s*[{\[,]*\s*"[^"]{1,100}"\s*:\s*(?:["\[{]|-?\d|true\b|false\b|null\b).*$',
            rf"\s*(?:def {_NAME}\(|class {_NAME}(?:\(.*\))?:\s*$)",
            r"\s*(?:(?:el)?if|while) .*[()<>=].*[:{]\s*$",
            rf"\s*(?:import {_DOTTED}(?: as {_NAME})?;?\s*$|from {_DOTTED} import )",
            rf"\s*(?:const|let|var) {_NAME}\s*=",
            r"\s*(?:export|public|private|protected|static|final|async|function)\b.*[({=].*[;{]\s*$",
            rf"\s*{_DOTTED}(?:\[[^\]]*\])?\s*(?:[-+*/|&]?=|:=)\s*(?:[\"'\[{{(].*|-?[\d.]+;?|{_DOTTED}[\[(.].*)$",
            rf"\s*{_DOTTED}{_GIVEN}(?:(?:\.{_NAME}{_GIVEN})*\s*[;{{]|(?:\.{_NAME}{_GIVEN})+)\s*$",
            rf"\s*{_DOTTED}\((?:[\"'].*|\))\s*$",
            r"\s*[A-Z][A-Z0-9_]{2,60}=\S*\s*$",
            r"\s*(?:SELECT .+ FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE)\b.*;\s*$",
            r"\s*[})\]]+[;,]?\s*$",
            r"\s*(?:#include\s*[<\"]|<\?php|#!/)",
        )
    )
)
"""A line that begins so is code whatever stands around it."""

_CODE_BESIDE_CODE = re.compile(
    r"(?:\s+\S|\t).*[=()\[\]{}:;\"'_]"
    rf"|\s*(?:return\b[^.!?]{{0,100}}|for {_NAME}(?:, ?{_NAME})? in \S.*:|(?:else|try|finally|except\b.*):)\s*$"
    r"|\s*(?:break|continue|pass|end|fi|done);?\s*$"
)
"""A line that is code when the one before or after it is."""


def code_lines(text: str) -> Iterator[Span]:
    """From where to where each line reaches that is code, first to last, without the space around it."""
    lines = [line for line in re.finditer(r"[^\n]+", text) if not line[0].isspace()]
    code = [len(line[0]) <= LONGEST_LINE and _PLAINLY_CODE.match(line[0]) is not None for line in lines]
    if not any(code):
        return
    neighbours = [(place - 1, place) for place in range(1, len(lines))]
    for known, beside in (*neighbours, *((later, earlier) for earlier, later in reversed(neighbours))):
        touching = (
            abs(lines[beside].start() - lines[known].end()) <= 1 or abs(lines[known].start() - lines[beside].end()) <= 1
        )
        if code[known] and touching and not code[beside] and len(lines[beside][0]) <= LONGEST_LINE:
            code[beside] = _CODE_BESIDE_CODE.match(lines[beside][0]) is not None
    for line, stays in zip(lines, code, strict=True):
        if stays:
            start = line.start() + len(line[0]) - len(line[0].lstrip())
            yield start, line.start() + len(line[0].rstrip())
