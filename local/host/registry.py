"""Which extension serves which types of triggers and bindings. A new kind of trigger is one more line here."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from local.host.errors import AppError
from local.host.extension import Extension
from local.host.worker import LoadedFunction, Worker

HTTP_TYPES = frozenset({"httpTrigger", "http"})

# Imported only when a function uses one of the types. They start in this order: what gives values to other functions
# comes before what runs functions on its own account, for a timer may be past due at once.
_EXTENSIONS: dict[tuple[str, str], frozenset[str]] = {
    ("local.host.durable.extension", "DurableExtension"): frozenset(
        {"orchestrationTrigger", "activityTrigger", "entityTrigger", "durableClient"}
    ),
    ("local.host.storage.extension", "StorageExtension"): frozenset({"blobTrigger", "queueTrigger", "blob", "queue"}),
    ("local.host.timers", "TimerExtension"): frozenset({"timerTrigger"}),
}
_SUPPORTED = HTTP_TYPES.union(*_EXTENSIONS.values())


def check_types(functions: Iterable[LoadedFunction]) -> None:
    """Raises AppError naming the first function with a trigger or binding that nothing here serves."""
    for function in functions:
        for binding in function.bindings:
            if binding["type"] not in _SUPPORTED:
                part = "trigger" if binding["type"] == function.trigger_type else "binding"
                raise AppError(
                    f"function '{function.name}': the {part} type '{binding['type']}' is not supported; "
                    f"supported are {', '.join(sorted(_SUPPORTED))}"
                )


def build_extensions(worker: Worker, host_json: dict[str, Any], data: Path, base_url: str) -> list[Extension]:
    """The extensions that the worker's functions need, registered with it."""
    used = {binding["type"] for function in worker.functions.values() for binding in function.bindings}
    extensions: list[Extension] = []
    for (module, name), types in _EXTENSIONS.items():
        if types & used:
            kind = cast(type[Extension], getattr(importlib.import_module(module), name))
            extension = kind(worker, host_json, data, base_url)
            worker.register(extension)
            extensions.append(extension)
    return extensions
