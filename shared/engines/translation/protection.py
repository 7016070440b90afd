"""What must come through a translation untouched: links, addresses, order numbers, amounts, dates, times, emoticons."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DOMAIN_ENDINGS = "com|net|org|io|co|app|dev|info|shop|store|br|pt|uk|us|eu|de|fr|es|it"
_CURRENCY = r"(?:US\$|R\$|[$€£¥₹]|USD|EUR|BRL|GBP)"
_NUMBER = r"\d+(?:[.,]\d+)*"

_PROTECTED = re.compile(
    "|".join(
        (
            r"https?://[^\s<>\"]*[^\s<>\"'.,;:!?)\]}]",
            r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
            rf"\b(?:[\w-]+\.)+(?:{_DOMAIN_ENDINGS})\b(?:/[^\s<>\"]*[^\s<>\"'.,;:!?)\]}}])?",
            # Emoticons: the models take the bracket for punctuation.
            r"(?<!\S)(?:[:;=]'?-?[)(DPpOo3*/\\|]|<3)(?![\w/])",
            rf"{_CURRENCY}\s?{_NUMBER}",
            rf"(?<![\w.,]){_NUMBER}\s?(?:{_CURRENCY}(?!\w)|%)",
            r"(?<!\w)[@#]\w[\w-]*",
            r"(?<!\w)\+?\(?\d[\d().-]*(?: [\d().-]{2,})+\d(?!\w)",
            r"\bn\.?[º°]\s?\d[\w/-]*",
            # With a letter and a digit in it, longer than an ordinal or a measure such as 2nd, 10kg.
            r"\b(?=\w*[A-Za-z])(?=[\w/-]*\d)(?!\d{1,3}[A-Za-z]{1,3}\b(?![-/]))\w+(?:[-/]\w+)*\b(?<=\w{3})",
            r"\b[A-Z]{1,6}[-/]\d[\w/-]*\b",
            r"\b\d{1,4}(?:[-/.]\d{1,4}){2}\b",
            r"\b\d{1,2}:\d{2}(?::\d{2})?\b",
            r"\b\d+[-/]\d[\w/-]*[A-Za-z]\w*\b",
            r"\b\d+[.,]\d[\d.,]*\b",
            r"\b\d{4,}(?:-\d+)*\b",
        )
    )
)

_STEMS = ("XQ", "KX", "ZW", "QJ", "WX")
"""Marks of the kind XQ1 came back whole from both models wherever they stood in a sentence; <1>, {1} and $1 did not."""


@dataclass(frozen=True)
class Marked:
    """A text with a mark in the place of each part that is to stay as it is."""

    text: str
    originals: tuple[str, ...]
    stem: str

    def restore(self, translated: str) -> str | None:
        """The translation with the originals in place, or null when a mark was lost, doubled or bent."""
        marks = re.compile(rf"(?<![A-Za-z0-9]){self.stem}(\d+)(?!\d)")
        found = sorted(int(number) for number in marks.findall(translated))
        if found != list(range(1, len(self.originals) + 1)) or translated.upper().count(self.stem) != len(found):
            return None
        return marks.sub(lambda mark: self.originals[int(mark[1]) - 1], translated)


def mark(text: str) -> Marked | None:
    """The text with its protected parts marked; null when it already holds every kind of mark we have."""
    stem = next((stem for stem in _STEMS if stem not in text.upper()), None)
    if stem is None:
        return None
    originals: list[str] = []

    def replace(match: re.Match[str]) -> str:
        originals.append(match[0])
        return f"{stem}{len(originals)}"

    return Marked(_PROTECTED.sub(replace, text), tuple(originals), stem)


def pieces(text: str) -> list[tuple[str, bool]]:
    """The text cut into its parts, in order, each with whether it is to stay as it is."""
    parts: list[tuple[str, bool]] = []
    cursor = 0
    for match in _PROTECTED.finditer(text):
        parts.append((text[cursor : match.start()], False))
        parts.append((match[0], True))
        cursor = match.end()
    parts.append((text[cursor:], False))
    return [(part, stays) for part, stays in parts if part]
