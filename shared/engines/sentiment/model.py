"""The sentiment head's numbers, as a file that anybody can read and no program can be hidden in."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, ValidationError, model_validator

from shared.engines.embedding import DIMENSIONS
from shared.engines.sentiment.features import SURFACE, Vector
from shared.models.analysis import SentimentLabel
from shared.models.base import Model

FILE = Path(__file__).with_name("model.json")

LEARNED = (SentimentLabel.POSITIVE, SentimentLabel.NEUTRAL, SentimentLabel.NEGATIVE)
"""The labels that the head tells apart."""

WIDTH = DIMENSIONS + len(SURFACE)
"""How many features a text has."""


class SentimentModelError(ValueError):
    """The model file cannot be used; the message names the file and the field."""


class HeadModel(Model):
    """A logistic regression: one row of weights for each label."""

    version: Literal[1]
    embedding: str
    """Name of the embedding that it was trained on."""
    surface: tuple[str, ...]
    """Names of the features after the embedding."""
    labels: tuple[SentimentLabel, ...]
    weights: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]
    temperature: float = Field(gt=0)
    """Divides the sums before they become probabilities, so that these are as sure as they ought to be."""

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

    def probabilities(self, features: Vector) -> Vector:
        """One row for each row of features, in the order of `labels`; each adds up to 1."""
        sums = (features @ np.array(self.weights).T + np.array(self.bias)) / self.temperature
        powers = np.exp(sums - sums.max(axis=1, keepdims=True))
        shares: Vector = powers / powers.sum(axis=1, keepdims=True)
        return shares


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
