"""Queries through the SDK: in one partition, across partitions, by page, and what Azure refuses."""

from __future__ import annotations

from typing import Any

import pytest
from azure.cosmos.exceptions import CosmosHttpResponseError

from tests.contract.cosmos.support import (
    AnyContainer,
    NewContainer,
    an_item,
    everywhere,
    filled,
    first_page,
    rows,
    settled,
    within,
)

BY_KIND_THEN_SIZE = {
    "indexingMode": "consistent",
    "includedPaths": [{"path": "/*"}],
    "excludedPaths": [{"path": "/secret/?"}],
    "compositeIndexes": [[{"path": "/kind", "order": "ascending"}, {"path": "/size", "order": "descending"}]],
}


async def numbered(container: AnyContainer, count: int = 7) -> AnyContainer:
    """Items 0, 1, 2 … in two partitions: even numbers at home, odd ones away."""
    for n in range(count):
        await filled(container, an_item(f"i{n}", ("home", "away")[n % 2], n=n, kind="ab"[n % 2]))
    return container


async def test_a_partition_answers_with_its_own_items_only(container: AnyContainer) -> None:
    await numbered(container)
    query = "SELECT VALUE c.n FROM c WHERE c.n > @least ORDER BY c.n DESC"
    assert await rows(within(container, "home", query, ("@least", 1))) == [6, 4, 2]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT VALUE c.n FROM c",
        "SELECT VALUE c.n FROM c ORDER BY c.n DESC",
        "SELECT VALUE c.n FROM c ORDER BY c.kind",
        "SELECT DISTINCT VALUE c.n FROM c",
        "SELECT VALUE c.n FROM c OFFSET 1 LIMIT 5",
        "SELECT TOP 5 VALUE c.n FROM c ORDER BY c.n",
        "SELECT VALUE t FROM c JOIN t IN c.tags",
        "SELECT VALUE COUNT(1) FROM c GROUP BY c.n",
    ],
)
async def test_pages_put_together_are_the_whole_answer(container: AnyContainer, query: str) -> None:
    for n in range(7):
        await filled(container, an_item(f"i{n}", n=n, kind="ab"[n % 2], tags=[n, -n]))
    whole = await rows(within(container, "home", query))
    found: list[Any] = []
    token: str | None = None
    while True:
        pager = within(container, "home", query, max_item_count=2).by_page(token)
        page = await first_page(pager)
        assert len(page) <= 2
        found += page
        token = pager.continuation_token
        if token is None:
            break
    assert found == whole
    assert len(found) >= 5


async def test_a_token_survives_writes_before_its_place(container: AnyContainer) -> None:
    await numbered(container, 8)
    query = "SELECT VALUE c.n FROM c ORDER BY c.n DESC"
    pager = within(container, "home", query, max_item_count=2).by_page()
    assert await first_page(pager) == [6, 4]
    await filled(container, an_item("newest", n=99))
    assert await first_page(pager) == [2, 0]


async def test_a_token_of_another_query_is_refused(container: AnyContainer) -> None:
    await numbered(container)
    pager = within(container, "home", "SELECT * FROM c", max_item_count=1).by_page()
    await first_page(pager)
    with pytest.raises(CosmosHttpResponseError) as refusal:
        await first_page(within(container, "home", "SELECT c.id FROM c").by_page(pager.continuation_token))
    assert refusal.value.status_code == 400


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT VALUE c.n FROM c WHERE c.kind = 'b'", [1, 3, 5]),
        ("SELECT VALUE c.n FROM c ORDER BY c.n DESC", [6, 5, 4, 3, 2, 1, 0]),
        ("SELECT TOP 2 VALUE c.n FROM c ORDER BY c.n", [0, 1]),
        ("SELECT VALUE c.n FROM c ORDER BY c.n OFFSET 2 LIMIT 3", [2, 3, 4]),
        ("SELECT DISTINCT VALUE c.kind FROM c", ["a", "b"]),
        ("SELECT DISTINCT VALUE c.kind FROM c ORDER BY c.kind DESC", ["b", "a"]),
        ("SELECT VALUE COUNT(1) FROM c WHERE c.n > @three", [3]),
        ("SELECT VALUE SUM(c.n) FROM c", [21]),
        ("SELECT VALUE AVG(c.n) FROM c", [3]),
        ("SELECT VALUE MIN(c.n) FROM c", [0]),
        ("SELECT VALUE MAX(c.kind) FROM c", ["b"]),
    ],
)
async def test_a_query_across_partitions(container: AnyContainer, query: str, expected: list[object]) -> None:
    await numbered(container)
    assert await rows(everywhere(container, query, ("@three", 3))) == expected


async def test_a_long_answer_in_order_across_partitions_comes_whole(container: AnyContainer) -> None:
    for start in range(0, 2100, 100):
        batch = [("create", (an_item(str(n), n=n),)) for n in range(start, start + 100)]
        await settled(container.execute_item_batch(batch, "home"))
    found = await rows(everywhere(container, "SELECT VALUE c.n FROM c ORDER BY c.n DESC"))
    assert found == list(range(2099, -1, -1))


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("SELECT c.kind, COUNT(1) AS n FROM c GROUP BY c.kind", "GroupBy"),
        ("SELECT COUNT(1) AS n FROM c", "NonValueAggregate"),
        ("SELECT VALUE {'n': COUNT(1)} FROM c", "NonValueAggregate"),
    ],
)
async def test_what_the_sdk_cannot_merge_is_refused_across_partitions_only(
    container: AnyContainer, query: str, named: str
) -> None:
    await numbered(container)
    with pytest.raises(CosmosHttpResponseError, match=named) as refusal:
        await rows(everywhere(container, query))
    assert refusal.value.status_code == 400
    assert (await rows(within(container, "home", query)))[0]["n"] == 4


async def test_pages_that_the_sdk_merges_cannot_be_continued_by_a_token(
    container: AnyContainer, local_only: None
) -> None:
    await numbered(container)
    query = "SELECT VALUE c.n FROM c ORDER BY c.n"
    pager = everywhere(container, query, max_item_count=2).by_page()
    assert await first_page(pager) == [0, 1]
    with pytest.raises(CosmosHttpResponseError, match="cannot be continued"):
        await first_page(everywhere(container, query, max_item_count=2).by_page(pager.continuation_token))


@pytest.mark.parametrize("client", ["sync"], indirect=True)
async def test_a_query_must_name_its_partition_or_say_that_it_crosses(container: AnyContainer) -> None:
    await numbered(container)
    with pytest.raises(CosmosHttpResponseError, match="Cross partition query is required but disabled"):
        await rows(container.query_items("SELECT VALUE c.n FROM c WHERE c.n = 2"))
    pinned = "SELECT VALUE c.n FROM c WHERE c.key = 'home' AND c.n >= 4"
    assert await rows(container.query_items(pinned)) == [4, 6]


async def test_two_sort_keys_need_their_composite_index(new_container: NewContainer) -> None:
    container = await new_container(indexing_policy=BY_KIND_THEN_SIZE)
    await filled(container, *(an_item(f"{kind}{size}", kind=kind, size=size) for kind in "ba" for size in (1, 2)))
    for order, expected in (
        ("c.kind, c.size DESC", ["a2", "a1", "b2", "b1"]),
        ("c.kind DESC, c.size", ["b1", "b2", "a1", "a2"]),
    ):
        query = f"SELECT VALUE c.id FROM c ORDER BY {order}"
        assert await rows(within(container, "home", query)) == expected
        assert await rows(everywhere(container, query)) == expected
    with pytest.raises(CosmosHttpResponseError, match="does not have a corresponding composite index"):
        await rows(within(container, "home", "SELECT * FROM c ORDER BY c.kind, c.size"))
    with pytest.raises(CosmosHttpResponseError, match="order-by item is excluded"):
        await rows(within(container, "home", "SELECT * FROM c ORDER BY c.secret"))


@pytest.mark.parametrize("text", ["Olá", "👋 wave", 'quote " and \\', "日本", "a%", ""])
async def test_a_text_is_found_by_equality_across_partitions(container: AnyContainer, text: str) -> None:
    await filled(container, an_item("one", text=text), an_item("two", text=text + "!"), an_item("three", text=[text]))
    found = everywhere(container, "SELECT VALUE c.id FROM c WHERE c.text = @text", ("@text", text))
    assert await rows(found) == ["one"]


async def test_bad_sql_says_where(container: AnyContainer) -> None:
    with pytest.raises(CosmosHttpResponseError, match=r"incorrect syntax near 'FORM'") as refusal:
        await rows(within(container, "home", "SELECT * FORM c"))
    assert refusal.value.status_code == 400


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("mixed", [False, True])
async def test_many_items_are_read_at_once(container: AnyContainer, count: int, mixed: bool) -> None:
    await numbered(container)
    keys = [(f"i{n}", ("home", "away")[n % 2]) for n in range(0, 2 * count, 1 if mixed else 2)][:count]
    found = await settled(container.read_items([*keys, ("absent", keys[0][1])]))
    assert [item["id"] for item in found] == [item_id for item_id, _ in keys]
