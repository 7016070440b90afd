"""The one way in which a section of the dashboard says that it cannot show something."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable
from typing import Any, TypeVar

T = TypeVar("T")


class Unavailable(Exception):
    """Something cannot be shown now; the message says why, in the words of whoever refused. `status` is for HTTP."""

    def __init__(self, message: str, status: int = 502) -> None:
        super().__init__(message)
        self.status = status


async def load(module: str, name: str) -> Any:
    """Something of an SDK, imported off the event loop: that takes a second, and memory that most need not give."""
    return getattr(await asyncio.to_thread(importlib.import_module, module), name)


async def answered(work: Awaitable[T], seconds: float) -> T:
    """What a call of an SDK gives in time. Raises Unavailable with the service's own words."""
    azure_error = await load("azure.core.exceptions", "AzureError")
    try:
        async with asyncio.timeout(seconds):
            return await work
    except azure_error as error:
        status = getattr(error, "status_code", None)
        raise Unavailable(str(error), status if isinstance(status, int) and status >= 400 else 502) from error
    except ValueError as error:
        raise Unavailable(str(error), 400) from error
    except TimeoutError:
        raise Unavailable(f"no answer within {seconds:.0f} s", 504) from None
