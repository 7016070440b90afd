"""What must come through a translation untouched: links, addresses, order numbers, amounts, dates, times, emoticons,
code, placeholders, signs, and the terms of the glossary."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from shared.engines.translation import code, sentences
from shared.engines.translation.glossary import Glossary

_DOMAIN_ENDINGS = (
    "com|net|org|io|co|ai|app|biz|dev|info|online|shop|site|store|tv|xyz|ar|au|br|ca|ch|cl|cn|cz|de|dk|es|eu|fi|fr|gr|"
    "hu|ie|il|it|jp|kr|mx|nl|nz|pl|pt|ro|ru|se|sk|tr|ua|uk|us|za|example"
)
"""Those that are no words: after a full stop without a space, `in` and `no` are."""
_CURRENCY = r"(?:US\$|R\$|[$€£¥₹]|USD|EUR|BRL|GBP)"
_NUMBER = r"\d+(?:[.,]\d+)*"

# Brackets belong to an address when they are closed within it, punctuation when something follows.
_ADDRESS = r"(?:\([^\s<>\"()]*\)|\[[^\s<>\"\[\]]*\]|[^\s<>\"()\[\]'.,;:!?}]|['.,;:!?}]+(?=[^\s<>\"'.,;:!?)\]}]))+"

_PROTECTED = re.compile(
    "|".join(
        (
            # Every search ahead is bounded: a long text without spaces would take time that grows with its square.
            # Code, in a block or within a line; what programs fill in; markup.
            r"```[\s\S]+?```",
            r"`[^`\n]+`",
            r"\{\{[^{}\n]{1,80}\}\}|[$@#]?\{\w[\w.]{0,60}\}|%\(\w{1,60}\)[sd]|(?<![\w%])%[sd](?!\w)",
            r"</?[A-Za-z][^<>\n]{0,200}>",
            rf"\b[A-Za-z][A-Za-z0-9+.-]{{1,20}}://{_ADDRESS}|\bwww\.{_ADDRESS}",
            r"(?<![\w.+-])(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}",
            rf"\b(?:[\w-]{{1,63}}\.){{1,8}}(?:(?:{_DOMAIN_ENDINGS})\b|[a-z]{{2,24}}(?=/\w))(?:/[^\s<>\"]*[^\s<>\"'.,;:!?)\]}}])?",
            # Emoticons: the models take the bracket for punctuation.
            r"(?<!\S)(?:[:;=]'?-?[)(DPpOo3*/\\|]|<3)(?![\w/])",
            rf"{_CURRENCY}\s?{_NUMBER}",
            rf"(?<![\w.,]){_NUMBER}\s?(?:{_CURRENCY}(?!\w)|%)",
            r"(?<!\w)[@#]\w[\w-]*",
            r"(?<!\w)\+?\(?\d[\d().-]{0,30}(?: [\d().-]{2,20}){1,8}\d(?!\w)",
            r"(?:\bn\.?[º°]|№)\s?\d[\w/-]*",
            r"(?<![\w:])[0-9A-Fa-f]{1,4}(?:::?[0-9A-Fa-f]{1,4}){2,7}(?![\w:])",
            # With a letter and a digit in it, longer than an ordinal or a measure such as 2nd, 10kg.
            r"\b(?=\w{0,60}[A-Za-z])(?=[\w/-]{0,60}\d)(?!\d{1,3}[A-Za-z]{1,3}\b(?![-/]))\w+(?:[-/]\w+)*\b(?<=\w{3})",
            r"\b[A-Z]{1,6}[-/]\d[\w/-]*\b",
            r"\b\d{1,4}(?:[-/.]\d{1,4}){2}\b",
            r"\b\d{1,2}:\d{2}(?::\d{2})?\b",
            r"\b\d+[-/]\d[\w/-]{0,60}[A-Za-z]\w*\b",
            r"\b\d+[.,]\d[\d.,]*\b",
            r"\b\d{4,}(?:-\d+)*\b",
            # No word; engines take ten seconds for what they cannot read.
            r"[A-Za-z\u00c0-\u024f]{61,}",
            *code.BITS,
        )
    )
)

_PICTURE = "[©®™‼⁉ℹ〰〽㊗㊙\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
_SIGN = re.compile(
    "[0-9#*]\ufe0f?\u20e3|[\U0001f1e6-\U0001f1ff]{2}"
    rf"|{_PICTURE}[{sentences.EMOJI_PARTS}]*(?:(?<=\u200d){_PICTURE}[{sentences.EMOJI_PARTS}]*)*"
    "|[][{}<>|\\\\^~`\n]"
)
"""What engines leave in a text, mostly: brackets, line ends, trademarks, emoji each with all that it is made of."""

_SIGN_APART = re.compile(f"({_SIGN.pattern})")

_STEMS = ("XQ", "KX", "ZW", "QJ", "WX")
"""Marks of the kind XQ1 came back whole from both models wherever they stood in a sentence; <1>, {1} and $1 did not."""


@dataclass(frozen=True)
class Marked:
    """A text with a mark in the place of each part that is not the engine's to translate."""

    text: str
    kept: tuple[str, ...]
    """What is to stand in the place of each mark: the original, or the glossary's translation."""
    stem: str

    def restore(self, translated: str) -> str | None:
        """The translation with the kept parts in place, or null when a mark or a sign was lost, doubled or bent."""
        marks = re.compile(rf"(?<![A-Za-z0-9]){self.stem}(\d+)(?!\d)")
        found = sorted(int(number) for number in marks.findall(translated))
        if found != list(range(1, len(self.kept) + 1)) or translated.upper().count(self.stem) != len(found):
            return None
        if Counter(_SIGN.findall(self.text)) != Counter(_SIGN.findall(translated)):
            return None
        return marks.sub(lambda mark: self.kept[int(mark[1]) - 1], translated)


class Protection:
    """Finds what is to stay in a text, for every engine."""

    def __init__(self, glossary: Glossary | None = None) -> None:
        self._glossary = glossary or Glossary()
        self.fingerprint: str = self._glossary.fingerprint
        """The same for the same glossary."""

    def spans(self, text: str, target: str) -> list[tuple[int, int]]:
        """From where to where each part reaches that is to stay, first to last."""
        return [(start, end) for start, end, _ in self._found(text, target)]

    def mark(self, text: str, target: str) -> Marked | None:
        """The text with those parts marked; null when marks could not be told from what stands beside them."""
        stem = next((stem for stem in _STEMS if stem not in text.upper()), None)
        if stem is None:
            return None
        parts: list[str] = []
        kept: list[str] = []
        for part, stays in self._parts(text, target):
            if stays:
                kept.append(part)
            parts.append(f"{stem}{len(kept)}" if stays else part)
        marked = Marked("".join(parts), tuple(kept), stem)
        return marked if marked.restore(marked.text) is not None else None

    def pieces(self, text: str, target: str) -> list[tuple[str, bool]]:
        """The text cut into its parts, in order, each with whether it is to stay; a term is given in `target`.

        For texts that do not come through whole: signs stay here too, which an engine may move but not lose.
        """
        return [
            (piece, stays or _SIGN.fullmatch(piece) is not None)
            for part, stays in self._parts(text, target)
            for piece in ([part] if stays else _SIGN_APART.split(part))
            if piece
        ]

    def _parts(self, text: str, target: str) -> list[tuple[str, bool]]:
        parts: list[tuple[str, bool]] = []
        cursor = 0
        for start, end, kept in self._found(text, target):
            parts += [(text[cursor:start], False), (kept, True)]
            cursor = end
        parts.append((text[cursor:], False))
        return [(part, stays) for part, stays in parts if part]

    def _found(self, text: str, target: str) -> list[tuple[int, int, str]]:
        """What stays, with what is to stand there; where two overlap, all that they cover stays as it is."""
        every = [(*match.span(), match[0]) for match in _PROTECTED.finditer(text)]
        every += [(start, end, text[start:end]) for start, end in code.code_lines(text)]
        every += self._glossary.found(text, target)
        found: list[tuple[int, int, str]] = []
        for start, end, kept in sorted(every, key=lambda one: (one[0], -one[1])):
            if not found or start >= found[-1][1]:
                found.append((start, end, kept))
            elif end > found[-1][1]:
                found[-1] = (found[-1][0], end, text[found[-1][0] : end])
        return found
