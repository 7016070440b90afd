"""An analysis is stored once, however often it is asked for, and what it cost is counted with it."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from azure.core.credentials import AzureKeyCredential
from azure.cosmos import CosmosClient

from local.cosmos.__main__ import EMULATOR_KEY
from local.stack.stack import Stack
from shared.desk.analysis import Findings, MessageAnalysis, MessageWork
from shared.desk.prepared import prepared_translation
from shared.desk.surroundings import HISTORY_CHARACTERS, HISTORY_MESSAGES, TURN_CHARACTERS, culture_of, history_before
from shared.engines.chain import Chain
from shared.engines.reasoning import ReasoningEngine
from shared.engines.reasoning.gemini import Gemini
from shared.engines.reasoning.gemini_suggestions import GeminiReasoning
from shared.engines.reasoning.templates import TemplateReasoning
from shared.engines.understanding import Understanding
from shared.models.analysis import Suggestion, TokenUsage
from shared.models.base import derived_id, now
from shared.models.conversation import Conversation
from shared.models.message import AnalysisState, Message, Sender
from shared.realtime.hub import Hub
from shared.services import understanding_of
from shared.settings import Settings
from shared.store.conversations import Change, ConversationStore
from shared.store.database import Database
from tests.builders import a_conversation, a_message, intent, translated
from tests.contract.engines.gemini_support import said
from tests.contract.storage.world import eventually
from tests.fakes.core import waits_for
from tests.fakes.gemini import MODEL, FakeGemini

pytestmark = pytest.mark.asyncio(loop_scope="session")

COST = TokenUsage(calls=1, prompt=5, answer=2, total=7)
NOT_YET_SWEPT = timedelta(hours=1)


@pytest_asyncio.fixture(loop_scope="session")
async def store(stack: Stack) -> AsyncIterator[ConversationStore]:
    database = Database(stack.cosmos_url, EMULATOR_KEY, "assistant", 10)
    yield ConversationStore(database)
    await database.close()


def the_analysis(stack: Stack, store: ConversationStore, **chains: Chain[Any]) -> MessageAnalysis:
    """The use case with the engines in this process, but for the given `chains`."""
    chosen = Settings(
        cosmos_endpoint=stack.cosmos_url,
        web_pubsub_endpoint=stack.pubsub_url,
        web_pubsub_access_key="a key that nobody uses",
        token_secret="a secret of more than thirty-two characters",
    )
    hub = Hub(chosen.web_pubsub_endpoint, "desk", AzureKeyCredential("nobody's"), 10)  # storing publishes nothing
    understanding = Understanding(replace(understanding_of(chosen).chains, **chains))
    return MessageAnalysis(store, hub, understanding, chosen)


async def a_stored_conversation(store: ConversationStore, *messages: Message) -> Conversation:
    """A new conversation with copies of the messages in it."""
    identifier = str(uuid.uuid4())
    await store.create(a_conversation(id=identifier, conversation_id=identifier, last_seq=len(messages)))
    moved = [
        each.model_copy(
            update={
                "conversation_id": identifier,
                "id": derived_id(identifier, str(each.seq)),
                "timestamp": now() + NOT_YET_SWEPT,
            }
        )
        for each in messages
    ]
    return await store.change(identifier, lambda current: Change(current, create=moved))


def work_on(conversation: Conversation, seq: int = 1) -> MessageWork:
    return MessageWork(
        conversation_id=conversation.id,
        message_id=derived_id(conversation.id, str(seq)),
        sender=Sender.CUSTOMER,
        text="Where is my order?",
        customer_name="Test Customer",
        prior_language="en",
        agent_language="en",
        seq=seq,
    )


async def test_what_it_cost_is_counted_once_however_many_store_it_at_once(
    stack: Stack, store: ConversationStore
) -> None:
    conversation = await a_stored_conversation(store, a_message(1), a_message(2))
    analysis = the_analysis(stack, store)
    findings = Findings(intent=intent("track_order"), token_usage=COST, suggestion_usage=COST)

    first = [analysis.store(work_on(conversation), findings) for _ in range(6)]
    await asyncio.gather(*first, analysis.store(work_on(conversation, 2), findings))
    await analysis.store(work_on(conversation), findings)

    after = await store.get(conversation.id)
    message = await store.message(conversation.id, derived_id(conversation.id, "1"))
    assert after.token_usage == COST + COST + COST + COST
    assert message is not None
    assert message.analysis_state is AnalysisState.COMPLETE


async def test_what_an_answer_cost_that_came_late_is_counted_too(stack: Stack, store: ConversationStore) -> None:
    conversation = await a_stored_conversation(store, a_message(1))

    async def paid() -> Conversation | None:
        current = await store.get(conversation.id)
        return current if current.token_usage.calls else None

    async with FakeGemini().running() as fake:
        fake.says, go_on = said("It is on its way."), asyncio.Event()
        fake.always(waits_for(go_on))
        gemini = Gemini("a key", model=MODEL, timeout=30, base_url=fake.url)
        engines: list[ReasoningEngine] = [GeminiReasoning(gemini), TemplateReasoning()]
        hedged = Chain("reasoning", engines, limit=60, engine_limit=30, hedge_after=0)
        analysis = the_analysis(stack, store, reasoning=hedged)

        found = await analysis.suggest(work_on(conversation), Findings(intent=intent("track_order")))
        await analysis.store(work_on(conversation), Findings(suggestion_usage=found.token_usage))
        await fake.arrived()
        go_on.set()
        counted = await eventually(paid, "cost of the late answer")
        await hedged.close()
        await gemini.close()

    assert (found.engine, found.token_usage) == ("templates", TokenUsage())
    assert counted.token_usage == TokenUsage(calls=1, prompt=7, answer=3, total=10)


async def test_what_the_quick_reading_told_stays_where_the_deep_one_tells_nothing(
    stack: Stack, store: ConversationStore
) -> None:
    quick = a_message(1, intent=intent("track_order"), key_phrases=["order"], translation=translated("Hi"))
    conversation = await a_stored_conversation(store, quick)

    await the_analysis(stack, store).store(work_on(conversation), Findings(key_phrases=["parcel"]))

    message = await store.message(conversation.id, derived_id(conversation.id, "1"))
    assert message is not None
    assert message.intent is not None
    assert (message.intent.intent, message.key_phrases, message.translation) == ("track_order", ["parcel"], None)


async def test_the_conversation_before_a_message_is_short_and_in_the_agents_language(store: ConversationStore) -> None:
    messages = [
        a_message(1, "zu alt"),
        *[a_message(seq, "x" * 5000) for seq in range(2, 8)],
        a_message(8, "Wo ist es?", translation=translated("Where is it?", "de")),
        a_message(9, "Let me look.", sender=Sender.AGENT),
        a_message(10),
    ]
    conversation = await a_stored_conversation(store, *messages)

    turns = await history_before(store, conversation.id, 10, "en")

    assert [(turn.sender, turn.text, turn.language) for turn in turns[-2:]] == [
        ("customer", "Where is it?", "en"),
        ("agent", "Let me look.", "en"),
    ]
    assert {len(turn.text) for turn in turns[:-2]} == {TURN_CHARACTERS}
    assert sum(len(turn.text) for turn in turns) <= HISTORY_CHARACTERS
    assert len(turns) <= HISTORY_MESSAGES
    assert await history_before(store, conversation.id, 1, "en") == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, "Vou verificar."),
        ({"suggestion_id": None}, None),
        ({"suggestion_id": "another"}, None),
        ({"text": "I will check!"}, None),
        ({"target": "de"}, None),
        ({"target": "pt"}, "Vou verificar."),
    ],
    ids=str,
)
async def test_a_suggestion_sent_as_it_is_needs_no_translation(
    store: ConversationStore, changes: dict[str, str | None], found: str | None
) -> None:
    suggestion = Suggestion(
        id="s1", kind="reply", text="I will check.", language="en", intent="track_order",
        customer_text="Vou verificar.", customer_language="pt-BR",
    )  # fmt: skip
    conversation = await a_stored_conversation(store, a_message(1, suggestions=[suggestion]), a_message(2))
    asked: dict[str, str | None] = {"suggestion_id": "s1", "text": "I will check.", "target": "pt-BR"}
    asked |= changes

    translation = await prepared_translation(store, conversation, **asked)  # type: ignore[arg-type]

    assert (translation and translation.text) == found


async def test_a_culture_is_told_in_short_or_not_at_all() -> None:
    german, japanese = await asyncio.to_thread(lambda: (culture_of("de"), culture_of("ja")))
    unknown = await asyncio.to_thread(lambda: (culture_of(None), culture_of("eo")))
    regional = await asyncio.to_thread(culture_of, "de-XQ")

    assert german is not None
    assert japanese is not None
    assert (german.formality, german.formal_you, german.greeting) == ("formal", "Sie", "Guten Tag")
    assert (japanese.name_order, bool(japanese.avoid)) == ("family_first", True)
    assert unknown == (None, None)
    assert regional == german


async def test_who_is_overtaken_again_and_again_still_gets_through(stack: Stack, store: ConversationStore) -> None:
    overtakings = 16
    conversation = await a_stored_conversation(store)
    with CosmosClient(stack.cosmos_url, EMULATOR_KEY) as client:
        rival = client.get_database_client("assistant").get_container_client("conversations")
        seen: list[Conversation] = []

        def decide(current: Conversation) -> Change:
            seen.append(current)
            if len(seen) <= overtakings:  # the rival writes between our read and our write
                rival.upsert_item(current.model_copy(update={"revision": current.revision + 1}).item())
            return Change(current.model_copy(update={"last_message_preview": "ours"}))

        await store.change(conversation.id, decide)

    after = await store.get(conversation.id)
    assert (len(seen), after.last_message_preview) == (overtakings + 1, "ours")
    assert after.revision == conversation.revision + overtakings + 1
