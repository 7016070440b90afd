"""How texts are cut into words."""

from __future__ import annotations

import pytest

from local.search.tokens import analyzer, fold, prefix_token


def words(text: str, name: str | None = None, *, is_query: bool = False) -> list[str]:
    cut = analyzer(name)
    assert cut is not None
    return [token.text for token in cut(text, is_query)]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Reset your password!", ["reset", "your", "password"]),
        ("don't pay 3.50, pay 1,000", ["don't", "pay", "3.50", "pay", "1,000"]),
        ("wi-fi snake_case", ["wi", "fi", "snake_case"]),
        ("Café Ünïcode", ["cafe", "unicode"]),
        ("Ещё мой вопрос", ["еще", "мой", "вопрос"]),
        ("كَيْفَ أُعيدُ", ["كيف", "اعيد"]),
        ("पासवर्ड रीसेट", ["पासवर्ड", "रीसेट"]),
        ("Straße", ["strasse"]),
        ("", []),
        ("… ¿?", []),
    ],
)
def test_words_of_scripts_with_spaces(text: str, cut: list[str]) -> None:
    assert words(text) == cut


def test_scripts_without_spaces_are_cut_into_single_characters_and_pairs() -> None:
    assert words("返品A4") == ["返", "返品", "品", "a4"]
    assert words("返品", is_query=True) == ["返品"]
    assert words("返", is_query=True) == ["返"]


def test_a_pair_stands_where_its_first_character_does() -> None:
    cut = analyzer(None)
    assert cut is not None
    tokens = list(cut("ab 返品し cd", True))
    assert [(token.text, token.position) for token in tokens] == [("ab", 0), ("返品", 1), ("品し", 2), ("cd", 4)]
    assert ["ab 返品し cd"[token.start : token.end] for token in tokens] == ["ab", "返品", "品し", "cd"]


@pytest.mark.parametrize(
    ("name", "cut"),
    [("keyword", ["Wi-Fi, 5 GHz"]), ("whitespace", ["Wi-Fi,", "5", "GHz"]), ("simple", ["wi", "fi", "ghz"])],
)
def test_analyzers_of_other_kinds(name: str, cut: list[str]) -> None:
    assert words("Wi-Fi, 5 GHz", name) == cut


@pytest.mark.parametrize("name", ["pattern", "stop", "my-own", "en.other"])
def test_an_analyzer_that_is_not_there_is_none(name: str) -> None:
    assert analyzer(name) is None


def test_every_language_analyzer_is_the_same() -> None:
    assert analyzer("pt-BR.microsoft") is analyzer("ar.lucene") is analyzer("standard.lucene") is analyzer(None)


def test_the_beginning_of_a_word_is_folded_as_the_word_is() -> None:
    cut = analyzer(None)
    assert cut is not None
    assert fold("RÉSUMÉ").startswith(prefix_token("Rés", cut))
