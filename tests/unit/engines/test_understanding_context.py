"""The deep reading in its conversation, and what it costs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from shared.engines.chain import Chain
from shared.engines.reasoning import Comprehension, ComprehensionRequest, Named, SuggestionRequest, Turn
from shared.engines.reasoning.usage import collected_usage, tell_usage
from shared.engines.understanding import Context, Understanding
from shared.models.analysis import EntityType, IntentScore, RequestResult, SuggestionResult, TokenUsage
from tests.unit.engines.understanding_support import ENGLISH, GERMAN, Comprehending, Desk, Reasoning, a_request

COST = TokenUsage(calls=1, prompt=5, answer=2, total=7)
WRITTEN = datetime(2026, 3, 18, tzinfo=UTC)


class Paid(Comprehending):
    """Comprehends for money, even when it fails."""

    async def comprehend(self, request: ComprehensionRequest) -> Comprehension:
        tell_usage("stand-in", COST)
        return await super().comprehend(request)


class PaidReasoning(Reasoning):
    async def suggest(self, request: SuggestionRequest) -> SuggestionResult:
        tell_usage("stand-in", COST)
        return await super().suggest(request)


async def test_the_conversation_and_the_moment_are_told_to_those_who_read() -> None:
    desk = Desk()
    before = Turn(sender="agent", text="How can I help?")
    context = Context(agent_language="pt", customer_name="Rita", history=[before], written_at=WRITTEN)

    await desk.understanding.understand(ENGLISH, "en", None, context)

    ((asked,),) = desk.comprehension.asked
    assert (asked.text, asked.text_language, asked.language) == (ENGLISH, "en", "pt")
    assert (asked.customer_name, asked.history) == ("Rita", [before])
    assert asked.intent.intent == "track_order"
    assert "track_order" in asked.intents
    assert desk.entities.asked == [(ENGLISH, "en", WRITTEN)]


async def test_what_is_comprehended_joins_what_is_classified() -> None:
    desk = Desk()
    desk.comprehension.finds = Comprehension(
        engine="stand-in",
        intent=IntentScore(intent="complaint", confidence=1.0),
        entities=[Named(type=EntityType.PERSON, text="order")],
        request=RequestResult(engine="stand-in", wants="To know where it is."),
    )

    found = await desk.understanding.understand(ENGLISH, "en", None)

    assert found.intent is not None
    assert found.intent.intent == "track_order"
    assert [each.text for each in found.entities] == ["W", "order"]
    assert found.request is not None
    assert found.request.wants == "To know where it is."


async def test_where_no_classifier_reads_the_language_the_model_tells_a_known_intent() -> None:
    desk = Desk()
    desk.comprehension.finds = Comprehension(engine="stand-in", intent=IntentScore(intent="boats", confidence=0.7))
    of_boats = Understanding(desk.understanding.chains, intents=lambda: {"boats": "To rent one."})

    ours = await of_boats.understand(GERMAN, "de", None)
    not_ours = await desk.understanding.understand(GERMAN, "de", None)

    assert ours.intent is not None
    assert ours.intent.intent == "boats"
    assert not_ours.intent is None


async def test_what_a_reading_and_suggestions_cost_is_told_with_them() -> None:
    desk = Desk()
    failing, paid = Paid(), Paid()
    failing.failure = ConnectionError()
    chains = replace(
        desk.understanding.chains,
        comprehension=Chain("comprehension", [failing, paid], limit=5, engine_limit=5),
        reasoning=Chain("reasoning", [PaidReasoning()], limit=5, engine_limit=5),
    )
    understanding = Understanding(chains)

    found, suggested = await asyncio.gather(
        understanding.understand(ENGLISH, "en", None), understanding.suggest(a_request())
    )

    assert (found.token_usage, suggested.token_usage) == (COST + COST, COST)
    assert (await desk.understanding.understand(ENGLISH, "en", None)).token_usage == TokenUsage()


async def test_each_question_pays_for_itself_alone() -> None:
    async def question(calls: int) -> TokenUsage:
        with collected_usage() as usage:
            for _ in range(calls):
                await asyncio.create_task(call())
        return usage.total

    async def call() -> None:
        await asyncio.sleep(0)
        tell_usage("stand-in", COST)

    one, two = await asyncio.gather(question(1), question(2))

    assert (one, two) == (COST, COST + COST)
