"""The description of the API is complete, and the file that clients generate their types from is the newest."""

from __future__ import annotations

import json
from pathlib import Path

import function_app
from functions.openapi import openapi_document

DOCUMENT = Path(__file__).parents[3] / "docs" / "openapi.json"


def test_the_file_in_docs_is_what_the_application_says() -> None:
    written = DOCUMENT.read_text(encoding="utf-8").strip()

    assert written == openapi_document().strip(), "run: make openapi"


def test_every_http_function_is_described() -> None:
    served = {
        (binding.methods[0].value.lower(), f"/{binding.route}")
        for function in function_app.app.get_functions()
        if function.is_http_function()
        for binding in [function.get_trigger()]
        if binding.methods[0].value != "OPTIONS"
    }

    paths = json.loads(openapi_document())["paths"]
    assert {(method, path) for path, operations in paths.items() for method in operations} == served
