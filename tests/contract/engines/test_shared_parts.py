"""What the Azure engines share: the client that is built once, and the cutting of long texts."""

from __future__ import annotations

import asyncio
import random
import threading

import pytest

from shared.engines.documents import MOST_CHARACTERS, pieces
from shared.engines.lazy_client import LazyClient

FAMILY = "👩🏽‍👩‍👧‍👦"
ACCENTED = "e\u0301\u0323"


class Client:
    def __init__(self) -> None:
        self.built_in = threading.current_thread()
        self.closed = 0

    async def close(self) -> None:
        self.closed += 1


async def test_the_client_is_built_once_and_off_the_event_loop() -> None:
    lazy = LazyClient(Client)

    clients = await asyncio.gather(*(lazy.get() for _ in range(5)))

    assert len(set(map(id, clients))) == 1
    assert clients[0].built_in is not threading.current_thread()


async def test_closing_closes_the_client_once_and_one_that_was_never_built_not_at_all() -> None:
    built: list[Client] = []

    def build() -> Client:
        built.append(Client())
        return built[-1]

    lazy = LazyClient(build)
    await lazy.close()
    assert built == []

    client = await lazy.get()
    await lazy.close()
    await lazy.close()

    assert client.closed == 1
    assert await lazy.get() is not client


async def test_a_client_that_cannot_be_built_is_tried_again() -> None:
    def fail_once() -> Client:
        attempts.append(1)
        if len(attempts) == 1:
            raise ImportError("no such package")
        return Client()

    attempts: list[int] = []
    lazy = LazyClient(fail_once)

    with pytest.raises(ImportError):
        await lazy.get()

    assert isinstance(await lazy.get(), Client)


@pytest.mark.parametrize("length", [0, 1, MOST_CHARACTERS])
def test_a_text_that_fits_is_one_piece(length: int) -> None:
    assert [(piece.text, piece.start) for piece in pieces("a" * length)] == [("a" * length, 0)]


def test_a_text_that_is_longer_by_one_is_two() -> None:
    assert [len(piece.text) for piece in pieces("a" * (MOST_CHARACTERS + 1))] == [MOST_CHARACTERS, 1]


@pytest.mark.parametrize("seed", range(30))
def test_the_pieces_together_are_the_text(seed: int) -> None:
    chosen = random.Random(seed)
    vocabulary = ["late", "parcel", ". ", "! ", "\n", " ", "😀", FAMILY, ACCENTED, "日本語。", "x" * 70]
    text = "".join(chosen.choice(vocabulary) for _ in range(chosen.randint(50, 400)))
    most = chosen.randint(40, 120)

    found = pieces(text, most)

    assert "".join(piece.text for piece in found) == text
    assert all(text[piece.start :].startswith(piece.text) for piece in found)
    assert all(0 < len(piece.text) <= most for piece in found)


@pytest.mark.parametrize("whole", [FAMILY, ACCENTED, "👍🏽", "1\ufe0f\u20e3"])
def test_no_character_is_parted(whole: str) -> None:
    found = pieces(whole * 100, 25)

    assert len(found) > 1
    assert all(piece.text == whole * (len(piece.text) // len(whole)) for piece in found)
