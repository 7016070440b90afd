"""The {tokens} of blob paths and queue names."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime

import pytest

from local.host.storage.patterns import BlobPattern, Template, checked_queue, format_time


@pytest.mark.parametrize(
    ("path", "name", "tokens"),
    [
        ("box/{name}", "a/b/c.txt", {"name": "a/b/c.txt"}),
        ("box/{name}.{ext}", "a.b.csv", {"name": "a.b", "ext": "csv"}),
        ("box/{folder}/{name}", "2030/may/1.txt", {"folder": "2030/may", "name": "1.txt"}),
        ("box/in/{name}.txt", "in/one.txt", {"name": "one"}),
        ("box/{{draft}}-{name}", "{draft}-one", {"name": "one"}),
        ("box/one.txt", "one.txt", {}),
        ("box", "whatever/it.is", {}),
        ("box/{name}", "line\nbreak", {"name": "line\nbreak"}),
    ],
)
def test_a_name_that_fits_gives_its_tokens(path: str, name: str, tokens: dict[str, str]) -> None:
    assert BlobPattern(path).match(name) == tokens


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("box/in/{name}.txt", "in/one.csv"),
        ("box/in/{name}.txt", "out/one.txt"),
        ("box/one.txt", "oneXtxt"),
        ("box/{name}.{ext}", "no-dot"),
        ("box/In/{name}", "in/case-matters"),
    ],
)
def test_a_name_that_does_not_fit_gives_nothing(path: str, name: str) -> None:
    assert BlobPattern(path).match(name) is None


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("", "'' is no name of a container"),
        ("Box/{name}", "'Box' is no name"),
        ("{box}/{name}", "no name of a container"),
        ("box/", "names no blob"),
        ("box/{name", "single '{'"),
        ("box/name}", "single '}'"),
        ("box/{}", "without a name"),
        ("box/{name}-{Name}", "a token twice"),
        ("box/{rand-guid}", "cannot be taken out of a name"),
    ],
)
def test_a_path_that_is_none_is_refused(path: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        BlobPattern(path)


DATA = {"name": "one", "order": {"Id": 7, "lines": [1]}, "none": None}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("box/{name}.json", "box/one.json"),
        ("box/{NAME}", "box/one"),
        ("box/{order.id}", "box/7"),
        ("box/{{name}}", "box/{name}"),
        ("box/{none}x", "box/x"),
    ],
)
def test_tokens_are_filled_in(template: str, text: str) -> None:
    assert Template(template).fill(DATA) == text


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("box/{other}", "nothing gives a value for {other}"),
        ("box/{order.other}", "nothing gives a value for {order.other}"),
        ("box/{order}", "is no text"),
        ("box/{order.lines}", "is no text"),
        ("box/{rand-guid:X}", "no format of a GUID"),
    ],
)
def test_a_token_without_a_value_is_named(template: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        Template(template).fill(DATA)


def test_each_invocation_gets_a_guid_of_its_own() -> None:
    one, other = (Template("{rand-guid}").fill({}) for _ in range(2))

    assert uuid.UUID(one) != uuid.UUID(other)
    assert re.fullmatch("[0-9a-f]{32}", Template("{rand-guid:N}").fill({}))


def test_times_are_written_as_the_format_says() -> None:
    moment = datetime(2030, 5, 7, 18, 4, 9, 120_000, tzinfo=UTC)

    assert format_time(moment, "yyyy-MM-ddTHH-mm-ssK") == "2030-05-07T18-04-09Z"
    assert format_time(moment, "yy/M/d h:m:s.fff") == "30/5/7 6:4:9.120"
    assert format_time(moment, "'day' dd") == "day 07"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ", Template("{datetime}").fill({}))
    assert re.fullmatch(r"\d{4}/\d\d", Template("{DateTime:yyyy/MM}").fill({}))


def test_queues_are_named_in_lower_case() -> None:
    assert checked_queue("Orders-1") == "orders-1"
    for name in ("", "ab", "two--dashes", "-dash", "under_score"):
        with pytest.raises(ValueError, match="no name of a queue"):
            checked_queue(name)
