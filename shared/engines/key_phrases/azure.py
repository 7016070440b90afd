"""Key phrases by Azure AI Language."""

from __future__ import annotations

from shared.engines.azure_language import DOCUMENTS, NAME, AzureLanguage
from shared.engines.azure_service import service_failures
from shared.models.analysis import KeyPhrasesResult


class AzureKeyPhrases:
    """Phrases in the service's order, each once."""

    name = NAME
    embedded = False

    def __init__(self, service: AzureLanguage) -> None:
        self._service = service

    async def extract(self, text: str, *, language: str | None) -> KeyPhrasesResult:
        """What the text is about. Raises NotServed for a language that the service cannot read, EngineFailed."""
        results = await self._service.read(
            text, language, lambda client, documents: client.extract_key_phrases(documents), documents=DOCUMENTS
        )
        with service_failures():
            once: dict[str, str] = {}
            for _, result in results:
                for phrase in result.key_phrases:
                    once.setdefault(phrase.casefold(), phrase)
            return KeyPhrasesResult(engine=NAME, key_phrases=list(once.values()))
