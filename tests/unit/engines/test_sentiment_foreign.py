"""Sentiment, anger and urgency in languages that nothing here translates."""

from __future__ import annotations

import pytest

from shared.engines.chain import NotServed
from shared.engines.embedding.multilingual import MultilingualEmbedding
from shared.engines.reasoning.escalation import ANGRY, URGENT
from shared.engines.sentiment.head import foreign_sentiment
from shared.models.analysis import SentimentLabel

ENGINE = foreign_sentiment(MultilingualEmbedding())


@pytest.mark.parametrize(
    ("language", "text", "label"),
    [
        ("de", "Vielen lieben Dank, das ging ja super schnell!", SentimentLabel.POSITIVE),
        ("de", "Wann öffnet die Filiale am Samstag?", SentimentLabel.NEUTRAL),
        ("es", "Muchísimas gracias, el envío llegó antes de lo previsto", SentimentLabel.POSITIVE),
        ("es-MX", "Qué decepción, la licuadora no sirve y nadie responde", SentimentLabel.NEGATIVE),
        ("fr", "Le colis est arrivé cassé et le service client s'en moque", SentimentLabel.NEGATIVE),
        ("it", "Servizio pessimo, non comprerò mai più da voi", SentimentLabel.NEGATIVE),
    ],
)
async def test_a_mood_is_told_in_its_own_language(language: str, text: str, label: SentimentLabel) -> None:
    result = await ENGINE.score(text, language=language)

    assert (result.sentiment, result.engine) == (label, "multilingual-head")
    assert sum(result.scores.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("language", "heated", "calm"),
    [
        ("de", "IHR BETRÜGER!!! Ich zeige euch an!", "Leider fehlt in meinem Paket eine Schraube."),
        ("fr", "BANDE DE VOLEURS, vous vous foutez de moi !!!", "Il manque une vis dans mon colis, dommage."),
    ],
)
async def test_anger_is_told_from_a_calm_complaint(language: str, heated: str, calm: str) -> None:
    angry, patient = await ENGINE.score(heated, language=language), await ENGINE.score(calm, language=language)

    assert angry.anger is not None
    assert patient.anger is not None
    assert angry.anger >= ANGRY > patient.anger
    assert angry.sentiment is SentimentLabel.NEGATIVE


@pytest.mark.parametrize(
    ("language", "hurried", "patient"),
    [
        ("es", "¡Urgente! Mi vuelo sale en una hora y no puedo abrir mi billete", "¿Qué formas de pago hay?"),
        (
            "it",
            "URGENTE: la consegna è stasera e l'indirizzo è sbagliato, rispondete subito!",
            "Quando riapre il negozio?",
        ),
    ],
)
async def test_urgency_is_told_from_a_question(language: str, hurried: str, patient: str) -> None:
    now, later = await ENGINE.score(hurried, language=language), await ENGINE.score(patient, language=language)

    assert now.urgency is not None
    assert later.urgency is not None
    assert now.urgency >= URGENT > later.urgency


@pytest.mark.parametrize("language", ["sv", "en", "pt-BR", None])
async def test_a_language_that_was_not_found_good_enough_is_not_served(language: str | None) -> None:
    with pytest.raises(NotServed):
        await ENGINE.score("Var är mitt paket?", language=language)
