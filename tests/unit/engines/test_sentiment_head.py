"""The sentiment engine as it ships: what it reads, and what it refuses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.engines.chain import NotServed
from shared.engines.embedding.minilm import MiniLmEmbedding
from shared.engines.sentiment.features import readable
from shared.engines.sentiment.head import HeadSentiment
from shared.engines.sentiment.model import FILE, SentimentModelError, load_model
from shared.models.analysis import SentimentLabel

EMBEDDING = MiniLmEmbedding()
ENGINE = HeadSentiment(EMBEDDING)
"""One for all tests: reading the embedding model takes most of a second."""


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I'm furious, this is the third time you lose my parcel!", "negative"),
        ("Nobody answers, and my money is gone.", "negative"),
        ("Thanks for nothing, your service is useless.", "negative"),
        ("The kettle stopped working after one day and I want a refund", "negative"),
        ("How do I change the address of my order?", "neutral"),
        ("I need to cancel order 4471902", "neutral"),
        ("I'd like to report a lost card.", "neutral"),
        ("Thank you so much, that was quick!", "positive"),
        ("Not bad at all, I'm very happy with it", "positive"),
        ("Your colleague was wonderful 😍", "positive"),
        ("😡😡", "negative"),
        ("❤️👍", "positive"),
        ("4471902", "neutral"),
        ("...", "neutral"),
    ],
)
async def test_how_customers_feel_is_read(text: str, label: str) -> None:
    assert (await ENGINE.score(text, language="en")).sentiment == label


async def test_the_scores_are_probabilities_and_the_best_is_the_answer() -> None:
    result = await ENGINE.score("It is fine, but the lid is missing.", language="en-GB")

    assert set(result.scores) == set(SentimentLabel)
    assert sum(result.scores.values()) == pytest.approx(1)
    assert result.confidence == result.scores[result.sentiment] == max(result.scores.values())
    assert result.engine == "minilm-head"


@pytest.mark.parametrize("language", ["pt", "de", None])
async def test_a_language_that_was_not_measured_is_refused(language: str | None) -> None:
    with pytest.raises(NotServed):
        await ENGINE.score("Isto é péssimo", language=language)


async def test_a_text_without_words_needs_no_language() -> None:
    assert (await ENGINE.score("😡😡😡", language=None)).sentiment is SentimentLabel.NEGATIVE


async def test_texts_scored_at_once_are_scored_as_alone() -> None:
    texts = ["Where is it?", "Great!", "Awful service.", "x" * 5000]

    at_once = await asyncio.gather(*(ENGINE.score(text, language="en") for text in texts))

    assert [one.scores for one in at_once] == [(await ENGINE.score(text, language="en")).scores for text in texts]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Where is my order?", "Where is my order?"),
        ("@shop see https://example.com/a now", "see   now"),
        ("#NeverAgain", "Never Again"),
        ("order #4471902", "order #4471902"),
        ("a &amp; b", "a & b"),
        ("so late 😡", "so late  angry"),
        ("mail me@example.com", "mail me@example.com"),
    ],
)
def test_what_is_no_language_is_taken_out_and_the_rest_left(written: str, read: str) -> None:
    assert readable(written) == read


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda model: model.pop("weights"), "weights"),
        (lambda model: model.update(version=2), "version"),
        (lambda model: model.update(labels=["positive", "negative", "angry"]), "labels"),
        (lambda model: model.update(labels=["positive", "negative", "negative"]), "labels"),
        (lambda model: model["weights"][0].pop(), "weights"),
        (lambda model: model["bias"].pop(), "bias"),
        (lambda model: model["surface"].reverse(), "surface"),
        (lambda model: model["weights"][0].__setitem__(0, "NaN"), "finite"),
        (lambda model: model.update(temperature=0), "temperature"),
        (lambda model: model.update(embedding="another"), "embedding"),
        (lambda model: model.update(code="print"), "code"),
    ],
)
async def test_a_model_file_that_does_not_fit_is_refused_by_name(tmp_path: Path, change: Change, named: str) -> None:
    content = json.loads(FILE.read_text(encoding="utf-8"))
    change(content)
    file = tmp_path / "model.json"
    file.write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(SentimentModelError, match=rf"model\.json: .*{named}"):
        load_model(file, embedding=EMBEDDING.name)
    with pytest.raises(SentimentModelError):
        await HeadSentiment(EMBEDDING, file).score("Hello", language="en")


@pytest.mark.parametrize("content", [None, "", "{"])
def test_a_missing_or_torn_model_file_is_refused(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "model.json"
    if content is not None:
        file.write_text(content)

    with pytest.raises(SentimentModelError, match=r"model\.json: "):
        load_model(file, embedding=EMBEDDING.name)
