"""E-mail addresses and links."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.engines.entities.reading import ENDS, JOINED, STARTS, Finding, Reading
from shared.models.analysis import EntityType

_TOP_LEVEL = (
    "com|org|net|io|app|dev|shop|store|info|biz|eu|uk|de|at|ch|fr|es|pt|br|it|nl|be|pl|se|dk|no|fi|ie|cz|ru|tr|in|us|ca|"
    "au|jp|cn|mx|ar|co|me|online|support|help|cloud|ai"
)
_LETTER = rf"[^\W_{JOINED}]"
_DOMAIN = rf"{_LETTER}(?:[^\W{JOINED}]|-){{0,62}}"
_EMAIL = re.compile(
    rf"{STARTS}(?<![.+%-])(?:{_LETTER}|[_+%-])(?:[^\W{JOINED}]|[+%-]|\.(?=[\w+%-])){{0,63}}(?:@|(?<!%)%40)"
    rf"{_DOMAIN}(?:\.{_DOMAIN}){{0,6}}\.[^\W\d_{JOINED}]{{2,24}}{ENDS}(?!@)"
    rf"|(?<![\w.+%-])[{JOINED}]{{1,20}}@[{JOINED}]{{1,40}}\.[{JOINED}]{{2,10}}(?!\w)"
)
_AT, _DOT = r"(?:[ ]?[(\[{][ ]?at[ ]?[)\]}][ ]?|[ ]at[ ])", r"(?:[ ]?[(\[{][ ]?dot[ ]?[)\]}][ ]?|[ ]dot[ ])"
_SPELT = re.compile(
    rf"(?<![\w.+-])(?P<user>[a-z0-9][a-z0-9.+_-]{{0,63}}(?:{_DOT}[a-z0-9]{{1,30}}){{0,2}}){_AT}"
    rf"(?P<host>[a-z0-9-]{{1,63}}(?:(?:{_DOT}|\.)[a-z0-9-]{{1,63}}){{0,3}}{_DOT}(?:{_TOP_LEVEL}))(?![\w-])"
)
"""`jane (at) example (dot) com`; with a plain dot it would be `I looked at example.com`."""
_USER_OF_LINK = re.compile(r"://[^\s/@]{0,256}$")
_PATH = rf"(?:[^\s<>\"“”«»、。，！？「」）\ud800-\udfff{JOINED}]|(?<=[/=_-])[{JOINED}]{{1,100}})"
_SCHEME = re.compile(rf"(?:https?://|ftp://|www\.){_PATH}{{2,2000}}", re.IGNORECASE)
_BARE = re.compile(
    rf"{STARTS}(?<![@.%+/-])(?:[a-z0-9](?:[a-z0-9-]{{0,62}})\.){{1,5}}(?:{_TOP_LEVEL})"
    rf"(?:/{_PATH}{{0,2000}}|{ENDS}(?![@-]|\.\w))"
)
_CLOSING = {")": "(", "]": "[", "}": "{"}
_LEAST_DOMAIN = 4


def find_emails(reading: Reading) -> Iterator[Finding]:
    """E-mail addresses; the value is the address in lower case."""
    if "@" in reading.text or "%40" in reading.text:
        for match in _EMAIL.finditer(reading.text):
            if not _USER_OF_LINK.search(reading.text, max(0, match.start() - 300), match.start()):
                address = match[0].replace("%40", "@").lower()
                yield Finding(EntityType.EMAIL, *match.span(), 0.99, address, rank=0)
    if "at" in reading.folded and "dot" in reading.folded:
        for match in _SPELT.finditer(reading.folded):
            user, host = (re.sub(_DOT, ".", match[part]) for part in ("user", "host"))
            yield Finding(EntityType.EMAIL, *match.span(), 0.8, f"{user}@{host}", rank=0)


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
