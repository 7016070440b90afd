"""The words that patterns lean on, in all languages: order, my name is, kind regards, euro."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("vocabulary.json")
"""Lists of regular expressions and of words, and tables. Expressions are for folded texts but for those of names."""


class Vocabulary:
    """A JSON file of lists and tables."""

    def __init__(self, file: Path) -> None:
        self._entries: dict[str, Any] = json.loads(unicodedata.normalize("NFC", file.read_text(encoding="utf-8")))

    def words(self, name: str) -> list[str]:
        """The list of that name."""
        found: list[str] = self._entries[name]
        return found

    def either(self, name: str) -> str:
        """The list of that name as alternatives of a regular expression."""
        return "|".join(self.words(name))

    def table(self, name: str) -> Mapping[str, Any]:
        """The table of that name."""
        found: Mapping[str, Any] = self._entries[name]
        return found


VOCABULARY = Vocabulary(FILE)
words, either, table = VOCABULARY.words, VOCABULARY.either, VOCABULARY.table
