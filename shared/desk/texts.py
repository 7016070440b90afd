"""Texts that people write: what is accepted, and how they are shortened."""

from __future__ import annotations

import unicodedata

from shared.errors import InvalidRequest

NAME_CHARACTERS = 100

PREVIEW_CHARACTERS = 140
"""As much of a message as the queue shows."""


def checked_text(text: str, maximum: int, field: str = "text_content") -> str:
    """The text without surrounding white space and NUL characters. Raises InvalidRequest when nothing that could be
    seen is left, or too much."""
    cleaned = text.replace("\x00", "").strip()
    if not any(map(_is_seen, cleaned)):
        raise InvalidRequest.of(field, "must not be empty")
    if len(cleaned) > maximum:
        raise InvalidRequest.of(field, f"must have at most {maximum} characters, has {len(cleaned)}")
    return cleaned


def _is_seen(character: str) -> bool:
    """Whether anything is on the screen for it: neither space, nor control, nor format such as a zero-width joiner."""
    return unicodedata.category(character) not in {"Cc", "Cf", "Zl", "Zp", "Zs"}


def preview(text: str) -> str:
    """The text on one line, cut at the last word that fits."""
    line = " ".join(text.split())
    if len(line) <= PREVIEW_CHARACTERS:
        return line
    return line[: PREVIEW_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"
