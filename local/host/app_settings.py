"""App settings: local.settings.json, the environment, and the %NAME% that stand for them in bindings."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.host.errors import AppError

_PLACEHOLDER = re.compile(r"%([A-Za-z_][\w.:\-]*)%")


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """local.settings.json: `Values`, and of `Host` what a host on this machine needs."""

    values: dict[str, str] = field(default_factory=dict)
    port: int | None = None
    cors: str = ""
    cors_credentials: bool = False


def read_local_settings(folder: Path) -> LocalSettings:
    """The file's content, or nothing set when there is no file. Raises AppError naming the field at fault."""
    path = folder / "local.settings.json"
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return LocalSettings()
    except ValueError as error:
        raise AppError(f"{path} is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise AppError(f"{path} must hold a JSON object")
    if content.get("IsEncrypted") is True:
        raise AppError(f"{path}: IsEncrypted must be false: run `func settings decrypt` first")
    host = _section(content, "Host")
    port = host.get("LocalHttpPort")
    if port is not None and (isinstance(port, bool) or not isinstance(port, int) or not 0 <= port < 65536):
        raise AppError(f"{path}: Host.LocalHttpPort must be a port number")
    return LocalSettings(
        values=_texts(_section(content, "Values")),
        port=port,
        cors=str(host.get("CORS") or ""),
        cors_credentials=host.get("CORSCredentials") is True,
    )


def apply_values(values: Mapping[str, str], environment: MutableMapping[str, str]) -> None:
    """Set what the environment does not hold yet: a variable given from outside wins, as in Core Tools."""
    for name, value in values.items():
        environment.setdefault(name, value)


def fill_in(value: Any, environment: Mapping[str, str], place: str) -> Any:
    """The binding with every %NAME% in its strings replaced. Raises AppError when a setting is missing."""
    if isinstance(value, str):

        def setting(match: re.Match[str]) -> str:
            name = match.group(1)
            if name not in environment:
                raise AppError(f"{place}: the app setting '{name}' is not set")
            return environment[name]

        return _PLACEHOLDER.sub(setting, value)
    if isinstance(value, dict):
        return {key: fill_in(item, environment, f"{place}, '{key}'") for key, item in value.items()}
    if isinstance(value, list):
        return [fill_in(item, environment, place) for item in value]
    return value


def whole_number(environment: Mapping[str, str], name: str) -> int | None:
    """The app setting as a number above 0, None when it is not set. Raises AppError for anything else."""
    text = environment.get(name, "").strip()
    if not text:
        return None
    if not text.isdecimal() or int(text) == 0:
        raise AppError(f"the app setting {name} must be a whole number above 0")
    return int(text)


def is_disabled(function: str, environment: Mapping[str, str]) -> bool:
    """Whether AzureWebJobs.NAME.Disabled (or with underscores, for shells) switches the function off."""
    for variable in (f"AzureWebJobs.{function}.Disabled", f"AzureWebJobs_{function}_Disabled"):
        if environment.get(variable, "").lower() in ("1", "true"):
            return True
    return False


def _section(content: dict[str, Any], name: str) -> dict[str, Any]:
    section = content.get(name) or {}
    if not isinstance(section, dict):
        raise AppError(f"local.settings.json: {name} must be an object")
    return section


def _texts(values: dict[str, Any]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, bool):
            texts[name] = str(value).lower()
        elif isinstance(value, str | int | float):
            texts[name] = str(value)
        else:
            raise AppError(f"local.settings.json: Values.{name} must be a string")
    return texts
