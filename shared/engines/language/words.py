"""The words of a text, and the pieces of them that the language model knows."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 17
"""Pieces are counted by their hash; this many make a table of ten megabytes, and twice as many told no more apart."""
LONGEST_PIECE = 4

# Addresses and order numbers. ASCII alone, since some scripts set words and digits without a space between them.
_NO_LANGUAGE = re.compile(r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.\S+|[#A-Za-z-]*\d[\w-]*", re.ASCII)
# Vowel signs and tone marks belong to their word, though Python does not count them among the letters.
_BETWEEN = re.compile(
    "[^\\w\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "'·\u200c]|[\\d_]"
)

_MASK = np.uint64(0xFFFFFFFF)
_STEP, _LETTER, _SPREAD = np.uint64(0x9E3779B1), np.uint64(0x85EBCA6B), np.uint64(0x2C1B3C6D)
_WORD = np.uint64(0x1234567)


def without_addresses(text: str) -> str:
    """The text without links, e-mail addresses, order numbers and other things that are in no language."""
    return " ".join(_NO_LANGUAGE.sub(" ", text).split())


def words_of(text: str) -> list[str]:
    """The words in lower case, composed, without punctuation and digits."""
    lower = unicodedata.normalize("NFC", text.lower()).replace("’", "'")
    return [word for word in (piece.strip("'·") for piece in _BETWEEN.sub(" ", lower).split()) if word]


def pieces_of(words: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The bucket of every piece, and which word it is of. A piece is a word, or up to four characters of one with its
    ends marked."""
    spaced = f" {' '.join(words)} "
    letters = np.frombuffer(spaced.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    is_space = letters == ord(" ")
    word_at = np.cumsum(is_space) - 1
    hashes = letters * _STEP & _MASK
    found = [hashes[~is_space] + np.uint64(1)]
    owners = [word_at[~is_space]]
    within = np.ones(len(letters), dtype=bool)
    for length in range(2, LONGEST_PIECE + 1):
        starts = len(letters) - length + 1
        if starts <= 0:
            break
        hashes = (hashes[:starts] * _STEP + letters[length - 1 :] * _LETTER + np.uint64(length)) & _MASK
        within = within[:starts]
        if length > 2:  # a space may begin or end a piece, but not stand within it
            within = within & ~is_space[length - 2 : length - 2 + starts]
        found.append(hashes[within])
        owners.append(word_at[:starts][within])
    whole = np.array([zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words], dtype=np.uint64)
    found.append(whole + _WORD)
    owners.append(np.arange(len(words)))
    mixed = np.concatenate(found)
    mixed = (mixed ^ (mixed >> np.uint64(15))) * _SPREAD & _MASK
    mixed ^= mixed >> np.uint64(13)
    return (mixed & np.uint64(BUCKETS - 1)).astype(np.int32), np.concatenate(owners)
