"""Intent models: training them from an administrator's examples, and choosing the one that is active."""

from __future__ import annotations

import asyncio
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from shared.desk.intent_examples import Given, as_csv, checked_examples, counts
from shared.desk.texts import NAME_CHARACTERS, checked_text
from shared.engines.intent.examples import shipped_examples
from shared.engines.intent.linear import SHIPPED_MODEL
from shared.engines.intent.shipped_report import shipped_report
from shared.engines.intent.training_process import TrainedModel, TrainingRefused, train_apart
from shared.errors import Conflict, NotFound
from shared.models.base import derived_id, now
from shared.models.intents import (
    SHIPPED,
    ActiveIntentModel,
    IntentCount,
    IntentModelRecord,
    LabelledText,
    StoredIntentModel,
    TrainingState,
)
from shared.security.principal import Principal
from shared.settings import Settings
from shared.store.intent_models import IntentModelStore

MOST_LISTED = 100
MOST_ATTEMPTS = 10
"""A training that was begun so often without coming to an end is given up."""

_UNKNOWN = "There is no such intent model."


@dataclass(frozen=True)
class ModelList:
    """The models, newest first, the shipped one last, and which is active."""

    models: list[IntentModelRecord]
    active: str


class IntentModels:
    """The use cases around intent models, and the steps of their training."""

    def __init__(self, store: IntentModelStore, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        # A training takes a core and some hundred megabytes, and the worker has customers to serve.
        self._training = asyncio.Lock()

    async def create(
        self,
        principal: Principal,
        name: str,
        given: Sequence[Given],
        *,
        with_default_examples: bool,
        client_model_id: str | None,
    ) -> IntentModelRecord:
        """A new model to be trained, or for a repeated `client_model_id` the one of the first time.

        Raises InvalidRequest and Unavailable.
        """
        cleaned = checked_text(name, NAME_CHARACTERS, "name")
        version = derived_id("intent-model", principal.id, client_model_id or secrets.token_hex(16))
        stored = await self._store.get(version)
        if stored is None:
            examples = await asyncio.to_thread(checked_examples, given, with_default_examples=with_default_examples)
            stored = await self._store.create(await self._new_record(principal, version, cleaned, examples))
        return stored.record(await self._active_version())

    async def _new_record(
        self, principal: Principal, version: str, name: str, examples: list[LabelledText]
    ) -> StoredIntentModel:
        # The examples first: a record never names what is not there.
        examples_blob = await self._store.put_examples(version, examples)
        return StoredIntentModel(
            id=version,
            name=name,
            created_at=now(),
            created_by=principal.id,
            created_by_name=principal.account.full_name,
            examples=len(examples),
            intents=[IntentCount(intent=each, examples=count) for each, count in sorted(counts(examples).items())],
            examples_blob=examples_blob,
        )

    async def listed(self) -> ModelList:
        """All models, without the examples in their reports."""
        stored, active = await asyncio.gather(self._store.newest(MOST_LISTED), self._store.active())
        version = SHIPPED if active is None else active.version
        records = [_without_examples(each.record(version)) for each in stored]
        return ModelList([*records, _without_examples(await self._shipped(active))], version)

    async def get(self, version: str) -> IntentModelRecord:
        """One model with its whole report. Raises NotFound."""
        if version == SHIPPED:
            return await self._shipped(await self._store.active())
        return (await self._stored(version)).record(await self._active_version())

    async def examples(self, version: str) -> bytes:
        """What a model was trained on, as CSV. Raises NotFound and Unavailable."""
        if version == SHIPPED:
            return await asyncio.to_thread(lambda: as_csv(_default_examples()))
        examples = await self._store.examples(await self._stored(version))
        return await asyncio.to_thread(as_csv, examples)

    async def activate(self, principal: Principal, version: str) -> IntentModelRecord:
        """Makes a model the active one, which every worker follows within seconds. Raises NotFound and Conflict."""
        moment = now()

        def decide(record: StoredIntentModel | None) -> ActiveIntentModel:
            if record is not None and record.state is not TrainingState.READY:
                raise Conflict(f"The model cannot be activated: its training is {_WORDS[record.state]}.")
            return ActiveIntentModel(
                version=version,
                model_blob=None if record is None else record.model_blob,
                model_digest=None if record is None else record.model_digest,
                multilingual_blob=None if record is None else record.multilingual_blob,
                multilingual_digest=None if record is None else record.multilingual_digest,
                activated_at=moment,
                activated_by=principal.id,
            )

        await self._store.activate(None if version == SHIPPED else _checked(version), decide)
        return await self.get(version)

    async def remove(self, version: str) -> None:
        """Removes a model with its files; one that is gone stays so. Raises Conflict for the active and the shipped."""
        if version == SHIPPED:
            raise Conflict("The shipped model stays.")

        def refuse(active: ActiveIntentModel | None) -> None:
            if active is not None and active.version == version:
                raise Conflict("The model is active: activate another one first.")

        await self._store.remove(_checked(version), refuse)

    async def train(self, version: str) -> str:
        """Trains a model and writes what came of it; tells its state. Can be repeated.

        Raises TrainingInterrupted and Unavailable, after which trying again may help.
        """
        async with self._training:
            try:
                return await self._train(version)
            except NotFound:
                return "removed"

    async def _train(self, version: str) -> str:
        begun = await self._store.change(version, _begin)
        if begun.state is not TrainingState.TRAINING:
            return begun.state.value
        try:
            examples = await self._store.examples(begun)
            trained = await train_apart(examples, self._settings.intent_training_seconds)
        except (TrainingRefused, NotFound) as error:
            return await self._fail(version, str(error))
        return await self._finish(version, trained)

    async def _finish(self, version: str, trained: TrainedModel) -> str:
        blob, digest = await self._store.put_model(version, trained.model)
        other, others_digest = await self._store.put_model(version, trained.multilingual, "multilingual")

        def finish(record: StoredIntentModel) -> StoredIntentModel:
            if record.state is not TrainingState.TRAINING:
                return record
            return record.model_copy(
                update={
                    "state": TrainingState.READY,
                    "report": trained.report,
                    "model_blob": blob,
                    "model_digest": digest,
                    "multilingual_blob": other,
                    "multilingual_digest": others_digest,
                }
            )

        try:
            return (await self._store.change(version, finish)).state.value
        except NotFound:
            # Removed in the meantime: what was just written would stay for ever.
            await self.remove(version)
            raise

    async def give_up(self, version: str) -> str:
        """Ends a training that failed again and again; tells the model's state."""
        try:
            return await self._fail(version, "The training was interrupted several times. Train once more.")
        except NotFound:
            return "removed"

    async def _fail(self, version: str, problem: str) -> str:
        def fail(record: StoredIntentModel) -> StoredIntentModel:
            if record.state is not TrainingState.TRAINING:
                return record
            return record.model_copy(update={"state": TrainingState.FAILED, "problem": problem})

        return (await self._store.change(version, fail)).state.value

    async def overdue(self) -> list[str]:
        """Versions whose training may have been lost in a crash; ends removals that were."""
        before = now() - timedelta(seconds=self._settings.sweep_after_seconds)
        stored = await self._store.newest(MOST_LISTED, with_removed=True)
        for each in stored:
            if each.removing:
                await self.remove(each.id)
        return [
            each.id
            for each in stored
            if each.state is TrainingState.TRAINING and not each.removing and each.created_at < before
        ]

    async def _active_version(self) -> str:
        active = await self._store.active()
        return SHIPPED if active is None else active.version

    async def _stored(self, version: str) -> StoredIntentModel:
        stored = await self._store.get(_checked(version))
        if stored is None:
            raise NotFound(_UNKNOWN)
        return stored

    async def _shipped(self, active: ActiveIntentModel | None) -> IntentModelRecord:
        chosen = active is None or active.version == SHIPPED
        record = await asyncio.to_thread(_shipped_record)
        activated_at = active.activated_at if active is not None and chosen else None
        return record.model_copy(update={"active": chosen, "activated_at": activated_at})


_WORDS = {TrainingState.TRAINING: "not done yet", TrainingState.FAILED: "failed", TrainingState.READY: "done"}


def _begin(record: StoredIntentModel) -> StoredIntentModel:
    if record.state is not TrainingState.TRAINING:
        return record
    if record.attempts >= MOST_ATTEMPTS:
        problem = f"The training was begun {record.attempts} times and never came to its end."
        return record.model_copy(update={"state": TrainingState.FAILED, "problem": problem})
    return record.model_copy(update={"attempts": record.attempts + 1})


def _checked(version: str) -> str:
    """The version as records have it. Raises NotFound for what can be none."""
    try:
        return str(uuid.UUID(version))
    except ValueError:
        raise NotFound(_UNKNOWN) from None


def _without_examples(record: IntentModelRecord) -> IntentModelRecord:
    if record.report is None:
        return record
    confusions = [each.model_copy(update={"examples": []}) for each in record.report.confusions]
    report = record.report.model_copy(update={"to_look_at": [], "confusions": confusions})
    return record.model_copy(update={"report": report})


def _default_examples() -> list[LabelledText]:
    return [LabelledText(text=each.text, intent=each.intent, origin=each.origin) for each in shipped_examples()]


@lru_cache(maxsize=1)
def _shipped_record() -> IntentModelRecord:
    of_intent = counts(_default_examples())
    return IntentModelRecord(
        version=SHIPPED,
        name=SHIPPED,
        state=TrainingState.READY,
        problem=None,
        created_at=datetime.fromtimestamp(SHIPPED_MODEL.stat().st_mtime, UTC),
        created_by_name=None,
        examples=of_intent.total(),
        intents=[IntentCount(intent=each, examples=count) for each, count in sorted(of_intent.items())],
        active=False,
        activated_at=None,
        report=shipped_report(),
    )
