"""Texts that leave for a model: personal data is taken out of them here, or they stay."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict

from shared.engines.chain import Chain, EngineFailed, NoEngineAnswered
from shared.engines.entities.reading import ENDS, JOINED, STARTS
from shared.engines.personal_data import PersonalDataEngine

CUSTOMER = "[CUSTOMER]"
"""Stands for the customer's name."""

REMEMBERED = 256
"""Texts whose redaction is remembered: a conversation's earlier messages leave with each later one."""

_SHORTEST_NAME = 3
"""Of two letters there is a word in every language."""
_SHORTEST_WRITTEN_TOGETHER = 2
_WRITTEN_TOGETHER = re.compile(rf"[{JOINED}]+")
"""Chinese, Japanese and Korean names have two characters or three, and nothing parts them from what follows."""


class Outgoing:
    """Takes personal data out of what leaves. When no engine could, nothing leaves."""

    def __init__(self, engines: Chain[PersonalDataEngine]) -> None:
        self._engines = engines
        self._remembered: OrderedDict[tuple[str, str | None], str] = OrderedDict()

    async def text(self, text: str, language: str | None, *, customer_name: str = "") -> str:
        """The text as it may leave. Raises EngineFailed."""
        found = self._remembered.get((text, language))
        if found is None:
            found = await self._redacted(text, language)
            self._remembered[text, language] = found
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        else:
            self._remembered.move_to_end((text, language))
        return await asyncio.to_thread(without_name, found, customer_name)

    async def _redacted(self, text: str, language: str | None) -> str:
        try:
            result = await self._engines.ask(lambda engine: engine.redact(text, language=language))
        except NoEngineAnswered:
            raise EngineFailed("personal data could not be taken out") from None
        return result.redacted_text


def without_name(text: str, name: str) -> str:
    """The text with `[CUSTOMER]` for the name: the whole name in any case, a word of it as the customer writes it."""
    words = name.split()
    if len(words) > 1:
        text = re.sub(_bounded(r"\s+".join(map(re.escape, words))), CUSTOMER, text, flags=re.IGNORECASE)
    for known in sorted(words, key=len, reverse=True):
        least = _SHORTEST_WRITTEN_TOGETHER if _WRITTEN_TOGETHER.fullmatch(known) else _SHORTEST_NAME
        if len(known) >= least and not known.islower():
            text = re.sub(_bounded(re.escape(known)), CUSTOMER, text)
    return text


def _bounded(name: str) -> str:
    return f"{STARTS}{name}{ENDS}"
