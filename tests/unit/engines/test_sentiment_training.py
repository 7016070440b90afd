"""Training the sentiment head, and measuring it."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.engines.embedding.minilm import MiniLmEmbedding
from shared.engines.sentiment.head import HeadSentiment
from shared.engines.sentiment.model import LEARNED, load_model
from shared.engines.sentiment.training import SENTENCES, SentencesError, read_sentences, train
from shared.models.analysis import SentimentLabel, SentimentResult
from tests.quality.sentiment import figures, read

GOOD = ["I love it", "Great help", "Thank you so much", "Wonderful staff", "Best shop ever", "Perfect, thanks"]
PLAIN = ["Where is it?", "How do I pay?", "My number is 12", "Do you ship to Peru?", "Ok", "When do you open?"]
BAD = ["I hate it", "Useless help", "This is awful", "Rude staff", "Worst shop ever", "Never again"]


def a_folder(folder: Path, good: list[str] = GOOD, plain: list[str] = PLAIN, bad: list[str] = BAD) -> Path:
    for name, lines in (("positive", good), ("neutral", plain), ("negative", bad)):
        (folder / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


async def test_training_writes_a_model_that_the_engine_uses(tmp_path: Path) -> None:
    file = tmp_path / "model.json"

    report = await train(a_folder(tmp_path), file)

    embedding = MiniLmEmbedding()
    assert load_model(file, embedding=embedding.name).embedding == embedding.name
    assert report["sentences"] == {"positive": 6, "neutral": 6, "negative": 6}
    said = await HeadSentiment(embedding, file).score("I hate this awful shop", language="en")
    assert said.sentiment is SentimentLabel.NEGATIVE


def test_the_shipped_sentences_are_whole() -> None:
    texts, labels = read_sentences(SENTENCES)

    assert len(texts) == len(labels) > 900
    assert min(labels.count(label) for label in LEARNED) > 250


def test_sentences_that_are_doubled_or_missing_are_named(tmp_path: Path) -> None:
    with pytest.raises(SentencesError, match=r"negative\.txt line 2: the same as positive\.txt line 1"):
        read_sentences(a_folder(tmp_path, bad=["Bad", "i LOVE it"]))
    with pytest.raises(SentencesError, match=r"neutral\.txt: holds no sentence"):
        read_sentences(a_folder(tmp_path, plain=[]))
    (tmp_path / "positive.txt").unlink()
    with pytest.raises(SentencesError, match=r"positive\.txt: missing"):
        read_sentences(tmp_path)


def an_answer(label: SentimentLabel, sure: float) -> SentimentResult:
    return SentimentResult(engine="test", sentiment=label, confidence=sure, scores={label: sure})


def test_the_figures_are_what_they_are_called() -> None:
    good, plain, bad = SentimentLabel.POSITIVE, SentimentLabel.NEUTRAL, SentimentLabel.NEGATIVE
    found = [an_answer(good, 1.0), an_answer(good, 1.0), an_answer(bad, 0.5), an_answer(bad, 0.5)]

    measured = figures([good, plain, bad, good], found)

    assert measured["accuracy"] == 0.5
    assert measured["macro_f1"] == 0.3889
    assert measured["calibration_error"] == 0.25


@pytest.mark.parametrize(
    ("content", "named"),
    [("text\nhello\n", "label"), ("text,label\nhello,angry\n", "line 2"), ("text,label\n", "no text")],
)
def test_a_file_that_cannot_be_measured_is_refused(tmp_path: Path, content: str, named: str) -> None:
    file = tmp_path / "test.csv"
    file.write_text(content)

    with pytest.raises(ValueError, match=named):
        read(file)
