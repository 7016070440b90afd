"""Steps of pipelines that fail: what an exception says may quote a customer, and goes no further."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar

from shared.errors import DomainError

log = logging.getLogger(__name__)

Step = TypeVar("Step", bound=Callable[..., Awaitable[Any]])


class StepFailed(Exception):
    """A step failed; the message names it and the type of error."""


def discreet(step: Step) -> Step:
    """The step, whose unknown errors are logged by type and place. Domain errors, made to be shown, come through."""

    @wraps(step)
    async def run(data: Any) -> Any:
        try:
            return await step(data)
        except DomainError:
            raise
        except Exception as error:
            place = "".join(traceback.format_tb(error.__traceback__))
            log.error("step %s failed with %s\n%s", step.__name__, type(error).__name__, place)
            raise StepFailed(f"{step.__name__}: {type(error).__name__}") from None

    return run  # type: ignore[return-value]  # the same signature, which the worker reads
