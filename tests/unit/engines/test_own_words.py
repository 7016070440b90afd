"""What a writer wrote, and what only stands below it because a mail program put it there."""

from __future__ import annotations

import pytest

from shared.engines.own_words import own_words
from tests.unit.engines.understanding_support import ENGLISH, Desk

OWN = "Thanks, that solved it!\n\nAna"


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, Nov 23, 2026 at 10:02 AM Shop <shop@example.com> wrote:\n> I WILL SUE YOU\n> now",
        "On Mon, Nov 23, 2026 at 10:02 AM Shop\n<shop@example.com> wrote:\n\n> I WILL SUE YOU",
        "Am 20.11.2026 um 10:02 schrieb Shop <shop@example.com>:\n> Ihre Bestellung",
        "Le lun. 23 nov. 2026 à 10:02, Shop <shop@example.com> a écrit :\n> Bonjour",
        "Em seg., 23/11/2026 às 10:02, Loja <loja@example.com> escreveu:\n> Lamentamos",
        "El lun, 23 nov 2026 a las 10:02, Tienda (<t@example.com>) escribió:\n\nHola",
        "-----Original Message-----\nFrom: Shop\n\nYour refund was refused",
        "From: Shop <shop@example.com>\nSent: Monday, November 23, 2026\nTo: Ana\n\nYour refund was refused",
        "Von: Shop <shop@example.com>\nGesendet: Montag, 23. November 2026\n\nGuten Tag",
        "> I WILL SUE YOU\n> now",
    ],
)
def test_quoted_messages_are_left_out(quoted: str) -> None:
    assert own_words(f"{OWN}\n\n{quoted}") == OWN


@pytest.mark.parametrize(
    "pasted",
    [
        "2026-11-29 10:00:01 FATAL [main] com.shop.Api - aborting, connection killed\n    at retry 3\n"
        "2026-11-29 10:00:02 ERROR [main] com.shop.Api - refund refused",
        'Traceback (most recent call last):\n  File "pay.py", line 3, in <module>\n    charge()\n'
        "PaymentError: card declined",
        "java.lang.NullPointerException: no refund\n\tat com.shop.Cart.add(Cart.java:42)",
        "```\nraise RefundRefused\n```",
        '{\n  "error": "fatal",\n  "refund": "denied"\n}',
        "DB_HOST=db.example.com\nDB_USER=app",
    ],
)
def test_pasted_code_and_logs_are_left_out(pasted: str) -> None:
    assert own_words(f"{OWN}\n{pasted}") == OWN
    assert own_words(pasted) == pasted


def test_answers_between_quoted_lines_stay() -> None:
    assert own_words("> Which size?\nLarge, please\n> Which colour?\nBlue") == "Large, please\nBlue"


@pytest.mark.parametrize(
    "text",
    [
        "",
        OWN,
        "The driver left a note and this is what he wrote:\ncome back tomorrow",
        "I come from: Lisbon\nto: Porto",
        "Change my flight\nFrom: Lisbon\nTo: Porto\nA refund would do too",
        "> 5 items are missing",
        "Error when I log in; it says:\n  try again later;\nPlease help;",
        "My address = 12 Baker Street\n[please hurry]",
        "a > b and 5 > 3",
        "On Mon, Nov 23, 2026 at 10:02 AM Shop <shop@example.com> wrote:\n> I WILL SUE YOU",
        "-----Original Message-----\nFrom: Shop\n\nYour refund was refused",
    ],
)
def test_a_text_that_quotes_nobody_or_nothing_else_is_whole(text: str) -> None:
    assert own_words(text) == text


async def test_intent_and_mood_are_read_from_the_own_words_and_entities_from_all() -> None:
    desk = Desk()
    whole = f"{ENGLISH}\n\nOn Mon, Nov 23, 2026 Shop wrote:\n> I WILL SUE YOU"

    quick = await desk.understanding.quick(whole, prior_language=None)
    deep = await desk.understanding.understand(whole, "en", None)

    assert {asked for (asked,) in desk.intent.asked} == {ENGLISH}
    assert {asked for asked, _ in desk.sentiment.asked} == {ENGLISH}
    assert {asked for asked, *_ in desk.entities.asked} == {whole}
    assert quick.intent is not None
    assert deep.intent is not None
