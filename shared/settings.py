"""Every app setting, typed and read once. Nothing else in the application reads the environment."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, AliasChoices, BaseModel, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.engines.language.offered import OFFERED, checked
from shared.models.account import Role
from shared.models.base import LanguageCode
from shared.models.glossary import GlossaryTerms


class SeedAccount(BaseModel):
    """An account that exists from the start, such as the first administrator."""

    username: str
    password: SecretStr
    full_name: str
    role: Role
    preferred_lang: LanguageCode = "en"


class Settings(BaseSettings):
    """Names are those of the app settings, in lower case. docs/settings.md tells what each one touches."""

    model_config = SettingsConfigDict(extra="ignore", use_attribute_docstrings=True)

    cosmos_endpoint: str
    """Address of the Cosmos DB account."""
    cosmos_key: SecretStr | None = None
    """Account key; without one the managed identity is used."""
    cosmos_database: str = "assistant"

    storage_blob_endpoint: str | None = None
    """Address of the storage account's blobs, such as https://ACCOUNT.blob.core.windows.net: the managed identity is
    used."""
    storage_connection: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("storage_connection", "AzureWebJobsStorage")
    )
    """Connection string of the storage account, where no address is given."""

    web_pubsub_endpoint: str
    """Address of the Web PubSub resource."""
    web_pubsub_access_key: SecretStr
    """Signs what Web PubSub sends to the event handler; also the client's key unless an identity is used."""
    web_pubsub_use_identity: bool = False
    """True: calls to Web PubSub are made with the managed identity instead of the access key."""
    web_pubsub_hub: str = "desk"

    token_secret: SecretStr = Field(min_length=32)
    """Signs sessions. Changing it ends them all."""
    customer_session_hours: Annotated[int, Field(gt=0)] = 24 * 30
    staff_session_hours: Annotated[int, Field(gt=0)] = 12
    socket_token_minutes: Annotated[int, Field(gt=0)] = 60
    seed_accounts: list[SeedAccount] = []
    """JSON list of accounts that exist from the start."""

    offered_languages: Annotated[tuple[LanguageCode, ...], AfterValidator(checked)] = tuple(OFFERED)
    """JSON list of the languages that detection tells apart; fewer are told more surely."""
    agent_language: LanguageCode = "en"
    """The language into which customers' messages are translated."""
    message_max_characters: Annotated[int, Field(gt=0)] = 5000
    request_max_bytes: Annotated[int, Field(gt=0)] = 64 * 1024
    quick_analysis_seconds: Annotated[float, Field(gt=0)] = 0.05
    """How long a customer's request waits for the first reading of a message."""
    engine_seconds: Annotated[float, Field(gt=0)] = 10.0
    """Time limit of one engine; the embedded ones load their models within it."""
    chain_seconds: Annotated[float, Field(gt=0)] = 15.0
    """Time limit of all engines of one capability together."""
    hedge_after_seconds: Annotated[float, Field(ge=0)] = 1.0
    """When a cloud engine has not answered by then, the embedded one is asked beside it."""

    azure_language_endpoint: str | None = None
    """Address of an Azure AI Language resource; without one the embedded engines read every text."""
    azure_language_key: SecretStr | None = None
    """Its key; without one the managed identity is used."""
    azure_translator_endpoint: str | None = None
    """Address of an Azure Translator resource; without one the embedded engine translates what it can."""
    azure_translator_key: SecretStr | None = None
    """Its key; without one the managed identity is used."""
    azure_translator_region: str | None = None
    """Region of a regional Translator resource."""
    azure_translator_resource_id: str | None = None
    """Resource id of the Translator, needed with the managed identity."""
    azure_translator_deployment: str | None = None
    """A language model deployed in that resource, which then translates; it alone follows formality and tone."""
    apertium_modes: Path = Path("/usr/share/apertium/modes")
    """Folder with the modes of Apertium's packages; without one they translate nothing."""
    glossary: GlossaryTerms = {}
    """JSON list of terms that are not translated, or object of terms with their translations by language."""
    translation_cache_megabytes: Annotated[float, Field(ge=0, le=1024)] = 16.0
    """Memory of one worker for translations that were made before; 0 keeps none."""
    gemini_api_key: SecretStr | None = None
    """Key of the Gemini API; without one suggestions come from templates."""
    gemini_model: str = "gemini-2.5-flash"
    gemini_thinking_budget: Annotated[int, Field(ge=0)] | None = None
    """Tokens that the model may think with: 0 for none, unset for its own choice."""
    gemini_hedge_after_seconds: Annotated[float, Field(ge=0)] = 3.0
    """When Gemini has not answered by then, the embedded engine is asked beside it; the first answer counts."""
    redact_for_models: bool = True
    """Takes personal data out of messages before they are sent to Gemini."""
    products: list[str] = []
    """JSON list of product names that are recognised in messages."""

    intent_model_refresh_seconds: Annotated[float, Field(gt=0)] = 10.0
    """How old the knowledge may be of which intent model is active."""
    intent_training_seconds: Annotated[float, Field(gt=0)] = 1200.0
    """Time limit of training an intent model."""

    reply_translation_seconds: Annotated[float, Field(gt=0)] = 2.0
    """How long an agent's reply waits for its translation before it goes out as it is."""
    external_call_seconds: Annotated[float, Field(gt=0)] = 10.0
    """Time limit of one call to Cosmos DB or Web PubSub."""
    sweep_after_seconds: Annotated[int, Field(gt=0)] = 60
    """Messages whose analysis is pending for longer than this are started again."""


class SettingsInvalid(Exception):
    """An app setting is missing or wrong; the message names it and never shows its value."""


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process. Raises SettingsInvalid."""
    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise SettingsInvalid(f"app settings: {problems}") from None
