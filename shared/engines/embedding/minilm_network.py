"""all-MiniLM-L6-v2 for ONNX Runtime in whole numbers: the weights as the package carries them, and what comes in too.

The package's own network turns its 8-bit weights into floating-point numbers before it calculates. This one multiplies
whole numbers, in little more than half the time and half the memory. What comes in is rounded token by token, each by a
scale of its own: a text has the same embedding whatever it is read beside. What the tokens ask each other is calculated
in full: rounding that costs twice as much nearness as all the rest.

On processors without instructions for it (VNNI) ONNX Runtime adds products two by two in 16 bits. Of those pairs 2 in
100,000 do not fit and are cut: the embedding is then at a cosine of 0.999 from the one that others calculate (emulated
on texts to a bank), as near as either is to the one in full precision.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shared.engines.onnx_graph import FLOAT, INT32, INT64, UINT8, Graph

_WIDTH = 384
_HEADS = 12
_LAYERS = 6
_ATTENTION = ("query", "key", "value")
_MATRICES = (*_ATTENTION, "output", "wide", "narrow")
"""Of a layer, in the order of the file."""
_EPSILON = 1e-12
_RUNTIME = "com.microsoft"
_MIDDLE = 128
"""What stands for nought among the numbers from 1 to 255."""

Tensors = Mapping[str, NDArray[Any]]


def network(tensors: Tensors) -> bytes:
    """An ONNX model: from the `tokens` of texts and the `mask` of those that are read, both texts × tokens, to the
    `states` of the tokens, texts × tokens × 384. Raises ValueError when the weights are not those of this network.
    """
    graph = Graph()
    tokens = graph.input("tokens", INT64, ["texts", "length"])
    mask = graph.input("mask", INT32, ["texts", "length"])
    building = _Building(graph, tensors)
    state = building.embedded(tokens)
    for layer in range(_LAYERS):
        state = building.layer(layer, state, mask)
    graph.output(state, "states", FLOAT, ["texts", "length", _WIDTH])
    return graph.model()


class _Building:
    """Puts the layers into a graph."""

    def __init__(self, graph: Graph, tensors: Tensors) -> None:
        self._graph = graph
        self._tensors = tensors
        # The exporter numbered what it named no more than `val_49`: in the order in which they are used.
        numbered = sorted(int(name[4:-2]) for name in tensors if name.startswith("val_") and name.endswith("_q"))
        if len(numbered) != _LAYERS * len(_MATRICES):
            raise ValueError(f"{len(numbered)} matrices instead of {_LAYERS * len(_MATRICES)}")
        self._matrices = [f"val_{number}" for number in numbered]
        self._nearly_nothing = graph.constant(np.float32(1e-9))
        self._steps = graph.constant(np.float32(127))
        self._middle = graph.constant(np.float32(_MIDDLE))
        self._nought = graph.constant(np.uint8(_MIDDLE))

    def embedded(self, tokens: str) -> str:
        graph, name = self._graph, "inner.embeddings."
        words = graph.node("Gather", [self._constant(f"{name}word_embeddings.weight_q"), tokens])
        scales = graph.node("Gather", [self._constant(f"{name}word_embeddings.weight_scale"), tokens])
        places = self._tensors[f"{name}position_embeddings.weight_q"].astype(np.float32)
        places = places * self._tensors[f"{name}position_embeddings.weight_scale"]
        # Every token is of the first of two texts: there is but one.
        places = places + self._tensors[f"{name}token_type_embeddings.weight"][0]
        length = graph.node("Shape", [tokens], start=1)
        first = graph.node("Slice", [graph.constant(places), graph.constant(np.zeros(1, np.int64)), length])
        told = graph.node("Add", [graph.node("Mul", [graph.node("Cast", [words], to=FLOAT), scales]), first])
        size = [self._constant(f"{name}LayerNorm.{part}") for part in ("weight", "bias")]
        return graph.node("LayerNormalization", [told, *size], epsilon=_EPSILON)

    def layer(self, layer: int, state: str, mask: str) -> str:
        graph, name = self._graph, f"inner.encoder.layer.{layer}."
        heads = [f"{name}attention.self.{part}.bias" for part in _ATTENTION]
        asked = self._shifted(self._full_product(state, [self._matrix(layer, each) for each in _ATTENTION]), heads)
        parts = [f"{name}{part}" for part in _ATTENTION]
        graph.node("Split", [asked], names=parts, axis=-1)
        found = graph.node("MultiHeadAttention", [*parts, "", mask], domain=_RUNTIME, num_heads=_HEADS)
        heard = self._shifted(
            self._product(found, self._matrix(layer, "output")), [f"{name}attention.output.dense.bias"]
        )
        state = self._added(heard, state, f"{name}attention.")
        wide = self._product(state, self._matrix(layer, "wide"))
        bias = self._constant(f"{name}intermediate.dense.bias")
        reached = graph.node("BiasGelu", [wide, bias], domain=_RUNTIME)
        narrow = self._shifted(self._product(reached, self._matrix(layer, "narrow")), [f"{name}output.dense.bias"])
        return self._added(narrow, state, name)

    def _added(self, change: str, state: str, name: str) -> str:
        """The state with the change, brought back to its usual size."""
        size = [self._constant(f"{name}output.LayerNorm.{part}") for part in ("weight", "bias")]
        return self._graph.node("SkipLayerNormalization", [change, state, *size], domain=_RUNTIME, epsilon=_EPSILON)

    def _shifted(self, product: str, biases: list[str]) -> str:
        bias = np.concatenate([self._tensors[name] for name in biases])
        return self._graph.node("Add", [product, self._graph.constant(bias)])

    def _full_product(self, state: str, matrices: list[str]) -> str:
        """The state times matrices that stand beside each other, in floating-point numbers."""
        full = [self._tensors[f"{name}_q"].astype(np.float32) * self._tensors[f"{name}_scale"] for name in matrices]
        return self._graph.node("MatMul", [state, self._graph.constant(np.concatenate(full, axis=1))])

    def _product(self, state: str, matrix: str) -> str:
        """The state times a matrix in whole numbers: rounded, multiplied, and scaled back."""
        graph = self._graph
        largest = graph.node("ReduceMax", [graph.node("Abs", [state])], axes=[-1], keepdims=1)
        step = graph.node("Div", [graph.node("Max", [largest, self._nearly_nothing]), self._steps])
        rounded = graph.node("Round", [graph.node("Div", [state, step])])
        whole = graph.node("Cast", [graph.node("Add", [rounded, self._middle])], to=UINT8)
        product = graph.node("MatMulInteger", [whole, self._constant(f"{matrix}_q"), self._nought])
        scaled = graph.node("Mul", [graph.node("Cast", [product], to=FLOAT), step])
        return graph.node("Mul", [scaled, self._constant(f"{matrix}_scale")])

    def _matrix(self, layer: int, part: str) -> str:
        return self._matrices[layer * len(_MATRICES) + _MATRICES.index(part)]

    def _constant(self, name: str) -> str:
        return self._graph.constant(self._tensors[name])
