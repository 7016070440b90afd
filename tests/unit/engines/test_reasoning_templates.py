"""Suggestions from written texts: what an agent gets for each kind of message."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from shared.engines.chain import NotServed
from shared.engines.intent import OUT_OF_SCOPE
from shared.engines.intent.catalogue import INTENTS
from shared.engines.reasoning import Culture, SuggestionRequest, Turn
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


async def test_an_intent_without_texts_is_not_answered_with_a_less_likely_ones() -> None:
    boats = a_request("rent_a_boat")
    assert boats.intent is not None
    others = boats.intent.model_copy(update={"alternatives": [IntentScore(intent="complaint", confidence=0.04)]})

    assert await replies(boats.model_copy(update={"intent": others})) == await replies(a_request(OUT_OF_SCOPE))


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


def a_culture(**changes: Any) -> Culture:
    given: dict[str, Any] = {"language": "de", "name": "German", "formality": "formal", "formal_you": "Sie"}
    return Culture(**(given | changes))


async def test_what_the_customer_gave_before_is_not_asked_for_again() -> None:
    before = [Turn(sender="customer", text="It is about order 55410, me@example.com")]

    tracking = await replies(a_request().model_copy(update={"history": before}))
    deleting = await replies(a_request("delete_account").model_copy(update={"history": before}))

    assert all("55410" in reply for reply in tracking)
    assert not [reply for reply in tracking + deleting if "order number" in reply or "e-mail address" in reply]


@pytest.mark.parametrize(
    ("order", "greeting"),
    [("given_first", "Hi Yamada, "), ("family_first", "Hi Yamada Hanako, "), ("no_family_name", "Hi Yamada, ")],
)
async def test_a_name_is_used_as_the_culture_has_it(order: str, greeting: str) -> None:
    request = a_request(name="yamada hanako").model_copy(update={"culture": a_culture(name_order=order)})

    assert (await replies(request))[0].startswith(greeting)


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({}, "Address the customer formally (Sie)"),
        ({"avoid": ["Small talk."]}, "Address the customer formally (Sie); avoid: Small talk"),
        ({"formal_you": None}, "Address the customer formally"),
        ({"formality": "informal", "informal_you": "du"}, "Address the customer informally (du)"),
        ({"formality": "either", "name_order": "family_first"}, "The family name comes first"),
    ],
)
async def test_the_last_step_says_how_to_speak_with_the_customer(changes: dict[str, Any], hint: str) -> None:
    request = a_request("cancel_order").model_copy(update={"culture": a_culture(**changes)})

    found = await actions(request)

    assert found[-1] == hint
    assert len(found) <= 3


@pytest.mark.parametrize("changes", [{"language": "en-GB"}, {"formality": "either"}])
async def test_there_is_no_such_step_where_there_is_nothing_to_mind(changes: dict[str, Any]) -> None:
    request = a_request("cancel_order").model_copy(update={"culture": a_culture(**changes)})

    assert await actions(request) == await actions(a_request("cancel_order"))


async def test_replies_bring_what_they_are_in_the_customers_language_where_somebody_wrote_it() -> None:
    portuguese = a_request("get_refund", "order 4471902").model_copy(update={"culture": a_culture(language="pt-BR")})
    german = a_request("get_refund").model_copy(update={"culture": a_culture()})

    both = (await ENGINE.suggest(portuguese)).suggestions
    alone = await replies(a_request("get_refund", "order 4471902", language="pt"))

    assert [each.customer_text for each in both if each.kind == "reply"] == alone
    assert {each.customer_language for each in both if each.kind == "reply"} == {"pt-BR"}
    assert {each.customer_text for each in both if each.kind == "action"} == {None}
    assert {each.customer_text for each in (await ENGINE.suggest(german)).suggestions} == {None}


async def test_customers_in_portugal_are_written_to_as_there() -> None:
    there = a_request("recover_password").model_copy(update={"culture": a_culture(language="pt-PT")})

    written = [each.customer_text or "" for each in (await ENGINE.suggest(there)).suggestions if each.kind == "reply"]

    assert any("palavra-passe" in text for text in written)
    assert not [text for text in written if "senha" in text or "você" in text.lower()]
