"""What a function's parameters are annotated with, as far as bindings care."""

from __future__ import annotations

import typing

from local.host.errors import AppError
from local.host.worker import LoadedFunction


def kinds(function: LoadedFunction) -> dict[str, type | None]:
    """`str` or `bytes` for each parameter that is annotated so, None for the others: those get rich objects.

    Raises AppError naming the function when an annotation cannot be resolved.
    """
    try:
        hints = typing.get_type_hints(function.user_function)
    except (NameError, TypeError, AttributeError) as error:
        raise AppError(f"function '{function.name}': its annotations cannot be read: {error}") from None
    return {name: hint if hint in (str, bytes) else None for name, hint in hints.items()}
