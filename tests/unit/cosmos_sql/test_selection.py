"""Whole queries: filters, projections, joins, subqueries, aggregates, order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.cosmos.sql.parser import QueryError
from tests.unit.cosmos_sql.support import results

PEOPLE = (
    {"id": "ana", "age": 30, "tags": ["a", "b"], "city": "Porto"},
    {"id": "bob", "age": 25, "tags": [], "city": None},
    {"id": "cleo", "tags": ["b"]},
    {"id": "dan", "age": "old", "city": "Porto"},
)


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ("c.age > 26", ["ana"]),
        ("c.age != 30", ["bob", "dan"]),
        ("NOT (c.age = 30)", ["bob", "dan"]),
        ("c.age", []),
        ("c.city = null", ["bob"]),
        ("NOT IS_DEFINED(c.age)", ["cleo"]),
        ("ARRAY_CONTAINS(@tags, c.tags[0])", ["cleo"]),
        ("c.tags[0] IN (@tags)", []),
        ("EXISTS (SELECT VALUE t FROM t IN c.tags WHERE t = 'b')", ["ana", "cleo"]),
        ("(SELECT VALUE COUNT(1) FROM t IN c.tags) > 1", ["ana"]),
        ("true -- and no more\n", ["ana", "bob", "cleo", "dan"]),
    ],
)
def test_where_keeps_what_is_exactly_true(condition: str, ids: list[str]) -> None:
    assert results(f"SELECT VALUE c.id FROM c WHERE {condition}", *PEOPLE, tags=["b", "x"]) == ids


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT c.id, c.age FROM c", [{"id": "cleo"}]),
        ("SELECT c FROM c", [{"c": PEOPLE[2]}]),
        ("SELECT * FROM c", [PEOPLE[2]]),
        ("SELECT VALUE r FROM root r", [PEOPLE[2]]),
        ("SELECT c['id'], 1, c.tags[0] FROM c", [{"id": "cleo", "$1": 1, "$2": "b"}]),
        ("SELECT c.id AS name, {'t': c.tags} AS info FROM c", [{"name": "cleo", "info": {"t": ["b"]}}]),
        ("SELECT VALUE c.age FROM c", []),
        ("SELECT c.age FROM c", [{}]),
        ("SELECT VALUE 1", [1]),
        ("SELECT VALUE COUNT(1)", [1]),
        ("SELECT VALUE t FROM t IN c.tags", ["b"]),
        ("SELECT VALUE tags FROM c.tags", [["b"]]),
        ("SELECT VALUE tags FROM c['tags']", [["b"]]),
        ("SELECT VALUE x FROM c.tags[0] x", ["b"]),
        ("SELECT c.id, t FROM c JOIN t IN c.tags", [{"id": "cleo", "t": "b"}]),
        ("SELECT VALUE t FROM c JOIN t IN c.absent", []),
        ("SELECT VALUE n FROM c JOIN (SELECT VALUE t || '!' FROM t IN c.tags) AS n", ["b!"]),
        ("SELECT VALUE ARRAY(SELECT VALUE [t, c.id] FROM t IN c.tags) FROM c", [[["b", "cleo"]]]),
        ("SELECT VALUE (SELECT VALUE t FROM t IN c.absent) FROM c", []),
        ("SELECT VALUE EXISTS(SELECT VALUE null) FROM c", [True]),
    ],
)
def test_projection(query: str, rows: list[object]) -> None:
    assert results(query, PEOPLE[2]) == rows


def test_two_joins_give_every_pair() -> None:
    query = "SELECT VALUE a || b FROM c JOIN a IN c.tags JOIN b IN c.tags"
    for page_size in (1, 3, 100):
        assert results(query, PEOPLE[0], PEOPLE[2], page_size=page_size) == ["aa", "ab", "ba", "bb", "bb"]


@pytest.mark.parametrize(
    ("aggregate", "over", "expected"),
    [
        ("COUNT(1)", [1, None, {}], [3]),
        ("COUNT(c.x)", [1, None], [2]),
        ("COUNT(c.x)", [], [0]),
        ("SUM(c.x)", [1, 2.5], [3.5]),
        ("SUM(c.x)", [], [0]),
        ("SUM(c.x)", [1, None], []),
        ("AVG(c.x)", [1, 2], [1.5]),
        ("AVG(c.x)", [], []),
        ("AVG(c.x)", [1, "1"], []),
        ("MIN(c.x)", ["a", 2, None, True], [None]),
        ("MAX(c.x)", ["a", 2, None, True], ["a"]),
        ("MAX(c.x)", [1, [2]], []),
        ("MIN(c.x)", [], []),
        ("MAX(c.x) - MIN(c.x)", [1, 5], [4]),
    ],
)
def test_aggregates(aggregate: str, over: list[object], expected: list[object]) -> None:
    items = [{"x": x} for x in over]
    assert results(f"SELECT VALUE {aggregate} FROM c", *items) == expected
    named = results(f"SELECT {aggregate} AS a FROM c", *items)
    assert named == ([{"a": expected[0]}] if expected else [{}])


def test_undefined_is_ignored_by_every_aggregate() -> None:
    query = "SELECT COUNT(c.x) AS n, SUM(c.x) AS s, AVG(c.x) AS a, MAX(c.x) AS m FROM c"
    assert results(query, {"x": 4}, {}, {"x": 2}) == [{"n": 2, "s": 6, "a": 3, "m": 4}]


def test_groups_keep_undefined_and_null_apart() -> None:
    items = [{"k": "a", "n": 1}, {"n": 2}, {"k": None, "n": 3}, {"k": "a", "n": 4}]
    query = "SELECT c.k, COUNT(1) AS n, SUM(c.n) + 1 AS s, UPPER(c.k) AS u FROM c GROUP BY c.k"
    expected = [{"k": "a", "n": 2, "s": 6, "u": "A"}, {"n": 1, "s": 3}, {"k": None, "n": 1, "s": 4}]
    assert results(query, *items) == expected
    assert results(query, *items, page_size=1) == expected


def test_groups_by_an_expression_or_none() -> None:
    items = [{"n": n} for n in range(5)]
    assert results("SELECT c.n % 2 AS r, COUNT(1) AS n FROM c GROUP BY c.n % 2", *items) == [
        {"r": 0, "n": 3},
        {"r": 1, "n": 2},
    ]
    assert results("SELECT COUNT(1) AS n FROM c GROUP BY c.k") == []


def test_distinct_compares_deeply() -> None:
    items = [{"x": {"a": 1, "b": [1]}}, {"x": {"b": [1.0], "a": 1}}, {"x": 1}, {"x": 1.0}, {"x": True}, {"x": "1"}, {}]
    assert results("SELECT DISTINCT VALUE c.x FROM c", *items) == [{"a": 1, "b": [1]}, 1, True, "1"]
    assert results("SELECT DISTINCT c.x FROM c", *items)[-1] == {}


def test_order_goes_by_type_then_value() -> None:
    values = [[1], "b", 3, None, {"a": 1}, True, "B", -1, False, "\uffee", "👋"]
    items = [{"x": x} for x in values] + [{"y": 1}]
    ordered = results("SELECT c.x FROM c ORDER BY c.x", *items)
    names = [row.get("x", "undefined") for row in ordered]
    assert names == ["undefined", None, False, True, -1, 3, "B", "b", "👋", "\uffee", [1], {"a": 1}]
    assert results("SELECT c.x FROM c ORDER BY c.x DESC", *items, page_size=2) == ordered[::-1]


def test_ties_keep_the_order_of_creation_and_turn_round_with_it() -> None:
    items = [{"k": k, "n": n} for n, k in enumerate("abab")]
    assert results("SELECT VALUE c.n FROM c ORDER BY c.k ASC", *items) == [0, 2, 1, 3]
    assert results("SELECT VALUE c.n FROM c ORDER BY c.k DESC", *items, page_size=1) == [3, 1, 2, 0]
    assert results("SELECT VALUE c.n FROM c ORDER BY c.k, c.n DESC", *items) == [2, 0, 3, 1]


SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-3, 3) | st.text(max_size=2)


@given(values=st.lists(SCALARS | st.lists(SCALARS, max_size=2), max_size=12), page_size=st.integers(1, 5))
def test_pages_in_order_miss_nothing_and_repeat_nothing(values: list[object], page_size: int) -> None:
    items = [{"x": x, "n": n} for n, x in enumerate(values)]
    for direction in ("ASC", "DESC"):
        query = f"SELECT VALUE c.n FROM c ORDER BY c.x {direction}"
        paged = results(query, *items, page_size=page_size)
        assert paged == results(query, *items)
        assert sorted(paged) == list(range(len(values)))


@pytest.mark.parametrize("page_size", [1, 100])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT TOP 2 VALUE c.n FROM c", [0, 1]),
        ("SELECT TOP @two VALUE c.n FROM c ORDER BY c.n DESC", [4, 3]),
        ("SELECT TOP 0 VALUE c.n FROM c", []),
        ("SELECT VALUE c.n FROM c OFFSET 1 LIMIT @two", [1, 2]),
        ("SELECT VALUE c.n FROM c ORDER BY c.n DESC OFFSET 3 LIMIT 9", [1, 0]),
        ("SELECT DISTINCT VALUE c.n % 3 FROM c OFFSET 1 LIMIT 1", [1]),
        ("SELECT TOP 1 COUNT(1) AS n FROM c GROUP BY c.n", [{"n": 1}]),
    ],
)
def test_windows(query: str, expected: list[object], page_size: int) -> None:
    assert results(query, *({"n": n} for n in range(5)), page_size=page_size, two=2) == expected


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("SELECT *", "single input set"),
        ("SELECT * FROM c JOIN t IN c.tags", "single input set"),
        ("SELECT c.id, d.x FROM c", "'d'"),
        ("SELECT c.id, c.a.id FROM c", "twice"),
        ("SELECT c.id, COUNT(1) FROM c", "GROUP BY"),
        ("SELECT c.a FROM c GROUP BY c.b", "GROUP BY"),
        ("SELECT * FROM c GROUP BY c.b", "GROUP BY"),
        ("SELECT COUNT(1) AS n FROM c GROUP BY c.b ORDER BY c.b", "GROUP BY"),
        ("SELECT VALUE c FROM c WHERE COUNT(1) > 1", "COUNT"),
        ("SELECT VALUE SUM(COUNT(1)) FROM c", "COUNT"),
        ("SELECT TOP 1 * FROM c OFFSET 0 LIMIT 1", "TOP"),
        ("SELECT * FROM c OFFSET 1", "end of the query"),
        ("SELECT * FROM c LIMIT 1", "LIMIT"),
        ("SELECT * FROM c ORDER BY RANK f(c)", "'f'"),
        ("SELECT * FROM c JOIN c.tags t", "JOIN"),
        ("SELECT * FROM c.tags[0]", "alias"),
        ("SELECT VALUE x.n FROM (SELECT c.n FROM c) AS x", "A subquery over items"),
        ("SELECT * FROM c JOIN c IN c.tags", "twice"),
        ("SELECT VALUE x FROM c WHERE EXISTS(SELECT VALUE 1 FROM x IN d.tags)", "'"),
        ("SELECT VALUE (SELECT TOP 1 VALUE t FROM t IN c.tags) FROM c", "subquery"),
        ("SELECT VALUE (SELECT VALUE t FROM t IN c.tags) FROM c", "more than one row"),
        ("SELECT TOP @half * FROM c", "@half"),
        ("DELETE FROM c", "DELETE"),
        ("", "end of the query"),
        ("SELECT * FROM c HAVING 1", "1"),
        ("SELECT " + "[" * 3000 + "1" + "]" * 3000, "nested too deeply"),
    ],
)
def test_what_has_no_exact_answer_is_refused(query: str, named: str) -> None:
    with pytest.raises(QueryError) as refusal:
        results(query, *PEOPLE, half=0.5)
    assert named in str(refusal.value)
