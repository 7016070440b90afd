"""The only place where things are wired together. Built on first use, once per worker."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from shared.settings import Settings, settings

if TYPE_CHECKING:
    from azure.core.credentials import AzureKeyCredential
    from azure.core.credentials_async import AsyncTokenCredential
    from pydantic import SecretStr

    from shared.desk.accounts import Accounts
    from shared.desk.analysis import MessageAnalysis
    from shared.desk.assignment import Assignment
    from shared.desk.conversations import Conversations
    from shared.desk.history import History
    from shared.desk.intents import IntentModels
    from shared.desk.languages import Languages
    from shared.desk.replies import Replies
    from shared.desk.sockets import Sockets
    from shared.desk.tickets import Tickets
    from shared.engines.entities import EntityEngine
    from shared.engines.intent import IntentEngine
    from shared.engines.intent.active import ActiveModels
    from shared.engines.key_phrases import KeyPhraseEngine
    from shared.engines.language import LanguageEngine
    from shared.engines.personal_data import PersonalDataEngine
    from shared.engines.personal_data.outgoing import Outgoing
    from shared.engines.reasoning import ComprehensionEngine, ReasoningEngine
    from shared.engines.sentiment import SentimentEngine
    from shared.engines.translation.protection import Protection
    from shared.engines.understanding import Understanding
    from shared.media.blobs import Blobs
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
    blobs: Blobs
    understanding: Understanding
    accounts: Accounts
    conversations: Conversations
    assignment: Assignment
    replies: Replies
    tickets: Tickets
    history: History
    languages: Languages
    intents: IntentModels
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
            for name in ("azure", "httpx2"):
                logging.getLogger(name).setLevel(logging.WARNING)
            _built = _build(settings())
    return _built


def _build(chosen: Settings) -> Services:
    from shared.desk.accounts import Accounts
    from shared.desk.analysis import MessageAnalysis
    from shared.desk.assignment import Assignment
    from shared.desk.conversations import Conversations
    from shared.desk.history import History
    from shared.desk.intents import IntentModels
    from shared.desk.languages import Languages
    from shared.desk.replies import Replies
    from shared.desk.sockets import Sockets
    from shared.desk.tickets import Tickets
    from shared.security.tokens import Tokens
    from shared.store.accounts import AccountStore
    from shared.store.control import ControlStore
    from shared.store.conversations import ConversationStore
    from shared.store.intent_models import IntentModelStore

    database = _database(chosen)
    hub = _hub(chosen)
    blobs = _blobs(chosen)
    intent_models = IntentModelStore(ControlStore(database), blobs)
    understanding = understanding_of(chosen, intent_models)
    tokens = Tokens(chosen.token_secret.get_secret_value())
    people = AccountStore(database)
    store = ConversationStore(database)
    accounts = Accounts(people, tokens, chosen)
    conversations = Conversations(store, people, hub, understanding, tokens, chosen)
    return Services(
        settings=chosen,
        database=database,
        hub=hub,
        blobs=blobs,
        understanding=understanding,
        accounts=accounts,
        conversations=conversations,
        assignment=Assignment(store, people, hub),
        replies=Replies(store, hub, understanding, chosen),
        tickets=Tickets(store, hub),
        history=History(store, people),
        languages=Languages(understanding, chosen),
        intents=IntentModels(intent_models, chosen),
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


def _blobs(chosen: Settings) -> Blobs:
    from shared.media.blobs import Blobs, blob_service

    endpoint, connection = chosen.storage_blob_endpoint, chosen.storage_connection
    if endpoint:
        return Blobs(lambda: blob_service(endpoint, _identity()), chosen.external_call_seconds)
    text = connection.get_secret_value() if connection else None
    return Blobs(lambda: blob_service(text), chosen.external_call_seconds)


def _hub(chosen: Settings) -> Hub:
    from shared.realtime.hub import Hub

    credential = _key_or_identity(None if chosen.web_pubsub_use_identity else chosen.web_pubsub_access_key)
    return Hub(chosen.web_pubsub_endpoint, chosen.web_pubsub_hub, credential, chosen.external_call_seconds)


def understanding_of(chosen: Settings, intent_models: ActiveModels | None = None) -> Understanding:
    """The engines that the settings ask for, the embedded ones last; nothing is loaded or called.

    `intent_models`: where the active intent model is found; without it the shipped one serves.
    """
    from shared.engines.chain import Chain
    from shared.engines.personal_data.outgoing import Outgoing
    from shared.engines.translation.cache import TranslationCache
    from shared.engines.translation.glossary import Glossary
    from shared.engines.translation.protection import Protection
    from shared.engines.understanding import Chains, Understanding

    embedded = _embedded_engines(chosen, intent_models)
    cloud = _cloud_engines(chosen, embedded)
    protection = Protection(Glossary(chosen.glossary, chosen.products))

    def chain(capability: str, engines: list[Any], hedge_after: float = chosen.hedge_after_seconds) -> Chain[Any]:
        return Chain(
            capability,
            [*cloud.get(capability, []), *engines],
            limit=chosen.chain_seconds,
            engine_limit=chosen.engine_seconds,
            hedge_after=hedge_after,
        )

    redaction = chain("personal_data", [embedded.personal_data])
    outgoing = Outgoing(redaction) if chosen.redact_for_models else None
    cloud |= _gemini_engines(chosen, outgoing, embedded.language)
    patience = chosen.gemini_hedge_after_seconds
    chains = Chains(
        language=chain("language", [embedded.language]),
        intent=chain("intent", [embedded.intent]),
        foreign_intent=chain("foreign_intent", [embedded.foreign_intent]),
        sentiment=chain("sentiment", [embedded.sentiment, embedded.foreign_sentiment]),
        entities=chain("entities", [embedded.entities]),
        key_phrases=chain("key_phrases", [embedded.key_phrases]),
        translation=chain("translation", _translators(chosen, protection)),
        comprehension=chain("comprehension", [embedded.comprehension], patience),
        reasoning=chain("reasoning", [embedded.reasoning], patience),
        personal_data=redaction,
    )
    translations = TranslationCache(int(chosen.translation_cache_megabytes * 2**20), glossary=protection.fingerprint)
    return Understanding(
        chains, quick_limit=chosen.quick_analysis_seconds, translations=translations, intents=embedded.intents
    )


@dataclass(frozen=True)
class _Embedded:
    """The engine of each capability that needs no cloud and no key; those of translation are in _translators."""

    language: LanguageEngine
    intent: IntentEngine
    foreign_intent: IntentEngine
    intents: Callable[[], Mapping[str, str]]
    """Those that the two can tell at the moment, with what each is about."""
    sentiment: SentimentEngine
    foreign_sentiment: SentimentEngine
    """Reads some of the languages that nothing translates."""
    entities: EntityEngine
    key_phrases: KeyPhraseEngine
    comprehension: ComprehensionEngine
    reasoning: ReasoningEngine
    personal_data: PersonalDataEngine


def _embedded_engines(chosen: Settings, intent_models: ActiveModels | None) -> _Embedded:
    from shared.engines.embedding.minilm import MiniLmEmbedding
    from shared.engines.embedding.multilingual import MultilingualEmbedding
    from shared.engines.entities.patterns import PatternEntities
    from shared.engines.intent.active import ActiveIntent, ForeignIntent
    from shared.engines.intent.catalogue import INTENTS
    from shared.engines.intent.linear import LinearIntent
    from shared.engines.intent.multilingual import MultilingualIntent
    from shared.engines.key_phrases.stopwords import StopwordKeyPhrases
    from shared.engines.language.langid import LangidLanguage
    from shared.engines.personal_data.patterns import PatternPersonalData
    from shared.engines.reasoning.rules import RuleComprehension
    from shared.engines.reasoning.templates import TemplateReasoning
    from shared.engines.reasoning.texts import TextLibrary
    from shared.engines.sentiment.head import HeadSentiment, foreign_sentiment

    embedding, multilingual, texts = MiniLmEmbedding(), MultilingualEmbedding(), TextLibrary()
    active = None
    if intent_models is not None:
        refresh = chosen.intent_model_refresh_seconds
        active = ActiveIntent(embedding, intent_models, multilingual=multilingual, refresh_seconds=refresh)
    return _Embedded(
        language=LangidLanguage(chosen.offered_languages),
        intent=active or LinearIntent(embedding),
        foreign_intent=ForeignIntent(active) if active else MultilingualIntent(multilingual),
        intents=active.intents if active else lambda: INTENTS,
        sentiment=HeadSentiment(embedding),
        foreign_sentiment=foreign_sentiment(multilingual),
        entities=PatternEntities(chosen.products),
        key_phrases=StopwordKeyPhrases(),
        comprehension=RuleComprehension(texts),
        reasoning=TemplateReasoning(texts),
        personal_data=PatternPersonalData(),
    )


def _translators(chosen: Settings, protection: Protection) -> list[Any]:
    """The engines of translation in their order, the one that is always there last."""
    from shared.engines.translation.apertium import ApertiumTranslation
    from shared.engines.translation.bergamot import BergamotTranslation
    from shared.engines.translation.bridge import BridgedTranslation

    apertium = ApertiumTranslation(protection, folder=chosen.apertium_modes)
    bergamot = BergamotTranslation(protection)
    embedded = [BridgedTranslation(apertium, bergamot, protection), apertium, bergamot]
    if not chosen.azure_translator_endpoint:
        return embedded
    from shared.engines.translation.azure import AzureTranslation

    azure = AzureTranslation(
        chosen.azure_translator_endpoint,
        _key_or_identity(chosen.azure_translator_key),
        region=chosen.azure_translator_region,
        resource_id=chosen.azure_translator_resource_id,
        deployment=chosen.azure_translator_deployment,
        protection=protection,
        timeout=chosen.engine_seconds,
    )
    return [azure, *embedded]


def _cloud_engines(chosen: Settings, embedded: _Embedded) -> dict[str, list[Any]]:
    """The Azure engines that are configured to stand before the embedded ones, by capability, but for translation."""
    engines: dict[str, list[Any]] = {}
    if chosen.azure_language_endpoint:
        from shared.engines.azure_language import AzureLanguage
        from shared.engines.entities.azure import AzureEntities
        from shared.engines.key_phrases.azure import AzureKeyPhrases
        from shared.engines.language.azure import AzureLanguageDetection
        from shared.engines.personal_data.azure import AzurePersonalData
        from shared.engines.sentiment.azure import AzureSentiment

        resource = AzureLanguage(
            chosen.azure_language_endpoint, _key_or_identity(chosen.azure_language_key), timeout=chosen.engine_seconds
        )
        engines |= {
            "language": [AzureLanguageDetection(resource, chosen.offered_languages)],
            "sentiment": [AzureSentiment(resource, beside=(embedded.sentiment, embedded.foreign_sentiment))],
            "entities": [AzureEntities(resource, beside=embedded.entities)],
            "key_phrases": [AzureKeyPhrases(resource)],
            "personal_data": [AzurePersonalData(resource, beside=embedded.personal_data)],
        }
    return engines


def _gemini_engines(chosen: Settings, outgoing: Outgoing | None, languages: LanguageEngine) -> dict[str, list[Any]]:
    """Gemini's engines by capability, when it is configured; they share one client."""
    if not chosen.gemini_api_key:
        return {}
    from shared.engines.reasoning.gemini import Gemini
    from shared.engines.reasoning.gemini_comprehension import GeminiComprehension
    from shared.engines.reasoning.gemini_suggestions import GeminiReasoning

    gemini = Gemini(
        chosen.gemini_api_key.get_secret_value(),
        model=chosen.gemini_model,
        timeout=chosen.engine_seconds,
        thinking_budget=chosen.gemini_thinking_budget,
    )
    return {
        "comprehension": [GeminiComprehension(gemini, outgoing=outgoing, languages=languages)],
        "reasoning": [GeminiReasoning(gemini, outgoing=outgoing, languages=languages)],
    }


def _key_or_identity(key: SecretStr | None) -> AzureKeyCredential | AsyncTokenCredential:
    from azure.core.credentials import AzureKeyCredential

    return AzureKeyCredential(key.get_secret_value()) if key else _identity()
