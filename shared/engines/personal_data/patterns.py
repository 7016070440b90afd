"""Personal data by patterns and check digits, in this process."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from shared.engines.entities.addresses import find_addresses
from shared.engines.entities.contacts import find_emails
from shared.engines.entities.orders import find_orders
from shared.engines.entities.persons import find_persons
from shared.engines.entities.phones import find_phones
from shared.engines.entities.reading import ENDS, STARTS, Finding, Reading, reading
from shared.engines.personal_data import secrets
from shared.models.analysis import Entity, EntityType, PersonalDataResult

Finder = Callable[[Reading], Iterator[Finding]]

_FINDERS_FOR_LOG: tuple[Finder, ...] = (
    find_emails,
    secrets.find_cards,
    secrets.find_ibans,
    secrets.find_accounts,
    secrets.find_identities,
    secrets.find_machines,
    secrets.find_keys,
    secrets.find_passwords,
    secrets.find_births,
    secrets.find_likely_phones,
    find_addresses,
    find_persons,
)
_FINDERS: tuple[Finder, ...] = (*_FINDERS_FOR_LOG, find_phones)

_LABELS = sorted({kind.upper() for kind in (*EntityType, *secrets.KINDS)})
_LABEL = re.compile(rf"\[(?:{'|'.join(_LABELS)})\]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")

_SURE_ORDER = 0.8
"""From this confidence on, digits are taken for an order's number rather than for a telephone's."""
_SHORTEST_NAME = 3

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Nothing that is searched for here depends on when the text was written."""


class PatternPersonalData:
    """Takes out addresses, telephone numbers, names, cards, accounts, identities and passwords."""

    name = "patterns"

    async def redact(self, text: str, *, language: str | None) -> PersonalDataResult:
        """The text with `[EMAIL]` and the like in the places of what was found.

        What no entity type of its own names is `other`; its value then says what it is, such as `credit_card`, and so
        does the text: `[CREDIT_CARD]`. To redact the result again changes nothing.
        """
        return await asyncio.to_thread(self._redact, text, language)

    def _redact(self, text: str, language: str | None) -> PersonalDataResult:
        redacted, entities = _redacted(text, language, _FINDERS)
        return PersonalDataResult(engine=self.name, redacted_text=redacted, entities=entities)


def redact_for_log(text: str) -> str:
    """The text without personal data, fit for a log line: at once, in any language. Rather too little than too much."""
    return _redacted(text, None, _FINDERS_FOR_LOG)[0]


@dataclass
class _Work:
    """A text on its way: what it is now, and where in the original each of its characters stood."""

    text: str
    origins: list[int]


def _redacted(original: str, language: str | None, finders: Iterable[Finder]) -> tuple[str, list[Entity]]:
    """The redacted text and what was taken out, in the order of the text.

    What is taken out can change how its neighbours read, so it goes on until nothing more is found. That is also why
    a redacted text stays as it is. It ends: every round leaves fewer characters that can be found.
    """
    original = _LONE_SURROGATE.sub("\ufffd", original)
    work = _Work(original, list(range(len(original) + 1)))
    entities: list[Entity] = []
    names: set[str] = set()
    while findings := _findings(work.text, language, finders, names):
        for finding in reversed(findings):
            start, end = work.origins[finding.start], work.origins[finding.end]
            entities.append(
                Entity(
                    type=finding.type,
                    text=original[start:end],
                    start=start,
                    end=end,
                    value=finding.value,
                    confidence=finding.confidence,
                )
            )
            kind = finding.value if finding.type is EntityType.OTHER else None
            label = f"[{(kind or finding.type).upper()}]"
            work.text = work.text[: finding.start] + label + work.text[finding.end :]
            work.origins[finding.start : finding.end] = [start] * len(label)
            if finding.type is EntityType.PERSON:
                names.update(_names_in(original[start:end]))
    return work.text, sorted(entities, key=lambda entity: entity.start)


def _findings(text: str, language: str | None, finders: Iterable[Finder], names: Iterable[str]) -> list[Finding]:
    """What is found in a text that may hold labels already; those that overlap become one that covers them all."""
    masked = _LABEL.sub(lambda label: secrets.TAKEN * len(label[0]), text)
    read, places = reading(masked, language, _ANY_TIME)
    found = [finding for finder in finders for finding in finder(read)]
    numbers = {
        place
        for order in find_orders(read)
        if order.confidence >= _SURE_ORDER
        for place in range(order.start, order.end)
    }
    found = [f for f in found if f.type is not EntityType.PHONE or numbers.isdisjoint(range(f.start, f.end))]
    if places is not None:
        found = [replace(f, start=places[f.start], end=places[f.end]) for f in found]
    return _united([*found, *_again(masked, names)])


def _again(text: str, names: Iterable[str]) -> Iterator[Finding]:
    """Other places where a person who was named is named."""
    for name in sorted(names):
        for match in re.finditer(f"{STARTS}{re.escape(name)}{ENDS}", text):
            yield Finding(EntityType.PERSON, *match.span(), 0.8, rank=9)


def _names_in(person: str) -> Iterator[str]:
    yield person
    yield from (word for word in person.split() if len(word) >= _SHORTEST_NAME and word[0].isupper())


def _united(findings: Iterable[Finding]) -> list[Finding]:
    united: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (f.start, f.rank, -f.end)):
        if united and finding.start < united[-1].end:
            before = united[-1]
            best = min(before, finding, key=lambda f: (f.rank, f.start - f.end))
            united[-1] = replace(best, start=before.start, end=max(before.end, finding.end))
        elif finding.start < finding.end:
            united.append(finding)
    return united
