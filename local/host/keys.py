"""Access keys and authorisation levels, as the host of the cloud decides on them."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from aiohttp import web

from local.host.errors import AppError

ANONYMOUS, FUNCTION, SYSTEM, ADMIN = "anonymous", "function", "system", "admin"
LEVELS = frozenset({ANONYMOUS, FUNCTION, ADMIN})


class Keys:
    """The keys of DATA/host-keys.json; a key that is asked for and not there yet is made and kept.

    The file has the layout of the cloud's own secrets files, with the keys of single functions under `functions`.
    """

    def __init__(self, path: Path, *, enforced: bool) -> None:
        self.enforced = enforced
        self._path = path
        self._content = _read(path)
        if "masterKey" not in self._content:
            self._content["masterKey"] = _new_key("master")
            self._content["functionKeys"] = [_new_key("default")]
            self._write()

    def function_key(self, function: str) -> None:
        """Make sure that the function has a key of its own."""
        functions = self._content.setdefault("functions", {})
        if function not in functions:
            functions[function] = [_new_key("default")]
            self._write()

    def system_key(self, extension: str) -> str:
        """The value of the key EXTENSION_extension, which opens /runtime/webhooks/EXTENSION."""
        name = f"{extension.lower()}_extension"
        keys: list[dict[str, Any]] = self._content.setdefault("systemKeys", [])
        for key in keys:
            if key["name"] == name:
                return str(key["value"])
        keys.append(_new_key(name))
        self._write()
        return str(keys[-1]["value"])

    def allows(self, request: web.Request, needed: str, function: str = "") -> bool:
        """Whether the request's key opens something of the level; always when keys are not enforced."""
        if not self.enforced or needed == ANONYMOUS:
            return True
        level, name = self._level(request, function)
        if level == ADMIN:
            return True
        return level == SYSTEM and name == function if needed == SYSTEM else level == needed

    def is_admin(self, request: web.Request) -> bool:
        """Whether the request carries the master key."""
        return self._level(request, "")[0] == ADMIN

    def _level(self, request: web.Request, function: str) -> tuple[str, str]:
        value = request.headers.get("x-functions-key") or request.query.get("code", "")
        if not value:
            return ANONYMOUS, ""
        if _same(value, self._content["masterKey"]):
            return ADMIN, ""
        for key in self._content.get("systemKeys", []):
            if _same(value, key):
                return SYSTEM, str(key["name"])
        own = self._content.get("functions", {}).get(function, [])
        if any(_same(value, key) for key in (*self._content.get("functionKeys", []), *own)):
            return FUNCTION, ""
        return ANONYMOUS, ""

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        new = self._path.with_suffix(".new")
        with open(os.open(new, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(self._content, file, indent=2)
        new.replace(self._path)


def _same(value: str, key: dict[str, Any]) -> bool:
    return secrets.compare_digest(value.encode(), str(key["value"]).encode())


def _new_key(name: str) -> dict[str, Any]:
    return {"name": name, "value": secrets.token_urlsafe(40), "encrypted": False}


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise AppError(f"{path} is not JSON ({error}): delete it to have new keys made") from None
    if not isinstance(content, dict):
        raise AppError(f"{path} must hold a JSON object: delete it to have new keys made")
    return content
