"""Queue messages: how their text is encoded, and what a function gets and gives."""

from __future__ import annotations

import base64
import json
from typing import Any

from azure.functions.meta import Datum
from azure.functions.queue import QueueMessageInConverter, QueueMessageOutConverter
from azure.storage.queue import QueueMessage

from local.host.storage.listener import Undecodable


def decode(content: str, *, is_base64: bool) -> bytes:
    """The body of a message as it lies in the queue. Raises Undecodable."""
    if not is_base64:
        return content.encode()
    try:
        return base64.b64decode(content, validate=True)
    except ValueError:
        raise Undecodable("it is not base64, as extensions.queues.messageEncoding of host.json wants it") from None


def encode(body: bytes, *, is_base64: bool) -> str:
    """The text to put into the queue. Raises ValueError for bytes that are no text when there is no encoding."""
    if is_base64:
        return base64.b64encode(body).decode()
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise ValueError("bytes that are no UTF-8 need extensions.queues.messageEncoding base64") from None


def trigger_value(message: QueueMessage, body: bytes, kind: type | None) -> Any:
    """What the trigger's parameter gets: text or bytes when it is annotated so, else a func.QueueMessage."""
    if kind is bytes:
        return body
    try:
        text = body.decode()
    except UnicodeDecodeError:
        if kind is str:
            raise Undecodable("it is no UTF-8 text") from None
        return QueueMessageInConverter.decode(Datum(body, "bytes"), trigger_metadata=_datums(message))
    if kind is str:
        return text
    return QueueMessageInConverter.decode(Datum(text, "string"), trigger_metadata=_datums(message))


def trigger_data(message: QueueMessage, body: bytes) -> dict[str, Any]:
    """The values that other bindings may name: those of the message, and the top properties of a JSON body."""
    text = body.decode(errors="replace")
    data: dict[str, Any] = {"queueTrigger": text, **_facts(message)}
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    if isinstance(content, dict):
        data |= content
    return data


def bodies(value: Any) -> list[bytes]:
    """The bodies of the messages that an output of a function stands for. Raises TypeError for what is none."""
    try:
        datum = QueueMessageOutConverter.encode(value, expected_type=None)
    except NotImplementedError as error:
        raise TypeError(f"a queue output takes str, bytes, func.QueueMessage or a list: {error}") from None
    if datum.type != "json":
        return [datum.value if isinstance(datum.value, bytes) else datum.value.encode()]
    content = json.loads(datum.value)
    return [_text(item).encode() for item in (content if isinstance(content, list) else [content])]


def _text(item: Any) -> str:
    return str(item["body"]) if isinstance(item, dict) else str(item)


def _facts(message: QueueMessage) -> dict[str, Any]:
    times = {
        "ExpirationTime": message.expires_on,
        "InsertionTime": message.inserted_on,
        "NextVisibleTime": message.next_visible_on,
    }
    return {
        "Id": message.id,
        "DequeueCount": message.dequeue_count,
        "PopReceipt": message.pop_receipt,
        **{name: time.isoformat() if time else None for name, time in times.items()},
    }


def _datums(message: QueueMessage) -> dict[str, Datum]:
    return {name: Datum(json.dumps(value), "json") for name, value in _facts(message).items() if value is not None}
