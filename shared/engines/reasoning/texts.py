"""The texts that suggestions are made of: how a file of them looks, and the check that it is whole."""

from __future__ import annotations

import asyncio
import json
import string
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from shared.engines.intent.catalogue import INTENTS
from shared.models.base import Model, base_language

FOLDER = Path(__file__).with_name("languages")
"""One file for each language that suggestions are written in, named by its code."""

_REPLY_PLACEHOLDERS = {"order", "ask_order_number", "ask_email"}
_ACTION_PLACEHOLDERS = {"order"}

Text = Annotated[str, Field(min_length=1, max_length=600)]
Three = Annotated[tuple[str, ...], Field(min_length=3, max_length=3)]


class TextsError(ValueError):
    """A file of texts is not whole; the message names the file and the field."""


class Greeting(Model):
    named: Text
    unnamed: Text


class Acknowledgements(Model):
    """What a reply begins with, by how the customer feels; one for each of the three replies."""

    negative: Three
    neutral: Three
    positive: Three
    mixed: Three


class OrderWords(Model):
    """How the customer's order is called, with its number and without."""

    known: Text
    unknown: Text


class EscalationActions(Model):
    human_requested: Text
    complaint: Text
    anger: Text
    urgent: Text


class Clarify(Model):
    """How to ask back when the intent is not sure."""

    two: Text
    one: Text
    action: Text


class ComprehensionTexts(Model):
    """What is said of a customer's wish, and what things are called that have to be asked for."""

    wants: Text
    wants_of_order: Text
    unclear: Text
    greets: Text
    thanks: Text
    order_number: Text
    email: Text


class CultureTexts(Model):
    """The hint for an agent who answers in another language than the customer's."""

    formal: Text
    formal_without_word: Text
    informal: Text
    informal_without_word: Text
    family_first: Text
    no_family_name: Text
    avoid: Text | None
    """Null where the agents do not read English, in which it is known what to avoid."""


class IntentTexts(Model):
    topic: Text
    """The intent as a customer would call it, to ask back with."""
    acknowledge: bool = True
    """False where the replies say it themselves."""
    replies: Annotated[dict[str, Text], Field(min_length=3, max_length=3)]
    actions: Annotated[dict[str, Text], Field(min_length=1, max_length=3)]


class Texts(Model):
    """All the texts of one language."""

    greeting: Greeting
    acknowledgements: Acknowledgements
    order: OrderWords
    ask_order_number: Three
    ask_email: Three
    escalation: EscalationActions
    clarify: Clarify
    comprehension: ComprehensionTexts
    culture: CultureTexts
    intents: dict[str, IntentTexts]
    """Every intent of the catalogue, and no other."""


def load_texts(path: Path) -> Texts:
    """The texts in the file. Raises TextsError naming what is missing, unknown or not whole."""
    try:
        texts = Texts.model_validate(json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_no_doubles))
    except OSError as error:
        raise TextsError(f"{path.name}: cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise TextsError(f"{path.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except ValueError as error:
        raise TextsError(f"{path.name}: {error}") from error
    problem = _problem(texts)
    if problem:
        raise TextsError(f"{path.name}: {problem}")
    return texts


class TextLibrary:
    """The texts of all languages, read from their folder at the first use."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._texts: dict[str, Texts] | None = None

    async def of(self, language: str) -> Texts | None:
        """The texts of a language, whatever its region; null when it has none. Raises TextsError."""
        if self._texts is None:
            self._texts = await asyncio.to_thread(_load_all, self._folder)
        return self._texts.get(base_language(language))


def _load_all(folder: Path) -> dict[str, Texts]:
    return {path.stem: load_texts(path) for path in sorted(folder.glob("*.json"))}


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{key} is there twice")
        found[key] = value
    return found


def _problem(texts: Texts) -> str | None:
    """The first thing wrong with the texts taken together."""
    if unknown := sorted(texts.intents.keys() - INTENTS.keys()):
        return f"intents.{unknown[0]}: unknown intent"
    if missing := sorted(INTENTS.keys() - texts.intents.keys()):
        return f"intents.{missing[0]}: missing"
    for where, text, allowed in _filled(texts):
        try:
            used = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        except ValueError as error:
            return f"{where}: {error}"
        if strange := sorted(used - allowed):
            return f"{where}: unknown placeholder {{{strange[0]}}}"
    return None


def _filled(texts: Texts) -> list[tuple[str, str, set[str]]]:
    """Every text that is filled in, with its place and the placeholders it may hold."""
    found: list[tuple[str, str, set[str]]] = [
        ("greeting.named", texts.greeting.named, {"name"}),
        ("greeting.unnamed", texts.greeting.unnamed, set()),
        ("order.known", texts.order.known, {"order_number"}),
        ("order.unknown", texts.order.unknown, set()),
        ("clarify.two", texts.clarify.two, {"first_topic", "second_topic"}),
        ("clarify.one", texts.clarify.one, {"first_topic"}),
        ("comprehension.wants", texts.comprehension.wants, {"topic"}),
        ("comprehension.wants_of_order", texts.comprehension.wants_of_order, {"topic", "order_number"}),
        ("culture.formal", texts.culture.formal, {"word"}),
        ("culture.informal", texts.culture.informal, {"word"}),
        ("culture.avoid", texts.culture.avoid or "", {"avoid"}),
    ]
    for intent, of_intent in texts.intents.items():
        for key, text in of_intent.replies.items():
            found.append((f"intents.{intent}.replies.{key}", text, _REPLY_PLACEHOLDERS))
        for key, text in of_intent.actions.items():
            found.append((f"intents.{intent}.actions.{key}", text, _ACTION_PLACEHOLDERS))
    return found
