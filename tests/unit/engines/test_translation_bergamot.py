"""English ↔ Portuguese in process: what is translated, what stays, what is refused."""

from __future__ import annotations

import asyncio
from threading import Thread

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.engines.chain import NotServed
from shared.engines.translation.bergamot import BergamotTranslation

ENGINE = BergamotTranslation()
"""One for all tests: it keeps nothing but its two models, which take a second to read."""


async def in_portuguese(text: str) -> str:
    return (await ENGINE.translate(text, source="en", target="pt")).text or ""


async def in_english(text: str) -> str:
    return (await ENGINE.translate(text, source="pt", target="en")).text or ""


async def test_both_directions_carry_the_meaning() -> None:
    assert "reembolso" in (await in_portuguese("I would like a refund, please.")).lower()
    assert "order" in (await in_english("Quero cancelar o meu pedido agora.")).lower()


async def test_the_result_says_who_made_it_and_keeps_regional_codes() -> None:
    result = await ENGINE.translate("Where is my parcel?", source="en-GB", target="pt-BR")

    assert (result.engine, result.state) == ("bergamot", "translated")
    assert (result.source_language, result.target_language) == ("en-GB", "pt-BR")


@pytest.mark.parametrize(("source", "target"), [("en", "es"), ("fr", "en"), ("en", "en-GB"), ("pt", "pt-BR")])
async def test_other_pairs_are_not_served(source: str, target: str) -> None:
    with pytest.raises(NotServed):
        await ENGINE.translate("Hello", source=source, target=target)


async def test_finished_words_are_not_swapped_for_others() -> None:
    assert "no domingo" in await in_portuguese("Your package will arrive on Sunday, in the morning.")
    assert "Do you" in await in_english("Vocês gostam de música?")


@pytest.mark.parametrize(
    ("hurried", "meant"),
    [
        ("CADÊ MEU PEDIDO???", "where is my order???"),
        ("cade meu pedido", "where is my order"),
        ("nao recebi o codigo", "received the code"),
        ("vlw", "thanks"),
    ],
)
async def test_hurried_spelling_is_understood(hurried: str, meant: str) -> None:
    assert meant in (await in_english(hurried)).lower()


@pytest.mark.parametrize("text", ["", "   ", "12345", "!!!", "😊", "\n\n", "https://example.com/a?b=1", "A-7781"])
async def test_what_holds_no_words_comes_back_as_it_is(text: str) -> None:
    assert await in_portuguese(text) == text


async def test_lines_and_paragraphs_stay_where_they_are() -> None:
    text = "Hi Ana,\n\nThank you for your message.\n- first\n- second\n\nKind regards,\nCustomer Care\n"

    lines = (await in_portuguese(text)).split("\n")

    assert [bool(line) for line in lines] == [bool(line) for line in text.split("\n")]
    assert [line[:2] for line in lines if line.startswith("- ")] == ["- ", "- "]
    assert "Atenciosamente," in lines


@pytest.mark.parametrize("text", ["I love 😊 and 😊 you", "Use `ls {path}` or {{name}} and %s, ${HOME}, <b>bold</b>."])
async def test_a_piece_within_a_sentence_gets_no_capital(text: str) -> None:
    assert " E " not in await in_portuguese(text)


async def test_the_english_i_keeps_its_capital() -> None:
    assert (await in_english("😊 eu não recebi nada")).startswith("😊 I ")


@pytest.mark.parametrize("text", ["“Nordlys Mini”", "Nordlys-Mini", "AuroraMini", "“Aurora Mini”’s"])
async def test_the_model_adds_no_remark_in_brackets(text: str) -> None:
    assert "(" not in await in_portuguese(text)


async def test_what_the_writer_put_in_brackets_stays() -> None:
    assert "(" in await in_portuguese("My parcel (the red one) is late")


STAYS = st.one_of(
    st.from_regex(r"https://[a-z]{3,8}\.(com|com\.br|org)/[a-z]{1,6}\?id=[0-9]{1,5}", fullmatch=True),
    st.from_regex(r"[a-z]{2,8}(\.[a-z]{2,6})?@[a-z]{3,8}\.(com|com\.br)", fullmatch=True),
    st.from_regex(r"#?[A-Z]{1,3}-[0-9]{3,8}", fullmatch=True),
    st.from_regex(r"[0-9]{3}-[0-9]{4}-[A-Z]{2}", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{4,9}", fullmatch=True),
    st.from_regex(r"(R\$ |US\$|\$|€|£)[1-9][0-9]{0,2}[.,][0-9]{2}", fullmatch=True),
    st.from_regex(r"[1-9][0-9]?[.,][0-9]%", fullmatch=True),
    st.from_regex(r"[0-3][0-9]/[01][0-9]/20[0-9]{2}", fullmatch=True),
    st.sampled_from(["😊", "👍🏽", "❤️", "👨‍👩‍👧", "🇧🇷", ":)", "10:45"]),
)
ENGLISH = st.sampled_from(
    [
        "My order is {} and nothing came.",
        "Please look at {} again!",
        "{} is what I mean",
        "Is it {} or {}?",
        "I paid {}",
    ]
)
PORTUGUESE = st.sampled_from(
    ["O meu pedido é {} e nada chegou.", "Veja {} outra vez, por favor!", "{} é o certo", "É {} ou {}?", "Paguei {}"]
)


@settings(max_examples=15, deadline=None)
@given(patterns=st.lists(ENGLISH, min_size=1, max_size=3), stays=st.lists(STAYS, min_size=6, max_size=6))
def test_from_english_links_addresses_numbers_amounts_and_emoji_stay(patterns: list[str], stays: list[str]) -> None:
    text = "\n".join(patterns).format(*stays)

    translated = asyncio.run(in_portuguese(text))

    used = stays[: sum(pattern.count("{}") for pattern in patterns)]
    assert [part for part in used if translated.count(part) < used.count(part)] == []
    assert translated.count("\n") == text.count("\n")


@example(patterns=["É {} ou {}?"], stays=["😊", ":)"])
@settings(max_examples=15, deadline=None)
@given(patterns=st.lists(PORTUGUESE, min_size=1, max_size=3), stays=st.lists(STAYS, min_size=6, max_size=6))
def test_from_portuguese_links_addresses_numbers_amounts_and_emoji_stay(patterns: list[str], stays: list[str]) -> None:
    text = " ".join(patterns).format(*stays)

    translated = asyncio.run(in_english(text))

    used = stays[: sum(pattern.count("{}") for pattern in patterns)]
    assert [part for part in used if translated.count(part) < used.count(part)] == []


@pytest.mark.parametrize("end", [". ", " and ", " "])
async def test_a_long_text_is_translated_to_its_end_and_does_not_grow(end: str) -> None:
    text = f"I have been waiting for my parcel and nobody answers the phone{end}" * 40 + "My order is QX-99817."

    translated = await in_portuguese(text)

    assert len(text) / 2 < len(translated) < len(text) * 2
    assert translated.rstrip(".").endswith("QX-99817")


async def test_texts_translated_at_once_are_translated_as_alone() -> None:
    texts = [f"Parcel number {number} has not arrived yet." for number in range(8)]

    at_once = await asyncio.gather(*(in_portuguese(text) for text in texts))

    assert at_once == [await in_portuguese(text) for text in texts]


def test_threads_that_come_and_go_share_the_models() -> None:
    found: list[str] = []
    for _ in range(4):
        thread = Thread(target=lambda: found.append(asyncio.run(in_portuguese("Good morning."))))
        thread.start()
        thread.join()

    assert found == ["Bom dia."] * 4


async def test_an_abandoned_translation_leaves_the_engine_usable() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await in_portuguese("This one is given up. " * 200)

    assert await in_portuguese("Good morning.") == "Bom dia."
