"""Signs of anger, of hurry and of two minds in how a text is worded, as numbers for the heads to weigh."""

from __future__ import annotations

import json
import re
from pathlib import Path

_WORDING: dict[str, list[str]] = json.loads(Path(__file__).with_name("wording.json").read_text(encoding="utf-8"))
"""Patterns of words for each sign. No word decides anything: training gives each sign its weight."""

TONE = (*_WORDING, "marks")
"""Names of the numbers, in their order; each within 0..1."""

_SIGNS = (
    *(re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE) for patterns in _WORDING.values()),
    re.compile(r"[!?]{2,}|!"),
)

_CLAUSE_END = re.compile(
    r"[.!?;:,\n]+(?=\s|$)|\s[-–—]+\s"
    r"|(?<!\w)(?:but|however|although|even though|though|yet|except|while|whereas|unlike|and|then|until|which)(?!\w)",
    re.IGNORECASE,
)


def tone(text: str) -> list[float]:
    """The numbers named in TONE, for a readable text."""
    text = text.replace("’", "'")
    return [min(3, len(sign.findall(text))) / 3 for sign in _SIGNS]


def clauses(text: str) -> list[str]:
    """The parts of the text that may each have a mood of their own; at least one."""
    return [part for part in _CLAUSE_END.split(text) if part.strip()] or [text]
