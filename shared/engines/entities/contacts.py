"""E-mail addresses and links."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.engines.entities.reading import Finding, Reading
from shared.models.analysis import EntityType

_EMAIL = re.compile(
    r"(?<![\w.+%-])(?:[^\W_]|[_+%-])(?:[\w+%-]|\.(?=[\w+%-])){0,63}@"
    r"[^\W_](?:[\w-]{0,62})(?:\.[^\W_][\w-]{0,62}){0,6}\.[^\W\d_]{2,24}(?![\w@])"
)
_TOP_LEVEL = (
    "com|org|net|io|app|dev|shop|store|info|biz|eu|uk|de|at|ch|fr|es|pt|br|it|nl|be|pl|se|dk|no|fi|ie|cz|ru|tr|in|us|ca|"
    "au|jp|cn|mx|ar|co|me|online|support|help|cloud|ai"
)
_SCHEME = re.compile(r"(?:https?://|ftp://|www\.)[^\s<>\"“”«»\ud800-\udfff]{2,2000}", re.IGNORECASE)
_BARE = re.compile(
    rf"(?<![\w@.%+/-])(?:[a-z0-9](?:[a-z0-9-]{{0,62}})\.){{1,5}}(?:{_TOP_LEVEL})"
    r"(?:/[^\s<>\"“”«»\ud800-\udfff]{0,2000}|(?![\w@-]|\.\w))"
)
_CLOSING = {")": "(", "]": "[", "}": "{"}
_LEAST_DOMAIN = 4


def find_emails(reading: Reading) -> Iterator[Finding]:
    """E-mail addresses; the value is the address in lower case."""
    if "@" not in reading.text:
        return
    for match in _EMAIL.finditer(reading.text):
        yield Finding(EntityType.EMAIL, *match.span(), 0.99, match[0].lower(), rank=0)


def find_links(reading: Reading) -> Iterator[Finding]:
    """Links with a scheme or www, and bare domains under a common ending; the value is the link with its scheme."""
    for match in _SCHEME.finditer(reading.text):
        end = _without_punctuation(reading.text, *match.span())
        link = reading.text[match.start() : end]
        if any(character.isalnum() for character in link.removeprefix("www.").split("://")[-1]):
            yield Finding(EntityType.URL, match.start(), end, 0.99, link if "://" in link else f"http://{link}", rank=1)
    for match in _BARE.finditer(reading.text):
        end = _without_punctuation(reading.text, *match.span())
        link = reading.text[match.start() : end]
        if len(link) >= _LEAST_DOMAIN and any(character.isalpha() for character in link.split(".")[0]):
            yield Finding(EntityType.URL, match.start(), end, 0.85, f"http://{link}", rank=2)


def _without_punctuation(text: str, start: int, end: int) -> int:
    """Where a link ends when the sentence's own punctuation is left out."""
    while end > start:
        last = text[end - 1]
        opening = _CLOSING.get(last)
        if last in ".,;:!?'’*_~" or (
            opening is not None and text.count(last, start, end) > text.count(opening, start, end)
        ):
            end -= 1
        else:
            break
    return end
