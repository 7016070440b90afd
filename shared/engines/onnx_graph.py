"""Writes networks for ONNX Runtime: as much of the ONNX format as our own networks need.

A network is put together when it is loaded, from weights that a package carries in another format. Field numbers and
types are those of onnx.proto (onnx.ai); operators of the domain `com.microsoft` are ONNX Runtime's own.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

FLOAT, UINT8, INT8, INT32, INT64, BOOL = 1, 2, 3, 6, 7, 9
"""TensorProto.DataType."""

_TYPE_OF = {"float32": FLOAT, "uint8": UINT8, "int8": INT8, "int32": INT32, "int64": INT64}

_IR_VERSION = 8
_OPERATORS = {"": 17, "com.microsoft": 1}
"""Domains and versions of the operators that may be used."""

_VARINT, _BYTES, _FIXED32 = 0, 2, 5
_ATTRIBUTE_FLOAT, _ATTRIBUTE_INT, _ATTRIBUTE_GRAPH, _ATTRIBUTE_INTS = 1, 2, 5, 7

Shape = Sequence[int | str]
"""Lengths; a name stands for one that differs from run to run."""


class Graph:
    """A network, or the body of a loop in one. What its methods return names a value that later nodes may read."""

    def __init__(self, prefix: str = "") -> None:
        """`prefix` keeps the names of a body apart from those of the graph around it, whose values it may read."""
        self._prefix = prefix
        self._named = 0
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []
        self._inputs: list[bytes] = []
        self._outputs: list[bytes] = []

    def input(self, name: str, data_type: int, shape: Shape) -> str:
        """A value that is given to each run, or to each turn of a loop."""
        self._inputs.append(_value(self._prefix + name, data_type, shape))
        return self._prefix + name

    def output(self, source: str, name: str, data_type: int, shape: Shape) -> None:
        """Gives a value out under a name."""
        self.node("Identity", [source], names=[self._prefix + name])
        self._outputs.append(_value(self._prefix + name, data_type, shape))

    def constant(self, values: NDArray[Any] | np.generic) -> str:
        """A tensor that is part of the network."""
        name = self._name()
        array = np.asarray(values)
        dimensions = [_field(1, length) for length in array.shape]
        kind = _field(2, _TYPE_OF[array.dtype.name])
        self._constants.append(b"".join([*dimensions, kind, _field(8, name), _field(9, array.tobytes())]))
        return name

    def node(
        self,
        operator: str,
        inputs: Sequence[str],
        *,
        domain: str = "",
        names: Sequence[str] | None = None,
        **attributes: float | list[int] | Graph,
    ) -> str:
        """One operation, by ONNX's name; an empty input is one left out. Gives its first output."""
        outputs = names or [self._name()]
        fields = [_field(1, name) for name in inputs] + [_field(2, name) for name in outputs]
        fields += [_field(4, operator), *(_field(5, _attribute(name, value)) for name, value in attributes.items())]
        self._nodes.append(b"".join([*fields, _field(7, domain)]))
        return outputs[0]

    def model(self) -> bytes:
        """The whole as a file that InferenceSession reads."""
        operators = [_field(8, _field(1, domain) + _field(2, version)) for domain, version in _OPERATORS.items()]
        return b"".join([_field(1, _IR_VERSION), *operators, _field(7, self.serialised())])

    def serialised(self) -> bytes:
        """The graph alone."""
        parts = [(1, self._nodes), (5, self._constants), (11, self._inputs), (12, self._outputs)]
        fields = [_field(number, each) for number, all_of_it in parts for each in all_of_it]
        return b"".join([_field(2, self._prefix or "network"), *fields])

    def _name(self) -> str:
        self._named += 1
        return f"{self._prefix}{self._named}"


def _value(name: str, data_type: int, shape: Shape) -> bytes:
    lengths = [_field(1, _field(2, each) if isinstance(each, str) else _field(1, each)) for each in shape]
    tensor = _field(1, data_type) + _field(2, b"".join(lengths))
    return _field(1, name) + _field(2, _field(1, tensor))


def _attribute(name: str, value: float | list[int] | Graph) -> bytes:
    if isinstance(value, Graph):
        given = _field(6, value.serialised()) + _field(20, _ATTRIBUTE_GRAPH)
    elif isinstance(value, list):
        given = b"".join([*(_field(8, each) for each in value), _field(20, _ATTRIBUTE_INTS)])
    elif isinstance(value, int):
        given = _field(3, value) + _field(20, _ATTRIBUTE_INT)
    else:
        given = _varint(2 << 3 | _FIXED32) + struct.pack("<f", value) + _field(20, _ATTRIBUTE_FLOAT)
    return _field(1, name) + given


def _field(number: int, value: int | str | bytes) -> bytes:
    """One field of a protobuf message."""
    if isinstance(value, int):
        return _varint(number << 3 | _VARINT) + _varint(value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | _BYTES) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; negative numbers as 64 bits in two's complement."""
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
