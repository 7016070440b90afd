"""What a query needs around it: an index, a partition, a client that merges."""

from __future__ import annotations

from typing import Any

import pytest

from local.cosmos.errors import CosmosError
from local.cosmos.indexing import check_order, check_policy
from local.cosmos.partition import KeyDefinition
from local.cosmos.sql.parser import QueryError
from local.cosmos.sql.rules import MERGED_BY_CLIENT, equalities, needs_merging, order_paths, query_plan
from local.cosmos.sql.selection import compile_query

COMPOSITE = [[{"path": "/a", "order": "ascending"}, {"path": "/b", "order": "descending"}]]


def ordered_by(order: str, **policy: Any) -> None:
    """Check an ORDER BY against a policy."""
    check_order(check_policy(policy), order_paths(compile_query(f"SELECT * FROM c ORDER BY {order}")))


@pytest.mark.parametrize("order", ["c.a", "c.a.b DESC", "c['x']", "c._ts", "c.a, c.b DESC", "c.a DESC, c.b"])
def test_an_order_with_an_index_is_served(order: str) -> None:
    ordered_by(order, compositeIndexes=COMPOSITE)


@pytest.mark.parametrize("order", ["c.a, c.b", "c.b DESC, c.a", "c.a, c.b DESC, c.d", "c.a, c.d"])
def test_several_keys_without_their_composite_index_are_refused(order: str) -> None:
    with pytest.raises(CosmosError, match="composite index"):
        ordered_by(order, compositeIndexes=COMPOSITE)


def test_the_most_precise_path_decides_what_is_indexed() -> None:
    paths = {"includedPaths": [{"path": "/a/*"}], "excludedPaths": [{"path": "/*"}, {"path": "/a/b/?"}]}
    ordered_by("c.a.x", **paths)
    for order in ("c.a.b", "c.z", "c._etag"):
        with pytest.raises(CosmosError, match="excluded"):
            ordered_by(order, **paths)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("SELECT * FROM c ORDER BY c", "document path"),
        ("SELECT * FROM c ORDER BY LOWER(c.a)", "document path"),
        ("SELECT t FROM c JOIN t IN c.tags ORDER BY t.n", "correlated"),
        ("SELECT DISTINCT c.a FROM c ORDER BY c.b", "SELECT DISTINCT"),
    ],
)
def test_only_paths_of_the_item_give_an_order(query: str, named: str) -> None:
    with pytest.raises(QueryError, match=named):
        order_paths(compile_query(query))


@pytest.mark.parametrize(
    ("condition", "pinned"),
    [
        ("c.key = 'x' AND c.n > 1", True),
        ("@key = c.key", True),
        ("c.n = 1 AND (c.key = @key AND c.m = 2)", True),
        ("c.key = 'x' OR c.n = 1", False),
        ("NOT (c.key = 'x')", False),
        ("c.key IN ('x')", False),
        ("c.key = c.other", False),
        ("c.key = [1]", False),
    ],
)
def test_equality_in_every_case_pins_the_partition(condition: str, pinned: bool) -> None:
    selection = compile_query(f"SELECT * FROM c WHERE {condition}")
    definition = KeyDefinition((("key",),), hierarchical=False)
    key = definition.of_pinned(equalities(selection, {"@key": "x"}))
    assert key == (definition.key(("x",)) if pinned else None)


@pytest.mark.parametrize(
    ("query", "merging"),
    [
        ("SELECT * FROM c WHERE c.a = 1", False),
        ("SELECT VALUE (SELECT VALUE COUNT(1) FROM t IN c.tags) FROM c", False),
        ("SELECT TOP 1 * FROM c", True),
        ("SELECT * FROM c ORDER BY c.a", True),
        ("SELECT DISTINCT c.a FROM c", True),
        ("SELECT VALUE MAX(c.a) FROM c", True),
        ("SELECT * FROM c OFFSET 0 LIMIT 1", True),
    ],
)
def test_what_a_client_has_to_merge(query: str, merging: bool) -> None:
    assert needs_merging(compile_query(query)) is merging


def test_a_plan_says_how_to_merge() -> None:
    text = "SELECT DISTINCT c.a FROM c ORDER BY c.a DESC OFFSET 1 LIMIT 2"
    info = query_plan(compile_query(text), text, {"top": None, "offset": 1, "limit": 2})["queryInfo"]
    assert (info["orderBy"], info["distinctType"], info["offset"], info["limit"]) == (["Descending"], "Ordered", 1, 2)
    assert info["rewrittenQuery"] == MERGED_BY_CLIENT + text


@pytest.mark.parametrize(
    ("query", "feature"),
    [
        ("SELECT c.a FROM c GROUP BY c.a", "GroupBy"),
        ("SELECT MAX(c.a) AS m FROM c", "NonValueAggregate"),
        ("SELECT VALUE MAX(c.a) + 1 FROM c", "NonValueAggregate"),
    ],
)
def test_no_plan_for_what_the_sdk_cannot_merge(query: str, feature: str) -> None:
    with pytest.raises(QueryError, match=feature):
        query_plan(compile_query(query), query, {"top": None, "offset": None, "limit": None})


@pytest.mark.parametrize(
    ("header", "effective"),
    [
        ('["x"]', "11E3F358618BE9AA5BAFF4C7C74F0716"),
        ("[5]", "19C08621B135968252FB34B4CF66F811"),
        ("[null]", "378867E4430E67857ACE5C908374FE16"),
        ("[true]", "0E711127C5B5A8E4726AC6DD306A3E59"),
        ("[{}]", "11622DAA78F835834610ABE56EFF5CB5"),
    ],
)
def test_effective_keys_are_those_of_azure(header: str, effective: str) -> None:
    assert KeyDefinition((("key",),), hierarchical=False).of_header(header).effective == effective


@pytest.mark.parametrize("header", ["x", '"x"', "[]", '["a","b"]', "[[1]]", '["' + "x" * 2049 + '"]'])
def test_a_malformed_key_is_refused(header: str) -> None:
    with pytest.raises(CosmosError) as refusal:
        KeyDefinition((("key",),), hierarchical=False).of_header(header)
    assert refusal.value.status == 400
