"""Semantic options: an embedded re-ranking, which keeps the shape and the rules of Azure's."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.search.documents import SearchClient

from tests.contract.search.support import Account, AnyClient, near, rows, settled

SEMANTIC: dict[str, Any] = {"query_type": "semantic", "semantic_configuration_name": "meaning"}


async def test_results_are_in_the_order_of_the_re_ranking(library: AnyClient) -> None:
    found = await rows(
        library.search("how do I choose a new password", vector_queries=[near([0.0, 1.0, 0.0])], **SEMANTIC)
    )
    scores = [row["@search.reranker_score"] for row in found]
    assert found[0]["id"] == "reset"
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 4 for score in scores)


async def test_captions_and_answers_are_taken_from_the_document(library: AnyClient) -> None:
    results = await settled(
        library.search(
            "how do I choose a new password?", query_caption="extractive", query_answer="extractive", **SEMANTIC
        )
    )
    first = (await rows(results))[0]
    assert "choose a new password" in first["@search.captions"][0].text
    for answer in await settled(results.get_answers()) or []:
        assert answer.key == "reset"
        assert 0.7 <= answer.score <= 1


async def test_everything_has_no_rank_of_meaning(library: AnyClient) -> None:
    found = await rows(library.search("*", **SEMANTIC))
    assert [row["@search.reranker_score"] for row in found] == [None] * 4


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({**SEMANTIC, "order_by": ["pages"]}, "orderby"),
        ({**SEMANTIC, "semantic_configuration_name": "absent"}, "absent"),
        ({"query_type": "semantic"}, "emantic"),
        ({**SEMANTIC, "query_answer": "generative"}, "generative"),
    ],
)
async def test_options_that_contradict_each_other_are_refused(
    library: AnyClient, options: dict[str, Any], named: str
) -> None:
    with pytest.raises(HttpResponseError, match=named) as refusal:
        await rows(library.search("password", **options))
    assert refusal.value.status_code == 400


@pytest.mark.parametrize("options", [SEMANTIC, {}], ids=["semantic", "plain"])
def test_the_answer_says_that_it_is_approximate(
    account: Account, library_name: str, library: AnyClient, options: dict[str, Any], local_only: None
) -> None:
    seen: list[str | None] = []
    with SearchClient(account.endpoint, library_name, account.credential) as client:
        list(
            client.search(
                "password",
                raw_response_hook=lambda answer: seen.append(answer.http_response.headers.get("x-local-semantic")),
                **options,
            )
        )
    assert seen == ["approximate" if options else None]
