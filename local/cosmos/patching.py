"""Partial updates: the operations of a PATCH, applied in order, all or none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from local.cosmos.errors import bad_request, precondition_failed
from local.cosmos.partition import KeyDefinition
from local.cosmos.sql.rules import parameter_names
from local.cosmos.sql.selection import DOCUMENT, Selection, compile_condition
from local.cosmos.sql.values import is_number, number
from local.cosmos.strict_json import read_object

MOST_OPERATIONS = 10
"""Operations in one patch (Cosmos DB service limits)."""

_SYSTEM = frozenset({"id", "_rid", "_self", "_etag", "_attachments", "_ts"})
_NEEDS_VALUE = frozenset({"add", "set", "replace", "incr"})


@dataclass(frozen=True, slots=True)
class _Operation:
    kind: str
    path: list[str]
    value: Any = None
    source: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Patch:
    """The operations of one patch and the condition under which they apply."""

    operations: list[_Operation]
    condition: Selection | None

    @classmethod
    def from_json(cls, body: object) -> Patch:
        """Read `{"condition":"FROM c WHERE …","operations":[…]}`. Raises CosmosError 400 or QueryError."""
        operations = body.get("operations") if isinstance(body, dict) else None
        if not isinstance(body, dict) or not isinstance(operations, list) or not operations:
            raise bad_request("A patch needs a list of operations.")
        if len(operations) > MOST_OPERATIONS:
            raise bad_request(f"The number of patch operations can't exceed '{MOST_OPERATIONS}'.")
        condition = body.get("condition")
        if condition is not None and not isinstance(condition, str):
            raise bad_request("The condition of a patch must be a text.")
        selection = compile_condition(condition) if condition else None
        if selection is not None and parameter_names(selection.query):
            raise bad_request("The condition of a patch cannot have parameters.")
        return cls([_operation(operation) for operation in operations], selection)

    def apply(self, text: str, key: KeyDefinition) -> dict[str, object]:
        """The item behind the JSON text with all operations done.

        Raises CosmosError 412 when the condition is not exactly true, 400 for an operation that cannot be done.
        """
        item = read_object(text, "item")
        if self.condition is not None and not any(True for _ in self.condition.bindings({DOCUMENT: item})):
            raise precondition_failed("One of the specified pre-condition is not met: the patch condition is not true.")
        for operation in self.operations:
            for path in (operation.path, operation.source or operation.path):
                if path[0] in _SYSTEM or key.touches(path):
                    raise bad_request(
                        f"The path '{_spell(path)}' belongs to the system or the key; no patch changes it."
                    )
            _apply(item, operation)
        return item


def _operation(operation: object) -> _Operation:
    if not isinstance(operation, dict):
        raise bad_request("A patch operation must be an object.")
    kind = operation.get("op")
    if kind not in ("add", "set", "replace", "remove", "incr", "move"):
        raise bad_request(f"The patch operation {kind!r} is not supported.")
    if kind in _NEEDS_VALUE and "value" not in operation:
        raise bad_request(f"The patch operation '{kind}' needs a value.")
    path = _split(operation.get("path"))
    source = _split(operation.get("from")) if kind == "move" else None
    if source is not None and path[: len(source)] == source and path != source:
        raise bad_request("The path of 'move' lies inside its 'from'.")
    if kind == "incr" and not is_number(operation["value"]):
        raise bad_request("The value of 'incr' must be a number.")
    return _Operation(kind, path, operation.get("value"), source)


def _split(path: object) -> list[str]:
    if not isinstance(path, str) or not path.startswith("/") or path == "/":
        raise bad_request(f"{path!r} is not a path of a patch; it must start with '/' and name a property.")
    return [step.replace("~1", "/").replace("~0", "~") for step in path[1:].split("/")]


def _spell(path: list[str]) -> str:
    return "/" + "/".join(path)


def _apply(item: dict[str, object], operation: _Operation) -> None:
    if operation.kind == "move":
        assert operation.source is not None
        value = _remove(item, operation.source)
        _put(item, operation.path, value, "add")
    elif operation.kind == "remove":
        _remove(item, operation.path)
    elif operation.kind == "incr":
        _increase(item, operation.path, operation.value)
    else:
        _put(item, operation.path, operation.value, operation.kind)


def _parent(item: dict[str, object], path: list[str]) -> dict[str, object] | list[object]:
    """The object or array that holds the last step. Raises CosmosError 400 if there is none: none is created."""
    here: object = item
    for step in path[:-1]:
        if isinstance(here, dict) and step in here:
            here = here[step]
        elif isinstance(here, list) and (at := _position(step, len(here) - 1)) is not None:
            here = here[at]
        else:
            raise bad_request(f"The path '{_spell(path)}' leads through '{step}', which does not exist.")
    if not isinstance(here, dict | list):
        raise bad_request(f"The path '{_spell(path)}' leads through a value that is no object or array.")
    return here


def _position(step: str, most: int) -> int | None:
    if not step.isascii() or not step.isdigit() or (len(step) > 1 and step[0] == "0"):
        return None
    return int(step) if int(step) <= most else None


def _put(item: dict[str, object], path: list[str], value: object, kind: str) -> None:
    parent, step = _parent(item, path), path[-1]
    if isinstance(parent, dict):
        if kind == "replace" and step not in parent:
            raise bad_request(f"'replace' needs an existing path; '{_spell(path)}' is none.")
        parent[step] = value
        return
    if step == "-" and kind in ("add", "set"):
        parent.append(value)
        return
    at = _position(step, len(parent) - 1 if kind == "replace" else len(parent))
    if at is None:
        raise bad_request(f"'{kind}' found no place in the array for '{_spell(path)}'.")
    if kind == "add" or at == len(parent):
        parent.insert(at, value)
    else:
        parent[at] = value


def _remove(item: dict[str, object], path: list[str]) -> object:
    parent, step = _parent(item, path), path[-1]
    if isinstance(parent, dict) and step in parent:
        return parent.pop(step)
    if isinstance(parent, list) and (at := _position(step, len(parent) - 1)) is not None:
        return parent.pop(at)
    raise bad_request(f"The path '{_spell(path)}' does not exist.")


def _increase(item: dict[str, object], path: list[str], by: int | float) -> None:
    parent, step = _parent(item, path), path[-1]
    if isinstance(parent, dict):
        if step not in parent:
            parent[step] = by
            return
        parent[step] = _sum(parent[step], by, path)
        return
    at = _position(step, len(parent) - 1)
    if at is None:
        raise bad_request(f"'incr' found no number at '{_spell(path)}'.")
    parent[at] = _sum(parent[at], by, path)


def _sum(value: object, by: int | float, path: list[str]) -> int | float:
    if not is_number(value):
        raise bad_request(f"'incr' needs a number at '{_spell(path)}'.")
    total = float(value) + float(by)  # type: ignore[arg-type]
    if not math.isfinite(total):
        raise bad_request(f"'incr' at '{_spell(path)}' gives a number that does not fit a double.")
    return number(total)
