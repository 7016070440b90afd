"""NCRONTAB, spans of time and retry pauses."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from local.host.retries import RetryPolicy
from local.host.schedules import parse_schedule
from local.host.timespans import parse_timespan

# A Wednesday.
START = datetime(2026, 4, 1, 10, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "next_two"),
    [
        ("* * * * * *", ["2026-04-01 10:20:31", "2026-04-01 10:20:32"]),
        ("*/20 * * * * *", ["2026-04-01 10:20:40", "2026-04-01 10:21:00"]),
        ("5/20 * * * * *", ["2026-04-01 10:20:45", "2026-04-01 10:21:05"]),
        ("0 */5 * * * *", ["2026-04-01 10:25:00", "2026-04-01 10:30:00"]),
        ("*/5 * * * *", ["2026-04-01 10:25:00", "2026-04-01 10:30:00"]),
        ("0 30 9 * * 1-5", ["2026-04-02 09:30:00", "2026-04-03 09:30:00"]),
        ("0 0 9,17 * * *", ["2026-04-01 17:00:00", "2026-04-02 09:00:00"]),
        ("0 0 0 1 Jan *", ["2027-01-01 00:00:00", "2028-01-01 00:00:00"]),
        ("0 0 0 * february sun", ["2027-02-07 00:00:00", "2027-02-14 00:00:00"]),
        ("0 0 0 13 * Fri", ["2026-11-13 00:00:00", "2027-08-13 00:00:00"]),
        ("0 0 0 29 2 *", ["2028-02-29 00:00:00", "2032-02-29 00:00:00"]),
        ("00:30:00", ["2026-04-01 10:50:30", "2026-04-01 11:20:30"]),
        ("1.00:00:00", ["2026-04-02 10:20:30", "2026-04-03 10:20:30"]),
    ],
)
def test_occurrences_follow_the_schedule(schedule: str, next_two: list[str]) -> None:
    after = parse_schedule(schedule).after

    first = after(START)

    assert [f"{moment:%Y-%m-%d %H:%M:%S}" for moment in (first, after(first))] == next_two


def test_a_calendar_is_read_in_the_apps_time_zone() -> None:
    schedule = parse_schedule("0 0 9 * * *", ZoneInfo("Europe/Lisbon"))

    assert schedule.after(datetime(2026, 1, 1, tzinfo=UTC)) == datetime(2026, 1, 1, 9, tzinfo=UTC)
    assert schedule.after(datetime(2026, 7, 1, tzinfo=UTC)) == datetime(2026, 7, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "schedule",
    [
        "",
        "* * * *",
        "* * * * * * *",
        "60 * * * * *",
        "* * 24 * * *",
        "* * * 0 * *",
        "* * * * 13 *",
        "* * * * * 7",
        "* * * L * *",
        "* * * * * 1#2",
        "* * * * Foo *",
        "*/0 * * * * *",
        "5-1 * * * * *",
        "0 0 0 31 2 *",
        "00:00:00",
        "24:00:00",
        "00:61:00",
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused_by_name(schedule: str) -> None:
    with pytest.raises(ValueError, match=f"'{schedule[:4]}".replace("*", r"\*")):
        parse_schedule(schedule)


@pytest.mark.parametrize(
    ("schedule", "is_longer"),
    [("*/30 * * * * *", False), ("0 * * * * *", True), ("00:00:59", False), ("00:01:00", True)],
)
def test_what_runs_within_a_minute_is_told_from_the_rest(schedule: str, is_longer: bool) -> None:
    assert parse_schedule(schedule).is_longer_than(timedelta(minutes=1), START) is is_longer


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("00:05:00", timedelta(minutes=5)),
        ("1.02:03:04.5", timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("-00:00:01", timedelta(seconds=-1)),
        ("00:00:00.0000010", timedelta(microseconds=1)),
        ("01:30", timedelta(minutes=90)),
    ],
)
def test_spans_are_read_as_dot_net_writes_them(text: str, span: timedelta) -> None:
    assert parse_timespan(text) == span


async def test_a_failing_call_is_tried_as_often_as_its_policy_says() -> None:
    policy = RetryPolicy.parse({"strategy": "fixed_delay", "max_retry_count": "2", "delay_interval": "00:00:00"})
    attempts: list[int] = []

    async def call(metadata: dict[str, int]) -> None:
        attempts.append(metadata["retry_count"])
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await policy.run(call)
    assert attempts == [0, 1, 2]


def test_an_exponential_pause_grows_up_to_its_bound() -> None:
    policy = RetryPolicy.parse(
        {
            "strategy": "exponential_backoff",
            "max_retry_count": "-1",
            "minimum_interval": "00:00:10",
            "maximum_interval": "00:01:00",
        }
    )

    assert 8 <= policy.pause(0) <= 12
    assert 16 <= policy.pause(1) <= 24
    assert policy.pause(50) == 60


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"max_retry_count": "many"}, "max_retry_count"),
        ({"max_retry_count": "1", "strategy": "hope"}, "hope"),
        ({"max_retry_count": "1", "strategy": "fixed_delay"}, "delay_interval"),
        (
            {"max_retry_count": "1", "strategy": "exponential_backoff", "minimum_interval": "1:00:00"},
            "maximum_interval",
        ),
    ],
)
def test_a_malformed_policy_is_refused(settings: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        RetryPolicy.parse(settings)
