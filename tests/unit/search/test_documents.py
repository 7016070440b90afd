"""However documents came to be as they are, the index answers as if they had been uploaded so at once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.search.documents import Documents
from local.search.errors import SearchError
from local.search.request import parse_search
from local.search.searching import search
from tests.unit.search.builders import a_field, an_index, found, upload

VECTOR: dict[str, Any] = {
    "algorithms": [{"name": "a", "kind": "hnsw"}],
    "profiles": [{"name": "p", "algorithm": "a"}],
}
FIELDS = (
    a_field("text"),
    a_field("tags", "Collection(Edm.String)"),
    a_field("size", "Edm.Int32"),
    a_field("place", "Collection(Edm.Single)", dimensions=2, vectorSearchProfile="p"),
)

texts = st.lists(st.sampled_from(["red", "green", "blue", "red"]), max_size=4).map(" ".join)
fields = st.fixed_dictionaries(
    {},
    optional={
        "text": st.one_of(st.none(), texts),
        "tags": st.lists(texts, max_size=2),
        "size": st.one_of(st.none(), st.integers(0, 3)),
        "place": st.one_of(st.none(), st.sampled_from([[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]])),
    },
)
actions = st.tuples(
    st.sampled_from(["upload", "merge", "mergeOrUpload", "delete"]), st.sampled_from("abcd"), fields
).map(lambda each: {"@search.action": each[0], "id": each[1], **(each[2] if each[0] != "delete" else {})})


def after(batches: list[list[dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """What the documents must be after these actions."""
    empty: dict[str, Any] = {"text": None, "tags": [], "size": None, "place": None}
    documents: dict[str, dict[str, Any]] = {}
    for action in (action for batch in batches for action in batch):
        key, body = action["id"], {name: value for name, value in action.items() if name != "@search.action"}
        match action["@search.action"]:
            case "delete":
                documents.pop(key, None)
            case "upload":
                documents[key] = {**empty, **body}
            case "merge" if key in documents:
                documents[key] |= body
            case "mergeOrUpload":
                documents[key] = {**empty, **documents.get(key, {}), **body}
    return documents


def answers(documents: Documents) -> list[Any]:
    """What is found by each way of searching; scores included, orders of equals left out."""
    asked: list[dict[str, Any]] = [
        *({"search": text} for text in ("red", '"red green"', "gr*", "blue -red", "*")),
        *({"search": "*", "filter": text} for text in ("size ge 2", "size eq null", "tags/any(t: t eq 'red')")),
        {"vectorQueries": [{"kind": "vector", "vector": [0.5, 0.5], "k": 4, "fields": "place"}]},
    ]
    rows = [search(documents, parse_search(body, documents.index.definition))["value"] for body in asked]
    return [sorted((row["id"], round(row["@search.score"], 5)) for row in each) for each in rows]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(actions, min_size=1, max_size=4), min_size=1, max_size=5))
def test_changes_leave_the_index_as_an_upload_would(batches: list[list[dict[str, Any]]]) -> None:
    changed, fresh = (an_index(*FIELDS, vectorSearch=VECTOR) for _ in range(2))
    for batch in batches:
        changed.apply(batch)
        answers(changed)  # so that what is kept in memory has to follow the next change
    wanted = after(batches)
    if wanted:
        upload(fresh, *wanted.values())
    assert changed.count() == len(wanted)
    assert answers(changed) == answers(fresh)


def test_a_refused_batch_changes_nothing() -> None:
    books = an_index(*FIELDS, vectorSearch=VECTOR)
    upload(books, {"id": "a", "text": "red"})
    with pytest.raises(SearchError, match="size"):
        upload(books, {"id": "a", "text": "blue"}, {"id": "b", "size": "big"})
    assert found(books, search="red") == ["a"]
    assert books.count() == 1


def test_many_documents_fill_several_blocks_and_leave_them_again() -> None:
    books = an_index(a_field("text"))
    keys = [str(number) for number in range(10_000)]
    upload(books, *({"id": key, "text": "common" if int(key) % 2 else "common rare"} for key in keys))
    for start in range(0, len(keys), 1000):
        books.apply([{"@search.action": "delete", "id": key} for key in keys[start : start + 1000 : 4]])
    assert books.count() == 7_500
    numbers = books.postings.read(books.index.fields["text"], "rare").numbers
    assert len(numbers) == 2_500
    assert set(found(books, search="rare", top=1000)) <= {key for key in keys if int(key) % 4 == 2}
