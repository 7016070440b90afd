"""The sentiment engine as it ships: what it reads, and what it refuses."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from shared.engines.chain import EngineFailed, NotServed
from shared.engines.embedding import DIMENSIONS
from shared.engines.embedding.minilm import MiniLmEmbedding
from shared.engines.sentiment.features import readable
from shared.engines.sentiment.head import HeadSentiment
from shared.engines.sentiment.model import FILE, SentimentModelError, load_model
from shared.models.analysis import SentimentLabel

EMBEDDING = MiniLmEmbedding()
ENGINE = HeadSentiment(EMBEDDING)
"""One for all tests: reading the embedding model takes most of a second."""


class Counting:
    """An embedding that remembers what it was asked; every number of it is `value`."""

    name = EMBEDDING.name

    def __init__(self, value: float = 0.05) -> None:
        self.value = value
        self.texts: list[str] = []

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        return np.full((len(texts), DIMENSIONS), self.value, dtype=np.float32)


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
        ("Love the shoes, but the delivery was a disaster.", "mixed"),
        ("The crew was brilliant. The food was disgusting.", "mixed"),
        ("It took a while, but I'm very happy with it", "positive"),
        ("I'd like the red one, but only if it's in stock.", "neutral"),
        ("I tried to call, but nobody answers.", "negative"),
    ],
)
async def test_how_customers_feel_is_read(text: str, label: str) -> None:
    assert (await ENGINE.score(text, language="en")).sentiment == label


COURTEOUS = {
    "negative": (
        "Good morning, hope you are well! My parcel has been lost for three weeks and nobody answers.",
        "Good evening to everybody at the desk! The washing machine floods my bathroom and the technician never came.",
        "Hi Rita, I hope your week started well. Your shop sent me someone else's shoes for the second time.",
        "Dear customer care, many greetings from Braga. I have been without internet since Tuesday.",
        "Hello, thanks for taking the time. My complaint of the 3rd is unanswered and I am losing patience.",
        "Good day! Hope you had a nice holiday. The hotel cancelled my room without telling me.",
        "Hey guys, happy new year! The voucher you sold me is refused in every shop.",
        "Pleased to meet you. The mattress smells of petrol and your return form does not work. Have a nice evening!",
    ),
    "neutral": (
        "Good evening to everybody at the desk! Which platform does the shuttle leave from?",
        "Hi Rita, I hope your week started well. I need a copy of contract 5521.",
        "Hello, thanks for taking the time. Is the blue one available in size 40?",
        "Dear customer care, many greetings from Braga. Please update the name on my account. Kind regards",
    ),
    "positive": (
        "Hi Rita, I hope your week started well. The repair went perfectly and the phone is like new!",
        "Good day! I simply want to thank you all, that was a fantastic trip.",
        "Hello, hope you had a nice holiday. Your driver was so kind and careful, I'm delighted.",
        "Good morning to the whole team! What a beautiful concert, thank you.",
    ),
}
"""None of them trains anything."""


@pytest.mark.parametrize("label", sorted(COURTEOUS))
async def test_a_polite_opening_hides_nothing_of_what_follows(label: str) -> None:
    found = [(await ENGINE.score(text, language="en")).sentiment for text in COURTEOUS[label]]

    assert found.count(SentimentLabel(label)) >= 0.75 * len(found)


async def test_the_scores_are_probabilities_and_the_best_is_the_answer() -> None:
    result = await ENGINE.score("It is fine, but the lid is missing.", language="en-GB")

    assert set(result.scores) == set(SentimentLabel)
    assert sum(result.scores.values()) == pytest.approx(1)
    assert result.confidence == result.scores[result.sentiment] == max(result.scores.values())
    assert result.engine == "minilm-head"


@pytest.mark.parametrize(
    ("heated", "calm"),
    [
        (
            "You liars have charged me AGAIN, I'm calling my lawyer!!!",
            "I was charged twice, could you check that please?",
        ),
        ("This is a damn disgrace, I'm done with you", "I'm a bit disappointed with the strap."),
        ("WHERE THE HELL IS MY REFUND?!", "Where is my refund?"),
        ("🤬🤬 you idiots", "🙂 thank you"),
    ],
)
async def test_anger_is_told_from_a_calm_complaint(heated: str, calm: str) -> None:
    angry, civil = [await ENGINE.score(text, language="en") for text in (heated, calm)]

    assert angry.anger is not None
    assert civil.anger is not None
    assert angry.anger > 0.5 > civil.anger


@pytest.mark.parametrize(
    ("pressing", "patient"),
    [
        (
            "My flight leaves in two hours and I can't check in, please help",
            "My flight is next month, can I add a bag?",
        ),
        ("My account was hacked and someone is spending my money right now", "How do I protect my account?"),
        ("I need my insulin today, where is the parcel?", "Whenever you have time, could you send me the invoice?"),
        (
            "Somebody has my password and is emptying my account this minute",
            "Numbers: 24680, 13579 and 11223. Password: rabbit",
        ),
        ("I typed my PIN into a fake page and they are paying with my card now", "8812\n9934\n1207\npassword: willow"),
        ("Stop the payment before midnight or the rent is lost!", "Please let me know asap if you ship to Norway."),
    ],
)
async def test_what_cannot_wait_is_told_from_what_can(pressing: str, patient: str) -> None:
    urgent, other = [await ENGINE.score(text, language="en") for text in (pressing, patient)]

    assert urgent.urgency is not None
    assert other.urgency is not None
    assert urgent.urgency > 0.5 > other.urgency


@pytest.mark.parametrize(
    "text",
    [
        *("", " \n\t ", "https://example.com", "😡", "\x00\x07\x1b[31m", "\u200f\u202e\u200d", "\ud800", "NaN"),
        *(
            "é" * 5000,
            "but " * 1250,
            "!" * 5000,
            "😡" * 5000,
            "a\u0301" * 2500,
            "مرحبا שלום नमस्ते",
            "<b>&amp;&lt;" * 400,
        ),
    ],
)
async def test_any_text_has_whole_scores(text: str) -> None:
    result = await ENGINE.score(text, language="en")

    assert sum(result.scores.values()) == pytest.approx(1)
    assert result.anger is not None
    assert result.urgency is not None
    assert all(0 <= chance <= 1 for chance in (*result.scores.values(), result.anger, result.urgency))


async def test_a_text_is_embedded_once_for_all_that_is_told_of_it() -> None:
    embedding = Counting()

    await HeadSentiment(embedding).score("Love it, but it's late. Help!", language="en")

    assert embedding.texts == ["Love it, but it's late. Help!"]


async def test_numbers_that_are_none_never_come_out() -> None:
    with pytest.raises(EngineFailed, match="scores"):
        await HeadSentiment(Counting(value=math.nan)).score("Hello", language="en")


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
        (lambda model: model.update(version=1), "version"),
        (lambda model: model.update(labels=["positive", "negative", "angry"]), "labels"),
        (lambda model: model.update(labels=["positive", "negative", "negative"]), "labels"),
        (lambda model: model["weights"][0].pop(), "weights"),
        (lambda model: model["bias"].pop(), "bias"),
        (lambda model: model["surface"].reverse(), "surface"),
        (lambda model: model["weights"][0].__setitem__(0, "NaN"), "finite"),
        (lambda model: model.update(temperature=0), "temperature"),
        (lambda model: model.update(temperature="NaN"), "temperature"),
        (lambda model: model.pop("urgency"), "urgency"),
        (lambda model: model["anger"]["weights"].pop(), "anger"),
        (lambda model: model["mixed"].update(bias="Infinity"), "mixed.*finite"),
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
