"""Route templates as ASP.NET Core reads them, and the table that finds a function for a path."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote

from local.host.constraints import constraint
from local.host.errors import AppError

Check = Callable[[str], bool]
T = TypeVar("T")

# What a segment weighs in the order of routes, most specific first (ASP.NET Core's RoutePrecedence).
_LITERAL, _MIXED, _PARAMETER, _CATCH_ALL = 1, 2, 3, 5


@dataclass(slots=True)
class Template:
    """One compiled route template."""

    text: str
    literal: str | None
    pattern: re.Pattern[str]
    groups: dict[str, str]
    defaults: dict[str, str]
    checks: dict[str, list[Check]]
    precedence: tuple[int, ...]

    def match(self, path: str) -> dict[str, str] | None:
        """The route's values for a decoded path without its first slash, or None when it does not match."""
        found = self.pattern.fullmatch(path)
        if found is None:
            return None
        values = dict(self.defaults)
        for group, value in found.groupdict().items():
            if value:
                values[self.groups[group]] = value
        for name, checks in self.checks.items():
            if name in values and not all(check(values[name]) for check in checks):
                return None
        return values


@dataclass(slots=True)
class _Parameter:
    name: str
    catch_all: bool = False
    optional: bool = False
    default: str | None = None
    checks: list[Check] = field(default_factory=list)


Segment = list[str | _Parameter]


def compile_template(text: str) -> Template:
    """Compile `products/{category:alpha}/{id:int?}` and the like. Raises AppError saying what is wrong with it."""
    segments = [_parse_segment(segment, text) for segment in _split_segments(text)]
    parameters = [part for segment in segments for part in segment if isinstance(part, _Parameter)]
    names = [parameter.name.lower() for parameter in parameters]
    for name in names:
        if names.count(name) > 1:
            raise AppError(f"route '{text}' names the parameter '{name}' twice")
    groups = {f"p{number}": parameter.name for number, parameter in enumerate(parameters)}
    pattern, precedence = _pattern(segments, {name: group for group, name in groups.items()}, text)
    is_literal = not parameters
    return Template(
        text=text,
        literal="/".join(str(segment[0]) for segment in segments).lower() if is_literal else None,
        pattern=re.compile(pattern + "/?", re.IGNORECASE | re.DOTALL),
        groups=groups,
        defaults={one.name: one.default for one in parameters if one.default is not None},
        checks={one.name: one.checks for one in parameters if one.checks},
        precedence=precedence,
    )


def _split_segments(text: str) -> list[str]:
    """Cut at the slashes outside of braces: a regex constraint may hold slashes."""
    segments, depth, current = [], 0, ""
    position = 0
    while position < len(text):
        pair, character = text[position : position + 2], text[position]
        if pair in ("{{", "}}") and depth:
            current += pair
            position += 2
            continue
        depth += (character == "{") - (character == "}")
        if depth < 0 or depth > 1:
            raise AppError(f"route '{text}' has braces that do not match")
        if character == "/" and not depth:
            segments.append(current)
            current = ""
        else:
            current += character
        position += 1
    if depth:
        raise AppError(f"route '{text}' has braces that do not match")
    segments.append(current)
    if segments == [""]:
        return []
    if "" in segments:
        raise AppError(f"route '{text}' has an empty segment")
    return segments


def _parse_segment(segment: str, text: str) -> Segment:
    parts: Segment = []
    for piece in re.split(r"(\{(?:\{\{|\}\}|[^{}])*\})", segment):
        if piece.startswith("{"):
            if parts and isinstance(parts[-1], _Parameter):
                raise AppError(f"route '{text}': two parameters need a literal between them")
            parts.append(_parse_parameter(piece[1:-1].replace("{{", "{").replace("}}", "}"), text))
        elif piece:
            parts.append(piece)
    return parts


def _parse_parameter(inner: str, text: str) -> _Parameter:
    stars = len(inner) - len(inner.lstrip("*"))
    inner = inner[stars:]
    optional = inner.endswith("?")
    inner = inner[:-1] if optional else inner
    name = re.split("[:=]", inner, maxsplit=1)[0]
    rest = inner[len(name) :]
    if not re.fullmatch(r"[^/{}?*:=\s]+", name) or stars > 2:
        raise AppError(f"route '{text}' has a parameter without a proper name: '{{{inner}}}'")
    parameter = _Parameter(name, catch_all=stars > 0, optional=optional)
    while rest.startswith(":"):
        constraint_text, rest = _take_constraint(rest[1:])
        try:
            parameter.checks.append(constraint(constraint_text))
        except ValueError as error:
            raise AppError(f"route '{text}', parameter '{name}': {error}") from None
    if rest.startswith("="):
        parameter.default = rest[1:]
        if optional:
            raise AppError(f"route '{text}': the parameter '{name}' cannot be optional and have a default")
    return parameter


def _take_constraint(rest: str) -> tuple[str, str]:
    depth = 0
    for position, character in enumerate(rest):
        depth += (character == "(") - (character == ")")
        if character in ":=" and not depth:
            return rest[:position], rest[position:]
    return rest, ""


def _pattern(segments: list[Segment], groups: dict[str, str], text: str) -> tuple[str, tuple[int, ...]]:
    """The expression for the whole path, and what each segment weighs."""
    pattern = ""
    weights: list[int] = []
    for number, parts in enumerate(segments):
        slash = "/" if number else ""
        only = parts[0]
        if len(parts) > 1:
            pattern += slash + _mixed(parts, groups, text)
            weights.append(_MIXED)
        elif isinstance(only, str):
            pattern += slash + re.escape(only)
            weights.append(_LITERAL)
        else:
            pattern += _single(only, slash, groups[only.name], segments[number + 1 :], text)
            weights.append((_CATCH_ALL if only.catch_all else _PARAMETER) - bool(only.checks))
    return pattern, tuple(weights)


def _single(parameter: _Parameter, slash: str, group: str, following: list[Segment], text: str) -> str:
    """A segment that is one parameter; it may only be absent together with everything that follows it."""
    if parameter.catch_all:
        if following:
            raise AppError(f"route '{text}': the catch-all '{parameter.name}' must be the last segment")
        return f"(?:{slash}(?P<{group}>.*))?"
    value = f"{slash}(?P<{group}>[^/]+)"
    is_last = all(_may_be_absent(segment) for segment in following)
    if parameter.optional and not is_last:
        raise AppError(f"route '{text}': the optional parameter '{parameter.name}' must be the last")
    may_be_absent = is_last and (parameter.optional or parameter.default is not None)
    return f"(?:{value})?" if may_be_absent else value


def _may_be_absent(segment: Segment) -> bool:
    only = segment[0]
    if len(segment) > 1 or isinstance(only, str):
        return False
    return only.optional or only.catch_all or only.default is not None


def _mixed(parts: Segment, groups: dict[str, str], text: str) -> str:
    """`v{major}-{minor}` or `{name}.{extension?}`: an earlier parameter takes as much as it can."""
    pattern = ""
    for number, part in enumerate(parts):
        if isinstance(part, str):
            pattern += re.escape(part)
        elif part.catch_all:
            raise AppError(f"route '{text}': the catch-all '{part.name}' must be a segment of its own")
        elif part.optional:
            if number != len(parts) - 1 or number == 0 or not str(parts[number - 1]).endswith("."):
                raise AppError(f"route '{text}': the optional parameter '{part.name}' must be last, after a dot")
            # Absent, it takes its dot with it: the parameter before then has the whole segment.
            pattern = pattern.removesuffix(re.escape("."))
            pattern = re.sub(r"\[\^/\]\+\)$", "[^/]+?)", pattern)
            pattern += rf"(?:\.(?P<{groups[part.name]}>[^/.]+))?"
        else:
            pattern += f"(?P<{groups[part.name]}>[^/]+)"
    return pattern


def decode_path(raw: str) -> str:
    """The path without its first slash, percent-decoded but for %2F, which stays one value (as Kestrel does)."""
    path = raw[1:] if raw.startswith("/") else raw
    if "%" in path:
        path = unquote(path.replace("%2F", "%252F").replace("%2f", "%252f"))
    return path


class RouteTable(Generic[T]):
    """Finds what a method and a path lead to: literal paths in one step, others by ASP.NET Core's precedence."""

    def __init__(self) -> None:
        self._literal: dict[str, list[_Entry[T]]] = {}
        self._others: list[_Entry[T]] = []

    def add(self, text: str, methods: Iterable[str] | None, target: T) -> None:
        """Serve the template for these methods (None: all). Raises AppError when the template is malformed."""
        template = compile_template(text)
        allowed = None if methods is None else frozenset(method.upper() for method in methods)
        entry = _Entry(template, allowed, target)
        if template.literal is not None:
            self._literal.setdefault(template.literal, []).append(entry)
        else:
            self._others.append(entry)
            # The sort is stable: of routes that weigh the same, the one registered first comes first.
            self._others.sort(key=lambda one: one.template.precedence)

    def find(self, method: str, raw_path: str) -> tuple[T, dict[str, str]] | None:
        """The target and the route's values, or None: a path known only to other methods is not found either."""
        path = decode_path(raw_path)
        for entry in self._literal.get(path.rstrip("/").lower(), ()):
            if entry.methods is None or method in entry.methods:
                return entry.target, {}
        for entry in self._others:
            if entry.methods is None or method in entry.methods:
                values = entry.template.match(path)
                if values is not None:
                    return entry.target, values
        return None


@dataclass(frozen=True, slots=True)
class _Entry(Generic[T]):
    template: Template
    methods: frozenset[str] | None
    target: T
