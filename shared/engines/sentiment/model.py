"""The sentiment heads' numbers, as a file that anybody can read and no program can be hidden in."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, ValidationError, model_validator

from shared.engines.embedding import DIMENSIONS
from shared.engines.reasoning.escalation import ANGRY
from shared.engines.sentiment.features import SURFACE, Vector
from shared.models.analysis import SentimentLabel
from shared.models.base import Model

FILE = Path(__file__).with_name("model.json")
FOREIGN_FILE = Path(__file__).with_name("multilingual.json")
"""The heads over the multilingual embedding."""

LEARNED = (SentimentLabel.POSITIVE, SentimentLabel.NEUTRAL, SentimentLabel.NEGATIVE)
"""The labels that exclude each other. Whether a text is mixed is a question of its own: it is as much positive as it is
negative, and asked for as a fourth label it would take away from both."""

SIGNS = ("mixed", "anger", "urgency")
"""What a text has or has not, whatever else it has."""

WIDTH = DIMENSIONS + len(SURFACE)
"""How many features a text has."""


class SentimentModelError(ValueError):
    """The model file cannot be used; the message names the file and the field."""


class Sign(Model):
    """A logistic regression that tells one thing; calibration is in its numbers already."""

    weights: tuple[float, ...]
    bias: float

    @model_validator(mode="after")
    def _is_whole(self) -> Sign:
        if len(self.weights) != WIDTH:
            raise ValueError(f"weights: {WIDTH} numbers expected, found {len(self.weights)}")
        if not np.isfinite([*self.weights, self.bias]).all():
            raise ValueError("weights: every number must be finite")
        return self


class HeadModel(Model):
    """A logistic regression with one row of weights for each learned label, and one for each sign."""

    version: Literal[2]
    embedding: str
    """Name of the embedding that it was trained on."""
    surface: tuple[str, ...]
    """Names of the features after the embedding."""
    labels: tuple[SentimentLabel, ...]
    weights: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]
    temperature: float = Field(gt=0, allow_inf_nan=False)
    """Divides the sums before they become probabilities, so that these are as sure as they ought to be."""
    mixed: Sign
    anger: Sign
    urgency: Sign

    @model_validator(mode="after")
    def _is_whole(self) -> HeadModel:
        if sorted(self.labels) != sorted(LEARNED):
            raise ValueError(f"labels: must be each of {', '.join(LEARNED)} once")
        if self.surface != SURFACE:
            raise ValueError("surface: is not what this program computes; train the model again")
        if len(self.bias) != len(self.labels):
            raise ValueError(f"bias: {len(self.labels)} numbers expected, found {len(self.bias)}")
        if len(self.weights) != len(self.labels) or any(len(row) != WIDTH for row in self.weights):
            raise ValueError(f"weights: {len(self.labels)} rows of {WIDTH} numbers expected")
        if not (np.isfinite(self.weights).all() and np.isfinite(self.bias).all()):
            raise ValueError("weights: every number must be finite")
        return self

    def probabilities(self, features: Vector) -> dict[str, Vector]:
        """For each row of features the probability of each label, which add up to 1, of anger and of urgency."""
        matrix, bias = self._numbers
        sums = features @ matrix + bias
        learned = _shares(sums[:, : len(self.labels)])
        mixed, anger, urgency = _chances(sums[:, len(self.labels) :]).T
        pleased, displeased = (self.labels.index(label) for label in (SentimentLabel.POSITIVE, SentimentLabel.NEGATIVE))
        # Nobody is angry and pleased: shouting, which either may do, must not make a threat read as a praise.
        moved = learned[:, pleased] * np.where(anger >= ANGRY, anger, 0)
        learned[:, displeased] += moved
        learned[:, pleased] -= moved
        found = {label.value: learned[:, place] * (1 - mixed) for place, label in enumerate(self.labels)}
        return found | {"mixed": mixed, "anger": anger, "urgency": urgency}

    @cached_property
    def _numbers(self) -> tuple[Vector, Vector]:
        """All weights, one column for each question, and what is added to their sums."""
        signs: list[Sign] = [getattr(self, name) for name in SIGNS]
        labels = np.array(self.weights) / self.temperature, np.array(self.bias) / self.temperature
        weights = np.vstack([labels[0], [sign.weights for sign in signs]]).T
        return np.ascontiguousarray(weights), np.append(labels[1], [sign.bias for sign in signs])


def _shares(sums: Vector) -> Vector:
    powers = np.exp(sums - sums.max(axis=1, keepdims=True))
    shares: Vector = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _chances(sums: Vector) -> Vector:
    chances: Vector = 1 / (1 + np.exp(-np.clip(sums, -30, 30)))
    return chances


def load_model(path: Path, *, embedding: str) -> HeadModel:
    """The model in the file, for the embedding of that name. Raises SentimentModelError naming what is wrong."""
    try:
        model = HeadModel.model_validate_json(path.read_bytes())
    except OSError as error:
        raise SentimentModelError(f"{path.name}: cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SentimentModelError(f"{path.name}: {where + ': ' if where else ''}{first['msg']}") from error
    if model.embedding != embedding:
        raise SentimentModelError(f"{path.name}: embedding: trained on {model.embedding}, but {embedding} is in use")
    return model
