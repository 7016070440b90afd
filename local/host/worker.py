"""The functions of the app and the one way to call them, as the Python worker of Azure Functions does."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import os
import uuid
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.host.app_settings import whole_number
from local.host.errors import AppError, FunctionTimeoutError
from local.host.extension import Extension, Given, MovesData
from local.host.invocation import InvocationContext, OutValue
from local.host.traces import Trace, current, next_span

IMPLICIT_RESULT = frozenset({"orchestrationTrigger", "activityTrigger", "entityTrigger"})


@dataclass(frozen=True, slots=True)
class LoadedFunction:
    """One function of the app: its trigger and bindings as raw dictionaries, settings already filled in."""

    name: str
    trigger_type: str
    trigger: dict[str, Any]
    bindings: list[dict[str, Any]]
    user_function: Callable[..., Any]
    is_async: bool
    retry: dict[str, Any] | None = None


@dataclass(slots=True)
class Outcome:
    """What one invocation gave: the raw return value, and what was set on `func.Out` parameters, by name."""

    returned: Any
    outputs: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Call:
    """What is worked out once per function, so that an invocation only fills in values."""

    function: LoadedFunction
    trigger_name: str
    inputs: list[tuple[str, dict[str, Any], Extension]]
    outputs: list[str]
    stored: list[tuple[str, dict[str, Any], MovesData]]
    """The outputs, `$return` among them, that an extension stores."""
    takes_context: bool
    may_return: bool


class Worker:
    """Calls functions: async ones on the event loop, others in a pool of threads.

    The pool has PYTHON_THREADPOOL_THREAD_COUNT threads (unset: Python's own default), as in the cloud.
    """

    functions: dict[str, LoadedFunction]
    directory: Path
    """The app's folder."""

    def __init__(
        self,
        functions: Iterable[LoadedFunction],
        directory: Path,
        *,
        timeout_seconds: float | None = None,
        system_key: Callable[[str], str] | None = None,
    ) -> None:
        self.functions = {function.name: function for function in functions}
        self.directory = directory
        self._timeout = timeout_seconds
        self._system_key = system_key
        self._extensions: dict[str, Extension] = {}
        self._calls: dict[str, _Call] = {}
        threads = whole_number(os.environ, "PYTHON_THREADPOOL_THREAD_COUNT")
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="function")
        self._in_threads: set[Future[Any]] = set()

    def register(self, extension: Extension) -> None:
        """Let the extension fill the input bindings of its types."""
        for binding_type in extension.binding_types:
            self._extensions[binding_type] = extension

    def system_key(self, name: str) -> str:
        """The key that /runtime/webhooks/NAME asks for when authorisation is on: the query's `code`."""
        return self._system_key(name) if self._system_key else ""

    def check(self) -> None:
        """Raises AppError naming the first function whose parameters and bindings do not fit."""
        for name in self.functions:
            self._prepare(name)

    async def invoke(
        self, name: str, trigger_value: Any, *, metadata: dict[str, Any] | None = None, caller: Trace | None = None
    ) -> Any:
        """Run the function with its trigger parameter set to `trigger_value` and give its raw return value.

        `metadata` may hold `retry_count` and `max_retry_count` for the context, and `binding_data`: values that the
        paths of other bindings may name. The invocation goes on with the trace of its `caller`; without one it begins
        a trace. Outputs are stored before this returns.
        Raises KeyError for an unknown name, FunctionTimeoutError, and whatever the function raises.
        """
        return (await self.run(name, trigger_value, metadata=metadata, caller=caller)).returned

    async def run(
        self, name: str, trigger_value: Any, *, metadata: dict[str, Any] | None = None, caller: Trace | None = None
    ) -> Outcome:
        """As `invoke`, with the values of the `func.Out` parameters beside the return value."""
        trace = next_span(caller)
        with current(trace):
            return await self._run(name, trigger_value, {**(metadata or {}), **trace.headers})

    async def _run(self, name: str, trigger_value: Any, metadata: dict[str, Any]) -> Outcome:
        call = self._calls.get(name) or self._prepare(name)
        arguments: dict[str, Any] = {call.trigger_name: trigger_value}
        given = Given(name, trigger_value, metadata.get("binding_data", {}))
        for parameter, binding, extension in call.inputs:
            if isinstance(extension, MovesData):
                arguments[parameter] = await extension.read(binding, given)
            else:
                arguments[parameter] = extension.input_value(binding)
        if call.takes_context:
            arguments["context"] = InvocationContext(name, str(self.directory), str(uuid.uuid4()), metadata)
        holders: dict[str, OutValue] = {}
        for parameter in call.outputs:
            arguments[parameter] = holders[parameter] = OutValue()
        returned = await self._call(call.function, arguments)
        if returned is not None and not call.may_return:
            raise RuntimeError(f"function '{name}' without a $return binding returned a non-None value")
        outputs = {parameter: holder.get() for parameter, holder in holders.items()}
        for parameter, binding, keeper in call.stored:
            value = returned if parameter == "$return" else outputs[parameter]
            if value is not None:
                await keeper.write(binding, value, given)
        return Outcome(returned, outputs)

    def close(self) -> bool:
        """Take no more work. False when a function still runs in a thread, which nothing can stop but the process."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        return not self._in_threads

    async def _call(self, function: LoadedFunction, arguments: dict[str, Any]) -> Any:
        try:
            async with asyncio.timeout(self._timeout) as limit:
                if function.is_async:
                    return await function.user_function(**arguments)
                future = self._threads.submit(contextvars.copy_context().run, _in_thread, function, arguments)
                self._in_threads.add(future)
                future.add_done_callback(self._in_threads.discard)
                return await asyncio.wrap_future(future)
        except SystemExit as error:
            raise RuntimeError(f"function '{function.name}' tried to end the process") from error
        except TimeoutError as error:
            if limit.expired():
                raise FunctionTimeoutError(function.name, self._timeout or 0) from error
            raise

    def _prepare(self, name: str) -> _Call:
        function = self.functions[name]
        call = prepare_call(function, self._extensions)
        self._calls[name] = call
        return call


def _in_thread(function: LoadedFunction, arguments: dict[str, Any]) -> Any:
    try:
        return function.user_function(**arguments)
    except StopIteration as error:
        # A future cannot carry this exception: whoever awaits it would wait for ever.
        raise RuntimeError(f"function '{function.name}' raised StopIteration") from error


def prepare_call(function: LoadedFunction, extensions: dict[str, Extension]) -> _Call:
    """Check the function's parameters against its bindings. Raises AppError naming the first that does not fit."""
    parameters = set(inspect.signature(function.user_function).parameters)
    trigger_name = str(function.trigger["name"])
    inputs: list[tuple[str, dict[str, Any], Extension]] = []
    outputs: list[str] = []
    stored: list[tuple[str, dict[str, Any], MovesData]] = []
    may_return = function.trigger_type in IMPLICIT_RESULT
    bound = {trigger_name}
    for binding in function.bindings:
        name, direction = str(binding["name"]), str(binding.get("direction", "IN")).upper()
        keeper = extensions.get(binding["type"])
        if direction == "OUT" and isinstance(keeper, MovesData):
            stored.append((name, binding, keeper))
        if name == "$return":
            may_return = True
        elif direction == "OUT":
            outputs.append(name)
            bound.add(name)
        elif name != trigger_name:
            if binding["type"] not in extensions:
                raise AppError(f"function '{function.name}': binding type '{binding['type']}' is not supported")
            inputs.append((name, binding, extensions[binding["type"]]))
            bound.add(name)
    takes_context = "context" in parameters and "context" not in bound
    expected = bound | ({"context"} if takes_context else set())
    _refuse(function.name, "has no parameter for the binding", expected - parameters)
    _refuse(function.name, "has no binding for the parameter", parameters - expected)
    return _Call(function, trigger_name, inputs, outputs, stored, takes_context, may_return)


def _refuse(function: str, problem: str, names: set[str]) -> None:
    if names:
        raise AppError(f"function '{function}' {problem} {', '.join(repr(name) for name in sorted(names))}")
