"""What host.json says about Durable Functions."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any

from local.host.errors import AppError

HUB_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{2,44}")
"""3 to 45 letters and digits, a letter first: what Azure Storage allows for a task hub."""

PER_CORE = 10
"""Functions of each kind that run at once for every core: the extension's own default."""


@dataclass(frozen=True, slots=True)
class DurableSettings:
    """`extensions.durableTask`, with the extension's defaults for what is not said."""

    hub_name: str
    activities_at_once: int
    orchestrators_at_once: int
    entities_at_once: int
    entity_batch: int
    default_version: str
    replaces_running: bool


def read_settings(host_json: dict[str, Any]) -> DurableSettings:
    """The settings of a parsed host.json. Raises AppError naming the value that cannot be used."""
    section = host_json.get("extensions", {}).get("durableTask", {})
    hub_name = _resolved(str(section.get("hubName", "TestHubName")))
    if not HUB_NAME.fullmatch(hub_name):
        raise AppError(f"host.json: extensions.durableTask.hubName: '{hub_name}' is not 3 to 45 letters and digits")
    overridable = section.get("overridableExistingInstanceStates", "NonRunningStates")
    if overridable not in ("NonRunningStates", "AnyState"):
        raise AppError(
            "host.json: extensions.durableTask.overridableExistingInstanceStates: "
            f"'{overridable}' is neither NonRunningStates nor AnyState"
        )
    at_once = PER_CORE * (os.cpu_count() or 1)
    return DurableSettings(
        hub_name=hub_name,
        activities_at_once=_positive(section, "maxConcurrentActivityFunctions", at_once),
        orchestrators_at_once=_positive(section, "maxConcurrentOrchestratorFunctions", at_once),
        entities_at_once=_positive(section, "maxConcurrentEntityFunctions", at_once),
        entity_batch=_positive(section, "maxEntityOperationBatchSize", 5000),
        default_version=str(section.get("defaultVersion", "")),
        replaces_running=overridable == "AnyState",
    )


def _positive(section: dict[str, Any], name: str, default: int) -> int:
    value = section.get(name)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise AppError(f"host.json: extensions.durableTask.{name}: {value!r} is not a whole number above 0")
    return value


def _resolved(text: str) -> str:
    """A name written %SETTING% comes from the app's settings."""
    setting = re.fullmatch(r"%([^%]+)%", text)
    return os.environ.get(setting[1], text) if setting else text
