"""Blob inputs, blob outputs and queue outputs of any function."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import azure.functions as func
from azure.core.exceptions import ResourceNotFoundError
from azure.functions.blob import BlobConverter
from azure.functions.meta import Datum

from local.host.errors import AppError
from local.host.extension import Given
from local.host.storage import messages
from local.host.storage.connections import Connection, Connections
from local.host.storage.options import QueueOptions
from local.host.storage.parameters import kinds
from local.host.storage.patterns import Template, checked_queue, split_blob_path
from local.host.storage.writing import add_message, put_blob
from local.host.worker import LoadedFunction


class Binding:
    """One blob or queue binding of a function, checked when the host starts."""

    def __init__(self, function: LoadedFunction, raw: dict[str, Any], connections: Connections) -> None:
        """Raises AppError naming function, binding and what is wrong."""
        self.place = f"function '{function.name}', binding '{raw['name']}'"
        self.connection = connections.of(raw, self.place)
        direction = str(raw.get("direction", "IN")).upper()
        if direction not in ("IN", "OUT") or (raw["type"] == "queue" and direction == "IN"):
            raise AppError(f"{self.place}: a {raw['type']} binding with direction '{direction}' is not supported")
        key, check = ("path", split_blob_path) if raw["type"] == "blob" else ("queueName", checked_queue)
        self.target = self._template(raw, key, check)
        self.kind = kinds(function).get(str(raw["name"])) if direction == "IN" else None
        self.is_blob = raw["type"] == "blob"

    def resolve(self, given: Given) -> str:
        """The path or queue name for one invocation. Raises ValueError naming the binding."""
        try:
            return self.target.fill(values(given))
        except ValueError as error:
            raise ValueError(f"{self.place}: {error}") from None

    def _template(self, raw: dict[str, Any], key: str, check: Callable[[str], object]) -> Template:
        try:
            template = Template(str(raw.get(key) or ""))
            if template.is_constant:
                check(template.fill({}))
        except ValueError as error:
            raise AppError(f"{self.place}: {key}: {error}") from None
        return template


class Bindings:
    """The blob and queue bindings of all functions."""

    def __init__(
        self, connections: Connections, options: QueueOptions, written: Callable[[Connection, str], None]
    ) -> None:
        """`written` is told of each queue or container that an output went to."""
        self._connections = connections
        self._options = options
        self._written = written
        self._known: dict[tuple[str, str], Binding] = {}

    def add(self, function: LoadedFunction) -> None:
        """Check the function's bindings. Raises AppError."""
        for raw in function.bindings:
            if raw["type"] in ("blob", "queue"):
                self._known[function.name, str(raw["name"])] = Binding(function, raw, self._connections)

    async def read(self, raw: dict[str, Any], given: Given) -> Any:
        """The blob of an input binding: a func.InputStream, or text or bytes as annotated; None when there is none."""
        binding = self._known[given.function, str(raw["name"])]
        container, name = split_blob_path(binding.resolve(given))
        blob = binding.connection.blobs.get_blob_client(container, name)
        try:
            content = await (await blob.download_blob()).readall()
        except ResourceNotFoundError:
            return None
        return blob_value(content, binding.kind, None)

    async def write(self, raw: dict[str, Any], value: Any, given: Given) -> None:
        """Upload a blob or add messages. Raises TypeError for a value that the binding cannot take."""
        binding = self._known[given.function, str(raw["name"])]
        target = binding.resolve(given)
        if binding.is_blob:
            await _upload(binding, target, value)
        else:
            await self._send(binding, target, value)

    async def _send(self, binding: Binding, target: str, value: Any) -> None:
        try:
            queue = checked_queue(target)
            texts = [messages.encode(body, is_base64=self._options.is_base64) for body in messages.bodies(value)]
        except (TypeError, ValueError) as error:
            raise type(error)(f"{binding.place}: {error}") from None
        for text in texts:
            await add_message(binding.connection, queue, text)
        self._written(binding.connection, queue)


def blob_value(content: bytes, kind: type | None, metadata: Mapping[str, Datum] | None) -> Any:
    """A blob as a parameter gets it. Raises UnicodeDecodeError for bytes that a `str` parameter cannot hold."""
    if kind is str:
        return content.decode()
    if kind is bytes:
        return content
    return BlobConverter.decode(Datum(content, "bytes"), trigger_metadata=metadata)


async def _upload(binding: Binding, target: str, value: Any) -> None:
    try:
        datum = BlobConverter.encode(value, expected_type=None)
        container, name = split_blob_path(target)
    except NotImplementedError:
        message = f"{binding.place}: a blob output takes str, bytes or a file, not {type(value).__name__}"
        raise TypeError(message) from None
    except ValueError as error:
        raise ValueError(f"{binding.place}: {error}") from None
    content = datum.value.encode() if isinstance(datum.value, str) else datum.value
    await put_blob(binding.connection, container, name, content)


def values(given: Given) -> dict[str, Any]:
    """What tokens may name in an invocation, keys in lower case: the trigger's own values, or those of a request."""
    data: dict[str, Any] = {"sys": {"methodname": given.function}}
    if isinstance(given.value, func.HttpRequest):
        request = given.value
        data |= _lowered(request.params) | _lowered(_object(request.get_body())) | _lowered(request.route_params)
        data |= {"query": dict(request.params), "headers": dict(request.headers)}
    return data | _lowered(given.data)


def _lowered(items: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key).lower(): value for key, value in items.items()}


def _object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
