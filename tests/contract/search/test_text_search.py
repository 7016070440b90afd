"""Searching by words: syntax, scripts, ranking, highlights, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.search.documents import SearchClient
from azure.search.documents.indexes.models import SearchableField, SearchIndex

from tests.contract.search.support import AnyClient, an_index, keys, rows, settled, until

MANY_SCRIPTS = {
    "spanish": "¿Cómo cambio mi contraseña de acceso?",
    "russian": "Возврат денег занимает пять дней, ещё раз",
    "arabic": "كيفَ أُعيد تعيين كلمة المرور",
    "hindi": "पासवर्ड रीसेट करने का तरीका",
    "japanese": "商品を返品したい場合の手順",
    "chinese": "如何重置我的密码",
    "korean": "비밀번호를 재설정하는 방법",
    "thai": "วิธีเปลี่ยนรหัสผ่าน",
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("refund", {"refund", "invoice"}),
        ("REFUND", {"refund", "invoice"}),
        ("refund password", {"refund", "invoice", "reset"}),
        ("refund +charge", {"refund", "invoice"}),
        ("refund + wrong", {"invoice"}),
        ("password | wrong", {"reset", "invoice"}),
        ('"free of charge"', {"refund"}),
        ('"charge of free"', set()),
        ("pass*", {"reset"}),
        ("(password | wrong) + charge", {"invoice"}),
        ("charge + -wrong", {"refund"}),
        ("*", {"reset", "refund", "invoice", "blank"}),
        (None, {"reset", "refund", "invoice", "blank"}),
        ("nowhere", set()),
    ],
)
async def test_the_simple_syntax(library: AnyClient, text: str | None, found: set[str]) -> None:
    assert set(await keys(library.search(text))) == found


async def test_all_words_or_any_of_them(library: AnyClient) -> None:
    assert await keys(library.search("refund wrong", search_mode="all")) == ["invoice"]
    assert set(await keys(library.search("refund -wrong", search_mode="all"))) == {"refund"}
    assert set(await keys(library.search("settings -wrong", search_mode="any"))) == {"reset", "refund", "blank"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("password OR wrong", {"reset", "invoice"}),
        ("refund AND wrong", {"invoice"}),
        ("refund NOT wrong", {"refund"}),
        ("+refund -free", {"invoice"}),
        ("title:invoice", {"invoice"}),
        ("title:(password invoice)", {"reset", "invoice"}),
        ("pas?word", {"reset"}),
        ("se*ngs", {"reset"}),
        ("pasword~1", {"reset"}),
        ("refund^3 password", {"refund", "invoice", "reset"}),
    ],
)
async def test_the_full_syntax(library: AnyClient, text: str, found: set[str]) -> None:
    assert set(await keys(library.search(text, query_type="full"))) == found


@pytest.mark.parametrize("text", ["(password", "password)", "title:", "AND password", 'un"closed', "colour:red"])
async def test_a_full_query_that_cannot_be_read_is_refused(library: AnyClient, text: str) -> None:
    with pytest.raises(HttpResponseError) as refusal:
        await rows(library.search(text, query_type="full"))
    assert refusal.value.status_code == 400


@pytest.mark.parametrize("text", ["/pass[a-z]+/", '"new password"~3', "[a TO c]", "*word"])
async def test_a_full_query_beyond_the_stand_in_is_refused(library: AnyClient, text: str, local_only: None) -> None:
    with pytest.raises(HttpResponseError, match="not supported by this stand-in"):
        await rows(library.search(text, query_type="full"))


async def test_fields_can_be_chosen(library: AnyClient) -> None:
    assert await keys(library.search("password", search_fields=["title", "remark"])) == ["reset"]
    assert await keys(library.search("settings", search_fields=["title"])) == []
    with pytest.raises(HttpResponseError, match="category"):
        await rows(library.search("account", search_fields=["category"]))
    with pytest.raises(HttpResponseError, match="colour"):
        await rows(library.search("account", search_fields=["colour"]))


async def test_the_document_that_says_it_more_comes_first(library: AnyClient) -> None:
    found = await rows(library.search("refund returns", search_fields=["title", "content"]))
    assert [row["id"] for row in found] == ["refund", "invoice"]
    assert found[0]["@search.score"] > found[1]["@search.score"] > 0


async def test_highlights_mark_what_was_found(library: AnyClient) -> None:
    found = await rows(library.search("password", highlight_fields="content,remark"))
    assert found[0]["@search.highlights"] == {"content": ["Open the settings and choose a new <em>password</em>."]}
    custom = await rows(
        library.search("sett*", highlight_fields="content-1", highlight_pre_tag="[", highlight_post_tag="]")
    )
    assert "[settings]" in custom[0]["@search.highlights"]["content"][0]


async def test_selected_fields_are_all_there_is(library: AnyClient) -> None:
    (row,) = await rows(library.search("password", select=["id", "pages"]))
    assert {name: value for name, value in row.items() if not name.startswith("@")} == {"id": "reset", "pages": 3}


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"select": ["colour"]}, "colour"),
        ({"select": ["secret"]}, "secret"),
        ({"highlight_fields": "pages"}, "pages"),
        ({"highlight_fields": "content", "highlight_pre_tag": "["}, "ighlightP"),
        ({"scoring_profile": "fresh"}, "rofile"),
        ({"top": -1}, "top"),
        ({"skip": 100_001}, "skip"),
        ({"query_caption": "extractive"}, "aptions"),
    ],
)
async def test_an_option_that_cannot_be_honoured_is_refused_by_name(
    library: AnyClient, options: dict[str, Any], named: str
) -> None:
    with pytest.raises(HttpResponseError, match=named) as refusal:
        await rows(library.search("password", **options))
    assert refusal.value.status_code == 400


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("contraseña", "spanish"),
        ("возврат", "russian"),
        ("كيف", "arabic"),
        ("पासवर्ड", "hindi"),
        ("返品", "japanese"),
        ("密码", "chinese"),
        ("재설정", "korean"),
    ],
)
async def test_words_of_any_script_are_found(
    open_index: Callable[[SearchIndex], SearchClient], name: str, text: str, found: str, local_only: None
) -> None:
    client = open_index(an_index(name, SearchableField(name="content")))
    client.upload_documents([{"id": language, "content": each} for language, each in MANY_SCRIPTS.items()])
    assert [row["id"] for row in client.search(text)] == [found]


async def test_accents_vowel_signs_and_single_characters_do_not_matter(
    open_index: Callable[[SearchIndex], SearchClient], name: str, local_only: None
) -> None:
    client = open_index(an_index(name, SearchableField(name="content")))
    client.upload_documents([{"id": language, "content": each} for language, each in MANY_SCRIPTS.items()])
    searches = {
        "返品し*": "japanese",
        "비밀번*": "korean",
        "como contrasena": "spanish",
        "еще": "russian",
        "اعيد": "arabic",
        "品": "japanese",
        "รหัสผ่าน": "thai",
    }
    for text, found in searches.items():
        assert [row["id"] for row in client.search(text, search_mode="all")] == [found]


async def test_a_keyword_field_holds_one_word(open_index: Callable[[SearchIndex], SearchClient], name: str) -> None:
    client = open_index(an_index(name, SearchableField(name="code", analyzer_name="keyword")))
    client.upload_documents([{"id": "one", "code": "AB 12"}])
    await until(client.get_document_count, 1)
    assert [row["id"] for row in client.search('"AB 12"')] == ["one"]
    assert list(client.search("AB")) == []


async def test_a_phrase_does_not_reach_from_one_value_to_the_next(
    open_index: Callable[[SearchIndex], SearchClient], name: str
) -> None:
    client = open_index(an_index(name, SearchableField(name="lines", collection=True)))
    client.upload_documents([{"id": "one", "lines": ["red apple", "green pear"]}])
    await until(client.get_document_count, 1)
    assert [row["id"] for row in client.search('"green pear"')] == ["one"]
    assert list(client.search('"apple green"')) == []


async def test_coverage_is_whole(library: AnyClient) -> None:
    results = await settled(library.search("password", minimum_coverage=50))
    assert await settled(results.get_coverage()) == 100.0
