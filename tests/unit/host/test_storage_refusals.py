"""Storage triggers and bindings that cannot be served are refused at the start, by function and binding."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import azure.functions as func
import pytest

from local.host.errors import AppError
from local.host.registry import build_extensions
from local.host.worker import LoadedFunction, Worker

STORAGE = "DefaultEndpointsProtocol=https;AccountName=cloud;AccountKey=a2V5;EndpointSuffix=core.windows.net"


def a_binding(kind: str, name: str = "more", direction: str = "OUT", **more: str) -> dict[str, Any]:
    return {"type": kind, "name": name, "direction": direction, **more}


def serve(trigger: dict[str, Any], *bindings: dict[str, Any], data: Path) -> None:
    def call(given: func.QueueMessage, more: Any = None) -> None:
        raise AssertionError("nothing is called here")

    own = {"name": "given", "direction": "IN", **trigger}
    function = LoadedFunction("f", own["type"], own, [own, *bindings], call, is_async=False)
    build_extensions(Worker([function], data), {}, data, "http://127.0.0.1:1")


QUEUE = {"type": "queueTrigger", "queueName": "work"}


@pytest.mark.parametrize(
    ("trigger", "bindings", "complaint"),
    [
        ({"type": "queueTrigger", "queueName": "No"}, [], "function 'f', binding 'given': queueName: 'No'"),
        ({"type": "queueTrigger", "queueName": "work", "connection": "X"}, [], "the app setting 'X' is not set"),
        ({"type": "blobTrigger", "path": "No/{name}"}, [], "function 'f', binding 'given': path: 'No'"),
        ({"type": "blobTrigger", "path": "box/{n}", "source": "Polling"}, [], "source 'Polling' is not supported"),
        (QUEUE, [a_binding("blob", path="box")], "function 'f', binding 'more': path: 'box' is no path"),
        (QUEUE, [a_binding("blob", path="box/{x")], "function 'f', binding 'more': path: 'box/{x' has a single"),
        (QUEUE, [a_binding("blob", direction="INOUT", path="box/x")], "with direction 'INOUT' is not supported"),
        (QUEUE, [a_binding("queue", direction="IN", queueName="box")], "with direction 'IN' is not supported"),
        (QUEUE, [a_binding("queue", queueName="")], "function 'f', binding 'more': queueName: '' is no name"),
    ],
)
def test_what_cannot_be_served_is_refused(
    trigger: dict[str, Any],
    bindings: list[dict[str, Any]],
    complaint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AzureWebJobsStorage", STORAGE)

    with pytest.raises(AppError, match=re.escape(complaint)):
        serve(trigger, *bindings, data=tmp_path)


def test_what_can_be_served_is_not_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AzureWebJobsStorage", STORAGE)

    serve(QUEUE, a_binding("blob", path="box/{id}"), data=tmp_path)
    serve({"type": "blobTrigger", "path": "box/{name}", "source": "EventGrid"}, data=tmp_path)
