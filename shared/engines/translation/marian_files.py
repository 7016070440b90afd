"""Reads what Marian, the translation toolkit of the Bergamot models, writes: weights and lexical shortlists."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_WEIGHTS_VERSION = 1
_SHORTLIST_MAGIC = 0xF11A48D5013417F5
_FLOAT32, _INTGEMM8 = 0x404, 0x4101
"""Marian's types: a float, and 8 bits with one multiplier behind the last of them."""


class Weights:
    """The tensors of a model, by name."""

    def __init__(self, file: Path) -> None:
        """Raises ValueError for a file of another kind or version."""
        content = file.read_bytes()
        version, count = _numbers(content, 0, 2, file)
        if version != _WEIGHTS_VERSION:
            raise ValueError(f"{file.name}: version {version} of Marian's format is not known")
        heads = np.frombuffer(content, "<u8", count * 4, 16).reshape(count, 4).tolist()
        cursor = 16 + 32 * count
        names = []
        for length, *_ in heads:
            names.append(content[cursor : cursor + length].rstrip(b"\0").decode())
            cursor += length
        shapes = []
        for _, _, dimensions, _ in heads:
            shapes.append(struct.unpack_from(f"<{dimensions}i", content, cursor))
            cursor += 4 * dimensions
        cursor += 8 + _numbers(content, cursor, 1, file)[0]
        self._tensors: dict[str, tuple[int, tuple[int, ...], memoryview]] = {}
        for name, shape, (_, kind, _, size) in zip(names, shapes, heads, strict=True):
            self._tensors[name] = (kind, shape, memoryview(content)[cursor : cursor + size])
            cursor += size

    def floats(self, name: str) -> NDArray[np.float32]:
        """A vector kept in full. Raises KeyError, ValueError."""
        kind, shape, data = self._tensors[name]
        if kind != _FLOAT32:
            raise ValueError(f"{name}: not kept as floats")
        return np.frombuffer(data, "<f4", int(np.prod(shape)))

    def bytes_and_scale(self, name: str, *, turned: bool = True) -> tuple[NDArray[np.int8], np.float32]:
        """A matrix as 8-bit numbers, and what one of them is worth. Raises KeyError, ValueError.

        Marian keeps a matrix turned, but not the one of the words.
        """
        kind, (rows, columns), data = self._tensors[name]
        if kind != _INTGEMM8:
            raise ValueError(f"{name}: not kept in 8 bits")
        numbers = np.frombuffer(data, np.int8, rows * columns)
        (multiplier,) = np.frombuffer(data, "<f4", 1, rows * columns)
        matrix = numbers.reshape(columns, rows).T if turned else numbers.reshape(rows, columns)
        return matrix, np.float32(1 / multiplier)


class Shortlist:
    """For each word of the source, the words that it may become."""

    def __init__(self, file: Path) -> None:
        """Raises ValueError for a file of another kind."""
        content = file.read_bytes()
        magic, _, self._first, _, offsets, listed = _numbers(content, 0, 6, file)
        if magic != _SHORTLIST_MAGIC:
            raise ValueError(f"{file.name}: not a shortlist of Marian's")
        self._offsets = np.frombuffer(content, "<u8", offsets, 48)
        self._listed = np.frombuffer(content, "<u4", listed, 48 + 8 * offsets)

    def of(self, words: list[int]) -> NDArray[np.int64]:
        """The words that a sentence may become, in ascending order: the most frequent ones, and those of its words."""
        wanted = np.zeros(len(self._offsets), dtype=np.bool_)
        wanted[: self._first] = True
        for word in words:
            wanted[self._listed[self._offsets[word] : self._offsets[word + 1]]] = True
        return np.flatnonzero(wanted)


def _numbers(content: bytes, at: int, count: int, file: Path) -> tuple[int, ...]:
    try:
        return struct.unpack_from(f"<{count}Q", content, at)
    except struct.error as error:
        raise ValueError(f"{file.name}: ends too early") from error
