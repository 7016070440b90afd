"""Reads the weights out of files in ONNX's format, whatever network they hold. Field numbers: onnx.proto."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.engines.onnx_graph import BOOL, FLOAT, INT8, INT64

_GRAPH, _INITIALIZER = 7, 5
_DIMENSIONS, _DATA_TYPE, _NAME, _RAW_DATA = 1, 2, 8, 9
_NUMBERS = {FLOAT: np.float32, INT8: np.int8, INT64: np.int64, BOOL: np.bool_}

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def read_tensors(model: bytes) -> dict[str, NDArray[Any]]:
    """The constant tensors of a network by name, as views of the content. Raises ValueError for another format."""
    tensors: dict[str, NDArray[Any]] = {}
    for number, graph in _fields(memoryview(model)):
        if number != _GRAPH or isinstance(graph, int):
            continue
        for part, tensor in _fields(graph):
            if part == _INITIALIZER and not isinstance(tensor, int):
                name, values = _tensor(tensor)
                tensors[name] = values
    if not tensors:
        raise ValueError("there are no weights in it")
    return tensors


def _tensor(message: memoryview) -> tuple[str, NDArray[Any]]:
    name, kind, raw = "", 0, memoryview(b"")
    shape: list[int] = []
    for number, value in _fields(message):
        if isinstance(value, int):
            if number == _DIMENSIONS:
                shape.append(value)
            elif number == _DATA_TYPE:
                kind = value
        elif number == _DIMENSIONS:
            shape += _packed(value)
        elif number == _NAME:
            name = bytes(value).decode()
        elif number == _RAW_DATA:
            raw = value
    if kind not in _NUMBERS:
        raise ValueError(f"the tensor {name!r} holds numbers of type {kind}, which are not read")
    return name, np.frombuffer(raw, dtype=_NUMBERS[kind]).reshape(shape)


def _packed(values: memoryview) -> list[int]:
    numbers, at = [], 0
    while at < len(values):
        number, at = _varint(values, at)
        numbers.append(number)
    return numbers


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """The fields of a protobuf message: each number, and its value or its bytes."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        if kind == _BYTES:
            length, at = _varint(message, at)
        elif kind in (_FIXED32, _FIXED64):
            length = 4 if kind == _FIXED32 else 8
        else:
            raise ValueError("it is not in ONNX's format")
        if at + length > len(message):
            raise ValueError("it ends in the middle")
        yield number, message[at : at + length]
        at += length


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message) and shift < 64:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
    raise ValueError("it ends in the middle")
