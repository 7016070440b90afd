"""host.json: read, checked, overridden by the environment."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.host.errors import AppError
from local.host.timespans import parse_timespan

log = logging.getLogger("host")

OVERRIDE_PREFIX = "AzureFunctionsJobHost__"

# The keys of https://learn.microsoft.com/azure/azure-functions/functions-host-json (runtime 4.x); a dictionary means
# that the keys below are fixed too, None that anything may stand there.
_KNOWN: dict[str, Any] = {
    "version": None,
    "aggregator": None,
    "applicationInsights": None,
    "concurrency": None,
    "customHandler": None,
    "extensionBundle": None,
    "functionTimeout": None,
    "functions": None,
    "healthMonitor": None,
    "logging": None,
    "managedDependency": None,
    "retry": None,
    "singleton": None,
    "telemetryMode": None,
    "watchDirectories": None,
    "watchFiles": None,
    "extensions": {
        "http": {
            "routePrefix": None,
            "maxConcurrentRequests": None,
            "maxOutstandingRequests": None,
            "dynamicThrottlesEnabled": None,
            "customHeaders": None,
            "hsts": None,
        },
        "durableTask": None,
        "queues": {
            "maxPollingInterval": None,
            "visibilityTimeout": None,
            "batchSize": None,
            "newBatchThreshold": None,
            "maxDequeueCount": None,
            "messageEncoding": None,
        },
        "blobs": {"maxDegreeOfParallelism": None, "poisonBlobThreshold": None},
        "cosmosDB": None,
        "eventGrid": None,
        "eventHubs": None,
        "kafka": None,
        "rabbitMQ": None,
        "sendGrid": None,
        "serviceBus": None,
        "signalR": None,
        "tables": None,
        "warmup": None,
        "webPubSub": None,
    },
}
# The names that overrides are most often written for, so that AzureFunctionsJobHost__extensions__durabletask__hubname
# finds `hubName` although host.json does not have it.
_SPELLINGS = {name.lower(): name for name in ("hubName", "maxConcurrentActivityFunctions", "storageProvider")}


@dataclass(frozen=True, slots=True)
class HttpOptions:
    """extensions.http as far as this host honours it; -1 means without a bound."""

    route_prefix: str = "api"
    max_concurrent_requests: int = -1
    max_outstanding_requests: int = -1
    custom_headers: dict[str, str] = field(default_factory=dict)


def read_host_json(folder: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    """host.json of the app with the environment's overrides, keys in their usual spelling.

    Raises AppError when the file is missing, is no JSON object or has another version than "2.0"; unknown
    keys are named in one warning.
    """
    path = folder / "host.json"
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise AppError(f"{path} is missing: an app needs at least {{'version': '2.0'}}".replace("'", '"')) from None
    except ValueError as error:
        raise AppError(f"{path} is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise AppError(f"{path} must hold a JSON object")
    unknown: list[str] = []
    settings = _spelled(content, _KNOWN, "", unknown)
    _override(settings, environment)
    if unknown:
        log.warning("attention: host.json: unknown and ignored: %s", ", ".join(unknown))
    if settings.get("version") not in ("2.0", 2.0):
        raise AppError('host.json: "version" must be "2.0"')
    return settings


def http_options(host_json: dict[str, Any]) -> HttpOptions:
    """extensions.http, checked. Raises AppError naming the key."""
    section = host_json.get("extensions", {}).get("http", {})
    if not isinstance(section, dict):
        raise AppError("host.json: extensions.http must be an object")
    headers = section.get("customHeaders", {})
    if not isinstance(headers, dict) or any(isinstance(value, dict | list) for value in headers.values()):
        raise AppError("host.json: extensions.http.customHeaders must be an object of strings")
    prefix = section.get("routePrefix", "api")
    if isinstance(prefix, dict | list):
        raise AppError("host.json: extensions.http.routePrefix must be a string")
    return HttpOptions(
        route_prefix=str(prefix or "").strip("/"),
        max_concurrent_requests=_bound(section, "maxConcurrentRequests"),
        max_outstanding_requests=_bound(section, "maxOutstandingRequests"),
        custom_headers={name: str(value) for name, value in headers.items()},
    )


def function_timeout(host_json: dict[str, Any]) -> float | None:
    """functionTimeout in seconds, None for -1. Unset it is 30 minutes, the default outside the Consumption plan."""
    value = host_json.get("functionTimeout", "00:30:00")
    if value in (-1, "-1", "-00:00:01"):
        return None
    try:
        seconds = parse_timespan(str(value)).total_seconds()
    except ValueError as error:
        raise AppError(f"host.json: functionTimeout: {error}") from None
    if seconds <= 0:
        raise AppError("host.json: functionTimeout must be longer than nothing, or -1 for no limit")
    return seconds


def _bound(section: dict[str, Any], key: str) -> int:
    value = section.get(key, -1)
    if isinstance(value, bool) or not isinstance(value, int) or (value < 1 and value != -1):
        raise AppError(f"host.json: extensions.http.{key} must be a whole number above 0, or -1 for no bound")
    return value


def _spelled(content: dict[str, Any], known: dict[str, Any], place: str, unknown: list[str]) -> dict[str, Any]:
    usual = {key.lower(): key for key in known}
    settings: dict[str, Any] = {}
    for key, value in content.items():
        name = usual.get(key.lower())
        if name is None:
            unknown.append(place + key)
            settings[key] = value
        elif isinstance(known[name], dict) and isinstance(value, dict):
            settings[name] = _spelled(value, known[name], f"{place}{name}.", unknown)
        else:
            settings[name] = value
    return settings


def _override(settings: dict[str, Any], environment: Mapping[str, str]) -> None:
    for variable, text in environment.items():
        if not variable.lower().startswith(OVERRIDE_PREFIX.lower()):
            continue
        *sections, last = variable[len(OVERRIDE_PREFIX) :].split("__")
        target, known = settings, _KNOWN
        for section in sections:
            name = _name(target, known, section)
            below = target.setdefault(name, {})
            if not isinstance(below, dict):
                raise AppError(f"{variable}: host.json has a plain value at '{name}'")
            target, known = below, known.get(name) or {}
        target[_name(target, known, last)] = _scalar(text)


def _name(target: dict[str, Any], known: dict[str, Any], key: str) -> str:
    for name in (*target, *known):
        if name.lower() == key.lower():
            return str(name)
    return _SPELLINGS.get(key.lower(), key)


def _scalar(text: str) -> Any:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        return int(text)
    except ValueError:
        return text
