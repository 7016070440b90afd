"""Filters, held against a plain evaluation document by document."""

from __future__ import annotations

import operator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.search.builders import a_field, an_index, found, refusal, upload

FIELDS = (
    a_field("name", filterable=True),
    a_field("size", "Edm.Int32"),
    a_field("tags", "Collection(Edm.String)"),
    a_field("sizes", "Collection(Edm.Int32)"),
)
DOCUMENTS = [
    {"id": f"d{number}", "name": name, "size": size, "tags": tags, "sizes": sizes}
    for number, (name, size, tags, sizes) in enumerate(
        [
            ("a", 1, ["a"], [1]),
            ("b", 2, ["a", "b"], [1, 2]),
            (None, None, [], []),
            ("it's", -3, ["b", "b"], [3]),
            ("", 0, ["c"], [0, 5]),
        ]
    )
]
BOOKS = an_index(*FIELDS)
upload(BOOKS, *DOCUMENTS)

_COMPARE = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


def compared(field: str, word: str, value: Any) -> tuple[str, Any]:
    literal = (
        "null" if value is None else str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
    )

    def holds(document: dict[str, Any]) -> bool:
        held = document[field]
        if held is None or value is None:
            return word in ("eq", "ne") and bool(_COMPARE[word](held, value))
        return bool(_COMPARE[word](held, value))

    return f"{field} {word} {literal}", holds


def any_of(value: int, word: str) -> tuple[str, Any]:
    return f"sizes/any(x: x {word} {value})", lambda each: any(_COMPARE[word](x, value) for x in each["sizes"])


def all_of(value: int, word: str) -> tuple[str, Any]:
    return f"sizes/all(x: x {word} {value})", lambda each: all(_COMPARE[word](x, value) for x in each["sizes"])


words = st.sampled_from(sorted(_COMPARE))
leaves = st.one_of(
    st.builds(compared, st.just("size"), words, st.integers(-4, 4)),
    st.builds(compared, st.just("name"), words, st.sampled_from(["a", "b", "it's", ""])),
    st.builds(compared, st.sampled_from(["size", "name"]), st.sampled_from(["eq", "ne"]), st.none()),
    st.builds(any_of, st.integers(0, 4), words),
    st.builds(all_of, st.integers(0, 4), words),
    st.just(("search.in(name, 'a|b', '|')", lambda each: each["name"] in ("a", "b"))),
    st.just(("tags/any(t: t eq 'a' or t eq 'c')", lambda each: bool({"a", "c"} & set(each["tags"])))),
    st.just(("tags/all(t: not search.in(t, 'b'))", lambda each: "b" not in each["tags"])),
)


def joined(first: tuple[str, Any], word: str, second: tuple[str, Any]) -> tuple[str, Any]:
    if word == "and":
        return f"({first[0]}) and ({second[0]})", lambda each: first[1](each) and second[1](each)
    return f"({first[0]}) or ({second[0]})", lambda each: first[1](each) or second[1](each)


def negated(inner: tuple[str, Any]) -> tuple[str, Any]:
    return f"not ({inner[0]})", lambda each: not inner[1](each)


conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(st.builds(joined, inner, st.sampled_from(["and", "or"]), inner), st.builds(negated, inner)),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(conditions)
def test_a_filter_finds_what_a_plain_evaluation_finds(condition: tuple[str, Any]) -> None:
    text, holds = condition
    assert set(found(BOOKS, filter=text)) == {each["id"] for each in DOCUMENTS if holds(each)}


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abno t(),:/'.1-eqndsizm", max_size=40))
def test_any_text_is_answered_or_refused(text: str) -> None:
    refused = refusal(lambda: found(BOOKS, filter=text))
    assert refused is None or refused.status == 400


def test_and_binds_closer_than_or() -> None:
    assert found(BOOKS, filter="size eq 1 or size eq 2 and name eq 'x'") == ["d0"]


@pytest.mark.parametrize("text", ["not " * 500 + "size eq 1", "(" * 500 + "size eq 1" + ")" * 500])
def test_a_filter_of_any_depth_gets_an_answer(text: str) -> None:
    refused = refusal(lambda: found(BOOKS, filter=text))
    assert "nested too deeply" in refused.message if refused else found(BOOKS, filter=text) == ["d0"]
