"""What a connection may do in groups: by the roles of its token, and by what the server grants or revokes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

_LITERALS_LIMIT = 1000
_PATTERNS_LIMIT = 9
_PATTERN_LENGTH_LIMIT = 1024
_STAR_RUNS_LIMIT = 5


class Action(StrEnum):
    """What a permission allows in a group."""

    SEND = "sendToGroup"
    JOIN_LEAVE = "joinLeaveGroup"


class TooManyPermissions(Exception):
    """The connection holds as many literal permissions as the service keeps."""


class Permissions:
    """The permissions of one connection. Names and roles are compared with case."""

    __slots__ = ("_denied", "_everywhere", "_literals", "_patterns")

    def __init__(self, roles: Iterable[str]) -> None:
        self._everywhere: set[Action] = set()
        self._literals: set[tuple[Action, str]] = set()
        self._denied: set[tuple[Action, str]] = set()
        self._patterns: list[tuple[Action, re.Pattern[str]]] = []
        for role in sorted(set(roles)):
            for action in Action:
                self._add_role(action, role)

    def _add_role(self, action: Action, role: str) -> None:
        name = f"webpubsub.{action}"
        if role == name:
            self._everywhere.add(action)
        elif role.startswith(f"{name}."):
            self._literals.add((action, role.removeprefix(f"{name}.")))
        elif role.startswith(f"{name}s."):
            pattern = compiled_pattern(role.removeprefix(f"{name}s."))
            if pattern is not None and sum(held is action for held, _ in self._patterns) < _PATTERNS_LIMIT:
                self._patterns.append((action, pattern))

    def allows(self, action: Action, group: str) -> bool:
        """Whether the action is allowed in the group now."""
        if (action, group) in self._denied:
            return False
        if action in self._everywhere or (action, group) in self._literals:
            return True
        return any(held is action and pattern.fullmatch(group) for held, pattern in self._patterns)

    def grant(self, action: Action, group: str) -> None:
        """Allow the action in the group. Raises TooManyPermissions at the 1001st."""
        if (action, group) not in self._literals and len(self._literals) >= _LITERALS_LIMIT:
            raise TooManyPermissions
        self._literals.add((action, group))
        self._denied.discard((action, group))

    def revoke(self, action: Action, group: str) -> None:
        """Deny the action in the group, whatever wider role there is, until it is granted again."""
        self._literals.discard((action, group))
        self._denied.add((action, group))


def compiled_pattern(pattern: str) -> re.Pattern[str] | None:
    """The pattern of a role as an expression, or None when the service would skip it.

    `*` stays within one dot segment, `**` crosses them, `?` is one character but a dot, and a
    backslash takes the meaning from `*`, `?` and itself.
    """
    if not pattern or len(pattern) > _PATTERN_LENGTH_LIMIT:
        return None
    parts: list[str] = []
    star_runs = 0
    for token in re.findall(r"\\.?|\*+|\?|[^\\*?]+", pattern, re.DOTALL):
        if token[0] == "\\":
            if token[1:] not in ("*", "?", "\\"):
                return None
            parts.append(re.escape(token[1:]))
        elif token[0] == "*":
            star_runs += 1
            parts.append("[^.]*" if token == "*" else ".*")  # noqa: S105
        else:
            parts.append("[^.]" if token == "?" else re.escape(token))  # noqa: S105
    return re.compile("".join(parts), re.DOTALL) if star_runs <= _STAR_RUNS_LIMIT else None
