"""Language detection by Azure AI Language."""

from __future__ import annotations

from collections import defaultdict

from shared.engines.azure_language import DOCUMENTS, NAME, AzureLanguage
from shared.engines.azure_service import service_failures
from shared.models.analysis import LanguageResult

SURE_ENOUGH = 0.35
"""Below this confidence the language is not told: the same as for the embedded engine, chosen and not measured."""

PRIOR_WEIGHT = 4.0
"""How many times as much the conversation's language gets of what the service is not sure of: up to a confidence of 0.8
the conversation's language stands. The service scores sentences near 1 and single words well below."""

_CODES = {"nb": "no", "nn": "no", "fil": "tl", "iw": "he", "in": "id"}
"""Where the service's code is not the one of the offered languages."""


class AzureLanguageDetection:
    """Asks without a hint of a country, so that only the text and the conversation count."""

    name = NAME
    embedded = False

    def __init__(self, service: AzureLanguage) -> None:
        self._service = service

    async def detect(self, text: str, *, prior: str | None) -> LanguageResult:
        """The language with its confidence; null when that is low or the text holds no letters. Raises EngineFailed."""
        if not any(character.isalpha() for character in text):
            return LanguageResult(engine=NAME, language=None, confidence=0.0)
        results = await self._service.read_any(
            text, lambda client, documents: client.detect_language(documents), documents=DOCUMENTS
        )
        with service_failures():
            shares: defaultdict[str, float] = defaultdict(float)
            for piece, result in results:
                found = result.primary_language
                shares[_code(found.iso6391_name)] += float(found.confidence_score) * len(piece.text)
            characters = sum(len(piece.text) for piece, _ in results)
            likeliest = max(shares, key=lambda code: shares[code])
            language, confidence = _with_prior(likeliest, shares[likeliest] / characters, prior)
            return LanguageResult(
                engine=NAME,
                language=language if confidence >= SURE_ENOUGH else None,
                confidence=round(confidence, 4),
            )


def _with_prior(detected: str, confidence: float, prior: str | None) -> tuple[str | None, float]:
    """The likelier of the detected language and the conversation's, with its probability."""
    base = prior.split("-")[0].lower() if prior else None
    if detected.startswith("("):  # "(Unknown)": the service saw no language that it knows
        return None, 0.0
    if base is None or base == detected:
        return detected, confidence
    of_prior = PRIOR_WEIGHT * (1 - confidence)
    winner, score = (detected, confidence) if confidence >= of_prior else (base, of_prior)
    return winner, score / (confidence + of_prior)


def _code(iso6391_name: str) -> str:
    """The base of the service's code, such as zh for zh_chs."""
    base = iso6391_name.replace("_", "-").split("-")[0].lower()
    return _CODES.get(base, base)
