"""What is found in an app, and what is refused in one line."""

import itertools
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from local.host.errors import AppError
from local.host.host_json import HttpOptions
from local.host.http_triggers import HttpTriggers
from local.host.keys import Keys
from local.host.loading import load_functions
from local.host.registry import build_extensions, check_types
from local.host.worker import LoadedFunction, Worker

Load = Callable[[str], list[LoadedFunction]]
_numbers = itertools.count()

ROUTE = "@app.route(route='{route}'{more})\ndef {name}(req): return 'ok'\n"


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    monkeypatch.setattr(sys, "path", list(sys.path))

    def load_script(text: str) -> list[LoadedFunction]:
        name = f"app_under_test_{next(_numbers)}"
        (tmp_path / f"{name}.py").write_text(f"import azure.functions as func\n{text}")
        return load_functions(tmp_path, {"PYTHON_SCRIPT_FILE_NAME": f"{name}.py", "NIGHT": "0 0 0 * * *"})

    return load_script


def an_app(*functions: str) -> str:
    return "app = func.FunctionApp()\n" + "\n".join(functions)


def a_route(route: str, name: str = "f", more: str = "") -> str:
    return ROUTE.format(route=route, name=name, more=more)


def serve(functions: list[LoadedFunction], data: Path) -> HttpTriggers:
    check_types(functions)
    worker = Worker(functions, data)
    build_extensions(worker, {}, data, "http://127.0.0.1:1")
    worker.check()
    return HttpTriggers(worker, HttpOptions(), Keys(data / "keys.json", enforced=False))


def test_functions_come_with_their_bindings(load: Load) -> None:
    functions = load(
        an_app(
            a_route("a", more=", methods=['GET']"),
            "@app.timer_trigger(arg_name='timer', schedule='%NIGHT%')\nasync def nightly(timer): pass\n",
        )
    )

    assert [(one.name, one.trigger_type, one.is_async) for one in functions] == [
        ("f", "httpTrigger", False),
        ("nightly", "timerTrigger", True),
    ]
    assert functions[0].trigger["methods"] == ["GET"]
    assert {binding["type"] for binding in functions[0].bindings} == {"http", "httpTrigger"}
    assert functions[1].trigger["schedule"] == "0 0 0 * * *"


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("x = 1", "holds no app"),
        ("one = func.FunctionApp()\ntwo = func.FunctionApp()", r"several apps \(one, two\)"),
        (an_app(a_route("a"), a_route("b")), "f does not have a unique function name"),
        (an_app("@app.function_name('f')\ndef f(req): pass"), "f does not have a trigger"),
        ("import nowhere_to_be_found", "No module named 'nowhere_to_be_found' .*py:2"),
        ("def f(:", "SyntaxError"),
        (
            an_app("@app.timer_trigger(arg_name='t', schedule='%DAY%')\ndef f(t): pass"),
            "'f'.*'schedule'.*'DAY' is not set",
        ),
    ],
)
def test_a_script_that_cannot_be_loaded_is_refused(load: Load, script: str, complaint: str) -> None:
    with pytest.raises(AppError, match=complaint):
        load(script)


def test_a_missing_script_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AppError, match=r"function_app\.py is missing"):
        load_functions(tmp_path, {})


@pytest.mark.parametrize(
    ("function", "complaint"),
    [
        (
            "@app.service_bus_queue_trigger(arg_name='b', queue_name='q', connection='S')\ndef f(b): pass",
            "'f': the trigger type 'serviceBusTrigger' is not supported",
        ),
        (
            a_route("a").replace("def", "@app.event_grid_output('q', 'topic', 'key')\ndef"),
            "'f': the binding type 'eventGrid' is not supported",
        ),
        ("@app.route(route='a')\ndef f(request): return ''", "'f' has no parameter for the binding 'req'"),
        ("@app.route(route='a')\ndef f(req, more): return ''", "'f' has no binding for the parameter 'more'"),
        (a_route("{id:number}"), "'f': route .*unknown constraint 'number'"),
        (a_route("admin/users"), "'f': the route 'admin/users' conflicts with one or more built in routes"),
        (a_route("Runtime"), "conflicts with one or more built in routes"),
        (a_route("a") + a_route("A/", "g"), "'g': its route conflicts with the route defined by 'f'"),
        ("@app.timer_trigger(arg_name='t', schedule='often')\ndef f(t): pass", "'f': 'often'"),
    ],
)
def test_a_function_that_cannot_be_served_is_refused_by_name(
    load: Load, tmp_path: Path, function: str, complaint: str
) -> None:
    functions = load(an_app(function))

    with pytest.raises(AppError, match=complaint):
        serve(functions, tmp_path)


def test_one_route_may_lead_to_two_functions_by_method(load: Load, tmp_path: Path) -> None:
    functions = load(an_app(a_route("a", "f", ", methods=['GET']"), a_route("a", "g", ", methods=['POST']")))

    assert set(serve(functions, tmp_path).functions) == {"f", "g"}
