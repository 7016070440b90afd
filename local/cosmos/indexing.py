"""Indexing policies: which paths ORDER BY may use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.cosmos.errors import CosmosError, bad_request
from local.cosmos.partition import split_path
from local.cosmos.sql.rules import Steps

DEFAULT_POLICY: dict[str, Any] = {
    "indexingMode": "consistent",
    "automatic": True,
    "includedPaths": [{"path": "/*"}],
    "excludedPaths": [{"path": '/"_etag"/?'}],
}

_NO_COMPOSITE = "The order by query does not have a corresponding composite index that it can be served from."
_EXCLUDED = "The index path corresponding to the specified order-by item is excluded."


def check_policy(policy: object) -> dict[str, Any]:
    """The policy with the service's defaults for what it leaves out. Raises CosmosError 400."""
    if policy is None:
        return DEFAULT_POLICY
    if not isinstance(policy, dict):
        raise bad_request("indexingPolicy must be an object.")
    complete = {**DEFAULT_POLICY, **policy}
    if complete["indexingMode"] not in ("consistent", "none"):
        raise bad_request(f"The indexing mode {complete['indexingMode']!r} is not supported.")
    for name in ("includedPaths", "excludedPaths"):
        for entry in complete[name]:
            split_path(entry.get("path") if isinstance(entry, dict) else None)
    for composite in complete.get("compositeIndexes", []):
        if not isinstance(composite, list) or len(composite) < 2:
            raise bad_request("A composite index is a list of two or more paths.")
        for entry in composite:
            split_path(entry.get("path") if isinstance(entry, dict) else None)
            if entry.get("order", "ascending") not in ("ascending", "descending"):
                raise bad_request(f"The order {entry['order']!r} of a composite index is not supported.")
    return complete


def check_order(policy: Mapping[str, Any], order: list[tuple[Steps, bool]]) -> None:
    """Refuse, with Azure's messages, an ORDER BY that the policy has no index for. Raises CosmosError 400."""
    if not order:
        return
    if policy["indexingMode"] == "none" or (len(order) == 1 and not _is_included(policy, order[0][0])):
        raise _refusal(_EXCLUDED)
    if len(order) > 1 and not any(_serves(composite, order) for composite in policy.get("compositeIndexes", [])):
        raise _refusal(_NO_COMPOSITE)


def _refusal(message: str) -> CosmosError:
    return bad_request(f'Message: {{"Errors":["{message}"]}}')


def _serves(composite: list[Mapping[str, str]], order: list[tuple[Steps, bool]]) -> bool:
    """A composite index serves its own sequence of paths, as it is or with every direction turned round."""
    paths = [split_path(entry["path"]) for entry in composite]
    if paths != [tuple(str(step) for step in steps) for steps, _ in order]:
        return False
    declared = [entry.get("order", "ascending") == "descending" for entry in composite]
    wanted = [descending for _, descending in order]
    return wanted in (declared, [not descending for descending in declared])


def _is_included(policy: Mapping[str, Any], steps: Steps) -> bool:
    included = max((_precision(entry["path"], steps) for entry in policy["includedPaths"]), default=-1)
    excluded = max((_precision(entry["path"], steps) for entry in policy["excludedPaths"]), default=-1)
    return included > excluded


def _precision(pattern: str, steps: Steps) -> int:
    """How precisely a pattern covers a path: the most precise one decides; -1 when it does not cover it."""
    *parts, last = split_path(pattern)
    covered = [str(step) if isinstance(step, str) else "[]" for step in steps]
    if last == "?":
        return 2 * len(parts) + 1 if parts == covered else -1
    if last == "*":
        return 2 * len(parts) if covered[: len(parts)] == parts else -1
    return -1
