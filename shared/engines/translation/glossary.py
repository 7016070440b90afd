"""Terms with a fixed translation, or with none: names of products and brands, and a shop's own words."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from shared.models.base import base_language

Terms = Mapping[str, Mapping[str, str]]
"""Each term with its translations by language; one without any stays as it is in every language."""

_LATIN_END = "\u024f"
_WITHOUT_SPACES = ("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"), ("\u3040", "\ud7ff")
"""Thai and Lao, Burmese, Khmer; Japanese, Chinese, Korean: words and their endings follow each other without space."""


class Glossary:
    """Finds the terms in texts, and what stands for each of them in a language."""

    def __init__(self, terms: Terms = MappingProxyType({}), names: Iterable[str] = ()) -> None:
        """`names` are further terms that stay as they are."""
        self._terms: dict[str, dict[str, str]] = {name: {} for name in names}
        self._terms |= {term: {code.lower(): text for code, text in given.items()} for term, given in terms.items()}
        self._by_spelling = {_folded(term): given for term, given in self._terms.items()}
        canonical = json.dumps(self._terms, sort_keys=True, ensure_ascii=False)
        self.fingerprint = hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        """The same for the same terms and translations."""
        self._pattern = lru_cache(maxsize=64)(self._compiled)

    def found(self, text: str, target: str) -> list[tuple[int, int, str]]:
        """Where the terms stand in the text, first to last, each with what is to stand there in `target`.

        A term that has translations, but none into `target`, is left to be translated like any other word.
        """
        pattern = self._pattern(target.lower())
        if pattern is None:
            return []
        return [(*match.span(), self._rendering(match[0], target)) for match in pattern.finditer(text)]

    def _compiled(self, target: str) -> re.Pattern[str] | None:
        wanted = [term for term, given in self._terms.items() if not given or _for_language(given, target) is not None]
        if not wanted:
            return None
        # The longer of two that begin alike: "Aurora Mini" before "Aurora".
        return re.compile("|".join(_expression(term) for term in sorted(wanted, key=len, reverse=True)))

    def _rendering(self, written: str, target: str) -> str:
        # A spelling that only the pattern takes for the term's, such as a dotted capital I, stays as it is.
        fixed = _for_language(self._by_spelling.get(_folded(written), {}), target.lower())
        if fixed is None:
            return written
        return fixed[:1].upper() + fixed[1:] if written[:1].isupper() else fixed


def _for_language(given: Mapping[str, str], target: str) -> str | None:
    """The translation for the language with its region, else for the language."""
    return given.get(target, given.get(base_language(target)))


def _expression(term: str) -> str:
    words = r"\s+".join(re.escape(word) for word in term.split())
    # A name of one plain word may be an everyday word too ("Echo"): it counts when written as the name is, or shouted.
    spellings = f"(?:{words}|{words.upper()})" if _is_plain_name(term) else f"(?i:{words})"
    return f"{_edge(term.strip()[0], '<!')}{spellings}{_edge(term.strip()[-1], '!')}"


def _is_plain_name(term: str) -> bool:
    return term.isalpha() and term[0].isupper() and term[1:].islower()


def _edge(character: str, looking: str) -> str:
    """What must not stand beside the term: more of the same word."""
    if any(first <= character <= last for first, last in _WITHOUT_SPACES) or not character.isalnum():
        return ""
    # Beside a Latin name, a letter of another script is another word: names stand so in Japanese.
    return f"(?{looking}[0-9A-Za-z\u00c0-{_LATIN_END}])" if character <= _LATIN_END else rf"(?{looking}\w)"


def _folded(term: str) -> str:
    return " ".join(term.split()).casefold()
