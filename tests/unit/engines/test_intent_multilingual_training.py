"""What the part of a model for other languages learns from."""

from __future__ import annotations

import pytest

from shared.engines.embedding.multilingual import MultilingualEmbedding
from shared.engines.intent.catalogue import INTENTS
from shared.engines.intent.examples import Example, shipped_examples, shipped_in_other_languages
from shared.engines.intent.multilingual import MultilingualIntent
from shared.engines.intent.multilingual_training import train_multilingual
from shared.engines.language.offered import OFFERED
from tests.quality.intent_languages import OWN
from tests.quality.labelled import read_rows

ENGLISH = {
    "opening_hours": [
        "When do you open on Saturdays?",
        "Until what time is the shop open today?",
        "Are you closed on Christmas Eve?",
        "What are your opening hours?",
        "Is the store open on Sunday mornings?",
    ],
    "gift_wrapping": [
        "Can you wrap it as a gift?",
        "I'd like gift paper and a card with it",
        "Do you offer gift wrapping for 2 parcels?",
        "Please pack this as a present for my sister",
        "How much is the gift box?",
    ],
}
GERMAN = {
    "opening_hours": [
        "Wann macht ihr samstags auf?",
        "Bis wann ist der Laden heute offen?",
        "Habt ihr an Heiligabend geschlossen?",
        "Wie sind eure Öffnungszeiten?",
        "Ist das Geschäft am Sonntagmorgen geöffnet?",
    ],
    "gift_wrapping": [
        "Können Sie das als Geschenk einpacken?",
        "Ich hätte gern Geschenkpapier und eine Karte dazu",
        "Bietet ihr eine Geschenkverpackung an?",
        "Bitte packt es als Geschenk für meine Schwester ein",
        "Was kostet die Geschenkbox?",
    ],
}


def examples(texts: dict[str, list[str]]) -> list[Example]:
    return [Example(text, intent, origin=text) for intent, given in texts.items() for text in given]


async def test_english_examples_are_learnt_in_a_second_language_too() -> None:
    part = await train_multilingual(examples(ENGLISH))

    assert part.model.manifest.examples == 20
    assert [each.text for each in part.examples] == [
        text for pair in zip(*ENGLISH.values(), strict=True) for text in pair
    ]
    assert len(part.readings) == 10


async def test_examples_that_nothing_translates_are_learnt_as_they_are() -> None:
    part = await train_multilingual(examples(GERMAN))

    assert part.model.manifest.examples == 10


async def test_of_the_products_own_intents_its_examples_in_other_languages_are_learnt_too() -> None:
    own = examples(ENGLISH)
    thanks = [example for example in shipped_examples() if example.intent == "thanks"]

    part = await train_multilingual([*own, *thanks])

    in_other_languages = [each for found in shipped_in_other_languages().values() for each in found]
    assert [each for each in part.examples if each in in_other_languages] == [
        each for each in in_other_languages if each.intent == "thanks"
    ]
    assert len(part.readings) == len(part.examples)


async def test_an_intent_of_ones_own_is_told_beside_one_with_many_more_examples() -> None:
    own = [each for each in examples(ENGLISH) if each.intent == "gift_wrapping"]
    part = await train_multilingual([*own, *(each for each in shipped_examples() if each.intent == "thanks")])

    found = await MultilingualIntent(MultilingualEmbedding(), model=part.model).classify(
        "Könnt ihr es als Geschenk einpacken?"
    )

    assert found.intent == "gift_wrapping"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("¿A qué hora abren los domingos?", "opening_hours"),
        ("Potete fare un pacchetto regalo?", "gift_wrapping"),
        ("Hoe laat gaat de winkel open?", "opening_hours"),
    ],
)
async def test_a_third_language_is_understood(text: str, intent: str) -> None:
    part = await train_multilingual(examples(ENGLISH))

    found = await MultilingualIntent(MultilingualEmbedding(), model=part.model, version="own").classify(text)

    assert found.intent == intent


async def test_too_few_examples_are_refused_whatever_translations_there_are() -> None:
    few = {intent: texts[:4] for intent, texts in ENGLISH.items()}

    with pytest.raises(ValueError, match=r"fewer than 5 different examples of gift_wrapping, opening_hours"):
        await train_multilingual(examples(few))


def test_every_language_is_learnt_with_every_intent_and_nothing_that_measures_it() -> None:
    learnt = shipped_in_other_languages()
    measured = {row["text"].casefold() for row in read_rows(OWN, "language", "text", "label")}

    assert set(learnt) < set(OFFERED)
    for language, of_language in learnt.items():
        assert {each.intent for each in of_language} == set(INTENTS), language
        assert not measured & {each.text.casefold() for each in of_language}, language
