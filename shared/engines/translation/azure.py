"""Translation by Azure Translator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.engines.azure_service import UNREADABLE, client_options, service_failures
from shared.engines.chain import EngineFailed
from shared.engines.documents import pieces
from shared.engines.lazy_client import LazyClient
from shared.engines.translation import NO_OPTIONS, Tone, TranslationOptions, sentences
from shared.engines.translation.european_portuguese import is_european
from shared.engines.translation.protection import Protection
from shared.models.analysis import TranslationResult
from shared.models.base import base_language

if TYPE_CHECKING:
    from azure.ai.translation.text.aio import TextTranslationClient
    from azure.ai.translation.text.models import TranslateInputItem, TranslationText

    from shared.engines.azure_service import Credential

TEXTS = 1000
"""Texts in one request (Azure Translator, service limits)."""

CHARACTERS = 50_000
"""Characters in one request (same source)."""

_NOT_SERVED = frozenset({"400019", "400023", "400035", "400036"})
"""The service's codes for a language, or a pair of them, that it does not have."""

_CODES = {"no": "nb", "tl": "fil", "zh": "zh-Hans", "sr": "sr-Latn", "fr-ca": "fr-ca"}
"""The service's code where it is neither our own nor that without its region."""

_SCRIPTS = {"zh": ("hans", "hant"), "sr": ("cyrl", "latn")}
"""The scripts that the service tells apart in its codes."""

_TRADITIONAL = frozenset({"tw", "hk", "mo"})
"""Regions whose readers want traditional characters, unless a script is named."""

_MOST_GROWTH, _ALWAYS_ALLOWED = 10, 500
"""A translation has at most so many times the characters, and these: a language model may repeat itself without end."""


class AzureTranslation:
    """Translates whole texts; links, addresses, order numbers, amounts, emoji and line ends stay."""

    name = "azure-translator"
    embedded = False

    def __init__(
        self,
        endpoint: str,
        credential: Credential,
        *,
        region: str | None,
        timeout: float,
        resource_id: str | None = None,
        deployment: str | None = None,
        protection: Protection | None = None,
    ) -> None:
        """`timeout` is seconds for one call. A key for a regional resource needs `region`, a token `resource_id` too.

        `deployment` names a language model deployed in the resource, which then translates instead of the service's
        own; it alone follows a tone. `protection` knows what stays. The credential is its giver's to close. Raises
        ValueError.
        """
        self._deployment = deployment
        self._protection = protection or Protection()
        options = client_options(timeout)

        def build() -> TextTranslationClient:
            from azure.ai.translation.text.aio import TextTranslationClient

            return TextTranslationClient(endpoint, credential, region=region, resource_id=resource_id, **options)

        self._client: LazyClient[TextTranslationClient] = LazyClient(build)

    async def pairs(self) -> None:
        """Null: the service is asked for any pair, and says itself when it does not have it."""
        return

    async def translate(
        self, text: str, *, source: str, target: str, options: TranslationOptions = NO_OPTIONS
    ) -> TranslationResult:
        """The text in `target`. Raises NotServed for a pair that the service does not have, EngineFailed."""
        order = _Order(_code(source), _code(target), self._deployment, self._tone(options))
        bodies = [piece.text for piece in pieces(text)]
        marked = [self._protection.mark(body, target) for body in bodies]
        sent = [body if mark is None else mark.text for body, mark in zip(bodies, marked, strict=True)]
        finished: list[str] = []
        for body, mark, raw in zip(bodies, marked, await self._all(sent, order), strict=True):
            restored = None if mark is None else mark.restore(raw)
            if restored is None or not restored.strip():
                restored = await self._around(body, target, order)
            finished.append(restored)
        return TranslationResult(
            engine=self.name,
            source_language=source,
            target_language=target,
            state="translated",
            text="".join(finished),
            formality=options.formality if order.tone == options.formality else None,
            tone=options.tone if order.tone == options.tone else None,
        )

    def _tone(self, options: TranslationOptions) -> Tone | None:
        """The one tone that the service takes; how the reader is addressed matters more than how it sounds."""
        return (options.formality or options.tone) if self._deployment else None

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _around(self, text: str, target: str, order: _Order) -> str:
        """The text translated bit by bit around what is to stay: worse to read, and nothing is lost."""
        bits = [
            (bit, stays or not is_sentence)
            for part, is_sentence in sentences.split(text, self._protection.spans(text, target))
            for bit, stays in (self._protection.pieces(part, target) if is_sentence else [(part, True)])
        ]
        words = [bit for bit, stays in bits if not stays]
        translated = await self._all(words, order)
        # One bit of many may come to nothing, as an article does in Russian; all that was written does not.
        if any(word.strip() for word in words) and not any(bit.strip() for bit in translated):
            raise EngineFailed(UNREADABLE)
        following = iter(translated)
        return "".join(bit if stays else next(following) for bit, stays in bits)

    async def _all(self, texts: list[str], order: _Order) -> list[str]:
        """Each of the texts translated, with the space around it as it was; what holds no letter is not sent."""
        finished = list(texts)
        wordy = [place for place, text in enumerate(texts) if any(character.isalpha() for character in text)]
        client = await self._client.get() if wordy else None
        for batch in _batches(wordy, texts):
            assert client is not None
            inputs = [order.of(texts[place].strip()) for place in batch]
            with service_failures(_NOT_SERVED):
                items = await client.translate(body=inputs)
                for place, item in zip(batch, items, strict=True):
                    finished[place] = _in_its_space(texts[place], _checked(item.translations[0], texts[place], order))
        return finished


@dataclass(frozen=True)
class _Order:
    """What is asked of the service, in its own terms."""

    source: str
    target: str
    deployment: str | None
    tone: Tone | None

    def of(self, text: str) -> TranslateInputItem:
        from azure.ai.translation.text.models import TranslateInputItem, TranslationTarget

        target = TranslationTarget(language=self.target)
        # What is not asked for is not set: a null is sent, and is another value to the service.
        if self.deployment:
            target.deployment_name = self.deployment
        if self.tone:
            target.tone = self.tone
        return TranslateInputItem(text=text, language=self.source, targets=[target])


def _batches(places: list[int], texts: list[str]) -> Iterator[list[int]]:
    batch: list[int] = []
    characters = 0
    for place in places:
        if batch and (len(batch) == TEXTS or characters + len(texts[place]) > CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(place)
        characters += len(texts[place])
    if batch:
        yield batch


def _checked(translation: TranslationText, original: str, order: _Order) -> str:
    """The text, if it can be a translation of the original into what was asked for. Raises EngineFailed."""
    text: object = translation["text"]  # the attribute makes text of whatever came
    if not isinstance(text, str):
        raise EngineFailed(UNREADABLE)
    if len(text) > _MOST_GROWTH * len(original) + _ALWAYS_ALLOWED:
        raise EngineFailed(UNREADABLE)
    if base_language(translation.language) != base_language(order.target):
        raise EngineFailed(UNREADABLE)
    return text


def _in_its_space(original: str, translated: str) -> str:
    lead = original[: len(original) - len(original.lstrip())]
    trail = original[len(original.rstrip()) :]
    return f"{lead}{translated.strip()}{trail}"


def _code(language: str) -> str:
    if is_european(language):
        return "pt-pt"
    lowered = language.lower()
    first, *more = lowered.split("-")
    script = next((part for part in more if part in _SCRIPTS.get(first, ())), None)
    if script is None and first == "zh" and _TRADITIONAL.intersection(more):
        script = "hant"
    if script is not None:
        return f"{first}-{script.title()}"
    return _CODES.get(lowered) or _CODES.get(first, first)
