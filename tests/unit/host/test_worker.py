"""How a function is called."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import azure.functions as func
import pytest

from local.host.errors import FunctionTimeoutError
from local.host.worker import LoadedFunction, Worker


def a_function(call: Callable[..., Any], *bindings: dict[str, Any], trigger: str = "manualTrigger") -> LoadedFunction:
    own = {"name": "given", "type": trigger, "direction": "IN"}
    is_async = call.__code__.co_flags & 0x80 != 0
    return LoadedFunction("f", trigger, own, [own, *bindings], call, is_async)


def a_worker(function: LoadedFunction, directory: Path, timeout: float | None = None) -> Worker:
    return Worker([function], directory, timeout_seconds=timeout)


RETURN = {"name": "$return", "type": "http", "direction": "OUT"}


async def test_async_functions_run_on_the_loop_and_others_in_a_thread(tmp_path: Path) -> None:
    async def on_loop(given: str) -> str:
        return threading.current_thread().name

    def in_thread(given: str) -> str:
        return threading.current_thread().name

    assert await a_worker(a_function(on_loop, RETURN), tmp_path).invoke("f", "x") == threading.current_thread().name
    assert (await a_worker(a_function(in_thread, RETURN), tmp_path).invoke("f", "x")).startswith("function")


async def test_a_function_gets_its_context_and_sets_its_outputs(tmp_path: Path) -> None:
    def call(given: str, answer: func.Out[str], context: func.Context) -> None:
        answer.set(f"{given} {context.function_name} {context.retry_context.retry_count} {context.function_directory}")

    output = {"name": "answer", "type": "http", "direction": "OUT"}
    worker = a_worker(a_function(call, output), tmp_path)

    outcome = await worker.run("f", "hello", metadata={"retry_count": 2})

    assert outcome.outputs == {"answer": f"hello f 2 {tmp_path}"}
    assert outcome.returned is None


async def test_a_value_returned_without_a_binding_for_it_is_an_error(tmp_path: Path) -> None:
    def call(given: str) -> str:
        return given

    with pytest.raises(RuntimeError, match=r"without a \$return binding returned a non-None value"):
        await a_worker(a_function(call), tmp_path).invoke("f", "x")
    assert await a_worker(a_function(call, trigger="activityTrigger"), tmp_path).invoke("f", "x") == "x"


@pytest.mark.parametrize("error", [LookupError("x"), TimeoutError("x")])
async def test_what_the_function_raises_is_raised(tmp_path: Path, error: Exception) -> None:
    def call(given: str) -> None:
        raise error

    with pytest.raises(type(error), match="x"):
        await a_worker(a_function(call), tmp_path, timeout=60).invoke("f", "x")


@pytest.mark.parametrize("error", [StopIteration(), SystemExit(1)])
async def test_what_would_harm_the_host_is_turned_into_an_ordinary_error(tmp_path: Path, error: BaseException) -> None:
    def call(given: str) -> None:
        raise error

    with pytest.raises(RuntimeError, match="'f'"):
        await a_worker(a_function(call), tmp_path).invoke("f", "x")


async def test_a_function_that_runs_too_long_is_cut(tmp_path: Path) -> None:
    release = threading.Event()

    def call(given: str) -> None:
        release.wait()

    worker = a_worker(a_function(call), tmp_path, timeout=0.01)
    with pytest.raises(FunctionTimeoutError, match=r"'f' ran longer than functionTimeout \(0.01 s\)"):
        await worker.invoke("f", "x")
    assert worker.close() is False
    release.set()


async def test_an_unknown_function_is_a_key_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        await Worker([], tmp_path).invoke("f", None)
