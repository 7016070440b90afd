"""Intents of texts that nothing translates."""

from __future__ import annotations

import pytest

from shared.engines.embedding.multilingual import MultilingualEmbedding
from shared.engines.intent import OUT_OF_SCOPE
from shared.engines.intent.catalogue import INTENTS
from shared.engines.intent.model import load
from shared.engines.intent.multilingual import SHIPPED_MODEL, MultilingualIntent

EMBEDDING = MultilingualEmbedding()


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("He perdido mi contraseña y no puedo entrar", "recover_password"),
        ("Quand est-ce que mon colis va arriver ?", "delivery_period"),
        ("Bitte löschen Sie mein Konto", "delete_account"),
        ("¿Dónde está mi paquete 88213?", "track_order"),
        ("Vorrei parlare con una persona in carne e ossa", "contact_human_agent"),
        ("Ik wil mijn bestelling annuleren", "cancel_order"),
        ("注文をキャンセルしたいです", "cancel_order"),
        ("Хочу скасувати замовлення", "cancel_order"),
        ("Missä pakettini on?", "track_order"),
        ("jag vill ha pengarna tillbaka", "get_refund"),
        ("pesanan saya belum sampai juga", "track_order"),
        ("Welcher Planet ist der größte?", OUT_OF_SCOPE),
    ],
)
async def test_a_sentence_is_understood_in_its_own_language(text: str, intent: str) -> None:
    result = await MultilingualIntent(EMBEDDING).classify(text)

    assert (result.intent, result.engine) == (intent, "linear-multilingual")


def test_the_shipped_model_knows_every_intent_and_no_n_grams() -> None:
    model = load(SHIPPED_MODEL, embedding=MultilingualEmbedding.name, known=INTENTS)

    assert set(model.manifest.intents) == set(INTENTS)
    assert (model.manifest.ngram_share, model.characters.vocabulary, model.words.vocabulary) == (0, {}, {})
