"""Language detection by Azure AI Language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from shared.engines.azure_language import DOCUMENTS, NAME, AzureLanguage
from shared.engines.azure_service import service_failures
from shared.engines.language.offered import OFFERED, checked
from shared.models.analysis import LanguageResult, LanguageScore
from shared.models.base import SAME_LANGUAGE, base_language

SURE_ENOUGH = 0.35
"""Below this confidence the language is not told: the same as for the embedded engine, chosen and not measured."""

WORTH_NAMING = 0.1
"""From this share of the text on another language is named beside the told one."""

PRIOR_WEIGHT = 4.0
"""How many times as much the conversation's language gets of what the service is not sure of: up to a confidence of 0.8
the conversation's language stands. The service scores sentences near 1 and single words well below."""


class AzureLanguageDetection:
    """Asks without a hint of a country, so that only the text and the conversation count."""

    name = NAME
    embedded = False

    def __init__(self, service: AzureLanguage, offered: Collection[str] = tuple(OFFERED)) -> None:
        """A language that is not `offered` is named beside the answer, and not told. Raises ValueError for codes that
        no engine here can tell."""
        self._service = service
        self._offered = checked(offered)

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
            ranked = sorted(((share / characters, code) for code, share in shares.items()), reverse=True)
            language, confidence = _with_prior(ranked[0][1], ranked[0][0], prior)
            told = language if language in self._offered and confidence >= SURE_ENOUGH else None
            # A long text goes in pieces, each with its own language.
            named = [(share, code) for share, code in ranked if share >= WORTH_NAMING and not code.startswith("(")]
            return LanguageResult(
                engine=NAME,
                language=told,
                confidence=round(confidence, 4),
                also=[
                    LanguageScore(language=code, confidence=round(share, 4)) for share, code in named if code != told
                ],
                mixed=len(named) > 1,
            )


def _with_prior(detected: str, confidence: float, prior: str | None) -> tuple[str | None, float]:
    """The likelier of the detected language and the conversation's, with its probability."""
    base = base_language(prior) if prior else None
    if detected.startswith("("):  # "(Unknown)": the service saw no language that it knows
        return None, 0.0
    if base is None or base == detected:
        return detected, confidence
    of_prior = PRIOR_WEIGHT * (1 - confidence)
    winner, score = (detected, confidence) if confidence >= of_prior else (base, of_prior)
    return winner, score / (confidence + of_prior)


def _code(iso6391_name: str) -> str:
    """The base of the service's code, such as zh for zh_chs."""
    base = base_language(iso6391_name.replace("_", "-"))
    return SAME_LANGUAGE.get(base, base)
