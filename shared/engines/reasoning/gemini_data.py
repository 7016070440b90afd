"""What of a conversation leaves for Gemini, and how."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from shared.engines.personal_data.outgoing import CUSTOMER, Outgoing
from shared.engines.reasoning import Culture, Passage, Turn
from shared.engines.reasoning.facts import form_of_address


class Leaving:
    """The texts of one question as they leave: without personal data, or as they are where that is allowed."""

    def __init__(self, outgoing: Outgoing | None, customer_name: str, culture: Culture | None = None) -> None:
        self._outgoing = outgoing
        self._customer_name = customer_name
        self._address = form_of_address(customer_name, culture)

    @property
    def customer(self) -> str | None:
        """How the model is to address the customer."""
        return self._address if self._outgoing is None or self._address is None else CUSTOMER

    def with_name(self, written: str) -> str:
        """What the model wrote, with the customer's name where it stands for it."""
        return written if self._address is None else written.replace(CUSTOMER, self._address)

    async def text(self, text: str, language: str | None) -> str:
        """One text. Raises EngineFailed when personal data could not be taken out."""
        if self._outgoing is None:
            return text
        return await self._outgoing.text(text, language, customer_name=self._customer_name)

    async def conversation(self, history: Sequence[Turn]) -> list[dict[str, str]]:
        """Earlier messages. Raises EngineFailed."""
        texts = await asyncio.gather(*(self.text(turn.text, turn.language) for turn in history))
        return [{"from": turn.sender, "text": text} for turn, text in zip(history, texts, strict=True)]

    async def passages(self, passages: Sequence[Passage], language: str | None) -> list[dict[str, str]]:
        """Passages of the knowledge base; what customers said in them leaves like any message. Raises EngineFailed."""

        async def text(passage: Passage) -> str:
            return await self.text(passage.text, language) if passage.personal else passage.text

        texts = await asyncio.gather(*map(text, passages))
        return [{"id": passage.id, "text": text} for passage, text in zip(passages, texts, strict=True)]


def culture_data(culture: Culture | None) -> dict[str, Any] | None:
    """What is known of the customer's culture, for the model."""
    return None if culture is None else culture.model_dump(mode="json")


def cited(citations: Sequence[str], passages: Sequence[Passage]) -> list[str]:
    """Those of the citations that are passages, each once."""
    known = {passage.id for passage in passages}
    return [each for each in dict.fromkeys(citations) if each in known]
