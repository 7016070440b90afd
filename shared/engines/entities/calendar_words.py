"""How languages speak of days: CLDR's words as dateparser carries them, and what customers say beyond those."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared.engines.entities.reading import fold

FILE = Path(__file__).with_name("calendar.json")
"""Number words, ways to say `ago`, `last` and `next`, and words that mean no date, by language."""

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = ("day", "week", "month", "year")
_CODES = {"no": "nb", "tl": "fil"}
"""Where CLDR has another code for a language than we, or says more under another."""
_WITHOUT_SPACES = {"ja", "zh", "th", "yue"}

_SHORTEST_MONTH = 3
_SHORTEST_WEEKDAY = 4
"""`mar`, `die`, `so` and `dom` are more often other words."""
_SHORTEST_OTHER = 4

_CLDR_NUMBER = re.compile(r"\(\\d[^()]*\)")
_CLDR_OFFSET = re.compile(r"(?P<ahead>in )?(?P<count>\d+|\\1) (?P<unit>\w+)(?: ago)?")


@dataclass(frozen=True)
class Offset:
    """A step from the day of writing, such as two weeks back."""

    count: int
    unit: str
    """day, week, month or year."""
    vague: bool = False
    """Names the whole week, month or year, as `last week` does."""


@dataclass(frozen=True)
class CalendarWords:
    """The patterns of one language, for folded texts."""

    day_first: bool
    numbers: Mapping[str, int]
    months: Mapping[str, int]
    ambiguous: frozenset[str]
    """Months that are other words too."""
    weekdays: Mapping[str, int]
    offsets: Mapping[str, Offset]
    fixed: re.Pattern[str]
    """`yesterday`, `next week`."""
    counted: tuple[tuple[int, str, re.Pattern[str]], ...]
    """Direction, unit and pattern with `n`: `two weeks ago`."""
    on_weekday: tuple[tuple[str, re.Pattern[str]], ...]
    """Which one (last, next, this, until, any) and the pattern with `day`."""
    in_month: re.Pattern[str] | None
    """`12 March 2026`, `March 12th`, `in March`, with `day`, `month`, `year`, `before` and `inside`; null where months
    are counted, as in Korean."""
    meaningless: re.Pattern[str] | None
    """Such as `good morning` where morning and tomorrow are one word."""
    mornings: frozenset[str]
    """Words for tomorrow that behind a weekday mean its morning."""


@lru_cache(maxsize=64)
def calendar_words(language: str) -> CalendarWords | None:
    """The patterns of a language (base code); null for one that CLDR or dateparser does not have."""
    from dateparser.data.languages_info import language_order  # type: ignore[import-untyped]
    from dateparser.languages.loader import default_loader  # type: ignore[import-untyped]

    language = _CODES.get(language, language)
    if language not in language_order:
        return None
    info: dict[str, Any] = default_loader.get_locale(language).info
    own: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")).get(language, {})
    edge = ("", "") if language in _WITHOUT_SPACES else (r"(?<!\w)", r"(?!\w)")
    numbers = {fold(word): count for word, count in own.get("numbers", {}).items()}
    weekdays = _named(info, _WEEKDAYS, _SHORTEST_WEEKDAY if language not in _WITHOUT_SPACES else 2)
    weekdays |= {fold(word): day for word, day in own.get("weekdays", {}).items()}
    months = {name: index + 1 for name, index in _named(info, _MONTHS, _SHORTEST_MONTH).items()}
    offsets = _offsets(info, own)
    for phrase in own.get("either_way", []):
        offsets.pop(fold(phrase), None)
    avoided = [fold(phrase) for phrase in own.get("not", [])]
    return CalendarWords(
        day_first=info.get("date_order", "DMY") != "MDY",
        numbers=numbers,
        months=months,
        ambiguous=frozenset(own.get("ambiguous", [])),
        weekdays=weekdays,
        offsets=offsets,
        fixed=re.compile(_between(edge, _either(offsets))),
        counted=_counted(info, own, numbers, edge),
        on_weekday=_weekday_patterns(own, weekdays, edge),
        in_month=_month_pattern(own, months) if months else None,
        mornings=frozenset(fold(word) for word in own.get("mornings", [])),
        meaningless=re.compile(_between(edge, _either(avoided))) if avoided else None,
    )


def _named(info: Mapping[str, Any], keys: Iterable[str], shortest: int) -> dict[str, int]:
    return {
        fold(name).rstrip("."): index
        for index, key in enumerate(keys)
        for name in info.get(key, [])
        if len(name.rstrip(".")) >= shortest and not any(character.isdigit() for character in name)
    }


def _offsets(info: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Offset]:
    found: dict[str, Offset] = {}
    for meaning, phrases in info.get("relative-type", {}).items():
        match = _CLDR_OFFSET.fullmatch(meaning)
        if match is None or match["unit"] not in _UNITS:
            continue
        count = int(match["count"]) * (1 if match["ahead"] else -1)
        vague = match["unit"] != "day"
        found |= {
            fold(phrase): Offset(count, match["unit"], vague)
            for phrase in phrases
            if len(phrase) >= (_SHORTEST_OTHER if phrase.isascii() else 2)
        }
    for phrase, days in own.get("relative", {}).items():
        found[fold(phrase)] = Offset(days, "day")
    for phrase, meaning in own.get("periods", {}).items():
        count, unit = meaning.split()
        found[fold(phrase)] = Offset(int(count), unit, vague=True)
    return found or {"\x00": Offset(0, "day")}


def _counted(
    info: Mapping[str, Any], own: Mapping[str, Any], numbers: Mapping[str, int], edge: tuple[str, str]
) -> tuple[tuple[int, str, re.Pattern[str]], ...]:
    number = r"(?P<n>\d{1,3}" + (rf"|(?:{_either(numbers)}){edge[1]})" if numbers else ")")
    patterns: dict[tuple[int, str], set[str]] = {}
    for meaning, phrases in info.get("relative-type-regex", {}).items():
        match = _CLDR_OFFSET.fullmatch(meaning)
        if match is None or match["unit"] not in _UNITS:
            continue
        for phrase in phrases:
            halves = _CLDR_NUMBER.split(phrase)
            if (
                len(halves) == 2
                and len("".join(halves).strip()) >= 2
                and not re.search(r"[\\+*?|\[\]−–]", "".join(halves))
            ):
                before, after = (re.escape(fold(half)) for half in halves)
                patterns.setdefault((1 if match["ahead"] else -1, match["unit"]), set()).add(f"{before}%{after}")
    for direction, key in ((-1, "ago"), (1, "ahead")):
        for unit in _UNITS:
            names = [fold(name) for name in [*info.get(unit, []), *own.get("units", {}).get(unit, [])] if len(name) > 2]
            for template in own.get(key, []):
                phrase = re.escape(fold(template)).replace(r"\{n\}", "%").replace(r"\{unit\}", f"(?:{_either(names)})")
                patterns.setdefault((direction, unit), set()).add(phrase)
    return tuple(
        (direction, unit, re.compile(_between(edge, _one_number(sorted(phrases), number))))
        for (direction, unit), phrases in sorted(patterns.items())
    )


def _one_number(phrases: list[str], number: str) -> str:
    """All phrases as one pattern; a name can stand in a pattern once, so each has one for each beginning."""
    heads: dict[str, list[str]] = {}
    for phrase in phrases:
        head, _, tail = phrase.partition("%")
        heads.setdefault(head, []).append(tail)
    alternatives = []
    for index, (head, tails) in enumerate(sorted(heads.items())):
        named = number.replace("?P<n>", f"?P<n{index}>")
        alternatives.append(f"{head}{named}(?:{'|'.join(sorted(tails, key=len, reverse=True))})")
    return "|".join(alternatives)


def _weekday_patterns(
    own: Mapping[str, Any], weekdays: Mapping[str, int], edge: tuple[str, str]
) -> tuple[tuple[str, re.Pattern[str]], ...]:
    if not weekdays:
        return ()
    day = f"(?P<day>{_either(weekdays)})"
    found: list[tuple[str, re.Pattern[str]]] = []
    for which in ("last", "next", "this", "until"):
        for template in own.get(which, []):
            phrase = re.escape(fold(template)).replace(r"\{day\}", day)
            found.append((which, re.compile(_between(edge, phrase))))
    qualified = {fold(name) for name in own.get("qualified", [])}
    for template in own.get("named", []):
        head, _, tail = re.escape(fold(template)).partition(r"\{day\}")
        found.append(("any", re.compile(rf"(?<!\w){head}{day}{tail}(?!\w|[ -])(?=\W|$)")))
    plain = [name for name in weekdays if name not in qualified]
    found.append(("any", re.compile(_between(edge, f"(?P<day>{_either(plain)})"))))
    return tuple(found)


def _month_pattern(own: Mapping[str, Any], months: Mapping[str, int]) -> re.Pattern[str]:
    month = _either(months)
    year = r"(?:19|20|25)\d\d(?!\d)"
    inside = "|".join(re.escape(fold(template)).replace(r"\{month\}", f"(?P<inside{index}>{month})")
                      for index, template in enumerate(own.get("month", [])))  # fmt: skip
    forms = [
        rf"(?P<day1>\d{{1,2}})(?:st|nd|rd|th|er|º|°|ª|o(?= de)|\.|-?го|:?a|:?e)?[ ./-]{{0,2}}"
        rf"(?:(?:of|de|do|den|d['’])[ ]?)?(?P<month1>{month})"
        rf"(?!\w)\.?(?:(?:,?[ ]|[-/.]|,?[ ]de[ ]|,?[ ]del[ ]|,?[ ]do[ ])(?P<year1>{year}))?",
        rf"(?:(?P<year4>{year})\.?[ ])?(?P<month2>{month})\.?[ ](?P<day2>\d{{1,2}})(?:st|nd|rd|th)?"
        rf"(?![\w:]|[.]\d|[ ](?:am|pm|uhr))(?:,?[ ](?P<year2>{year}))?",
        rf"(?P<month3>{month})(?!\w)\.?,?[ ](?:de[ ]|del[ ]|of[ ])?(?P<year3>{year})",
    ]
    if inside:
        forms.append(rf"(?:{inside})(?!,?[ ](?:de[ ]|del[ ])?{year})")
    return re.compile(rf"(?<![\w.,/:-])(?:{'|'.join(forms)})(?!\w)")


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _between(edge: tuple[str, str], alternatives: str) -> str:
    return f"{edge[0]}(?:{alternatives}){edge[1]}"
