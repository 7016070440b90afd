"""What is sent: a payload with its data type, and the frames a client of each protocol reads it from."""

from __future__ import annotations

import base64
import codecs
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, NoReturn

from local.pubsub.wire import binary_frame, text_frame

_PARAMETER = r"[^\s;=\"]+=(?:[^\s;\"]+|\"[^\"]*\")"
_MEDIA_TYPE = re.compile(rf"\s*([^\s;/]+/[^\s;/]+)\s*((?:;\s*(?:{_PARAMETER})?\s*)*)")


class DataType(StrEnum):
    """The `dataType` of a message frame."""

    JSON = "json"
    TEXT = "text"
    BINARY = "binary"


_BY_MEDIA_TYPE = {
    "application/json": DataType.JSON,
    "text/plain": DataType.TEXT,
    "application/octet-stream": DataType.BINARY,
}


class UnsupportedMediaType(Exception):
    """The content type is none the service takes, or its charset is unknown."""


@dataclass(frozen=True, slots=True)
class Payload:
    """Bytes with their meaning: JSON text, UTF-8 text or plain bytes."""

    data_type: DataType
    content: bytes
    metadata: Mapping[str, str] = field(default_factory=dict)


def media_type(content_type: str) -> tuple[DataType, str]:
    """The data type and the charset a Content-Type header names; an empty header means bytes.

    Raises UnsupportedMediaType.
    """
    if not content_type.strip():
        return DataType.BINARY, "utf-8"
    match = _MEDIA_TYPE.fullmatch(content_type)
    data_type = _BY_MEDIA_TYPE.get(match[1].lower()) if match else None
    if match is None or data_type is None:
        raise UnsupportedMediaType(content_type)
    charset = "utf-8"
    for parameter in match[2].split(";"):
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "charset":
            charset = value.strip('"')
    try:
        codecs.lookup(charset)
    except LookupError as error:
        raise UnsupportedMediaType(content_type) from error
    return data_type, charset


def payload_of(data_type: DataType, charset: str, body: bytes, metadata: Mapping[str, str]) -> Payload:
    """The body as a payload, in UTF-8. Raises ValueError when it is not what its content type says."""
    if data_type is not DataType.BINARY:
        body = body.decode(charset).encode()
        if data_type is DataType.JSON:
            parsed_json(body)
    return Payload(data_type, body, metadata)


def parsed_json(text: str | bytes) -> Any:
    """What the text says, if it is JSON that every client can parse. Raises ValueError."""
    try:
        return json.loads(text, parse_constant=refuse_constant)
    except RecursionError as error:
        raise ValueError("the JSON is nested too deeply") from error


def refuse_constant(name: str) -> NoReturn:
    """Raises ValueError: Python's parser would take NaN and Infinity, which are not JSON."""
    raise ValueError(f"{name} is not JSON")


class Message:
    """A message on its way to many connections; each form of it is encoded once, when first needed."""

    def __init__(self, payload: Payload, *, group: str | None = None, from_user: str | None = None) -> None:
        self.payload = payload
        self._group = group
        self._from_user = from_user

    @cached_property
    def envelope(self) -> bytes:
        """The JSON of the message frame, up to where a sequence number or the closing brace follows."""
        head: dict[str, object] = {"type": "message", "from": "server"}
        if self._group is not None:
            head = {"type": "message", "from": "group", "fromUserId": self._from_user, "group": self._group}
        head["dataType"] = self.payload.data_type
        if self.payload.metadata:
            head["metadata"] = dict(self.payload.metadata)
        return encoded(head)[:-1] + b',"data":' + self._data

    @property
    def _data(self) -> bytes:
        content = self.payload.content
        if self.payload.data_type is DataType.JSON:
            return content
        if self.payload.data_type is DataType.TEXT:
            return encoded(content.decode())
        return b'"' + base64.b64encode(content) + b'"'

    @cached_property
    def frame(self) -> bytes:
        """The WebSocket frame for clients of json.webpubsub.azure.v1."""
        return text_frame(self.envelope + b"}")

    @cached_property
    def bare_frame(self) -> bytes:
        """The WebSocket frame for clients without a subprotocol of the service: the payload alone."""
        if self.payload.data_type is DataType.BINARY:
            return binary_frame(self.payload.content)
        return text_frame(self.payload.content)

    def numbered_frame(self, sequence_id: int) -> bytes:
        """The WebSocket frame for one client of json.reliable.webpubsub.azure.v1."""
        return text_frame(b'%b,"sequenceId":%d}' % (self.envelope, sequence_id))


def encoded(value: object) -> bytes:
    """The value as compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
