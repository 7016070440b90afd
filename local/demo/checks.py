"""Whether a conversation came through whole: nothing lost, nothing doubled, nothing out of order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from local.demo.people import Thread

Json = dict[str, Any]


def problems_of(sent: Sequence[str], stored: Sequence[Json], views: dict[str, Thread]) -> list[str]:
    """What is wrong, a line each; none when all is well.

    `sent` holds the client's ids of all messages in the order they were sent, `stored` what the API
    lists, `views` what each side saw, by the side's name.
    """
    said = [message for message in stored if message["sender"] != "system"]
    problems = _compare("the stored conversation", list(sent), [message["client_message_id"] for message in said])
    numbers = [message["seq"] for message in stored]
    if numbers != list(range(1, len(numbers) + 1)):
        problems.append(f"the stored conversation is not numbered 1, 2, 3 …: {numbers}")
    for side, thread in views.items():
        problems += _compare(
            side, [message["id"] for message in stored], [message["id"] for message in thread.in_order]
        )
        problems += [
            f"{side}: message {identifier} was announced {count} times"
            for identifier, count in thread.announced.items()
            if count > 1
        ]
    return problems


def _compare(where: str, expected: list[str], found: list[str]) -> list[str]:
    problems = []
    counts = Counter(found)
    problems += [f"{where}: message {one} is lost" for one in expected if one not in counts]
    problems += [f"{where}: message {one} is there {count} times" for one, count in counts.items() if count > 1]
    problems += [f"{where}: message {one} was never sent" for one in counts if one not in expected]
    if not problems and expected != found:
        problems.append(f"{where}: the messages are out of order")
    return problems
