"""Training the sentiment head, and measuring it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shared.engines.embedding.minilm import MiniLmEmbedding
from shared.engines.sentiment.examples import (
    SENTENCES,
    TONES,
    Sentence,
    SentencesError,
    read_in_other_languages,
    read_sentences,
)
from shared.engines.sentiment.head import FOREIGN_LANGUAGES, HeadSentiment
from shared.engines.sentiment.model import load_model
from shared.engines.sentiment.training import train
from shared.models.analysis import SentimentLabel, SentimentResult
from tests.quality.sentiment import OWN, UNSEEN, figures, measure_tones, read, read_tones, sign_figures

GOOD = ["I love it", "Great help", "Thank you so much", "Wonderful staff", "Best shop ever", "Perfect, thanks"]
PLAIN = ["Where is it?", "How do I pay?", "My number is 12", "Do you ship to Peru?", "Ok", "When do you open?"]
BAD = ["I hate it", "Useless help", "This is awful", "Rude staff", "Worst shop ever", "Never again"]
BOTH = [f"{good}, but {bad}" for good, bad in zip(GOOD, BAD, strict=True)]
ANGRY = ["You liars!", "What the hell?!", "Shame on you!", "Idiots!", "I'll sue you!", "THIEVES"]
URGENT = ["My flight is now", "I was hacked", "It burns", "Stop it today", "Due tonight", "Hurry please"]
PARTS = {
    "praise": ["it is good", "I like it"],
    "blame": ["it broke", "you lied"],
    "conceded": ["it took a while"],
    "hoped": ["you promised"],
    "sneered": ["well done"],
    "greeted": ["good day!", "dear all,"],
    "signed": ["Kind regards"],
    "asked": ["where is it"],
    "turns": [", but "],
    "goes_on": [". "],
}


def a_folder(folder: Path, **files: list[str]) -> Path:
    given = {"positive": GOOD, "neutral": PLAIN, "negative": BAD, "mixed": BOTH, "angry": ANGRY, "urgent": URGENT}
    given |= {"angry_urgent": ["You idiots, it burns!"], "calm": ["No rush at all", "It is a bit late"]}
    (folder / "tones").mkdir(exist_ok=True)
    for name, lines in (given | files).items():
        path = folder / ("tones" if name in TONES else ".") / f"{name}.txt"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "parts.json").write_text(json.dumps(PARTS), encoding="utf-8")
    return folder


async def test_training_writes_a_model_that_the_engine_uses(tmp_path: Path) -> None:
    file = tmp_path / "model.json"

    report = await train(a_folder(tmp_path), file)

    embedding = MiniLmEmbedding()
    assert load_model(file, embedding=embedding.name).embedding == embedding.name
    assert (report["angry"], report["urgent"]) == (7, 7)
    said = await HeadSentiment(embedding, file).score("I hate this awful shop", language="en")
    assert said.sentiment is SentimentLabel.NEGATIVE


def test_sentences_say_what_was_said_of_them_and_no_more(tmp_path: Path) -> None:
    found = {each.text: each for each in read_sentences(a_folder(tmp_path))}

    assert found["I love it"] == Sentence("I love it", SentimentLabel.POSITIVE, angry=False, urgent=False)
    assert found["I hate it"] == Sentence("I hate it", SentimentLabel.NEGATIVE, angry=None, urgent=None)
    assert found["THIEVES"] == Sentence("THIEVES", None, angry=True, urgent=False)
    assert found["It is good, but you lied!"].label is SentimentLabel.MIXED
    assert found["I like it. It is good."].label is SentimentLabel.POSITIVE
    assert found["It took a while, but it is good."].label is SentimentLabel.POSITIVE
    assert found["Well done, it broke."].label is SentimentLabel.NEGATIVE
    assert found["You promised, but it broke."].label is SentimentLabel.NEGATIVE
    assert found["Dear all, you lied!"].label is SentimentLabel.NEGATIVE
    assert found["Good day! Where is it. Kind regards"].label is SentimentLabel.NEUTRAL
    assert found["Good day! It is good. Kind regards"].label is SentimentLabel.POSITIVE
    assert found["Dear all, it is good, but you lied!"].label is SentimentLabel.MIXED


def test_the_shipped_sentences_are_whole() -> None:
    sentences = read_sentences(SENTENCES)

    labels = [sentence.label for sentence in sentences]
    assert min(labels.count(label) for label in SentimentLabel) > 250
    assert sum(sentence.angry is True for sentence in sentences) > 100
    assert sum(sentence.urgent is True for sentence in sentences) > 100


def test_no_message_that_measures_was_trained_on() -> None:
    trained = {sentence.text.lower() for sentence in read_sentences(SENTENCES)}

    for file in (OWN, UNSEEN):
        assert trained.isdisjoint(text.lower() for text, _ in read(file))


def test_the_sentences_in_other_languages_are_whole_and_measure_nothing() -> None:
    sentences = read_in_other_languages()
    trained = {sentence.text.lower() for sentence in sentences}

    assert {sentence.label for sentence in sentences} == set(SentimentLabel)
    assert len(trained) == len(sentences)
    for language in FOREIGN_LANGUAGES:
        file = OWN.with_name(f"{OWN.stem}_{language}.csv")
        assert trained.isdisjoint(text.lower() for text, _ in read(file))


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("de,Danke,lovely,no,no", "line 2: label"),
        ("de,,positive,no,no", "line 2: text"),
        ("de,Danke,positive,perhaps,no", "line 2: angry"),
        ("German,Danke,positive,no,no", "line 2: language"),
    ],
)
def test_a_wrong_row_in_another_language_is_named(tmp_path: Path, row: str, named: str) -> None:
    (tmp_path / "other_languages.csv").write_text(f"language,text,label,angry,urgent\n{row}\n", encoding="utf-8")

    with pytest.raises(SentencesError, match=rf"other_languages\.csv {named}"):
        read_in_other_languages(tmp_path)


def test_no_sentences_in_other_languages_are_named_too(tmp_path: Path) -> None:
    with pytest.raises(SentencesError, match=r"other_languages\.csv: missing"):
        read_in_other_languages(tmp_path)


async def test_most_angry_and_urgent_messages_are_seen_and_few_are_imagined() -> None:
    measured: dict[str, Any] = await measure_tones(UNSEEN)

    for sign in ("anger", "urgency"):
        assert measured[sign]["recall"] >= 0.7
        assert measured[sign]["precision"] >= 0.85


def test_sentences_that_are_doubled_or_missing_are_named(tmp_path: Path) -> None:
    with pytest.raises(SentencesError, match=r"negative\.txt line 2: the same as positive\.txt line 1"):
        read_sentences(a_folder(tmp_path, negative=["Bad", "i LOVE it"]))
    with pytest.raises(SentencesError, match=r"calm\.txt: holds no sentence"):
        read_sentences(a_folder(tmp_path, calm=[]))
    (a_folder(tmp_path) / "positive.txt").unlink()
    with pytest.raises(SentencesError, match=r"positive\.txt: missing"):
        read_sentences(tmp_path)


@pytest.mark.parametrize(("parts", "named"), [("{}", "praise"), ("[", "Invalid JSON"), (None, "missing")])
def test_parts_that_do_not_fit_are_named(tmp_path: Path, parts: str | None, named: str) -> None:
    file = a_folder(tmp_path) / "parts.json"
    file.unlink() if parts is None else file.write_text(parts)

    with pytest.raises(SentencesError, match=rf"parts\.json: .*{named}"):
        read_sentences(tmp_path)


def an_answer(label: SentimentLabel, sure: float, **others: float) -> SentimentResult:
    scores = {label: sure} | {SentimentLabel(name): score for name, score in others.items()}
    return SentimentResult(engine="test", sentiment=label, confidence=sure, scores=scores)


def test_the_figures_are_what_they_are_called() -> None:
    good, plain, bad = SentimentLabel.POSITIVE, SentimentLabel.NEUTRAL, SentimentLabel.NEGATIVE
    found = [an_answer(good, 1.0), an_answer(good, 1.0), an_answer(bad, 0.5), an_answer(bad, 0.5)]

    measured = figures([good, plain, bad, good], found)

    assert measured["accuracy"] == 0.5
    assert measured["macro_f1"] == 0.3889
    assert measured["calibration_error"] == 0.25
    assert measured["mixed_said"] == 0


def test_mixed_counts_as_the_greater_feeling_where_no_text_is_labelled_so() -> None:
    good, bad, mixed = SentimentLabel.POSITIVE, SentimentLabel.NEGATIVE, SentimentLabel.MIXED
    found = [an_answer(mixed, 0.6, positive=0.1, negative=0.3), an_answer(good, 0.9)]

    of_three, of_four = figures([bad, good], found), figures([bad, mixed], found)

    assert (of_three["accuracy"], of_three["mixed_said"]) == (1.0, 0.5)
    assert (of_four["accuracy"], of_four["mixed_said"]) == (0.0, 0.5)


def test_a_sign_is_measured_at_its_threshold() -> None:
    measured = sign_figures([True, True, False, False], [0.9, 0.4, 0.6, 0.1], threshold=0.5)

    assert (measured["auc"], measured["precision"], measured["recall"]) == (0.75, 0.5, 0.5)


@pytest.mark.parametrize(
    ("content", "named"),
    [("text\nhello\n", "label"), ("text,label\nhello,angry\n", "line 2"), ("text,label\n", "no text")],
)
def test_a_file_that_cannot_be_measured_is_refused(tmp_path: Path, content: str, named: str) -> None:
    file = tmp_path / "test.csv"
    file.write_text(content)

    with pytest.raises(ValueError, match=named):
        read(file)


def test_tones_that_are_no_answers_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "test.csv"
    file.write_text("text,label,anger,urgency\nhello,neutral,0,maybe\n")

    with pytest.raises(ValueError, match="line 2: urgency"):
        read_tones(file)
