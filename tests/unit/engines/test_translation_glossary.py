"""Terms of the glossary: where they are found, and what stands for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.engines.translation.glossary import Glossary
from shared.engines.translation.protection import Protection
from shared.models.glossary import TERM_CHARACTERS, TERMS, GlossaryTerms

READER: TypeAdapter[dict[str, dict[str, str]]] = TypeAdapter(GlossaryTerms)


def found(glossary: Glossary, text: str, target: str = "es") -> list[str]:
    return [kept for _, _, kept in glossary.found(text, target)]


@pytest.mark.parametrize(
    ("term", "text", "names"),
    [
        ("Echo", "An Echo and an ECHO, but no echo.", ["Echo", "ECHO"]),
        ("Aurora Mini", "my aurora  mini, AURORA MINI", ["aurora  mini", "AURORA MINI"]),
        ("iPhone", "iphone IPHONE iPhones", ["iphone", "IPHONE"]),
        ("X1", "X1 x1 X12 AX1 X1.", ["X1", "x1", "X1"]),
        ("C++", "C++ and C+++", ["C++", "C++"]),
        ("Nordlys", "Nordlysを買いました。新しいNordlys", ["Nordlys", "Nordlys"]),
        ("極光", "新しい極光を買いました", ["極光"]),
        ("Я5", "Я5 и Я55", ["Я5"]),
        ("Strauß", "STRAUSS Strauß", ["STRAUSS", "Strauß"]),
        ("(beta)", "the (beta) one", ["(beta)"]),
    ],
)
def test_a_name_is_found_as_people_write_it(term: str, text: str, names: list[str]) -> None:
    assert found(Glossary(names=[term]), text) == names


def test_of_two_names_that_begin_alike_the_longer_counts() -> None:
    assert found(Glossary(names=["Aurora", "Aurora Mini"]), "Aurora Mini, Aurora") == ["Aurora Mini", "Aurora"]


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("es", ["tarjeta regalo", "Tarjeta regalo"]),
        ("pt-BR", ["vale-presente", "Vale-presente"]),
        ("pt-PT", ["cartão-presente", "Cartão-presente"]),
        ("de", []),
    ],
)
def test_a_term_is_given_in_the_language_it_has_a_translation_for(target: str, text: list[str]) -> None:
    glossary = Glossary({"gift card": {"es": "tarjeta regalo", "pt": "cartão-presente", "pt-BR": "vale-presente"}})

    assert found(glossary, "A gift card. Gift card", target) == text


def test_what_stands_within_a_link_stays_with_the_link() -> None:
    protection = Protection(Glossary({"Aurora": {}, "gift card": {"es": "tarjeta regalo"}}))

    parts = protection.pieces("See https://shop.example/Aurora_(mini) or Aurora@shop.example, Aurora", "es")

    assert [part for part, stays in parts if stays] == [
        "https://shop.example/Aurora_(mini)",
        "Aurora@shop.example",
        "Aurora",
    ]


@given(st.dictionaries(st.text(min_size=1).filter(str.strip), st.just({})), st.text())
def test_any_terms_and_any_text_go_together(terms: dict[str, dict[str, str]], text: str) -> None:
    protection = Protection(Glossary(terms))

    assert "".join(part for part, _ in protection.pieces(text, "es")) == text
    for term in terms:
        bare = " ".join(term.split())
        assert bare in "".join(part for part, stays in protection.pieces(f"1 {bare} 2", "es") if stays)


def test_glossaries_are_told_apart_by_what_they_say() -> None:
    one, same = Glossary({"a": {"es": "b"}, "c": {}}), Glossary({"c": {}, "a": {"es": "b"}})

    assert one.fingerprint == same.fingerprint
    assert len({one.fingerprint, Glossary({"a": {}, "c": {}}).fingerprint, Glossary().fingerprint}) == 3


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["Aurora"], {"Aurora": {}}),
        (["Aurora", {"gift card": {"es": "tarjeta"}}], {"Aurora": {}, "gift card": {"es": "tarjeta"}}),
        ({"Aurora": {}}, {"Aurora": {}}),
        ([], {}),
    ],
)
def test_a_glossary_may_be_a_list_or_an_object(written: object, read: dict[str, dict[str, str]]) -> None:
    assert READER.validate_python(written) == read


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ([" "], "1 to 100 characters"),
        (["x" * (TERM_CHARACTERS + 1)], "1 to 100 characters"),
        ({"card": {"es": ""}}, "1 to 100 characters"),
        ({"card": {"Spanish": "tarjeta"}}, "must be a language code"),
        ([3], "must be a text"),
        ("Aurora", "valid dictionary"),
        ([f"term {number}" for number in range(TERMS + 1)], "at most 2000 terms"),
    ],
)
def test_a_wrong_glossary_is_refused_in_words(written: object, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        READER.validate_python(written)
