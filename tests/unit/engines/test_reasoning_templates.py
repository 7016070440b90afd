"""Suggestions from written texts: what an agent gets for each kind of message."""

from __future__ import annotations

from itertools import combinations

import pytest

from shared.engines.chain import NotServed
from shared.engines.intent import OUT_OF_SCOPE
from shared.engines.intent.catalogue import INTENTS
from shared.engines.reasoning import SuggestionRequest
from shared.engines.reasoning.templates import UNSURE, TemplateReasoning
from shared.models.analysis import IntentResult, IntentScore, SentimentLabel, SentimentResult

ENGINE = TemplateReasoning()


def a_request(
    intent: str | None = "track_order",
    text: str = "where is it",
    *,
    sure: float = 0.9,
    feeling: SentimentLabel = SentimentLabel.NEUTRAL,
    language: str = "en",
    name: str = "Ana Souza",
    message_id: str = "message-1",
    other: str | None = None,
) -> SuggestionRequest:
    alternatives = [IntentScore(intent=other, confidence=0.1)] if other else []
    return SuggestionRequest(
        message_id=message_id,
        text=text,
        language=language,
        customer_name=name,
        intent=IntentResult(engine="test", intent=intent, confidence=sure, alternatives=alternatives)
        if intent
        else None,
        sentiment=SentimentResult(engine="test", sentiment=feeling, confidence=0.9, scores={feeling: 1.0}),
    )


async def replies(request: SuggestionRequest) -> list[str]:
    return [one.text for one in (await ENGINE.suggest(request)).suggestions if one.kind == "reply"]


async def actions(request: SuggestionRequest) -> list[str]:
    return [one.text for one in (await ENGINE.suggest(request)).suggestions if one.kind == "action"]


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize("intent", sorted(INTENTS))
async def test_every_intent_has_three_different_replies_and_one_to_three_actions(intent: str, language: str) -> None:
    request = a_request(intent, language=language)

    written = await replies(request)
    assert len(written) == 3
    assert all(set(one.split()) ^ set(other.split()) for one, other in combinations(written, 2))
    assert 1 <= len(await actions(request)) <= 3
    assert not [text for text in written + await actions(request) if "{" in text or "  " in text]


async def test_the_same_request_gives_the_same_suggestions_and_another_message_other_ids() -> None:
    first = (await ENGINE.suggest(a_request())).suggestions
    again = (await ENGINE.suggest(a_request())).suggestions
    other = (await ENGINE.suggest(a_request(message_id="message-2"))).suggestions

    assert first == again
    assert [one.text for one in first] == [one.text for one in other]
    assert not {one.id for one in first} & {one.id for one in other}
    assert len({one.id for one in first}) == len(first)


async def test_the_order_number_is_asked_for_only_when_it_is_missing() -> None:
    without = await replies(a_request(text="where is my parcel"))
    having = await replies(a_request(text="where is my parcel, order 4471902"))

    assert all("order number" in reply for reply in without)
    assert not [reply for reply in having if "order number" in reply]
    assert all("4471902" in reply for reply in having)


async def test_the_email_is_asked_for_only_when_it_is_missing() -> None:
    without = await replies(a_request("delete_account", "delete my account"))
    having = await replies(a_request("delete_account", "delete my account, it is me@example.com"))

    assert all("e-mail address" in reply for reply in without)
    assert not [reply for reply in having if "e-mail address" in reply]


@pytest.mark.parametrize(("language", "sorry"), [("en", ("sorry", "apologise")), ("pt", ("Sinto", "Lamento", "Peço"))])
async def test_an_angry_customer_is_acknowledged_first_and_a_calm_one_is_not(
    language: str, sorry: tuple[str, ...]
) -> None:
    angry = await replies(a_request(feeling=SentimentLabel.NEGATIVE, language=language))
    calm = await replies(a_request(feeling=SentimentLabel.NEUTRAL, language=language))

    assert all(any(word in reply[:40] for word in sorry) for reply in angry)
    assert not [reply for reply in calm if any(word in reply for word in sorry)]


async def test_a_name_is_used_when_it_is_one() -> None:
    assert (await replies(a_request(name="ana souza")))[0].startswith("Hi Ana, ")
    assert (await replies(a_request(name="guest")))[0].startswith("Hello, ")


async def test_an_unsure_intent_is_asked_about_first() -> None:
    unsure = a_request("get_refund", sure=UNSURE - 0.01, other="track_refund")

    written = await replies(unsure)
    assert "about getting a refund or about the state of a refund?" in written[0]
    assert len(written) == 3
    assert "getting a refund" not in (await replies(a_request("get_refund", sure=UNSURE)))[0]


async def test_an_intent_without_texts_and_none_at_all_are_answered_as_out_of_scope() -> None:
    expected = await replies(a_request(OUT_OF_SCOPE))

    assert await replies(a_request(None)) == expected
    assert await replies(a_request("rent_a_boat")) == expected


async def test_escalation_is_the_first_action() -> None:
    asked = await actions(a_request("contact_human_agent"))
    angry = await actions(a_request("complaint", feeling=SentimentLabel.NEGATIVE))
    calm = await actions(a_request("complaint"))

    assert asked[0].startswith("Take over personally")
    assert angry[0].startswith("Tell a supervisor")
    assert not calm[0].startswith("Tell a supervisor")


async def test_regional_languages_are_written_and_others_refused() -> None:
    result = await ENGINE.suggest(a_request(language="pt-BR"))

    assert result.engine == "templates"
    assert {one.language for one in result.suggestions} == {"pt-BR"}
    with pytest.raises(NotServed):
        await ENGINE.suggest(a_request(language="fr"))
