"""The intent model as a file and in memory: two heads, fused. No pickle, so that loading it runs nothing."""

from __future__ import annotations

import io
import json
import math
import zipfile
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from shared.engines.embedding import DIMENSIONS
from shared.engines.intent import OUT_OF_SCOPE
from shared.engines.intent.features import Ngrams, plain
from shared.engines.intent.network import Layers
from shared.errors import FieldError, InvalidRequest
from shared.models.base import Model

FORMAT = 3
"""Version of the file's layout."""

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of a model file, and of all that is unpacked from it, beyond which it is refused."""


class ModelFileError(InvalidRequest):
    """A model file cannot be used; the message names the field and what would be right."""

    def __init__(self, name: str, field: str, problem: str) -> None:
        self.field = field
        super().__init__(f"intent model {name}: {field}: {problem}", [FieldError(field, problem)])


class Manifest(Model):
    """What a model file says of itself."""

    format: Literal[3]
    embedding: str
    """Name of the embedding that the model was trained on."""
    intents: Annotated[list[str], Field(min_length=2)]
    """In the order of the heads' outputs."""
    ngram_share: Annotated[float, Field(ge=0)]
    """Weight of the n-gram head's log-probabilities beside the embedding head's; 0 for a model without n-grams."""
    ngram_sharpness: Annotated[float, Field(gt=0)]
    """Factor that turns the n-gram head's margins into logits."""
    temperature: Annotated[float, Field(gt=0)]
    """Divides the fused logits so that a confidence of 0.9 is right nine times in ten."""
    threshold: Annotated[float, Field(ge=0, le=1)]
    """A text whose likeliest intent leads by less than this (`lead`) is taken to be out of scope."""
    examples: Annotated[int, Field(gt=0)]
    """How many examples the model was trained on."""


def lead(probabilities: NDArray[np.float32], intents: Sequence[str]) -> NDArray[np.float32]:
    """By how much the likeliest intent is likelier than that a text is out of scope; negative when it is not.

    Tells more of what is out of scope than the likeliest intent's probability alone (docs/engines.md).
    """
    if OUT_OF_SCOPE not in intents:
        return np.asarray(probabilities.max(axis=-1))
    nothing = intents.index(OUT_OF_SCOPE)
    likeliest = np.delete(probabilities, nothing, axis=-1).max(axis=-1)
    return np.asarray(likeliest - probabilities[..., nothing])


@dataclass(frozen=True)
class IntentModel:
    """Both heads, ready to be asked."""

    manifest: Manifest
    meaning: Layers
    """The head over embeddings."""
    characters: Ngrams
    words: Ngrams
    ngram_weights: NDArray[np.float32]
    """(character n-grams then word n-grams) × intents"""
    ngram_bias: NDArray[np.float32]

    def probabilities(self, text: str, embedding: NDArray[np.float32]) -> NDArray[np.float32]:
        """The probability of each intent for a text and its embedding."""
        manifest = self.manifest
        fused = _log_softmax(self.meaning.logits(embedding))
        if manifest.ngram_share:
            said = _log_softmax(np.float32(manifest.ngram_sharpness) * self._margins(text))
            fused = fused + np.float32(manifest.ngram_share) * said
        return np.exp(_log_softmax(fused / np.float32(manifest.temperature)))

    def _margins(self, text: str) -> NDArray[np.float32]:
        told = plain(text)
        columns, weights = self.characters.weigh(told)
        word_columns, word_weights = self.words.weigh(told)
        margins: NDArray[np.float32] = (
            weights @ self.ngram_weights[columns]
            + word_weights @ self.ngram_weights[word_columns + len(self.characters.vocabulary)]
            + self.ngram_bias
        )
        return margins


def save(model: IntentModel, path: Path) -> None:
    """Write the model to one file."""
    path.write_bytes(to_bytes(model))


def load(path: Path, *, embedding: str, known: Collection[str] | None = None) -> IntentModel:
    """The model in a file; refused like `from_bytes`, and when there is no such file."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ModelFileError(path.name, "file", "there is none at this path") from None
    except OSError as error:
        raise ModelFileError(path.name, "file", f"cannot be read ({type(error).__name__})") from error
    return from_bytes(data, name=path.name, embedding=embedding, known=known)


def to_bytes(model: IntentModel) -> bytes:
    """The model as the content of a file, the same bytes for the same model."""
    scale = np.maximum(np.abs(model.ngram_weights).max(axis=0, initial=0), 1e-9) / 127
    arrays: dict[str, NDArray[Any]] = {
        "manifest": _bytes(model.manifest.model_dump(mode="json")),
        "hidden_weights": model.meaning.hidden_weights.astype(np.float16),
        "hidden_bias": model.meaning.hidden_bias.astype(np.float32),
        "output_weights": model.meaning.output_weights.astype(np.float16),
        "output_bias": model.meaning.output_bias.astype(np.float32),
        "characters": _bytes(_in_order(model.characters.vocabulary)),
        "characters_idf": model.characters.idf.astype(np.float16),
        "words": _bytes(_in_order(model.words.vocabulary)),
        "words_idf": model.words.idf.astype(np.float16),
        # Eight bits a weight: the heads' answers do not change, and the file stays small.
        "ngram_weights": np.rint(model.ngram_weights / scale).astype(np.int8),
        "ngram_scale": scale.astype(np.float32),
        "ngram_bias": model.ngram_bias.astype(np.float32),
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            # A fixed date instead of now, so that an unchanged model is an unchanged file.
            with archive.open(zipfile.ZipInfo(f"{name}.npy", (2020, 1, 1, 0, 0, 0)), "w") as entry:
                np.lib.format.write_array(entry, np.ascontiguousarray(array), allow_pickle=False)
    return content.getvalue()


def from_bytes(data: bytes, *, name: str, embedding: str, known: Collection[str] | None = None) -> IntentModel:
    """The model in the content of a file called `name`.

    Raises ModelFileError when it is no such content, or was not trained for `embedding`, or tells intents that are not
    `known` (null: any will do).
    """
    return _Reader(name, data).model(embedding, known)


class _Reader:
    """Checks everything before it is used: a wrong model must be refused here, not answer wrongly later."""

    def __init__(self, name: str, data: bytes) -> None:
        self._name = name
        self._arrays = self._read(data)

    def model(self, embedding: str, known: Collection[str] | None) -> IntentModel:
        manifest = self._manifest(embedding, known)
        intents = len(manifest.intents)
        characters = self._ngrams("char", "characters", 2, 5)
        words = self._ngrams("word", "words", 1, 2)
        columns = len(characters.vocabulary) + len(words.vocabulary)
        scale = self._numbers("ngram_scale", (intents,))
        return IntentModel(
            manifest=manifest,
            meaning=self._layers(intents),
            characters=characters,
            words=words,
            ngram_weights=self._numbers("ngram_weights", (columns, intents)) * scale,
            ngram_bias=self._numbers("ngram_bias", (intents,)),
        )

    def _read(self, data: bytes) -> Mapping[str, NDArray[Any]]:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries = archive.infolist()
                if len(data) > LARGEST_FILE or sum(entry.file_size for entry in entries) > LARGEST_FILE:
                    raise self._wrong("file", f"is larger than {LARGEST_FILE} bytes")
                return {entry.filename.removesuffix(".npy"): _plain_array(archive.read(entry)) for entry in entries}
        except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
            raise self._wrong("file", f"is not an archive of plain arrays ({type(error).__name__})") from error

    def _manifest(self, embedding: str, known: Collection[str] | None) -> Manifest:
        try:
            manifest = Manifest.model_validate(self._json("manifest"))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, ("manifest", *first["loc"])))
            raise self._wrong(field, first["msg"]) from None
        if manifest.embedding != embedding:
            raise self._wrong(
                "manifest.embedding", f"is {manifest.embedding!r}, but the engine embeds by {embedding!r}"
            )
        if len(set(manifest.intents)) != len(manifest.intents):
            raise self._wrong("manifest.intents", "names an intent twice")
        unknown = [] if known is None else sorted(set(manifest.intents) - set(known))
        if unknown:
            raise self._wrong("manifest.intents", f"unknown: {', '.join(unknown)}")
        return manifest

    def _layers(self, intents: int) -> Layers:
        hidden = len(self._array("hidden_bias").ravel())
        return Layers(
            hidden_weights=self._numbers("hidden_weights", (hidden, DIMENSIONS)),
            hidden_bias=self._numbers("hidden_bias", (hidden,)),
            output_weights=self._numbers("output_weights", (intents, hidden)),
            output_bias=self._numbers("output_bias", (intents,)),
        )

    def _ngrams(self, of: Literal["char", "word"], field: str, shortest: int, longest: int) -> Ngrams:
        grams = self._json(field)
        if not isinstance(grams, list) or not all(isinstance(gram, str) for gram in grams):
            raise self._wrong(field, "must be a list of strings")
        vocabulary = {gram: column for column, gram in enumerate(grams)}
        if len(vocabulary) != len(grams):
            raise self._wrong(field, "holds an n-gram twice")
        return Ngrams(of, shortest, longest, vocabulary, self._numbers(f"{field}_idf", (len(grams),)))

    def _numbers(self, field: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        array = self._array(field)
        if array.shape != shape:
            raise self._wrong(field, f"has shape {array.shape}, must be {shape}")
        if array.dtype.kind not in "fi":
            raise self._wrong(field, f"holds {array.dtype}, must be numbers")
        numbers = array.astype(np.float32)
        if not np.isfinite(numbers).all():
            raise self._wrong(field, "holds numbers that are not finite")
        return numbers

    def _json(self, field: str) -> Any:
        array = self._array(field)
        try:
            return json.loads(array.astype(np.uint8, casting="equiv").tobytes())
        except (TypeError, ValueError):
            raise self._wrong(field, "must be JSON as bytes") from None

    def _array(self, field: str) -> NDArray[Any]:
        if field not in self._arrays:
            raise self._wrong(field, "is missing")
        return self._arrays[field]

    def _wrong(self, field: str, problem: str) -> ModelFileError:
        return ModelFileError(self._name, field, problem)


def _plain_array(data: bytes) -> NDArray[Any]:
    """One array in NumPy's own format. Raises ValueError when it is none, holds objects, or claims to be longer."""
    stream = io.BytesIO(data)
    major, _ = np.lib.format.read_magic(stream)
    read_header = np.lib.format.read_array_header_1_0 if major == 1 else np.lib.format.read_array_header_2_0
    shape, _, dtype = read_header(stream)
    # Memory is taken for what the header says: an honest one says what follows it.
    if math.prod(shape) * dtype.itemsize != len(data) - stream.tell():
        raise ValueError("the header does not fit its array")
    stream.seek(0)
    array: NDArray[Any] = np.lib.format.read_array(stream, allow_pickle=False)
    return array


def _bytes(value: object) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value, ensure_ascii=False).encode(), dtype=np.uint8)


def _in_order(vocabulary: Mapping[str, int]) -> list[str]:
    return sorted(vocabulary, key=lambda gram: vocabulary[gram])


def _log_softmax(logits: NDArray[Any]) -> NDArray[np.float32]:
    shifted = logits - logits.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum()), dtype=np.float32)
