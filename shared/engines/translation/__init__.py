"""Translation between the customers' languages and the agents'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from shared.models.analysis import TranslationResult

Pair = tuple[str, str]
"""Source and target, as codes without region."""

Quality = Literal["good", "gist"]
"""`gist`: enough to see what a text is about, and never sent to a customer."""

Formality = Literal["formal", "informal"]
WantedFormality = Literal["default", "formal", "informal"]
"""As people ask for it; `default` leaves it to the engine."""

Tone = Literal["formal", "informal", "neutral"]


@dataclass(frozen=True)
class TranslationOptions:
    """How a translation is wanted. An engine that cannot do so translates all the same; its result says what it did."""

    formality: Formality | None = None
    """How the reader is addressed, in a language that tells the two apart."""
    tone: Tone | None = None
    good_only: bool = False
    """Whether a gist is of no use: an engine that has nothing better for the pair then does not serve it."""

    @classmethod
    def wanted(
        cls, formality: WantedFormality, tone: Tone | None = None, *, good_only: bool = False
    ) -> TranslationOptions:
        """The options as people ask for them."""
        return cls(None if formality == "default" else formality, tone, good_only)


NO_OPTIONS = TranslationOptions()


class TranslationEngine(Protocol):
    @property
    def name(self) -> str:
        """What results call it."""

    async def pairs(self) -> Mapping[Pair, Quality] | None:
        """The pairs it serves, with how well; null when it serves any, and well."""

    async def translate(
        self, text: str, *, source: str, target: str, options: TranslationOptions = NO_OPTIONS
    ) -> TranslationResult:
        """The text in `target`, state `translated`. Raises NotServed for a pair of languages it does not have."""
