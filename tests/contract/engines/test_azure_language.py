"""The five engines on Azure AI Language, through the real SDK: what is sent, and what is made of the answers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.engines.azure_language import AzureLanguage
from shared.engines.chain import EngineFailed, NotServed
from shared.engines.documents import MOST_CHARACTERS
from shared.engines.entities import EntityEngine
from shared.engines.entities.azure import AzureEntities
from shared.engines.key_phrases import KeyPhraseEngine
from shared.engines.key_phrases.azure import AzureKeyPhrases
from shared.engines.language import LanguageEngine
from shared.engines.language.azure import AzureLanguageDetection
from shared.engines.personal_data import PersonalDataEngine
from shared.engines.personal_data.azure import AzurePersonalData
from shared.engines.sentiment import SentimentEngine
from shared.engines.sentiment.azure import AzureSentiment
from shared.models.analysis import (
    EntitiesResult,
    Entity,
    EntityType,
    PersonalDataResult,
    SentimentLabel,
    SentimentResult,
)
from tests.contract.engines.support import an_answer, sent_texts
from tests.fakes.core import Json, answers
from tests.fakes.language import FakeLanguage

SENTENCE = "The parcel came late. "
ACCENT = "\u0301"


def an_entity(text: str, start: int, kind: EntityType, value: str | None = None) -> Entity:
    return Entity(type=kind, text=text, start=start, end=start + len(text), value=value, confidence=0.9)


class Patterns:
    """An embedded engine that finds what it is told, wherever it stands."""

    name = "patterns"

    def __init__(self, *found: Entity) -> None:
        self.found = list(found)
        self.told: list[datetime | None] = []

    async def recognise(self, text: str, *, language: str | None, now: datetime | None = None) -> EntitiesResult:
        self.told.append(now)
        return EntitiesResult(engine=self.name, entities=self.found)

    async def redact(self, text: str, *, language: str | None) -> PersonalDataResult:
        return PersonalDataResult(engine=self.name, redacted_text="", entities=self.found)


def test_the_engines_fulfil_their_protocols_and_say_that_they_are_not_embedded(resource: AzureLanguage) -> None:
    language: LanguageEngine = AzureLanguageDetection(resource)
    sentiment: SentimentEngine = AzureSentiment(resource)
    entities: EntityEngine = AzureEntities(resource)
    key_phrases: KeyPhraseEngine = AzureKeyPhrases(resource)
    personal_data: PersonalDataEngine = AzurePersonalData(resource)

    for engine in (language, sentiment, entities, key_phrases, personal_data):
        assert engine.name == "azure-language"
        assert getattr(engine, "embedded", True) is False


@pytest.mark.parametrize(
    ("label", "scores", "expected", "confidence"),
    [
        ("positive", (0.9, 0.08, 0.02), SentimentLabel.POSITIVE, 0.9),
        ("neutral", (0.1, 0.8, 0.1), SentimentLabel.NEUTRAL, 0.8),
        ("negative", (0.01, 0.02, 0.97), SentimentLabel.NEGATIVE, 0.97),
        ("mixed", (0.4, 0.3, 0.3), SentimentLabel.MIXED, 0.7),
        ("mixed", (0.1, 0.7, 0.2), SentimentLabel.MIXED, 0.3),
    ],
)
async def test_a_sentiment_has_the_services_label_and_scores(
    language: FakeLanguage,
    resource: AzureLanguage,
    label: str,
    scores: tuple[float, float, float],
    expected: SentimentLabel,
    confidence: float,
) -> None:
    language.sentiments = {"The shoes fit.": (label, scores)}

    result = await AzureSentiment(resource).score("The shoes fit.", language="en-GB")

    assert (result.engine, result.sentiment) == ("azure-language", expected)
    assert result.confidence == pytest.approx(confidence)
    assert sum(result.scores.values()) == pytest.approx(1)
    assert language.requests[0].body["analysisInput"]["documents"][0]["language"] == "en"


class Furious:
    """An embedded engine that reads one language, and finds everything in it furious."""

    name = "furious"

    def __init__(self, language: str) -> None:
        self._language = language

    async def score(self, text: str, *, language: str | None) -> SentimentResult:
        if language != self._language:
            raise NotServed
        if text == "fails":
            raise EngineFailed("broken")
        label, rest = SentimentLabel.NEGATIVE, dict.fromkeys(SentimentLabel, 0.0)
        return SentimentResult(
            engine=self.name, sentiment=label, confidence=1, scores=rest | {label: 1}, anger=0.9, urgency=0.2
        )


@pytest.mark.parametrize(
    ("text", "language_code", "anger", "urgency"),
    [
        ("The shoes fit.", "en", 0.9, 0.2),
        ("Die Schuhe passen.", "de", 0.9, 0.2),
        ("Os sapatos servem.", "pt", None, None),
        ("fails", "en", None, None),
    ],
)
async def test_anger_and_urgency_come_from_the_engines_beside(
    language: FakeLanguage,
    resource: AzureLanguage,
    text: str,
    language_code: str,
    anger: float | None,
    urgency: float | None,
) -> None:
    language.sentiments = {text: ("positive", (0.9, 0.08, 0.02))}

    result = await AzureSentiment(resource, beside=(Furious("en"), Furious("de"))).score(text, language=language_code)
    alone = await AzureSentiment(resource).score(text, language=language_code)

    assert (result.anger, result.urgency) == (anger, urgency)
    assert (alone.anger, alone.urgency) == (None, None)
    assert (result.engine, result.sentiment, result.scores) == (alone.engine, SentimentLabel.POSITIVE, alone.scores)


@pytest.mark.parametrize(
    "scores",
    [
        {"positive": float("nan"), "neutral": 0.5, "negative": 0.5},
        {"positive": 7.0, "neutral": 0.5, "negative": 0.5},
        {"positive": -0.1, "neutral": 0.6, "negative": 0.5},
        {"positive": 0.0, "neutral": 0.0, "negative": 0.0},
        {"positive": "high", "neutral": 0.5, "negative": 0.5},
        {"positive": 0.5},
    ],
)
async def test_scores_that_are_no_shares_are_no_sentiment(
    language: FakeLanguage, resource: AzureLanguage, scores: Json
) -> None:
    document = {"sentiment": "positive", "confidenceScores": scores, "sentences": []}
    language.always(answers(an_answer("SentimentAnalysisResults", document)))

    with pytest.raises(EngineFailed, match="unreadable answer"):
        await AzureSentiment(resource).score("The shoes fit.", language="en")


@pytest.mark.parametrize("language_code", [None, "tlh"])
async def test_a_language_that_is_unknown_or_not_read_is_not_served(
    language: FakeLanguage, resource: AzureLanguage, language_code: str | None
) -> None:
    language.refused = {"tlh": "UnsupportedLanguageCode"}

    with pytest.raises(NotServed):
        await AzureSentiment(resource).score("nuqneH", language=language_code)


async def test_a_document_that_is_refused_for_another_reason_is_a_failure_without_its_text(
    language: FakeLanguage, resource: AzureLanguage
) -> None:
    language.refused = {"en": "InvalidDocument"}

    with pytest.raises(EngineFailed) as raised:
        await AzureSentiment(resource).score("The shoes fit.", language="en")

    assert str(raised.value) == "document refused: InvalidDocument"


@pytest.mark.parametrize(
    "before",
    ["", "😀", "👩‍👩‍👧‍👦 ", f"cafe{ACCENT} ", "\u202eשלום ", "🇧🇷🏽 ", "日本語 "],
    ids=["nothing", "emoji", "family", "combining", "right-to-left", "flag", "japanese"],
)
async def test_offsets_are_code_points(language: FakeLanguage, resource: AzureLanguage, before: str) -> None:
    language.names = {"Zoe\u0308": "Person"}
    text = f"{before}Zoe\u0308 😀 is here"

    found = (await AzureEntities(resource).recognise(text, language="en")).entities

    assert [text[each.start : each.end] for each in found] == ["Zoe\u0308"]
    assert found[0].start == len(before)
    assert language.requests[0].body["parameters"]["stringIndexType"] == "UnicodeCodePoint"


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("Person", EntityType.PERSON),
        ("Email", EntityType.EMAIL),
        ("PhoneNumber", EntityType.PHONE),
        ("Address", EntityType.ADDRESS),
        ("Product.ComputingProduct", EntityType.PRODUCT),
        ("URL", EntityType.URL),
        ("DateTime.Date", EntityType.DATE),
        ("DateTime.DateRange", EntityType.DATE),
        ("DateTime.Duration", EntityType.OTHER),
        ("Quantity.Currency", EntityType.AMOUNT),
        ("Quantity.Number", EntityType.OTHER),
        ("Organization", EntityType.OTHER),
        ("NewInTheNextVersion", EntityType.OTHER),
    ],
)
async def test_categories_become_our_types(
    language: FakeLanguage, resource: AzureLanguage, category: str, kind: EntityType
) -> None:
    language.names = {"this": category}

    result = await AzureEntities(resource).recognise("Look at this", language="en")

    assert [(each.type, each.text) for each in result.entities] == [(kind, "this")]


@pytest.mark.parametrize(("offset", "length"), [(1, 3), (-1, 4), (0, 400), (900, 4), (0, 0)])
async def test_an_offset_that_leads_elsewhere_is_a_failure(
    language: FakeLanguage, resource: AzureLanguage, offset: int, length: int
) -> None:
    entity = {"text": "Rita", "category": "Person", "offset": offset, "length": length, "confidenceScore": 0.9}
    document = {"redactedText": "****", "entities": [entity]}
    language.then(answers(an_answer("EntityRecognitionResults", document)))
    language.then(answers(an_answer("PiiEntityRecognitionResults", document)))

    with pytest.raises(EngineFailed, match="unreadable answer"):
        await AzureEntities(resource).recognise("Rita called", language="en")
    with pytest.raises(EngineFailed, match="unreadable answer"):
        await AzurePersonalData(resource).redact("Rita called", language="en")


async def test_what_our_own_engine_knows_stands_before_the_services_findings(
    language: FakeLanguage, resource: AzureLanguage
) -> None:
    text = "Order A-1234567 for Rita, 12 €"
    language.names = {"1234567": "Quantity.Number", "Rita": "Person", "12 €": "Quantity.Currency", "12": "Quantity"}
    order = an_entity("A-1234567", 6, EntityType.ORDER_NUMBER, value="A-1234567")

    patterns, written = Patterns(order), datetime(2026, 3, 18, tzinfo=UTC)

    result = await AzureEntities(resource, beside=patterns).recognise(text, language="en", now=written)

    assert patterns.told == [written]
    assert [(each.type, each.text) for each in result.entities] == [
        (EntityType.ORDER_NUMBER, "A-1234567"),
        (EntityType.PERSON, "Rita"),
        (EntityType.AMOUNT, "12 €"),
    ]


async def test_personal_data_is_replaced_by_its_type(language: FakeLanguage, resource: AzureLanguage) -> None:
    language.names = {"Rita": "Person", "rita@example.com": "Email", "4111": "CreditCardNumber", "44": "Quantity.Age"}

    result = await AzurePersonalData(resource).redact("😀 Rita (44), rita@example.com, card 4111.", language="pt-BR")

    assert result.redacted_text == "😀 [PERSON] ([OTHER]), [EMAIL], card [CREDIT_CARD]."
    assert [each.text for each in result.entities] == ["Rita", "44", "rita@example.com", "4111"]
    assert (result.entities[3].type, result.entities[3].value) == (EntityType.OTHER, "credit_card")
    assert language.requests[0].body["analysisInput"]["documents"][0]["language"] == "pt-br"


async def test_dates_shops_and_roles_are_not_personal(language: FakeLanguage, resource: AzureLanguage) -> None:
    language.names = {"Monday": "DateTime.Date", "Contoso": "Organization", "agent": "PersonType", "2": "Quantity"}

    result = await AzurePersonalData(resource).redact("2 from Contoso on Monday, agent", language="en")

    assert (result.redacted_text, result.entities) == ("2 from Contoso on Monday, agent", [])


async def test_findings_that_overlap_are_taken_out_together(language: FakeLanguage, resource: AzureLanguage) -> None:
    language.names = {"Rita Gomes": "Person", "Gomes Street 5": "Address"}
    own = an_entity("5, Lisbon", 18, EntityType.ADDRESS)

    result = await AzurePersonalData(resource, beside=Patterns(own)).redact(
        "Rita Gomes Street 5, Lisbon.", language="en"
    )

    assert result.redacted_text == "[PERSON]."
    assert [each.text for each in result.entities] == ["Rita Gomes Street 5, Lisbon"]


async def test_key_phrases_come_in_the_services_order_each_once(
    language: FakeLanguage, resource: AzureLanguage
) -> None:
    document = {"keyPhrases": ["late parcel", "refund", "Late parcel"]}
    language.always(answers(an_answer("KeyPhraseExtractionResults", document)))

    result = await AzureKeyPhrases(resource).extract("A late parcel, a refund", language="en")

    assert result.key_phrases == ["late parcel", "refund"]


async def test_a_blank_text_holds_nothing_and_is_not_sent(language: FakeLanguage, resource: AzureLanguage) -> None:
    assert (await AzureEntities(resource).recognise(" \n", language="en")).entities == []
    assert (await AzureKeyPhrases(resource).extract("", language="en")).key_phrases == []
    assert (await AzurePersonalData(resource).redact(" \n", language="en")).redacted_text == " \n"
    with pytest.raises(NotServed):
        await AzureSentiment(resource).score("", language="en")
    assert language.requests == []


async def test_a_long_text_goes_in_pieces_that_end_with_sentences(
    language: FakeLanguage, resource: AzureLanguage
) -> None:
    text = SENTENCE * 1000 + "Rita was angry."
    language.names = {"Rita": "Person"}

    result = await AzurePersonalData(resource).redact(text, language="en")

    sent = sent_texts(language)
    assert "".join(sent) == text
    assert max(map(len, sent)) <= MOST_CHARACTERS
    assert all(piece.endswith(". ") for piece in sent[:-1])
    assert result.redacted_text == SENTENCE * 1000 + "[PERSON] was angry."


async def test_pieces_fill_batches_of_five_or_ten(language: FakeLanguage, resource: AzureLanguage) -> None:
    text = "x" * MOST_CHARACTERS * 12

    await AzureEntities(resource).recognise(text, language="en")
    of_entities = [len(request.body["analysisInput"]["documents"]) for request in language.requests]
    await AzureSentiment(resource).score(text, language="en")
    of_sentiment = [len(each.body["analysisInput"]["documents"]) for each in language.requests[len(of_entities) :]]

    assert (of_entities, of_sentiment) == ([5, 5, 2], [10, 2])


async def test_the_sentiment_of_pieces_is_their_mean_by_length(language: FakeLanguage, resource: AzureLanguage) -> None:
    calm, angry = "a" * MOST_CHARACTERS, "b" * (MOST_CHARACTERS // 2)
    language.sentiments = {calm: ("positive", (1.0, 0.0, 0.0)), angry: ("negative", (0.0, 0.0, 1.0))}

    result = await AzureSentiment(resource).score(calm + angry, language="en")

    assert result.sentiment is SentimentLabel.POSITIVE
    assert result.confidence == pytest.approx(2 / 3)
