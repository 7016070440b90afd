"""Records of intent models and their files: repeated writes, and writers that meet."""

from __future__ import annotations

import asyncio
import uuid

import pytest
import pytest_asyncio

from shared.errors import Conflict, NotFound, Unavailable
from shared.media.blobs import Blobs
from shared.models.base import now
from shared.models.intents import ActiveIntentModel, IntentCount, LabelledText, StoredIntentModel, TrainingState
from shared.store.control import ControlStore
from shared.store.intent_models import CONTAINER, IntentModelStore

pytestmark = pytest.mark.asyncio(loop_scope="session")

EXAMPLES = [LabelledText(text="Where is it? 👋", intent="track_order", origin="Where is it? 👋")]


@pytest_asyncio.fixture(loop_scope="session")
async def store(control: ControlStore, blobs: Blobs) -> IntentModelStore:
    return IntentModelStore(control, blobs)


async def a_record(store: IntentModelStore, **changes: object) -> StoredIntentModel:
    version = str(uuid.uuid4())
    record = StoredIntentModel(
        id=version,
        name="Own",
        created_at=now(),
        created_by="admin",
        created_by_name="Test Administrator",
        examples=1,
        intents=[IntentCount(intent="track_order", examples=1)],
        examples_blob=await store.put_examples(version, EXAMPLES),
    )
    return await store.create(record.model_copy(update=changes))


async def activate(store: IntentModelStore, record: StoredIntentModel) -> None:
    blob, digest = await store.put_model(record.id, b"model of " + record.id.encode())
    other, others_digest = await store.put_model(record.id, b"others of " + record.id.encode(), "multilingual")
    await store.activate(
        record.id,
        lambda _: ActiveIntentModel(
            version=record.id,
            model_blob=blob,
            model_digest=digest,
            multilingual_blob=other,
            multilingual_digest=others_digest,
            activated_at=now(),
            activated_by="admin",
        ),
    )


def unless_active(version: str) -> object:
    def refuse(active: ActiveIntentModel | None) -> None:
        if active is not None and active.version == version:
            raise Conflict("active")

    return refuse


async def remove(store: IntentModelStore, version: str) -> None:
    await store.remove(version, unless_active(version))  # type: ignore[arg-type]


async def test_a_record_is_stored_once_and_found_newest_first(store: IntentModelStore) -> None:
    first, second = await a_record(store), await a_record(store)

    again = await store.create(first.model_copy(update={"name": "Another"}))

    assert again == first == await store.get(first.id)
    assert [each.id for each in await store.newest(2)] == [second.id, first.id]
    assert await store.get(str(uuid.uuid4())) is None


async def test_examples_come_back_as_they_were(store: IntentModelStore) -> None:
    assert await store.examples(await a_record(store)) == EXAMPLES
    with pytest.raises(NotFound):
        await store.examples(await a_record(store, examples_blob="nowhere"))


async def test_changes_that_meet_are_all_made(store: IntentModelStore) -> None:
    record = await a_record(store)

    def one_more(current: StoredIntentModel) -> StoredIntentModel:
        return current.model_copy(update={"attempts": current.attempts + 1})

    await asyncio.gather(*(store.change(record.id, one_more) for _ in range(4)))

    stored = await store.get(record.id)
    assert stored is not None
    assert stored.attempts == 4
    with pytest.raises(NotFound):
        await store.change(str(uuid.uuid4()), one_more)


async def test_the_active_model_is_one_and_its_file_is_the_one_that_was_stored(store: IntentModelStore) -> None:
    first, second = await a_record(store), await a_record(store)
    for record in (first, second):
        await activate(store, record)

    active = await store.active()
    assert active is not None
    assert (active.version, await store.model(active)) == (second.id, b"model of " + second.id.encode())
    assert await store.multilingual(active) == b"others of " + second.id.encode()
    assert await store.multilingual(active.model_copy(update={"multilingual_blob": None})) is None
    with pytest.raises(Unavailable):
        await store.multilingual(active.model_copy(update={"multilingual_digest": active.model_digest}))
    stored = await store.get(second.id)
    assert stored is not None
    assert stored.activated_at == active.activated_at


async def test_a_file_that_is_gone_or_another_is_not_served(store: IntentModelStore, blobs: Blobs) -> None:
    await activate(store, await a_record(store))
    active = await store.active()
    assert active is not None
    assert active.model_blob is not None

    await blobs.put(CONTAINER, active.model_blob, b"another", "application/octet-stream")
    with pytest.raises(Unavailable, match="not the one"):
        await store.model(active)
    await blobs.delete_all(CONTAINER, active.model_blob)
    with pytest.raises(Unavailable, match="not there"):
        await store.model(active)


async def test_what_is_removed_is_gone_with_its_files_and_may_be_removed_again(
    store: IntentModelStore, blobs: Blobs
) -> None:
    record = await a_record(store)

    for _ in range(2):
        await remove(store, record.id)

    assert await store.get(record.id) is None
    assert await blobs.get(CONTAINER, record.examples_blob, 1000) is None
    with pytest.raises(NotFound):
        await activate(store, record)


async def test_a_removal_that_was_interrupted_is_hidden_and_found_by_who_ends_it(store: IntentModelStore) -> None:
    record = await a_record(store, removing=True)

    assert await store.get(record.id) is None
    assert record.id not in {each.id for each in await store.newest(5)}
    assert record.id in {each.id for each in await store.newest(5, with_removed=True)}
    with pytest.raises(NotFound):
        await activate(store, record)


async def test_the_active_model_is_not_removed(store: IntentModelStore, blobs: Blobs) -> None:
    record = await a_record(store, state=TrainingState.READY)
    await activate(store, record)

    with pytest.raises(Conflict):
        await remove(store, record.id)

    assert await store.examples(record) == EXAMPLES


async def test_of_an_activation_and_a_removal_at_once_one_gets_through(store: IntentModelStore) -> None:
    for _ in range(5):
        record = await a_record(store, state=TrainingState.READY)

        outcomes = await asyncio.gather(activate(store, record), remove(store, record.id), return_exceptions=True)

        active = await store.active()
        is_active = active is not None and active.version == record.id
        assert is_active == (await store.get(record.id) is not None)
        assert [type(each) for each in outcomes] == ([type(None), Conflict] if is_active else [NotFound, type(None)])
