"""Every file of the cultural context can be read and says what it has to."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from pydantic import ValidationError

from shared.culture.library import (
    FOLDER,
    cultural_context,
    described_languages,
    read_profile,
    read_regions,
    read_sources,
)
from shared.culture.model import Profile
from shared.engines.language.offered import OFFERED

SCRIPTS = {
    "am": "ETHIOPIC", "ar": "ARABIC", "bg": "CYRILLIC", "bn": "BENGALI", "el": "GREEK", "fa": "ARABIC",
    "gu": "GUJARATI", "he": "HEBREW", "hi": "DEVANAGARI", "hy": "ARMENIAN", "ja": "", "ka": "GEORGIAN",
    "kk": "CYRILLIC", "km": "KHMER", "kn": "KANNADA", "ko": "HANGUL", "lo": "LAO", "mk": "CYRILLIC",
    "ml": "MALAYALAM", "mr": "DEVANAGARI", "my": "MYANMAR", "ne": "DEVANAGARI", "pa": "GURMUKHI", "ru": "CYRILLIC",
    "si": "SINHALA", "sr": "CYRILLIC", "ta": "TAMIL", "te": "TELUGU", "th": "THAI", "uk": "CYRILLIC",
    "ur": "ARABIC", "zh": "CJK",
}  # fmt: skip
"""The script as Unicode names its letters; Latin where none is given, any for Japanese, which mixes three."""


def a_profile(**changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = json.loads((FOLDER / "languages" / "de.json").read_text(encoding="utf-8"))
    return given | changes


def test_every_offered_language_is_described() -> None:
    assert described_languages() == sorted(OFFERED)


@pytest.mark.parametrize("code", described_languages())
def test_a_file_describes_the_language_it_is_named_for_in_its_script(code: str) -> None:
    profile = read_profile(code)
    said = profile.expressions
    texts = [each.text for each in said.greetings] + [each.text for each in said.closings] + [said.apology.text]

    assert profile.language == code
    assert {"formal", "neutral"} & {each.formality for each in said.greetings}
    assert any(each.when == "any" for each in said.greetings) or {"morning", "evening"} <= {
        each.when for each in said.greetings
    }
    letters = {letter for text in texts for letter in text if letter.isalpha()}
    assert {
        letter for letter in letters if not unicodedata.name(letter).startswith(SCRIPTS.get(code, "LATIN"))
    } == set()


@pytest.mark.parametrize("code", described_languages())
def test_every_source_and_every_region_named_exists(code: str) -> None:
    profile = read_profile(code)

    assert {one for named in profile.sources.values() for one in named} <= read_sources().keys()
    regions = {key for key in profile.variants if len(key) == 2}
    assert regions <= read_regions().keys()
    assert cultural_context(code).region in read_regions()


def test_every_source_of_a_region_exists_and_no_source_is_unused() -> None:
    of_regions = {one for region in read_regions().values() for one in region.sources}
    of_languages = {one for code in OFFERED for named in read_profile(code).sources.values() for one in named}

    assert of_regions | of_languages | {"cldr"} == read_sources().keys()


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    for path in FOLDER.rglob("*.json"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path.name


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"expressions": {"greetings": []}}, "greetings"),
        ({"language": "German"}, "language"),
        ({"mood": "good"}, "mood"),
        ({"sources": {"address": ["duden"]}}, "communication"),
    ],
    ids=["no greeting", "no code", "unknown field", "claims without a source"],
)
def test_a_file_that_is_not_as_it_should_be_is_refused(changes: dict[str, Any], named: str) -> None:
    assert Profile.model_validate(a_profile()).language == "de"

    with pytest.raises(ValidationError, match=named):
        Profile.model_validate(a_profile(**changes))
