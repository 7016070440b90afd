"""The only place where things are wired together. Built on first use, once per worker."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from shared.settings import Settings, settings

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

    from shared.desk.accounts import Accounts
    from shared.desk.analysis import MessageAnalysis
    from shared.desk.assignment import Assignment
    from shared.desk.conversations import Conversations
    from shared.desk.history import History
    from shared.desk.languages import Languages
    from shared.desk.replies import Replies
    from shared.desk.sockets import Sockets
    from shared.desk.tickets import Tickets
    from shared.engines.understanding import Understanding
    from shared.realtime.hub import Hub
    from shared.store.database import Database

_HEAVY = ["azure.core.credentials", "shared.desk.analysis", "shared.desk.sockets", "shared.engines.understanding"]
"""Imports that take hundreds of milliseconds and pull in most of the rest."""


@dataclass(frozen=True)
class Services:
    """What triggers call."""

    settings: Settings
    database: Database
    hub: Hub
    understanding: Understanding
    accounts: Accounts
    conversations: Conversations
    assignment: Assignment
    replies: Replies
    tickets: Tickets
    history: History
    languages: Languages
    sockets: Sockets
    analysis: MessageAnalysis


_built: Services | None = None
_building = asyncio.Lock()


async def services() -> Services:
    """The services of this worker. Raises SettingsInvalid."""
    global _built
    if _built is not None:
        return _built
    async with _building:
        if _built is None:
            await asyncio.to_thread(lambda: [import_module(name) for name in _HEAVY])
            # At INFO the SDKs log every request with its address: much to store, and ids of people in it.
            logging.getLogger("azure").setLevel(logging.WARNING)
            _built = _build(settings())
    return _built


def _build(chosen: Settings) -> Services:
    from shared.desk.accounts import Accounts
    from shared.desk.analysis import MessageAnalysis
    from shared.desk.assignment import Assignment
    from shared.desk.conversations import Conversations
    from shared.desk.history import History
    from shared.desk.languages import Languages
    from shared.desk.replies import Replies
    from shared.desk.sockets import Sockets
    from shared.desk.tickets import Tickets
    from shared.security.tokens import Tokens
    from shared.store.accounts import AccountStore
    from shared.store.conversations import ConversationStore

    database = _database(chosen)
    hub = _hub(chosen)
    understanding = _understanding(chosen)
    tokens = Tokens(chosen.token_secret.get_secret_value())
    people = AccountStore(database)
    store = ConversationStore(database)
    accounts = Accounts(people, tokens, chosen)
    conversations = Conversations(store, people, hub, understanding, tokens, chosen)
    return Services(
        settings=chosen,
        database=database,
        hub=hub,
        understanding=understanding,
        accounts=accounts,
        conversations=conversations,
        assignment=Assignment(store, people, hub),
        replies=Replies(store, hub, understanding, chosen),
        tickets=Tickets(store, hub),
        history=History(store, people),
        languages=Languages(understanding, chosen),
        sockets=Sockets(accounts, conversations, store, hub, chosen),
        analysis=MessageAnalysis(store, hub, understanding, chosen),
    )


def _identity() -> AsyncTokenCredential:
    from azure.identity.aio import DefaultAzureCredential

    return DefaultAzureCredential()


def _database(chosen: Settings) -> Database:
    from shared.store.database import Database

    credential = chosen.cosmos_key.get_secret_value() if chosen.cosmos_key else _identity()
    return Database(chosen.cosmos_endpoint, credential, chosen.cosmos_database, chosen.external_call_seconds)


def _hub(chosen: Settings) -> Hub:
    from azure.core.credentials import AzureKeyCredential

    from shared.realtime.hub import Hub

    key = AzureKeyCredential(chosen.web_pubsub_access_key.get_secret_value())
    credential = _identity() if chosen.web_pubsub_use_identity else key
    return Hub(chosen.web_pubsub_endpoint, chosen.web_pubsub_hub, credential, chosen.external_call_seconds)


def _understanding(chosen: Settings) -> Understanding:
    from shared.engines.chain import Chain
    from shared.engines.embedding.minilm import MiniLmEmbedding
    from shared.engines.intent.linear import LinearIntent
    from shared.engines.language.langid import LangidLanguage
    from shared.engines.reasoning.templates import TemplateReasoning
    from shared.engines.sentiment.head import HeadSentiment
    from shared.engines.translation.bergamot import BergamotTranslation
    from shared.engines.understanding import Understanding

    embedding = MiniLmEmbedding()
    engine_limit, limit = chosen.engine_seconds, chosen.chain_seconds
    return Understanding(
        language=Chain("language", [LangidLanguage()], limit=limit, engine_limit=engine_limit),
        intent=Chain("intent", [LinearIntent(embedding)], limit=limit, engine_limit=engine_limit),
        sentiment=Chain("sentiment", [HeadSentiment(embedding)], limit=limit, engine_limit=engine_limit),
        translation=Chain("translation", [BergamotTranslation()], limit=limit, engine_limit=engine_limit),
        reasoning=Chain("reasoning", [TemplateReasoning()], limit=limit, engine_limit=engine_limit),
        quick_limit=chosen.quick_analysis_seconds,
    )
