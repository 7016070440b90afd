"""The glossary as an operator writes it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from shared.models.base import LanguageCode

TERMS = 2000
"""Most terms of a glossary: all of them are looked for in every text that is translated."""

TERM_CHARACTERS = 100
"""Longest term, and longest translation of one."""


def _as_object(given: object) -> object:
    """A list of terms, some of them objects with translations, as one object."""
    if not isinstance(given, list):
        return given
    terms: dict[str, object] = {}
    for one in given:
        if not isinstance(one, str | dict):
            raise ValueError("every term of the list must be a text, or an object of terms with their translations")
        terms |= one if isinstance(one, dict) else {one: {}}
    return terms


def _within_bounds(terms: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    if len(terms) > TERMS:
        raise ValueError(f"must have at most {TERMS} terms, has {len(terms)}")
    for text in (*terms, *(text for given in terms.values() for text in given.values())):
        if not text.strip() or len(text) > TERM_CHARACTERS:
            raise ValueError(f"every term and translation must have 1 to {TERM_CHARACTERS} characters")
    return terms


#: Terms with their translations by language; one without any is not translated. A list of terms will do.
GlossaryTerms = Annotated[
    dict[str, dict[LanguageCode, str]], BeforeValidator(_as_object), AfterValidator(_within_bounds)
]
