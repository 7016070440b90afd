"""Marian's small translation network ("tiny11") for ONNX Runtime: six layers that read, two that write."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from shared.engines.onnx_graph import BOOL, FLOAT, INT64, Graph
from shared.engines.translation.marian_files import Weights

END = 0
"""The word that ends a sentence."""

POSITIONS = 1024
"""Words of a sentence, read or written, that there are positions for."""

_WIDTH = 256
_HEADS = 8
_READING_LAYERS = 6
_WRITING_LAYERS = 2
_EPSILON = 1e-6
_RUNTIME = "com.microsoft"


def network(weights: Weights) -> bytes:
    """An ONNX model: from the words of a sentence (`words`, ended by END), the words that it may become (`allowed`,
    ascending) and how many it may have at most (`limit`) to the likeliest `translation`, word by word, with its END.
    """
    graph = Graph()
    words = graph.input("words", INT64, [1, "length"])
    allowed = graph.input("allowed", INT64, ["choices"])
    limit = graph.input("limit", INT64, [])
    reading = _Layers(graph, weights, in_eight_bits=False)
    vocabulary, worth = weights.bytes_and_scale("Wemb", turned=False)
    table, scale = graph.constant(vocabulary), graph.constant(np.float32(worth * math.sqrt(_WIDTH)))
    positions = graph.constant(_positions())
    length = graph.node("Shape", [words], start=1)
    first = graph.node("Slice", [positions, graph.constant(np.zeros(1, np.int64)), length])
    state = graph.node("Add", [reading.embedded(words, table, scale), first])
    for layer in range(1, _READING_LAYERS + 1):
        state = reading.attention(f"encoder_l{layer}_self", state, reading.keys(f"encoder_l{layer}_self", state))
        state = reading.feed_forward(f"encoder_l{layer}_ffn", state)
    sources = [reading.keys(f"decoder_l{layer}_context", state) for layer in range(1, _WRITING_LAYERS + 1)]

    rows = graph.node("Cast", [graph.node("Gather", [table, allowed])], to=FLOAT)
    choices = graph.node("Transpose", [graph.node("Mul", [rows, graph.constant(worth)])], perm=[1, 0])
    bias = graph.node("Gather", [graph.constant(weights.floats("decoder_ff_logit_out_b")), allowed])
    body = _writing(weights, table, scale, positions, sources, (choices, bias, allowed))
    nothing = graph.constant(np.zeros((1, 1, _WIDTH), np.float32))
    start = graph.constant(np.zeros((1, 1), np.int64))
    outputs = ["last_word", *(f"last_state_{layer}" for layer in range(_WRITING_LAYERS)), "written"]
    graph.node("Loop", [limit, "", start, *[nothing] * _WRITING_LAYERS], names=outputs, body=body)
    graph.output("written", "translation", INT64, ["written_length", 1, 1])
    return graph.model()


def _writing(
    weights: Weights,
    table: str,
    scale: str,
    positions: str,
    sources: list[tuple[str, str]],
    choice: tuple[str, str, str],
) -> Graph:
    """One turn of the loop: the next word from the one before."""
    body = Graph("turn_")
    turn = body.input("number", INT64, [])
    body.input("go_on", BOOL, [])
    before = body.input("word", INT64, [1, 1])
    memories = [body.input(f"state_{layer}", FLOAT, [1, 1, _WIDTH]) for layer in range(_WRITING_LAYERS)]
    writing = _Layers(body, weights, in_eight_bits=True)
    # Before the first word stands none: nothing but its position.
    is_any = body.node("Cast", [body.node("Cast", [turn], to=BOOL)], to=FLOAT)
    word = body.node("Mul", [writing.embedded(before, table, scale), is_any])
    place = body.node("Reshape", [turn, body.constant(np.ones(2, np.int64))])
    state = body.node("Add", [word, body.node("Gather", [positions, place])])
    kept = []
    for layer, (memory, source) in enumerate(zip(memories, sources, strict=True), start=1):
        state, memory = writing.recurrence(f"decoder_l{layer}_rnn", state, memory)
        kept.append(memory)
        state = writing.attention(f"decoder_l{layer}_context", state, source)
        state = writing.feed_forward(f"decoder_l{layer}_ffn", state)
    choices, bias, allowed = choice
    likelihoods = body.node("Add", [body.node("MatMul", [state, choices]), bias])
    found = body.node("Gather", [allowed, body.node("ArgMax", [likelihoods], axis=-1, keepdims=0)])
    is_end = body.node("Equal", [body.node("Squeeze", [found]), body.constant(np.int64(END))])
    body.output(body.node("Not", [is_end]), "goes_on", BOOL, [])
    body.output(found, "next_word", INT64, [1, 1])
    for layer, memory in enumerate(kept):
        body.output(memory, f"next_state_{layer}", FLOAT, [1, 1, _WIDTH])
    body.output(found, "written", INT64, [1, 1])
    return body


class _Layers:
    """Puts Marian's layers into a graph."""

    def __init__(self, graph: Graph, weights: Weights, *, in_eight_bits: bool) -> None:
        """In 8 bits the numbers that come in are rounded too: three times as fast, and for one word at a time good
        enough. For a whole sentence at once one scale serves all its words: one translation in fifteen changed.
        """
        self._graph = graph
        self._weights = weights
        self._in_eight_bits = in_eight_bits

    def embedded(self, words: str, table: str, scale: str) -> str:
        rows = self._graph.node("Cast", [self._graph.node("Gather", [table, words])], to=FLOAT)
        return self._graph.node("Mul", [rows, scale])

    def keys(self, name: str, state: str) -> tuple[str, str]:
        """What attention looks through, and what it finds there."""
        return self._affine(state, f"{name}_Wk", f"{name}_bk"), self._affine(state, f"{name}_Wv", f"{name}_bv")

    def attention(self, name: str, state: str, keys: tuple[str, str]) -> str:
        asked = self._affine(state, f"{name}_Wq", f"{name}_bq")
        found = self._graph.node("MultiHeadAttention", [asked, *keys], domain=_RUNTIME, num_heads=_HEADS)
        return self._added(self._affine(found, f"{name}_Wo", f"{name}_bo"), state, f"{name}_Wo_ln")

    def feed_forward(self, name: str, state: str) -> str:
        wide = self._graph.node("Relu", [self._affine(state, f"{name}_W1", f"{name}_b1")])
        return self._added(self._affine(wide, f"{name}_W2", f"{name}_b2"), state, f"{name}_ffn_ln")

    def recurrence(self, name: str, state: str, memory: str) -> tuple[str, str]:
        """A simple recurrent unit: the next state, and what it remembers."""
        graph = self._graph
        keeps = graph.node("Sigmoid", [self._affine(state, f"{name}_Wf", f"{name}_bf")])
        fresh = self._affine(state, f"{name}_W")
        takes = graph.node("Sub", [graph.constant(np.float32(1)), keeps])
        memory = graph.node("Add", [graph.node("Mul", [keeps, memory]), graph.node("Mul", [takes, fresh])])
        return self._added(graph.node("Relu", [memory]), state, f"{name}_ffn_ln"), memory

    def _added(self, change: str, state: str, name: str) -> str:
        """The state with the change, brought back to its usual size."""
        size = [self._graph.constant(self._weights.floats(f"{name}_{part}")) for part in ("scale", "bias")]
        return self._graph.node("SkipLayerNormalization", [change, state, *size], domain=_RUNTIME, epsilon=_EPSILON)

    def _affine(self, state: str, matrix: str, bias: str | None = None) -> str:
        graph = self._graph
        numbers, worth = self._weights.bytes_and_scale(matrix)
        shift = [graph.constant(self._weights.floats(bias))] if bias else []
        if self._in_eight_bits:
            inputs = [state, graph.constant(numbers), graph.constant(worth), *([""] if shift else []), *shift]
            return graph.node("DynamicQuantizeMatMul", inputs, domain=_RUNTIME)
        full = graph.node("Mul", [graph.node("Cast", [graph.constant(numbers)], to=FLOAT), graph.constant(worth)])
        product = graph.node("MatMul", [state, full])
        return graph.node("Add", [product, *shift]) if shift else product


def _positions() -> NDArray[np.float32]:
    """Sines and cosines by which the network tells places apart."""
    half = _WIDTH // 2
    waves = np.exp(np.arange(half) * -(math.log(10_000) / (half - 1)))
    angles = np.arange(POSITIONS)[:, None] * waves
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)
