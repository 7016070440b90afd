"""Finds the functions of an app through azure.functions' own metadata."""

from __future__ import annotations

import importlib
import inspect
import json
import logging
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import azure.functions as func

from local.host.app_settings import fill_in, is_disabled
from local.host.errors import AppError
from local.host.worker import LoadedFunction

log = logging.getLogger("host")


def load_functions(folder: Path, environment: Mapping[str, str]) -> list[LoadedFunction]:
    """Import function_app.py (or PYTHON_SCRIPT_FILE_NAME) and give its functions, disabled ones left out.

    Raises AppError when the script is missing or fails, holds no app or several, or when a function has no
    trigger, shares its name with another or names a setting that is not set.
    """
    module = _import_script(folder, environment.get("PYTHON_SCRIPT_FILE_NAME", "function_app.py"))
    app = _the_app(module)
    try:
        registered = app.get_functions()
    except ValueError as error:
        raise AppError(str(error)) from None
    functions = [_loaded(function, environment) for function in registered]
    if not functions:
        log.warning("%s registers no functions", module.__name__)
    enabled = [function for function in functions if not is_disabled(function.name, environment)]
    for function in functions:
        if function not in enabled:
            log.info("function '%s' is disabled", function.name)
    return enabled


def _import_script(folder: Path, script: str) -> ModuleType:
    path = folder / script
    if not path.is_file():
        raise AppError(f"{path} is missing: an app's functions are registered there")
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module(path.stem)
    except Exception as error:
        raise AppError(f"{script} could not be loaded: {_where_it_failed(error, folder)}") from error


def _where_it_failed(error: BaseException, folder: Path) -> str:
    summary = traceback.format_exception_only(error)[-1].strip()
    if isinstance(error, SyntaxError):
        return f"{summary} ({error.filename}:{error.lineno})"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(folder))]
    return f"{summary} ({frames[-1].filename}:{frames[-1].lineno})" if frames else summary


def _the_app(module: ModuleType) -> Any:
    found = {name: value for name, value in vars(module).items() if isinstance(value, func.FunctionRegister)}
    if not found:
        raise AppError(f"{module.__name__}.py holds no app: write `app = func.FunctionApp()` at its top level")
    if len(found) > 1:
        raise AppError(f"{module.__name__}.py holds several apps ({', '.join(found)}): exactly one is allowed")
    return next(iter(found.values()))


def _loaded(function: Any, environment: Mapping[str, str]) -> LoadedFunction:
    name = function.get_function_name()
    raw = [json.loads(text) for text in function.get_raw_bindings()]
    bindings = [fill_in(binding, environment, f"function '{name}', binding '{binding['name']}'") for binding in raw]
    trigger = next(binding for binding in bindings if binding["name"] == function.get_trigger().name)
    user_function = function.get_user_function()
    return LoadedFunction(
        name=name,
        trigger_type=trigger["type"],
        trigger=trigger,
        bindings=bindings,
        user_function=user_function,
        is_async=inspect.iscoroutinefunction(user_function),
        retry=function.get_settings_dict("retry_policy"),
    )
