"""Intent models that administrators train: their records, and the reports on them."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from shared.models.base import Model, Stored, Timestamp

SHIPPED = "shipped"
"""The version of the model that comes with the product."""

SCOPE = "intent_models"
"""Where the records live in the `control` container."""


class TrainingState(StrEnum):
    TRAINING = "training"
    READY = "ready"
    FAILED = "failed"


class LabelledText(Model):
    """An example as it is kept and trained on."""

    text: str
    intent: str
    origin: str
    """What the text was made from; texts of one origin are never on both sides of a validation."""


class IntentCount(Model):
    intent: str
    examples: int


class Confusion(Model):
    """How often examples of one intent were taken for another."""

    intent: str
    mistaken_for: str
    count: int
    examples: list[str]
    """Up to three of them, those that the model was surest of."""


class IntentScores(Model):
    """How well one intent is told."""

    intent: str
    examples: int
    """How many were read; examples made from phrases are learnt from, but not counted here."""
    precision: float = Field(ge=0, le=1)
    """Of the texts read as this intent, the share that are."""
    recall: float = Field(ge=0, le=1)
    """Of this intent's examples, the share that are read as it."""
    f1: float = Field(ge=0, le=1)


class ExampleToLookAt(Model):
    """An example that may be labelled wrongly, or says too little."""

    text: str
    intent: str
    predicted: str
    confidence: float = Field(ge=0, le=1)
    why: Literal["misread", "unsure", "near_duplicate_of_another_intent"]
    similar_text: str | None = None
    """For a near duplicate: the example of the other intent."""


class MultilingualScores(Model):
    """How well the model told intents that reads what nothing translates into English.

    By cross-validation on the examples, in their own language: in others it reads somewhat worse.
    """

    examples: int
    """How many it was trained on: of many, so many of each intent that training does not take too long."""
    accuracy: float = Field(ge=0, le=1)
    macro_f1: float = Field(ge=0, le=1)


class IntentReport(Model):
    """How models that had not seen them read the examples, fold by fold: what to expect of the whole model."""

    accuracy: float = Field(ge=0, le=1)
    """Share of all examples that are read as the intent they were given."""
    macro_f1: float = Field(ge=0, le=1)
    """Mean F1 of all intents, each counting the same."""
    out_of_scope_recall: float | None = Field(ge=0, le=1)
    """Share of the out-of-scope examples that are told as such; null when there are none."""
    answered: float = Field(ge=0, le=1)
    """Share of the other examples that are read as some intent instead of being declined."""
    folds: int
    confusions: list[Confusion]
    """The most frequent first."""
    per_intent: list[IntentScores]
    """The worst first."""
    to_look_at: list[ExampleToLookAt]
    multilingual: MultilingualScores | None = None
    """Null for a model that has no part for other languages, as those trained before there was one."""
    trained_in_seconds: float = Field(ge=0)


class IntentModelRecord(Model):
    """A trained intent model, as the API shows it."""

    version: str
    """Its id; `shipped` for the one that comes with the product."""
    name: str
    state: TrainingState
    problem: str | None
    """Why the training failed."""
    created_at: Timestamp
    """For the shipped model, when it was installed."""
    created_by_name: str | None
    """Null for the shipped model."""
    examples: int
    """How many it was trained on, default ones included."""
    intents: list[IntentCount]
    active: bool
    """Whether customers' messages are read with it."""
    activated_at: Timestamp | None
    """When it was activated last."""
    report: IntentReport | None
    """In a list without examples; null while there is none."""


class StoredIntentModel(Stored):
    """The record as it is kept."""

    kind: Literal["intent_model"] = "intent_model"
    scope: str = SCOPE
    id: str
    name: str
    state: TrainingState = TrainingState.TRAINING
    problem: str | None = None
    created_at: Timestamp
    created_by: str
    created_by_name: str
    examples: int
    intents: list[IntentCount]
    examples_blob: str
    attempts: int = 0
    """How often the training was begun: a crash may interrupt it."""
    model_blob: str | None = None
    model_digest: str | None = None
    """SHA-256 of the model file, in hexadecimal."""
    multilingual_blob: str | None = None
    """The part for other languages; null in models that were trained before there was one."""
    multilingual_digest: str | None = None
    report: IntentReport | None = None
    activated_at: Timestamp | None = None
    removing: bool = False
    """True once somebody removed it: its blobs go first, then the record itself."""

    def record(self, active_version: str) -> IntentModelRecord:
        """The record for the API."""
        return IntentModelRecord(
            version=self.id,
            name=self.name,
            state=self.state,
            problem=self.problem,
            created_at=self.created_at,
            created_by_name=self.created_by_name,
            examples=self.examples,
            intents=self.intents,
            active=self.id == active_version,
            activated_at=self.activated_at,
            report=self.report,
        )


class ActiveIntentModel(Stored):
    """Which model reads customers' messages: the one document that every worker looks at."""

    kind: Literal["active_intent_model"] = "active_intent_model"
    scope: str = SCOPE
    id: str = "active"
    version: str
    model_blob: str | None = None
    """Null for the shipped model."""
    model_digest: str | None = None
    multilingual_blob: str | None = None
    multilingual_digest: str | None = None
    activated_at: Timestamp
    activated_by: str
