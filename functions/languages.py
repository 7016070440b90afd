"""Languages: what is offered, telling and translating them, and how to speak with their speakers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import azure.durable_functions as df

from functions.endpoint import Call, Caller, NoBody, NoParameters, endpoint
from shared.culture.model import CulturalContext
from shared.engines.translation import Pair, Quality, Tone, TranslationOptions, WantedFormality
from shared.models.analysis import LanguageResult, TranslationResult
from shared.models.base import LanguageCode, Model

languages = df.Blueprint()


class SupportedLanguage(Model):
    code: LanguageCode
    english_name: str
    native_name: str
    direction: Literal["ltr", "rtl"]
    to_agents: str | None
    """The engine that translates it into the agents' language; null where none does."""
    to_agents_quality: Quality | None
    """How well: `gist` is for agents to read, marked as such; null where no engine does."""
    from_agents: str | None
    """The engine that translates the agents' language into it; null where none does."""
    from_agents_quality: Quality | None
    """How well: a `gist` is never sent, the customer gets the original; null where no engine does."""


class TranslatedPair(Model):
    source: str
    target: str
    quality: Quality


class TranslatingEngine(Model):
    engine: str
    pairs: list[TranslatedPair] | None
    """Null: any that it is asked for. Empty: nothing is installed with which it could translate."""


class SupportedAnswer(Model):
    agent_language: LanguageCode
    detection: list[str]
    """The engines that tell languages, in the order in which they are asked."""
    translation: list[TranslatingEngine]
    """The engines that translate, in the order in which they are asked."""
    languages: list[SupportedLanguage]


class DetectRequest(Model):
    text: str


class TranslateRequest(Model):
    text: str
    source: LanguageCode | None = None
    """Detected when it is not given."""
    target: LanguageCode
    formality: WantedFormality = "default"
    """How the reader is to be addressed; the answer's `formality` says whether the engine followed."""
    tone: Tone | None = None
    """How the text is to sound; the answer's `tone` says whether the engine followed."""


class ContextParameters(Model):
    lang: LanguageCode


@endpoint(languages, "GET", "languages/supported", caller=Caller.ANYONE, answer=SupportedAnswer)
async def supported_languages(call: Call[NoBody, NoParameters]) -> SupportedAnswer:
    """The offered languages, and which engines detect and translate them."""
    desk = call.services.languages
    return SupportedAnswer(
        agent_language=desk.agent_language,
        detection=desk.detectors(),
        translation=[
            TranslatingEngine(engine=name, pairs=None if pairs is None else _listed(pairs))
            for name, pairs in (await desk.translators()).engines
        ],
        languages=[
            SupportedLanguage(
                code=each.language.code,
                english_name=each.language.english_name,
                native_name=each.language.native_name,
                direction="rtl" if each.language.right_to_left else "ltr",
                to_agents=each.to_agents.engine if each.to_agents else None,
                to_agents_quality=each.to_agents.quality if each.to_agents else None,
                from_agents=each.from_agents.engine if each.from_agents else None,
                from_agents_quality=each.from_agents.quality if each.from_agents else None,
            )
            for each in await desk.offered()
        ],
    )


def _listed(pairs: Mapping[Pair, Quality]) -> list[TranslatedPair]:
    return [
        TranslatedPair(source=source, target=target, quality=quality)
        for (source, target), quality in sorted(pairs.items())
    ]


@endpoint(languages, "POST", "languages/detect", caller=Caller.ACCOUNT, body=DetectRequest, answer=LanguageResult)
async def tell_language(call: Call[DetectRequest, NoParameters]) -> LanguageResult:
    """The language a text is written in; null when that is unsure."""
    return await call.services.languages.detect(call.body.text)


@endpoint(
    languages, "POST", "languages/translate", caller=Caller.STAFF, body=TranslateRequest, answer=TranslationResult
)
async def translate_text(call: Call[TranslateRequest, NoParameters]) -> TranslationResult:
    """A text in another language, or marked untranslated when no engine serves the pair."""
    asked = call.body
    options = TranslationOptions.wanted(asked.formality, asked.tone)
    return await call.services.languages.translate(asked.text, asked.source, asked.target, options)


@endpoint(
    languages,
    "GET",
    "languages/cultural-context/{lang}",
    caller=Caller.STAFF,
    parameters=ContextParameters,
    answer=CulturalContext,
)
async def cultural_context(call: Call[NoBody, ContextParameters]) -> CulturalContext:
    """How to speak with customers of a language, in general or in a region of it."""
    return await call.services.languages.cultural_context(call.parameters.lang)
