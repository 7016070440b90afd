"""Codes of languages: what is taken for one, and one code for one language however it is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.engines.language.offered import OFFERED
from shared.models.base import SAME_LANGUAGE, LanguageCode

CODE: TypeAdapter[str] = TypeAdapter(LanguageCode)
PAGES = Path(__file__).parents[3] / "frontend" / "src" / "i18n" / "languages.ts"


@pytest.mark.parametrize(
    ("named", "known_as"),
    [
        *[("pt", "pt"), ("pt-BR", "pt-BR"), ("zh-Hant-HK", "zh-Hant-HK"), ("es-419", "es-419"), ("yue", "yue")],
        *[("nb", "no"), ("nb-NO", "no-NO"), ("nn", "no"), ("fil-PH", "tl-PH"), ("iw", "he"), ("in-ID", "id-ID")],
    ],
)
def test_a_language_has_one_code(named: str, known_as: str) -> None:
    assert CODE.validate_python(named) == known_as


@pytest.mark.parametrize(
    "wrong", ["", "p", "PT", "pt_BR", "english", "pt-", "pt-B", "-BR", "pt BR", "pt-BR\n", "a" * 21]
)
def test_what_is_no_code_is_told_how_one_looks(wrong: str) -> None:
    with pytest.raises(ValidationError, match="must be a language code such as en, pt-BR or zh-Hant"):
        CODE.validate_python(wrong)


def test_the_pages_offer_what_detection_tells_apart_by_the_same_codes() -> None:
    written = PAGES.read_text(encoding="utf-8")
    offered = re.search(r"export const OFFERED = \[(.*?)\]", written, re.DOTALL)
    same = re.search(r"const SAME_LANGUAGE.*?= \{(.*?)\}", written, re.DOTALL)

    assert offered is not None
    assert same is not None
    assert set(re.findall(r'"(\w+)"', offered[1])) == set(OFFERED)
    assert dict(re.findall(r'(\w+): "(\w+)"', same[1])) == SAME_LANGUAGE
