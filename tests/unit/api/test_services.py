"""What is configured decides which engines stand before the embedded ones."""

from __future__ import annotations

import pytest

from shared.services import understanding_of
from shared.settings import Settings

NEEDED = {
    "cosmos_endpoint": "http://127.0.0.1:1",
    "web_pubsub_endpoint": "http://127.0.0.1:1",
    "web_pubsub_access_key": "a key that nobody uses",
    "token_secret": "a secret of more than thirty-two characters",
}
CLOUD = {
    "azure_language_endpoint": "https://example.cognitiveservices.azure.com",
    "azure_language_key": "key",
    "azure_translator_endpoint": "https://example.cognitiveservices.azure.com",
    "azure_translator_key": "key",
    "gemini_api_key": "key",
}


def engines(**settings: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for state in understanding_of(Settings(**(NEEDED | settings))).states():  # type: ignore[arg-type]
        found.setdefault(state.capability, []).append(state.name)
    return found


def test_without_any_key_every_capability_has_its_embedded_engine() -> None:
    assert engines() == {
        "language": ["langid"],
        "intent": ["linear"],
        "sentiment": ["minilm-head", "multilingual-head"],
        "entities": ["patterns"],
        "foreign_intent": ["linear-multilingual"],
        "key_phrases": ["stopwords"],
        "translation": ["apertium+bergamot", "apertium", "bergamot"],
        "comprehension": ["rules"],
        "reasoning": ["templates"],
        "personal_data": ["patterns"],
    }


@pytest.mark.parametrize(
    ("capability", "expected"),
    [
        ("language", ["azure-language", "langid"]),
        ("intent", ["linear"]),
        ("sentiment", ["azure-language", "minilm-head", "multilingual-head"]),
        ("translation", ["azure-translator", "apertium+bergamot", "apertium", "bergamot"]),
        ("comprehension", ["gemini", "rules"]),
        ("reasoning", ["gemini", "templates"]),
        ("personal_data", ["azure-language", "patterns"]),
    ],
)
def test_configured_services_stand_first_and_the_embedded_engine_last(capability: str, expected: list[str]) -> None:
    assert engines(**CLOUD)[capability] == expected
