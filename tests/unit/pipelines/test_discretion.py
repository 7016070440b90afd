"""A step that fails tells its type of error and nothing of what a customer wrote."""

from __future__ import annotations

import inspect
import logging

import pytest

from functions.pipelines.discretion import StepFailed, discreet
from shared.desk.analysis import MessageWork
from shared.errors import Unavailable

SECRET = "my card 4111 1111 1111 1111"


@discreet
async def read_work(data: list) -> str:  # type: ignore[type-arg]
    """What a step of a pipeline does first."""
    return MessageWork.model_validate(data[0]).text


@discreet
async def busy(data: list) -> str:  # type: ignore[type-arg]
    raise Unavailable("The database is busy.")


async def test_an_error_that_quotes_the_text_is_told_by_its_type(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(StepFailed) as raised:
        await read_work([{"text": [SECRET]}])

    assert str(raised.value) == "read_work: ValidationError"
    assert raised.value.__suppress_context__
    assert "step read_work failed with ValidationError" in caplog.text
    assert "4111" not in caplog.text


async def test_errors_that_are_made_to_be_shown_come_through() -> None:
    with pytest.raises(Unavailable, match="busy"):
        await busy([])


def test_the_worker_still_sees_the_steps_own_signature() -> None:
    assert list(inspect.signature(read_work).parameters) == ["data"]
    assert read_work.__name__ == "read_work"
