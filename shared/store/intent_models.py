"""Intent models: records in the `control` container, examples and model files in Blob Storage."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Callable, Sequence

from pydantic import TypeAdapter

from shared.errors import NotFound, Unavailable
from shared.media.blobs import Blobs
from shared.models.intents import SCOPE, ActiveIntentModel, LabelledText, StoredIntentModel
from shared.store.control import ControlStore, Items

CONTAINER = "intent-models"

LARGEST_MODEL = 64 * 1024 * 1024
"""Bytes of a model file: as many as the engine takes."""

LARGEST_EXAMPLES = 32 * 1024 * 1024
"""Bytes of the compressed examples: far beyond what the API takes."""

ACTIVE = "active"
_LINES = TypeAdapter(list[LabelledText])


class IntentModelStore:
    """Reads and writes of everything around trained intent models."""

    def __init__(self, control: ControlStore, blobs: Blobs) -> None:
        self._control = control
        self._blobs = blobs

    async def create(self, record: StoredIntentModel) -> StoredIntentModel:
        """Stores a new record; a repeated call gives the one stored first."""
        return StoredIntentModel.model_validate(await self._control.create(record.item()))

    async def get(self, version: str) -> StoredIntentModel | None:
        """One record, or None; one that is being removed is gone."""
        item = await self._control.get(SCOPE, version)
        record = None if item is None else StoredIntentModel.model_validate(item)
        return None if record is None or record.removing else record

    async def newest(self, limit: int, *, with_removed: bool = False) -> list[StoredIntentModel]:
        """The records, the newest first; those that are being removed only when asked for."""
        items = await self._control.newest(SCOPE, "intent_model", limit)
        records = [StoredIntentModel.model_validate(item) for item in items]
        return [record for record in records if with_removed or not record.removing]

    async def active(self) -> ActiveIntentModel | None:
        """Which model is active; None when nobody ever chose one. Raises Unavailable."""
        item = await self._control.get(SCOPE, ACTIVE)
        return None if item is None else ActiveIntentModel.model_validate(item)

    async def change(self, version: str, decide: Callable[[StoredIntentModel], StoredIntentModel]) -> StoredIntentModel:
        """Writes what `decide`, a pure function, makes of the record. Raises NotFound and what `decide` raises."""
        written: list[StoredIntentModel] = []

        def become(before: Items) -> Items:
            written[:] = [decide(_present(before, version))]
            return {version: written[0].item()}

        await self._control.change(SCOPE, [version], become)
        return written[0]

    async def activate(
        self, version: str | None, decide: Callable[[StoredIntentModel | None], ActiveIntentModel]
    ) -> None:
        """Makes what `decide` says the active model, and notes it in the record, in one transaction.

        `version` is None for the shipped model, which has no record. Raises NotFound and what `decide` raises.
        """

        def become(before: Items) -> Items:
            record = None if version is None else _present(before, version)
            active = decide(record)
            after = {ACTIVE: active.item()}
            if record is not None:
                after[record.id] = record.model_copy(update={"activated_at": active.activated_at}).item()
            return after

        await self._control.change(SCOPE, [ACTIVE, *([] if version is None else [version])], become)

    async def remove(self, version: str, refuse: Callable[[ActiveIntentModel | None], None]) -> None:
        """Removes the record and its blobs, unless `refuse` raises; one that is gone is no error.

        The record goes last: what a crash leaves over is found again by whoever repeats the call.
        """

        def mark(before: Items) -> Items:
            active, item = before[ACTIVE], before[version]
            refuse(None if active is None else ActiveIntentModel.model_validate(active))
            if item is None:
                return {}
            # An activation writes the record too, so that of the two only one gets through.
            return {version: StoredIntentModel.model_validate(item).model_copy(update={"removing": True}).item()}

        await self._control.change(SCOPE, [ACTIVE, version], mark)
        await self._blobs.delete_all(CONTAINER, f"{version}/")
        await self._control.change(SCOPE, [version], lambda _: {version: None})

    async def put_examples(self, version: str, examples: Sequence[LabelledText]) -> str:
        """Stores what a model is trained on; the blob's name, which is that of its content."""
        content = await asyncio.to_thread(lambda: gzip.compress(_LINES.dump_json(list(examples)), mtime=0))
        name = f"{version}/examples-{hashlib.sha256(content).hexdigest()[:16]}.json.gz"
        await self._blobs.put(CONTAINER, name, content, "application/gzip")
        return name

    async def examples(self, record: StoredIntentModel) -> list[LabelledText]:
        """What the model was trained on. Raises NotFound and Unavailable."""
        content = await self._blobs.get(CONTAINER, record.examples_blob, LARGEST_EXAMPLES)
        if content is None:
            raise NotFound("The examples of this model are gone.")
        return await asyncio.to_thread(lambda: _LINES.validate_json(gzip.decompress(content)))

    async def put_model(self, version: str, model: bytes, kind: str = "model") -> tuple[str, str]:
        """Stores a model file; the blob's name, which begins with its kind, and its digest."""
        digest = hashlib.sha256(model).hexdigest()
        name = f"{version}/{kind}-{digest[:16]}.npz"
        await self._blobs.put(CONTAINER, name, model, "application/octet-stream")
        return name, digest

    async def model(self, active: ActiveIntentModel) -> bytes:
        """The file of the active model, as it was stored. Raises Unavailable."""
        return await self._file(active.model_blob, active.model_digest)

    async def multilingual(self, active: ActiveIntentModel) -> bytes | None:
        """The file of its part for other languages, as it was stored; None when it has none. Raises Unavailable."""
        if active.multilingual_blob is None:
            return None
        return await self._file(active.multilingual_blob, active.multilingual_digest)

    async def _file(self, blob: str | None, digest: str | None) -> bytes:
        content = None if blob is None else await self._blobs.get(CONTAINER, blob, LARGEST_MODEL)
        if content is None:
            raise Unavailable("The file of the intent model is not there.")
        if hashlib.sha256(content).hexdigest() != digest:
            raise Unavailable("The file of the intent model is not the one that was stored.")
        return content


def _present(items: Items, version: str) -> StoredIntentModel:
    item = items[version]
    record = None if item is None else StoredIntentModel.model_validate(item)
    if record is None or record.removing:
        raise NotFound("There is no such intent model.")
    return record
