"""The words that patterns lean on, in all languages: order, my name is, kind regards, euro."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("vocabulary.json")
"""Lists of regular expressions and of words, and tables. Expressions are for folded texts but for those of names."""


@cache
def _vocabulary() -> dict[str, Any]:
    vocabulary: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return vocabulary


def words(name: str) -> list[str]:
    """The list of that name."""
    found: list[str] = _vocabulary()[name]
    return found


def either(name: str) -> str:
    """The list of that name as alternatives of a regular expression."""
    return "|".join(words(name))


def table(name: str) -> Mapping[str, Any]:
    """The table of that name."""
    found: Mapping[str, Any] = _vocabulary()[name]
    return found
