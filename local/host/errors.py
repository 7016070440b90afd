"""What can be wrong with an app or an invocation, each said in one line."""

from __future__ import annotations


class AppError(Exception):
    """The app, host.json or local.settings.json cannot be served as written; the message says what to change."""


class FunctionTimeoutError(Exception):
    """A function ran longer than host.json's functionTimeout allows."""

    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(f"function '{name}' ran longer than functionTimeout ({seconds:g} s)")
