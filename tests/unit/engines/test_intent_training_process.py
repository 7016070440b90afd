"""Training in a process of its own."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from shared.engines.embedding.minilm import MiniLmEmbedding
from shared.engines.embedding.multilingual import MultilingualEmbedding
from shared.engines.intent.model import from_bytes
from shared.engines.intent.training_process import TrainingInterrupted, TrainingRefused, train_apart
from shared.models.intents import LabelledText
from tests.contract.storage.world import eventually

PATIENT = 600.0
"""Seconds for a training: it takes a few, and some hundred where the machine is busy with other tests."""


def examples(*intents: str, of_each: int = 6) -> list[LabelledText]:
    things = ["table", "sofa", "lamp", "chair", "shelf", "desk"][:of_each]
    return [
        LabelledText(text=f"{intent} of the {thing}", intent=intent, origin=f"{intent} of the {thing}")
        for intent in intents
        for thing in things
    ]


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the processes leave their files; nothing may be left behind."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


async def test_a_model_comes_back_with_its_report(folder: Path) -> None:
    trained = await train_apart(examples("size", "price"), PATIENT)

    model = from_bytes(trained.model, name="own", embedding=MiniLmEmbedding.name)
    foreign = from_bytes(trained.multilingual, name="own", embedding=MultilingualEmbedding.name)
    assert model.manifest.intents == foreign.manifest.intents == ["price", "size"]
    assert trained.report.multilingual is not None
    assert (trained.report.multilingual.examples, trained.report.multilingual.accuracy) == (12, 1.0)
    assert [each.examples for each in trained.report.per_intent] == [6, 6]
    assert trained.report.trained_in_seconds > 0
    assert left_in(folder) == []


async def test_examples_of_which_no_model_can_be_made_are_refused_in_words(folder: Path) -> None:
    with pytest.raises(TrainingRefused, match=r"fewer than 5 different examples of price"):
        await train_apart([*examples("size"), *examples("price", of_each=2)], PATIENT)

    assert left_in(folder) == []


async def test_a_training_that_takes_too_long_is_ended(folder: Path) -> None:
    with pytest.raises(TrainingRefused, match=r"longer than 0\.01 seconds"):
        await train_apart(examples("size", "price"), 0.01)

    assert left_in(folder) == []


async def test_a_process_that_dies_is_told_apart_from_examples_that_are_wrong(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))

    with pytest.raises(TrainingInterrupted):
        await train_apart(examples("size", "price"), PATIENT)

    assert "ended with 1" in caplog.text


async def test_a_training_nobody_waits_for_ends(folder: Path) -> None:
    training = asyncio.create_task(train_apart(examples("size", "price"), PATIENT))

    async def begun() -> bool | None:
        return bool(left_in(folder)) or None

    await eventually(begun, "the beginning of the training")
    training.cancel()

    with pytest.raises(asyncio.CancelledError):
        await training
    assert left_in(folder) == []
