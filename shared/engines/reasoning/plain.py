"""What a model writes, made fit for people to read: text alone, and no link that it made up."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_ELEMENTS = (
    "a|abbr|address|article|aside|audio|b|base|blockquote|body|br|button|canvas|caption|center|cite|code|details|div|"
    "dl|dt|dd|em|embed|fieldset|figure|font|footer|form|frame|frameset|h[1-6]|head|header|hr|html|i|iframe|img|input|"
    "label|li|link|main|map|mark|marquee|math|meta|nav|noscript|object|ol|option|p|param|picture|pre|q|s|section|"
    "select|small|source|span|strike|strong|style|script|sub|summary|sup|svg|table|tbody|td|template|textarea|tfoot|"
    "th|thead|title|tr|track|tt|u|ul|video"
)
_HIDDEN = re.compile(r"<(script|style)\b[^<>]*>[\s\S]*?(?:</\1\s*>|\Z)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--[\s\S]*?(?:-->|\Z)")
_TAG = re.compile(rf"</?(?:{_ELEMENTS})(?:[\s/][^<>]*)?>|<[a-z!?/][^<>]*=[^<>]*>", re.IGNORECASE)
_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
_LINK = re.compile(r"\[([^\[\]]*)\]\(\s*[^()\s]*[^()]*\)")
_FENCE = re.compile(r"^```.*$\n?|`+", re.MULTILINE)
_BOLD = re.compile(r"\*\*(?=\S)|(?<=\S)\*\*|(?<!\w)__(?=\w)|(?<=\w)__(?!\w)")
_HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)

_REST = r"[^\s<>\"'()\[\]]"
_ENDINGS = (
    "com|net|org|info|biz|io|co|ai|app|dev|shop|store|site|online|top|xyz|link|click|live|club|icu|eu|uk|us|ca|au|br|pt|"
    "de|at|ch|fr|es|it|nl|pl|ru|ua|cn|jp|kr|in|mx|ar|za|tr|tk|example"
)
_ADDRESS = re.compile(
    "|".join(
        (
            rf"(?:\b[a-z][a-z0-9+.-]{{1,20}}://|\bwww\.){_REST}+",
            rf"\b(?:javascript|data|mailto|tel):{_REST}+",
            r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}",
            # Without a scheme, as people click them too. A capital, as in `late.It`, is a space that was forgotten.
            r"\b(?:[\w-]{1,63}\.){1,8}(?-i:(?![A-Z][a-z]))"
            rf"(?:(?:{_ENDINGS})\b(?![\w-])(?:[/?#:]{_REST}*)?|[a-z]{{2,24}}/{_REST}+)",
        )
    ),
    re.IGNORECASE,
)
_LABEL = re.compile(r"\[[A-Z]{2,}(?:_[A-Z]+)*\]")


def plain(text: str) -> str:
    """The text without markup, and without the control and format characters that hide or turn around a part of it."""
    kept = (
        character for character in text if character in "\n\u200c\u200d" or unicodedata.category(character)[0] != "C"
    )
    text, before = "".join(kept), ""
    # What is taken out may leave markup behind, as in <<b>b>: until nothing more is found. Each round is shorter.
    while text != before:
        before = text
        for pattern in (_COMMENT, _HIDDEN, _TAG, _IMAGE):
            text = pattern.sub("", text)
        text = _LINK.sub(r"\1", text)
        for pattern in (_FENCE, _BOLD, _HEADING):
            text = pattern.sub("", text)
    return text.strip()


def links_are_known(text: str, sources: Iterable[str]) -> bool:
    """Whether every link and address in the text stands in one of the sources too, whole."""
    links = {match[0].rstrip(".,;:!?*_/").casefold() for match in _ADDRESS.finditer(text)}
    if not links:
        return True
    known = "\n".join(sources).casefold()
    return all(_stands_in(link, known) for link in links)


def _stands_in(link: str, known: str) -> bool:
    """Whole: `shop.exam` does not stand in `shop.example`, nor `evil.com` in `not-evil.com`."""
    before = r"(?<![\w@.-])" if link[0].isalnum() else ""
    bare = re.escape(link.removeprefix("www."))
    return re.search(rf"{before}(?:www\.)?{bare}(?![\w@-]|\.\w)", known) is not None


def holds_label(text: str) -> bool:
    """Whether the text names a place where personal data was taken out, such as `[EMAIL]`."""
    return _LABEL.search(text) is not None
