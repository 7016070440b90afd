"""Which intent model serves, while models come, go and fail to load."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import pytest
import pytest_asyncio

from shared.engines.chain import NotServed
from shared.engines.embedding import EmbeddingEngine
from shared.engines.embedding.minilm import MiniLmEmbedding
from shared.engines.embedding.multilingual import MultilingualEmbedding
from shared.engines.intent.active import ActiveIntent, ForeignIntent
from shared.engines.intent.examples import Example
from shared.engines.intent.model import to_bytes
from shared.engines.intent.training import train_validated
from shared.errors import Unavailable
from shared.models.base import now
from shared.models.intents import SHIPPED, ActiveIntentModel
from tests.contract.storage.world import eventually

EMBEDDING, MULTILINGUAL = MiniLmEmbedding(), MultilingualEmbedding()
GERMAN = "wie groß ist der Kleiderschrank"
QUESTION = "how big is the wardrobe"


async def a_model(*intents: str, embedding: EmbeddingEngine = EMBEDDING) -> bytes:
    things = ["table", "sofa", "lamp", "chair", "shelf", "desk"]
    templates = ["how big is the {}", "what does the {} cost"]
    texts = [(template.format(thing), i) for i, template in enumerate(templates) for thing in things]
    examples = [Example(text, intents[i], origin=text) for text, i in texts]
    return to_bytes((await train_validated(examples, embedding, with_ngrams=embedding is EMBEDDING)).model)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sizes() -> bytes:
    return await a_model("size", "price")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def foreign_sizes() -> bytes:
    return await a_model("size", "price", embedding=MULTILINGUAL)


class Shelf:
    """Where models are found: what is active, and the files."""

    def __init__(self, **files: bytes) -> None:
        self.files = files
        self.foreign_files: dict[str, bytes] = {}
        self.chosen: str | None = None
        self.failure: Exception | None = None
        self.looks = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.looked = asyncio.Event()

    async def active(self) -> ActiveIntentModel | None:
        self.looks += 1
        self.looked.set()
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        if self.chosen is None:
            return None
        return ActiveIntentModel(version=self.chosen, activated_at=now(), activated_by="admin")

    async def model(self, active: ActiveIntentModel) -> bytes:
        if active.version not in self.files:
            raise Unavailable("The file of the intent model is not there.")
        return self.files[active.version]

    async def multilingual(self, active: ActiveIntentModel) -> bytes | None:
        return self.foreign_files.get(active.version)


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def an_engine(shelf: Shelf, clock: Callable[[], float] | None = None) -> ActiveIntent:
    return ActiveIntent(EMBEDDING, shelf, multilingual=MULTILINGUAL, refresh_seconds=10, clock=clock or Clock())


async def answer(engine: ActiveIntent) -> tuple[str, str]:
    result = await engine.classify(QUESTION)
    return result.intent, result.engine


async def test_the_shipped_model_serves_until_another_is_active_and_again_afterwards(sizes: bytes) -> None:
    shelf = Shelf(own=sizes)
    engine = an_engine(shelf)
    assert (await answer(engine))[1] == "linear"

    shelf.chosen = "own"
    await engine.look()
    assert await answer(engine) == ("size", "linear:own")

    shelf.chosen = SHIPPED
    await engine.look()
    assert (await answer(engine))[1] == engine.name == "linear"


async def test_one_own_model_follows_another(sizes: bytes) -> None:
    shelf = Shelf(first=sizes, second=await a_model("dimensions", "price"))
    engine = an_engine(shelf)

    for version, intent in (("first", "size"), ("second", "dimensions")):
        shelf.chosen = version
        await engine.look()
        assert await answer(engine) == (intent, f"linear:{version}")


async def test_a_request_starts_a_look_but_does_not_wait_for_it(sizes: bytes) -> None:
    shelf = Shelf(own=sizes)
    shelf.chosen = "own"
    shelf.gate.clear()
    engine = an_engine(shelf)

    assert (await answer(engine))[1] == "linear"
    await shelf.looked.wait()
    assert (await answer(engine))[1] == "linear"

    shelf.gate.set()

    async def taken_over() -> tuple[str, str] | None:
        return None if engine.name == "linear" else await answer(engine)

    assert await eventually(taken_over, "the other model") == ("size", "linear:own")


async def test_looks_are_so_far_apart_and_never_two_at_once(sizes: bytes) -> None:
    shelf, clock = Shelf(own=sizes), Clock()
    engine = an_engine(shelf, clock)

    async def looks_after(seconds: float) -> int:
        clock.seconds += seconds
        await asyncio.gather(*(engine.classify(QUESTION) for _ in range(3)))
        return shelf.looks

    assert [await looks_after(seconds) for seconds in (0, 9.9, 0.2)] == [1, 1, 2]
    shelf.gate.clear()
    assert [await looks_after(seconds) for seconds in (10, 10, 10)] == [3, 3, 3]
    shelf.gate.set()


@pytest.mark.parametrize(
    "failure",
    [Unavailable("The database cannot be reached."), ConnectionError("refused"), TimeoutError()],
    ids=["unavailable", "connection", "time limit"],
)
async def test_what_cannot_be_asked_leaves_the_model_in_place(sizes: bytes, failure: Exception) -> None:
    shelf = Shelf(own=sizes)
    shelf.chosen = "own"
    engine = an_engine(shelf)
    await engine.look()

    shelf.failure, shelf.chosen = failure, SHIPPED
    await engine.look()
    assert await answer(engine) == ("size", "linear:own")

    shelf.failure = None
    await engine.look()
    assert engine.name == "linear"


async def test_a_model_that_cannot_be_loaded_is_not_taken_over_and_that_is_logged_once(
    sizes: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf(own=sizes, broken=sizes[:1000])
    engine = an_engine(shelf)
    for version in ("own", "broken", "broken", "missing"):
        shelf.chosen = version
        await engine.look()

    assert await answer(engine) == ("size", "linear:own")
    warnings = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(warnings) == 2
    assert "intent model broken: file" in warnings[0]
    assert "is not there" in warnings[1]


async def test_a_model_for_another_embedding_is_refused(sizes: bytes, caplog: pytest.LogCaptureFixture) -> None:
    class Other(MiniLmEmbedding):
        name = "another"

    shelf = Shelf(own=sizes)
    shelf.chosen = "own"
    engine = ActiveIntent(Other(), shelf, multilingual=MULTILINGUAL, refresh_seconds=10)
    await engine.look()

    assert engine.name == "linear"
    assert "manifest.embedding" in caplog.text


async def test_texts_that_nothing_translates_are_told_by_the_active_models_own_part(
    sizes: bytes, foreign_sizes: bytes
) -> None:
    shelf = Shelf(own=sizes)
    shelf.foreign_files["own"] = foreign_sizes
    engine = an_engine(shelf)
    foreign = ForeignIntent(engine)
    assert (await foreign.classify("Bitte löschen Sie mein Konto")).intent == "delete_account"

    shelf.chosen = "own"
    await engine.look()
    result = await foreign.classify(GERMAN)
    assert (result.intent, result.engine, foreign.name) == ("size", "linear-multilingual:own", result.engine)

    shelf.chosen = SHIPPED
    await engine.look()
    assert (await foreign.classify(GERMAN)).engine == foreign.name == "linear-multilingual"


async def test_a_model_without_such_a_part_tells_none_of_them(sizes: bytes) -> None:
    shelf = Shelf(own=sizes)
    shelf.chosen = "own"
    engine = an_engine(shelf)
    await engine.look()

    with pytest.raises(NotServed):
        await ForeignIntent(engine).classify(GERMAN)
    assert (await answer(engine))[0] == "size"


async def test_a_part_that_cannot_be_loaded_leaves_the_whole_model_in_place(
    sizes: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    shelf = Shelf(own=sizes)
    shelf.foreign_files["own"] = sizes
    shelf.chosen = "own"
    engine = an_engine(shelf)
    await engine.look()

    assert engine.name == "linear"
    assert "manifest.embedding" in caplog.text


async def test_a_text_that_nothing_translates_starts_a_look_too(sizes: bytes, foreign_sizes: bytes) -> None:
    shelf = Shelf(own=sizes)
    shelf.foreign_files["own"] = foreign_sizes
    shelf.chosen = "own"
    foreign = ForeignIntent(an_engine(shelf))

    async def taken_over() -> str | None:
        result = await foreign.classify(GERMAN)
        return result.intent if result.engine.endswith(":own") else None

    assert await eventually(taken_over, "the other model") == "size"
