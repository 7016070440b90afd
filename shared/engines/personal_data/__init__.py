"""Personal data: where a text holds it, so that it can be taken out before the text goes anywhere."""

from __future__ import annotations

from typing import Protocol

from shared.models.analysis import PersonalDataResult


class PersonalDataEngine(Protocol):
    @property
    def name(self) -> str:
        """What results call it."""

    async def redact(self, text: str, *, language: str | None) -> PersonalDataResult:
        """The text without personal data, and what was found. Raises NotServed for a language it cannot read."""
