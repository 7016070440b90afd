"""Weights out of ONNX files: what was put in comes out, and what is no such file is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from shared.engines.onnx_graph import FLOAT, Graph
from shared.engines.onnx_tensors import read_tensors


def a_model(*constants: NDArray[Any]) -> bytes:
    graph = Graph()
    given_in = graph.input("given", FLOAT, [1])
    for constant in constants:
        graph.constant(constant)
    graph.output(given_in, "same", FLOAT, [1])
    return graph.model()


MODEL = a_model(np.eye(3, dtype=np.float32), np.arange(-3, 3, dtype=np.int8), np.array(7, dtype=np.int64))


def test_tensors_come_out_as_they_were_put_in() -> None:
    eye, bytes_, number = read_tensors(MODEL).values()

    np.testing.assert_array_equal(eye, np.eye(3, dtype=np.float32), strict=True)
    np.testing.assert_array_equal(bytes_, np.arange(-3, 3, dtype=np.int8), strict=True)
    np.testing.assert_array_equal(number, np.array(7, dtype=np.int64), strict=True)


@given(st.integers(min_value=0, max_value=len(MODEL) - 1))
def test_a_file_that_ends_too_early_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match=r"ends in the middle|no weights"):
        read_tensors(MODEL[:length])


@pytest.mark.parametrize("content", [b"", b"\x0b", b"not a network at all", b"\xff" * 40])
def test_what_is_no_network_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"ends in the middle|no weights|ONNX"):
        read_tensors(content)


def test_numbers_of_another_kind_are_named() -> None:
    with pytest.raises(ValueError, match="type 2"):
        read_tensors(a_model(np.zeros(2, dtype=np.uint8)))
