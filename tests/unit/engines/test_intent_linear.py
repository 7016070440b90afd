"""The shipped intent model: what it tells of sentences that it was not trained on, and when it declines."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.engines.embedding.minilm import MiniLmEmbedding
from shared.engines.intent import OUT_OF_SCOPE
from shared.engines.intent.catalogue import INTENTS
from shared.engines.intent.examples import read_examples, shipped_examples
from shared.engines.intent.linear import ALTERNATIVES, SHIPPED_MODEL, LinearIntent
from shared.engines.intent.model import ModelFileError, load

EXAMPLES_EACH = 40
"""The least that the shipped model learns an intent from."""


@pytest.fixture(scope="module")
def engine() -> LinearIntent:
    return LinearIntent(MiniLmEmbedding())


NEW_SENTENCES = [
    ("hey the coffee grinder I bought on tuesday, pls cancel that purchase", "cancel_order"),
    ("in order 5512 I'd rather have the black mug than the white one", "change_order"),
    ("I'd like to buy three of your desk lamps", "place_order"),
    ("it's been nine days and my parcel is nowhere to be seen, where is it?!", "track_order"),
    ("tell me in what cases money is paid back to buyers", "check_refund_policy"),
    ("the kettle leaks, I want my $30 back", "get_refund"),
    ("I was promised a refund on the 4th, has it been sent?", "track_refund"),
    ("Do you ship to Norway, maybe with express?", "delivery_options"),
    ("roughly how many days would shipping to Madrid take", "delivery_period"),
    ("I gave you my old street, please send the parcel to the new address", "change_shipping_address"),
    ("where do I enter one more delivery address in my profile", "set_up_shipping_address"),
    ("let me see the bill for april", "check_invoice"),
    ("could you mail me a pdf copy of invoice 77120", "get_invoice"),
    ("would you take my mastercard or paypal", "check_payment_methods"),
    ("my card got declined three times at checkout", "payment_issue"),
    ("what penalty would there be for ending my contract early", "check_cancellation_fee"),
    ("I'm not a member yet and want to open an account", "create_account"),
    ("erase my account and everything in it", "delete_account"),
    ("my surname is misspelt in my profile, let me correct it", "edit_account"),
    ("I'd like to move from the basic to the premium account", "switch_account"),
    ("I can't remember my password at all", "recover_password"),
    ("the sign-up form shows an error whenever I submit it", "registration_problems"),
    ("which phone number does your customer service have", "contact_customer_service"),
    ("no more bots, let me chat with a real human being", "contact_human_agent"),
    ("I wish to make an official complaint about how your staff treated me", "complaint"),
    ("where could I write a review of the vacuum cleaner", "review"),
    ("take me off the newsletter", "newsletter_subscription"),
    ("the app crashes as soon as I open it", "technical_support"),
    ("is this tent waterproof and how heavy is it?", "product_information"),
    ("hello there", "greeting"),
    ("thanks so much, that helped", "thanks"),
    ("what's the tallest mountain in Africa", OUT_OF_SCOPE),
    ("sing me a song about pirates", OUT_OF_SCOPE),
]


@pytest.mark.parametrize(("text", "intent"), NEW_SENTENCES)
async def test_a_new_sentence_is_understood(engine: LinearIntent, text: str, intent: str) -> None:
    result = await engine.classify(text)

    assert result.intent == intent
    assert result.engine == "linear"


def test_none_of_these_sentences_was_learnt() -> None:
    learnt = {example.text.lower() for example in shipped_examples()}

    assert not learnt & {text.lower() for text, _ in NEW_SENTENCES}
    assert {intent for _, intent in NEW_SENTENCES} == set(INTENTS)


async def test_alternatives_are_the_next_likely_ones_best_first(engine: LinearIntent) -> None:
    result = await engine.classify("cancel my order and give me my money back")

    confidences = [result.confidence, *(other.confidence for other in result.alternatives)]
    assert {result.intent, result.alternatives[0].intent} == {"cancel_order", "get_refund"}
    assert len(result.alternatives) == ALTERNATIVES
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) <= 1.001


@pytest.mark.parametrize("text", ["12345", "?", "👍", "qwertz uiop", "yes"])
async def test_a_text_that_wants_nothing_is_out_of_scope(engine: LinearIntent, text: str) -> None:
    assert (await engine.classify(text)).intent == OUT_OF_SCOPE


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        (
            "My neighbour is on holiday. We talked about cats. Anyway, where is my order? It rains a lot here.",
            "track_order",
        ),
        ("My neighbour is on holiday. We talked about cats. It rains a lot here.", OUT_OF_SCOPE),
    ],
)
async def test_one_clause_of_a_long_story_may_say_what_is_wanted(engine: LinearIntent, text: str, intent: str) -> None:
    assert (await engine.classify(text)).intent == intent


async def test_a_very_long_text_is_read_from_its_beginning(engine: LinearIntent) -> None:
    text = "I forgot my password and need to reset it. " * 3 + "It is a long story. " * 200

    assert (await engine.classify(text)).intent == "recover_password"


def test_the_shipped_model_knows_every_intent_and_is_small() -> None:
    model = load(SHIPPED_MODEL, embedding=MiniLmEmbedding.name, known=INTENTS)

    assert set(model.manifest.intents) == set(INTENTS)
    assert SHIPPED_MODEL.stat().st_size < 5_000_000
    assert model.manifest.examples == len(shipped_examples())


def test_every_intent_has_enough_examples_and_none_is_told_twice() -> None:
    examples = read_examples(SHIPPED_MODEL.with_name("examples.csv"))
    texts = [example.text.lower() for example in examples]

    assert len(texts) == len(set(texts))
    for intent in INTENTS:
        assert sum(example.intent == intent for example in examples) >= EXAMPLES_EACH


async def test_an_engine_without_its_model_says_which_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"nowhere\.npz: file"):
        await LinearIntent(MiniLmEmbedding(), tmp_path / "nowhere.npz").classify("hello")
