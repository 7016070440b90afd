"""The OpenAPI description, made from what the endpoints were registered with."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from functions.endpoint import ENDPOINTS, PROBLEM_TYPE, Caller, Endpoint, NoBody, RawBody
from shared.models.base import Model
from shared.models.events import (
    ClientMessage,
    ClientRead,
    ClientTyping,
    ClientWatch,
    ConversationChanged,
    MessageAnalyzed,
    MessageCreated,
    MessageRejected,
    Read,
    SuggestionsReady,
    TicketChanged,
    Typing,
)

_EVENTS: list[type[BaseModel]] = [
    MessageCreated,
    MessageAnalyzed,
    SuggestionsReady,
    ConversationChanged,
    TicketChanged,
    Typing,
    Read,
    MessageRejected,
    ClientMessage,
    ClientTyping,
    ClientRead,
    ClientWatch,
]
"""Not answers of any endpoint, but described so that clients generate their types from here too."""


class ProblemField(Model):
    field: str
    message: str


class Problem(Model):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[ProblemField] = []


@lru_cache(maxsize=1)
def openapi_document() -> str:
    """The description of every endpoint as JSON text."""
    described = [each for each in ENDPOINTS if each.method != "OPTIONS"]
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [(Problem, "serialization")]
    for each in described:
        if _is_json(each.body):
            wanted.append((each.body, "validation"))
        if each.answer is not None:
            wanted.append((each.answer, "serialization"))
    wanted += [(event, "serialization") for event in _EVENTS]
    references, definitions = models_json_schema(
        list(dict.fromkeys(wanted)), ref_template="#/components/schemas/{model}"
    )
    paths: dict[str, dict[str, Any]] = {}
    for each in described:
        paths.setdefault(f"/{each.route}", {})[each.method.lower()] = _operation(each, references)
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Customer service assistant", "version": "1"},
        "servers": [{"url": "/api"}],
        "paths": paths,
        "components": {
            "schemas": definitions.get("$defs", {}),
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=False)


def _operation(each: Endpoint, references: Any) -> dict[str, Any]:
    responses: dict[str, Any] = {
        "default": {
            "description": "What went wrong",
            "content": {PROBLEM_TYPE: {"schema": references[Problem, "serialization"]}},
        }
    }
    success: dict[str, Any] = {"description": each.summary}
    if each.answer is not None:
        success["content"] = {"application/json": {"schema": references[each.answer, "serialization"]}}
    operation: dict[str, Any] = {
        "operationId": each.name,
        "tags": [each.route.split("/")[0].split(".")[0]],
        "summary": each.summary,
        "parameters": _parameters(each),
        "responses": {str(each.status): success, **responses},
    }
    if issubclass(each.body, RawBody):
        operation["requestBody"] = {"required": True, "content": {each.body.media_type: {"schema": {"type": "string"}}}}
    elif _is_json(each.body):
        schema = references[each.body, "validation"]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if each.caller is not Caller.ANYONE:
        operation["security"] = [{"session": []}]
        operation["description"] = f"For: {each.caller.value}."
    return operation


def _is_json(body: type[BaseModel]) -> bool:
    return body is not NoBody and not issubclass(body, RawBody)


def _parameters(each: Endpoint) -> list[dict[str, Any]]:
    in_path = set(re.findall(r"{(\w+)}", each.route))
    schema = each.parameters.model_json_schema()
    required = set(schema.get("required", []))
    return [
        {
            "name": name,
            "in": "path" if name in in_path else "query",
            "required": name in in_path or name in required,
            "schema": {key: value for key, value in property_schema.items() if key != "title"},
        }
        for name, property_schema in schema.get("properties", {}).items()
    ]
