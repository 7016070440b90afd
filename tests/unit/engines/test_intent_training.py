"""Training from anybody's examples, and the model file: what it keeps and what is refused."""

from __future__ import annotations

import dataclasses
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from numpy.typing import NDArray

from shared.engines.embedding.minilm import MiniLmEmbedding
from shared.engines.intent import OUT_OF_SCOPE
from shared.engines.intent.examples import Example, for_other_languages, read_examples, shipped_examples
from shared.engines.intent.linear import LinearIntent
from shared.engines.intent.model import IntentModel, ModelFileError, from_bytes, load, save, to_bytes
from shared.engines.intent.phrases import combined
from shared.engines.intent.training import cross_validate, embedded, train, train_validated

THINGS = ["table", "sofa", "lamp", "chair", "shelf", "desk"]
EMBEDDING = MiniLmEmbedding()


def examples(*templates: tuple[str, str]) -> list[Example]:
    made = [(template.format(thing), intent) for template, intent in templates for thing in THINGS]
    return [Example(text, intent, origin=text) for text, intent in made]


def sized_and_priced(*more: tuple[str, str]) -> list[Example]:
    return examples(("how big is the {}", "size"), ("what does the {} cost", "price"), *more)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def model() -> IntentModel:
    return await train(sized_and_priced(("is the {} in stock", "stock")), EMBEDDING)


@pytest.fixture
def file(model: IntentModel, tmp_path: Path) -> Path:
    path = tmp_path / "model.npz"
    save(model, path)
    return path


@pytest.mark.parametrize(
    "more", [(), (("is the {} in stock", "stock"),), (("the {} is singing", OUT_OF_SCOPE),)], ids=["2", "3", "with oos"]
)
async def test_a_model_of_ones_own_examples_tells_ones_own_intents(
    more: tuple[tuple[str, str], ...], tmp_path: Path
) -> None:
    save(await train(sized_and_priced(*more), EMBEDDING), tmp_path / "own.npz")
    engine = LinearIntent(EMBEDDING, tmp_path / "own.npz", known=None)

    assert (await engine.classify("how big is the wardrobe")).intent == "size"
    assert (await engine.classify("what does the wardrobe cost")).intent == "price"


async def test_the_same_examples_give_the_same_file(model: IntentModel, tmp_path: Path) -> None:
    again = await train(sized_and_priced(("is the {} in stock", "stock")), EMBEDDING)

    save(model, tmp_path / "model.npz")
    assert to_bytes(again) == to_bytes(model) == (tmp_path / "model.npz").read_bytes()


async def test_a_model_kept_in_memory_answers_like_its_bytes(model: IntentModel) -> None:
    read = from_bytes(to_bytes(model), name="version 7", embedding=EMBEDDING.name)
    text = "how big is the wardrobe"

    in_memory = await LinearIntent(EMBEDDING, known=None, model=model).classify(text)
    from_its_bytes = await LinearIntent(EMBEDDING, known=None, model=read).classify(text)

    assert in_memory.intent == from_its_bytes.intent == "size"


def test_bytes_that_are_no_model_are_refused_by_their_name() -> None:
    with pytest.raises(ModelFileError, match="intent model version 7: file: "):
        from_bytes(b"hello", name="version 7", embedding=EMBEDDING.name)


def test_a_model_of_another_embedding_is_refused(model: IntentModel) -> None:
    other = dataclasses.replace(model, manifest=model.manifest.model_copy(update={"embedding": "another"}))

    with pytest.raises(ValueError, match="model: trained on another"):
        LinearIntent(EMBEDDING, model=other)


async def test_every_example_is_read_by_a_model_that_has_not_seen_it() -> None:
    # Nothing but its twin of the same origin, which is held out with it, tells what this one means.
    riddle = [Example("xyzzy", "size", "xyzzy"), Example("xyzzy xyzzy", "size", "xyzzy")]
    given = [*sized_and_priced(("the {} is singing", OUT_OF_SCOPE)), *riddle]

    readings = await cross_validate(given, EMBEDDING)

    assert [reading.likeliest for reading in readings[: 2 * len(THINGS)]] == [
        e.intent for e in given[: 2 * len(THINGS)]
    ]
    assert [reading.intent for reading in readings[-2:]] == [OUT_OF_SCOPE, OUT_OF_SCOPE]
    assert all(0 <= reading.confidence <= 1 for reading in readings)


async def test_embeddings_computed_before_give_the_same_model(model: IntentModel) -> None:
    given = sized_and_priced(("is the {} in stock", "stock"))
    embeddings = await embedded(given, EMBEDDING)

    trained = await train_validated(given, EMBEDDING, embeddings=embeddings)

    assert to_bytes(trained.model) == to_bytes(model)
    assert len(trained.readings) == len(given)


async def test_embeddings_of_other_examples_are_refused() -> None:
    given = sized_and_priced()

    with pytest.raises(ValueError, match="embeddings: 11 rows for 12 examples"):
        await train(given, EMBEDDING, embeddings=(await embedded(given, EMBEDDING))[1:])


async def test_a_model_answers_from_its_file_as_it_did_when_trained(model: IntentModel, file: Path) -> None:
    loaded = load(file, embedding=EMBEDDING.name)
    (embedding,) = await EMBEDDING.embed(["what is the price of a bed"])

    for_file = loaded.probabilities("what is the price of a bed", embedding)

    np.testing.assert_allclose(for_file, model.probabilities("what is the price of a bed", embedding), atol=0.01)
    assert for_file.sum() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (examples(("how big is the {}", "size")), "at least two intents"),
        (sized_and_priced() + examples(("hello {}", "greeting"))[:3], "fewer than 5 different examples of greeting"),
        ([], "at least two intents"),
    ],
)
async def test_too_few_examples_are_refused(given: list[Example], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        await train(given, EMBEDDING)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("text,intent\nhello,greeting\n", "column label is missing"),
        ("", "column label, text is missing"),
        ("text,label\nhello,greeting\nhi,\n", "line 3: label is empty"),
        ("text,label\n  ,greeting\n", "line 2: text is empty"),
        ("text,label\nhello\n", "line 2: label is empty"),
    ],
)
def test_a_wrong_example_file_is_refused_with_its_line_and_field(tmp_path: Path, content: str, complaint: str) -> None:
    path = tmp_path / "examples.csv"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(ValueError, match=complaint):
        read_examples(path)


def test_an_example_file_is_read_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "examples.csv"
    path.write_text('text,label\n"hello, you",greeting\n', encoding="utf-8")

    assert read_examples(path) == [Example("hello, you", "greeting", origin="hello, you")]


def test_phrases_are_put_into_openings_of_their_kind(tmp_path: Path) -> None:
    path = tmp_path / "phrases.json"
    content = {"openings": {"task": ["how do I {}?", "{}"]}, "phrases": {"size": {"task": ["measure it"]}}}
    path.write_text(json.dumps(content), encoding="utf-8")

    made = list(combined(path))

    assert {one.text for one in made} == {"how do I measure it?", "measure it"}
    assert {(one.intent, one.phrase) for one in made} == {("size", "measure it")}


def _manifest(**changes: Any) -> Callable[[dict[str, NDArray[Any]]], None]:
    def change(arrays: dict[str, NDArray[Any]]) -> None:
        manifest = json.loads(arrays["manifest"].tobytes()) | changes
        arrays["manifest"] = np.frombuffer(json.dumps(manifest).encode(), dtype=np.uint8)

    return change


def _array(name: str, value: NDArray[Any] | None) -> Callable[[dict[str, NDArray[Any]]], None]:
    def change(arrays: dict[str, NDArray[Any]]) -> None:
        del arrays[name]
        if value is not None:
            arrays[name] = value

    return change


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (_manifest(format=1), "manifest.format"),
        (_manifest(embedding="another"), "manifest.embedding"),
        (_manifest(intents=["size", "price", "dance"]), "manifest.intents"),
        (_manifest(intents=["size", "size", "price"]), "manifest.intents"),
        (_manifest(intents=["size", "price"]), "ngram_scale"),
        (_manifest(temperature=0), "manifest.temperature"),
        (_manifest(threshold="high"), "manifest.threshold"),
        (_manifest(surprise=1), "manifest.surprise"),
        (_array("manifest", None), "manifest"),
        (_array("manifest", np.array([1.0])), "manifest"),
        (_array("words", np.frombuffer(b'["a","a"]', dtype=np.uint8)), "words"),
        (_array("words", np.frombuffer(b"[1]", dtype=np.uint8)), "words"),
        (_array("characters", np.frombuffer(b"{not json", dtype=np.uint8)), "characters"),
        (_array("words_idf", np.ones(1)), "words_idf"),
        (_array("hidden_weights", np.ones((3, 2))), "hidden_weights"),
        (_array("output_bias", np.array([np.nan, 0, 0])), "output_bias"),
        (_array("ngram_bias", np.array(["a", "b", "c"])), "ngram_bias"),
        (_array("ngram_weights", None), "ngram_weights"),
    ],
)
def test_a_wrong_model_file_is_refused_with_its_field(
    file: Path, change: Callable[[dict[str, NDArray[Any]]], None], field: str
) -> None:
    with np.load(file) as archive:
        arrays = dict(archive)
    change(arrays)
    np.savez(file, **arrays)

    with pytest.raises(ModelFileError) as refused:
        load(file, embedding=EMBEDDING.name, known={"size", "price", "stock"})

    assert refused.value.field == field
    assert f"model.npz: {field}: " in str(refused.value)


class Surprise:
    """What a malicious file would run when unpickled."""

    def __reduce__(self) -> tuple[Callable[[Path], None], tuple[Path]]:
        return Path.touch, (Path("unpickled"),)


@pytest.mark.parametrize("disguise", ["pickle", "array of objects", "text", "nothing"])
def test_a_file_that_is_no_archive_of_numbers_is_refused_and_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disguise: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "model.npz"
    if disguise == "array of objects":
        np.savez(path, allow_pickle=True, manifest=np.array([Surprise()], dtype=object))
    else:
        path.write_bytes({"pickle": pickle.dumps(Surprise()), "text": b"hello", "nothing": b""}[disguise])

    with pytest.raises(ModelFileError) as refused:
        load(path, embedding=EMBEDDING.name)

    assert refused.value.field == "file"
    assert not (tmp_path / "unpickled").exists()


def test_of_many_examples_each_intent_keeps_its_share_and_whole_sentences_go_first() -> None:
    many = [Example(f"a {number}", "a", origin="phrase" if number < 5 else f"a {number}") for number in range(9)]
    few = [Example(f"b {number}", "b", origin=f"b {number}") for number in range(2)]

    kept = for_other_languages([*many, *few], 6)

    assert [each.text for each in kept] == ["a 5", "b 0", "a 6", "b 1", "a 7", "a 8"]
    assert len(for_other_languages([*many, *few], 20)) == 11


@pytest.mark.parametrize("text", ["cancel my subscription box", "I don't want the plan to go on after March"])
async def test_an_intent_with_few_examples_is_told_beside_those_with_many(text: str) -> None:
    beside = {"cancel_order", "delete_account", "newsletter_subscription"}
    many = [each for each in shipped_examples() if each.intent in beside]
    few = [
        Example(written, "end_subscription", origin=written)
        for written in (
            "I want to end my monthly coffee box",
            "Please stop the automatic renewal",
            "How do I get out of my yearly plan?",
            "Don't renew my membership next month",
            "I no longer need the weekly meal kit, stop it",
        )
    ]
    classifier = LinearIntent(EMBEDDING, known=None, model=await train([*many, *few], EMBEDDING))

    found, other = await classifier.classify(text), await classifier.classify("please cancel order 8812")

    assert (found.intent, other.intent) == ("end_subscription", "cancel_order")
