"""What holds for the entities of every text, however it is made up."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.engines.entities.patterns import PatternEntities
from shared.engines.language.offered import OFFERED

WRITTEN = datetime(2026, 3, 18, 10, tzinfo=UTC)
ENGINE = PatternEntities(["Lamp", "Café Crème"])

PIECES = (
    "order 12345", "#99", "a@b.co", "https://x.org/é", "€ 12,50", "1.234,56 €", "+351 912 345 678", "yesterday",
    "12 march 2026",
    "2026-03-18", "12 Baker Street, London NW1 6XE", "my name is Jose\u0301 Silva", "Thanks,\nAnna",
    "lamp", "cafe\u0301 creme",
    "👍🏽", "👨‍👩‍👧", "\u200f", "\u0301", "é", "e\u0301", " ", "\n",
    ".", ",", "(", "#", "@", "1", "İ", "ß", "ﬁ", "\x00", "１２",
    "٤١١١", "\u200b", "3월 5일", "メール", "५", "$5k", "شارع",
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join),
)  # fmt: skip
LANGUAGES = st.sampled_from([None, "en", "pt-BR", "de", "ja", "ko", "ar", "zz"])


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, LANGUAGES)
def test_entities_stand_where_they_say_in_order_and_apart(text: str, language: str | None) -> None:
    entities = asyncio.run(ENGINE.recognise(text, language=language, now=WRITTEN)).entities

    assert all(entity.text and text[entity.start : entity.end] == entity.text for entity in entities)
    assert all(before.end <= after.start for before, after in pairwise(entities))


@pytest.mark.parametrize("language", OFFERED)
async def test_a_message_with_numbers_is_read_in_every_language(language: str) -> None:
    text = "order 12345, 2 of 3, 12.03.2026, 5 May, € 12,50 and a@b.co"

    entities = (await ENGINE.recognise(text, language=language, now=WRITTEN)).entities

    assert {"12345", "EUR 12.50", "a@b.co"} <= {entity.value for entity in entities}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["👍🏽", "e\u0301", "\u200f", "👨‍👩‍👧", "ok"]), max_size=6).map(" ".join))
def test_what_stands_before_does_not_shift_an_entity(before: str) -> None:
    text = f"{before} order 12345 👍"

    (entity,) = asyncio.run(ENGINE.recognise(text, language="en", now=WRITTEN)).entities

    assert (entity.start, entity.text) == (len(before) + 7, "12345")


ENDLESS = (
    "1", "a", "a.", "a@", "Aa ", "order ", "order no. ", "rua Aa ", "1,",
    "my name is Aa ", "regards, Aa Bb\n", " ", "\n", "www.",
    "http://", "(", "+", "0-", "12 may ", "2 days ", "#123 ", "Aa-Bb ", "12 Aa Bb ", "hi ",
    "e\u0301", "\u0301", "l'", "-", "_",
    "東京都", "市", "シ", "شارع اا ", "orders 12345, ", "a at b dot ", "Bearer ", "eyJ", "名前は", "12 Aa, ",
    "DE89 ", "a:", "password is ", "1.1.1.1", "Mr. ", "x" * 40 + "@",
)  # fmt: skip


@pytest.mark.parametrize("piece", ENDLESS)
async def test_no_text_makes_the_patterns_run_away(piece: str) -> None:
    # A pattern that runs away would not end within days on a text of this length.
    text = piece * (20_000 // len(piece))

    result = await ENGINE.recognise(text, language="en", now=WRITTEN)

    assert all(entity.end <= len(text) for entity in result.entities)
