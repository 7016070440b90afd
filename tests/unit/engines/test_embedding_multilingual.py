"""Sentences of many languages as points: near when they mean alike."""

from __future__ import annotations

import numpy as np
import pytest

from shared.engines.embedding import DIMENSIONS
from shared.engines.embedding.multilingual import LANGUAGE_DIRECTIONS, MOST_CHARACTERS, MultilingualEmbedding


@pytest.fixture(scope="module")
def embedding() -> MultilingualEmbedding:
    return MultilingualEmbedding()


@pytest.mark.parametrize(
    "text",
    ["¿Dónde está mi paquete?", "Wo ist mein Paket?", "Où est mon colis ?", "私の荷物はどこですか", "أين طردي؟"],
    ids=["es", "de", "fr", "ja", "ar"],
)
async def test_the_same_in_another_language_is_nearer_than_something_else(
    embedding: MultilingualEmbedding, text: str
) -> None:
    asked, same, other = await embedding.embed([text, "Where is my parcel?", "I forgot my password"])

    assert asked @ same > asked @ other


async def test_every_text_gives_a_row_of_length_one(embedding: MultilingualEmbedding) -> None:
    rows = await embedding.embed(["", "👍", "a\x00b", "\ud83d", "word " * 3000, "مرحبا"])

    assert rows.shape == (6, DIMENSIONS)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)


async def test_nothing_is_left_of_what_only_the_language_adds(embedding: MultilingualEmbedding) -> None:
    directions = np.load(LANGUAGE_DIRECTIONS, allow_pickle=False)

    rows = await embedding.embed(["Where is my parcel?", "Wo ist mein Paket?", "私の荷物はどこですか"])

    np.testing.assert_allclose(directions @ directions.T, np.eye(len(directions)), atol=1e-4)
    np.testing.assert_allclose(rows @ directions.T, 0, atol=1e-4)


async def test_no_texts_give_no_rows(embedding: MultilingualEmbedding) -> None:
    assert (await embedding.embed([])).shape == (0, DIMENSIONS)


async def test_what_stands_beyond_the_limit_changes_nothing(embedding: MultilingualEmbedding) -> None:
    short = "x " * (MOST_CHARACTERS // 2)

    rows = await embedding.embed([short, short + "where is my parcel"])

    np.testing.assert_array_equal(rows[0], rows[1])
