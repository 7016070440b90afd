"""Trains the part of a model that reads texts which nothing translates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from shared.engines.embedding.multilingual import MultilingualEmbedding
from shared.engines.intent.examples import (
    Example,
    for_other_languages,
    shipped_examples,
    shipped_in_other_languages,
)
from shared.engines.intent.features import plain
from shared.engines.intent.model import IntentModel
from shared.engines.intent.training import FoldReading, train_validated
from shared.engines.language.langid import LangidLanguage
from shared.engines.translation.bergamot import BergamotTranslation

_TRANSLATED = {"en": "pt", "pt": "en"}
"""The languages that this process translates well."""


@dataclass(frozen=True)
class MultilingualPart:
    """A model of texts that nothing translates, and how its like reads the examples in their own language."""

    model: IntentModel
    examples: list[Example]
    """Those it learnt from, without their translations."""
    readings: list[FoldReading]
    """In the order of these examples."""


async def train_multilingual(examples: Sequence[Example]) -> MultilingualPart:
    """The part for other languages of a model of these examples. Raises ValueError like `train_validated`."""
    written, embedding = for_other_languages(examples), MultilingualEmbedding()
    chosen = [*written, *_besides(examples)]
    learnt = [*chosen, *await _translations(written)]
    # As texts are read later: without numbers, which languages share and which say nothing of what is wanted.
    embeddings = await embedding.embed([plain(example.text) for example in learnt])
    # Without n-grams: the letters of one language say nothing of texts in others.
    trained = await train_validated(learnt, embedding, embeddings=embeddings, with_ngrams=False)
    return MultilingualPart(trained.model, chosen, trained.readings[: len(chosen)])


def _besides(examples: Sequence[Example]) -> list[Example]:
    """The product's own in other languages, of the intents that the examples have the product's own of."""
    shipped = {(example.text, example.intent) for example in shipped_examples()}
    ours = {example.intent for example in examples if (example.text, example.intent) in shipped}
    decided = {example.text for example in examples}
    in_other_languages = chain(*shipped_in_other_languages().values())
    return [each for each in in_other_languages if each.intent in ours and each.text not in decided]


async def _translations(examples: Sequence[Example]) -> list[Example]:
    """The same said in a second language, of those that this process can translate well.

    Of what is said in two languages a model learns what they share, which a third has too (docs/engines.md).
    """
    language, translation = LangidLanguage(), BergamotTranslation()
    found = []
    for example in examples:
        written_in = (await language.detect(example.text, prior="en")).language or "en"
        if written_in not in _TRANSLATED:
            continue
        translated = await translation.translate(example.text, source=written_in, target=_TRANSLATED[written_in])
        if translated.text and translated.text != example.text:
            found.append(replace(example, text=translated.text))
    return found
