"""The Azure AI Language resource, which the engines `azure-language` of five capabilities ask together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from shared.engines.azure_service import client_options, service_failures
from shared.engines.chain import EngineFailed, NotServed
from shared.engines.documents import Piece, pieces
from shared.engines.lazy_client import LazyClient

if TYPE_CHECKING:
    from azure.ai.textanalytics.aio import TextAnalyticsClient

    from shared.engines.azure_service import Credential

NAME = "azure-language"
"""What results call the service."""

DOCUMENTS = 10
"""Documents in one request (Azure AI Language, data limits: language, sentiment, key phrases)."""

DOCUMENTS_WITH_SPANS = 5
"""Documents in one request that looks for entities or personal data (same source)."""

_CODES = {"zh": "zh-hans"}
"""Where the service's code is not our own."""

_REGIONS = frozenset({"pt-br", "pt-pt", "zh-hans", "zh-hant"})
"""The codes with a region or script that the service tells from their base."""

Ask = Callable[["TextAnalyticsClient", list[dict[str, str]]], Awaitable[Sequence[Any]]]


class AzureLanguage:
    """The resource, with one client for all who ask it."""

    def __init__(self, endpoint: str, credential: Credential, *, timeout: float) -> None:
        """`timeout` is seconds for one call. The credential is its giver's to close. Raises ValueError."""
        options = client_options(timeout)

        def build() -> TextAnalyticsClient:
            from azure.ai.textanalytics.aio import TextAnalyticsClient

            return TextAnalyticsClient(endpoint, credential, **options)

        self._client: LazyClient[TextAnalyticsClient] = LazyClient(build)

    async def read(self, text: str, language: str | None, ask: Ask, *, documents: int) -> list[tuple[Piece, Any]]:
        """The service's result for each piece of the text that is not blank, `documents` of them in one request.

        Raises NotServed for a language that is unknown or that the service cannot read, EngineFailed.
        """
        if language is None:
            raise NotServed
        return await self._results(text, {"language": _code(language)}, ask, documents)

    async def read_any(self, text: str, ask: Ask, *, documents: int) -> list[tuple[Piece, Any]]:
        """The same for what needs no language to be told. No country is hinted at. Raises EngineFailed."""
        return await self._results(text, {"country_hint": "none"}, ask, documents)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _results(self, text: str, fields: dict[str, str], ask: Ask, documents: int) -> list[tuple[Piece, Any]]:
        client = await self._client.get()
        parts = [piece for piece in pieces(text) if piece.text.strip()]
        found: list[tuple[Piece, Any]] = []
        for first in range(0, len(parts), documents):
            batch = parts[first : first + documents]
            sent = [{"id": str(place), "text": piece.text, **fields} for place, piece in enumerate(batch)]
            with service_failures():
                results = await ask(client, sent)
                found += [(piece, _checked(result)) for piece, result in zip(batch, results, strict=True)]
        return found


def _checked(result: Any) -> Any:
    """The result, unless it says that the document was refused."""
    if not result.is_error:
        return result
    code = cast(str, result.error.code)
    if code in {"UnsupportedLanguageCode", "UnsupportedLanguage"}:
        raise NotServed
    raise EngineFailed(f"document refused: {code}" if code.isalnum() else "document refused")


def _code(language: str) -> str:
    lowered = language.lower()
    base = lowered.split("-")[0]
    return lowered if lowered in _REGIONS else _CODES.get(base, base)
