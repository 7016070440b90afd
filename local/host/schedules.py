"""When a timer trigger fires: NCRONTAB expressions and spans of time."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from cronsim import CronSim, CronSimError

from local.host.timespans import parse_timespan

_MONTHS = {name: number for number, name in enumerate(calendar.month_name) if number}
_DAYS = {name: (number + 1) % 7 for number, name in enumerate(calendar.day_name)}
_FIELD = re.compile(r"[\d*,/\-]+")
_NAMES_OF_FIELD = ("second", "minute", "hour", "day", "month", "day of week")


@dataclass(frozen=True, slots=True)
class Schedule:
    """`after(moment)` is the first occurrence later than the moment; `is_constant` tells a span from a calendar."""

    text: str
    is_constant: bool
    after: Callable[[datetime], datetime]

    def is_longer_than(self, span: timedelta, now: datetime) -> bool:
        """Whether the next occurrences lie at least the span apart."""
        first = self.after(now)
        return self.after(first) - first >= span


def parse_schedule(text: str, zone: tzinfo = UTC) -> Schedule:
    """A schedule from `{second} {minute} {hour} {day} {month} {day of week}`, from the same without seconds, or from
    a span like 00:05:00. Occurrences are aware datetimes in UTC; the zone is where the calendar's hours are read.

    Raises ValueError naming what is wrong. Day and day of week must both match, unlike in cron.
    """
    if ":" in text:
        span = parse_timespan(text)
        if span <= timedelta():
            raise ValueError(f"'{text}' must be longer than nothing")
        return Schedule(text, True, lambda moment: moment + span)
    expression = _expression(text)

    def after(moment: datetime) -> datetime:
        simulation = CronSim(expression, moment.astimezone(zone))
        simulation.day_and = True
        return next(simulation).astimezone(UTC)

    try:
        after(datetime.now(UTC))
    except CronSimError as error:
        raise ValueError(f"'{text}': {error}") from None
    except StopIteration:
        raise ValueError(f"'{text}' never occurs") from None
    return Schedule(text, False, after)


def _expression(text: str) -> str:
    fields = text.split()
    if len(fields) == 5:
        fields.insert(0, "0")
    if len(fields) != 6:
        raise ValueError(f"'{text}' must have six fields (or five, without seconds), or be a span like 00:05:00")
    fields[4] = _numbers(fields[4], _MONTHS)
    fields[5] = _numbers(fields[5], _DAYS)
    for name, field in zip(_NAMES_OF_FIELD, fields, strict=True):
        if _FIELD.fullmatch(field) is None:
            raise ValueError(f"'{text}': bad {name} '{field}'")
    if re.search(r"\b7\b", re.sub(r"/\d+", "", fields[5])):
        raise ValueError(f"'{text}': the day of week goes from 0, Sunday, to 6")
    return " ".join(fields)


def _numbers(field: str, names: dict[str, int]) -> str:
    """Names, whole or cut after three letters or more, as their numbers."""

    def number(match: re.Match[str]) -> str:
        word = match.group().lower()
        for name, value in names.items():
            if len(word) >= 3 and name.lower().startswith(word):
                return str(value)
        return match.group()

    return re.sub(r"[A-Za-z]+", number, field)
