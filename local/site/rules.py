"""staticwebapp.config.json: what it may say, and which of its rules a request meets."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CONFIG_FILE = "staticwebapp.config.json"

PASSED_OVER = {"$schema", "platform", "networking", "forwardingGateway"}
"""Sections that only mean something in the cloud."""


class RulesError(Exception):
    """The configuration cannot be honoured; the message names the property."""


@dataclass(frozen=True)
class Route:
    """One of `routes`: what happens to requests that match."""

    pattern: re.Pattern[str]
    methods: frozenset[str]
    headers: dict[str, str]
    rewrite: str | None
    redirect: str | None
    status: int | None

    def matches(self, method: str, path: str) -> bool:
        """Whether a request meets this rule; no methods means all."""
        return (not self.methods or method in self.methods) and self.pattern.fullmatch(path) is not None


@dataclass(frozen=True)
class Override:
    """One of `responseOverrides`: what is answered instead of a bare status."""

    rewrite: str | None
    redirect: str | None
    status: int | None


@dataclass(frozen=True)
class Rules:
    """The whole configuration."""

    routes: tuple[Route, ...] = ()
    fallback: str | None = None
    """The file that answers for paths that no file has: the page of a single-page application."""
    fallback_excluded: tuple[re.Pattern[str], ...] = ()
    global_headers: dict[str, str] = field(default_factory=dict)
    media_types: dict[str, str] = field(default_factory=dict)
    """Content type by file ending, such as `.webmanifest`."""
    overrides: dict[int, Override] = field(default_factory=dict)

    def route_for(self, method: str, path: str) -> Route | None:
        """The first rule that the request meets."""
        return next((route for route in self.routes if route.matches(method, path)), None)

    def falls_back(self, path: str) -> bool:
        """Whether the fallback page answers for a path that has no file."""
        return self.fallback is not None and not any(pattern.fullmatch(path) for pattern in self.fallback_excluded)


def read_rules(dist: Path) -> Rules:
    """The rules in a built front end; none when it has no configuration. Raises RulesError."""
    file = dist / CONFIG_FILE
    if not file.exists():
        return Rules()
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise RulesError(f"{file} is not JSON: {error}") from None
    try:
        return parse_rules(content)
    except RulesError as error:
        raise RulesError(f"{file}: {error}") from None


def parse_rules(content: Any) -> Rules:
    """The rules in a parsed configuration. Raises RulesError for what it may not say or we cannot do."""
    known = {"routes", "navigationFallback", "globalHeaders", "mimeTypes", "responseOverrides", "trailingSlash"}
    _expect(content, dict, "the configuration")
    _refuse_unknown(content, known | PASSED_OVER, "")
    if content.get("trailingSlash", "auto") != "auto":
        raise RulesError("trailingSlash: only `auto` is supported on this machine")
    fallback = _expect(content.get("navigationFallback", {}), dict, "navigationFallback")
    _refuse_unknown(fallback, {"rewrite", "exclude"}, "navigationFallback.")
    routes = _expect(content.get("routes", []), list, "routes")
    overrides = _expect(content.get("responseOverrides", {}), dict, "responseOverrides")
    _refuse_unknown(overrides, {"400", "401", "403", "404"}, "responseOverrides.")
    return Rules(
        routes=tuple(_route(item, f"routes[{number}]") for number, item in enumerate(routes)),
        fallback=_text(fallback, "rewrite", "navigationFallback"),
        fallback_excluded=tuple(
            path_pattern(str(pattern))
            for pattern in _expect(fallback.get("exclude", []), list, "navigationFallback.exclude")
        ),
        global_headers=_texts(content.get("globalHeaders", {}), "globalHeaders"),
        media_types=_texts(content.get("mimeTypes", {}), "mimeTypes"),
        overrides={int(status): _override(item, f"responseOverrides.{status}") for status, item in overrides.items()},
    )


def path_pattern(pattern: str) -> re.Pattern[str]:
    """The expression for a path of the configuration: `*` stands for anything, `{png,svg}` for one of these."""
    parts = []
    for piece in re.split(r"(\*|\{[^{}]*\})", pattern):
        if piece == "*":
            parts.append(".*")
        elif piece.startswith("{"):
            parts.append("(?:" + "|".join(re.escape(choice.strip()) for choice in piece[1:-1].split(",")) + ")")
        else:
            parts.append(re.escape(piece))
    return re.compile("".join(parts))


def _route(item: Any, place: str) -> Route:
    _expect(item, dict, place)
    known = {"route", "methods", "headers", "rewrite", "redirect", "statusCode", "allowedRoles"}
    _refuse_unknown(item, known, f"{place}.")
    pattern = _text(item, "route", place)
    if not pattern or not pattern.startswith("/"):
        raise RulesError(f"{place}.route must be a path that starts with /")
    if "anonymous" not in item.get("allowedRoles", ["anonymous"]):
        raise RulesError(f"{place}.allowedRoles: this product signs people in itself, so only anonymous is served")
    return Route(
        pattern=path_pattern(pattern),
        methods=frozenset(str(method).upper() for method in item.get("methods", [])),
        headers=_texts(item.get("headers", {}), f"{place}.headers"),
        rewrite=_text(item, "rewrite", place),
        redirect=_text(item, "redirect", place),
        status=_status(item, place),
    )


def _override(item: Any, place: str) -> Override:
    _expect(item, dict, place)
    _refuse_unknown(item, {"rewrite", "redirect", "statusCode"}, f"{place}.")
    return Override(_text(item, "rewrite", place), _text(item, "redirect", place), _status(item, place))


def _status(item: dict[str, Any], place: str) -> int | None:
    status = item.get("statusCode")
    if status is not None and (isinstance(status, bool) or not isinstance(status, int) or not 200 <= status <= 599):
        raise RulesError(f"{place}.statusCode must be a number from 200 to 599")
    return status


def _text(item: dict[str, Any], name: str, place: str) -> str | None:
    value = item.get(name)
    if value is not None and not isinstance(value, str):
        raise RulesError(f"{place}.{name} must be a text")
    return value


def _texts(item: Any, place: str) -> dict[str, str]:
    _expect(item, dict, place)
    for name, value in item.items():
        if not isinstance(value, str):
            raise RulesError(f"{place}.{name} must be a text")
    return dict(item)


def _expect(value: Any, kind: type, place: str) -> Any:
    if not isinstance(value, kind):
        raise RulesError(f"{place} must be {'an object' if kind is dict else 'a list'}")
    return value


def _refuse_unknown(item: dict[str, Any], known: set[str], place: str) -> None:
    for name in item:
        if name not in known:
            raise RulesError(f"{place}{name} is not supported on this machine")
