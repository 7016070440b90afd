"""The frames a client of a JSON subprotocol sends, checked."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from local.pubsub.names import checked_metadata, is_event, is_group, is_text
from local.pubsub.payloads import DataType, Payload, refuse_constant

_ACK_LIMIT = 2**64 - 1
_TTL_LIMIT_SECONDS = 300


class BadFrame(Exception):
    """The frame breaks a rule of the protocol, named in the message; the connection ends with code 1007."""


@dataclass(frozen=True, slots=True)
class JoinGroup:
    group: str
    ack_id: int | None


@dataclass(frozen=True, slots=True)
class LeaveGroup:
    group: str
    ack_id: int | None


@dataclass(frozen=True, slots=True)
class SendToGroup:
    group: str
    ack_id: int | None
    payload: Payload
    no_echo: bool


@dataclass(frozen=True, slots=True)
class UserEvent:
    event: str
    ack_id: int | None
    payload: Payload


@dataclass(frozen=True, slots=True)
class SequenceAck:
    sequence_id: int


@dataclass(frozen=True, slots=True)
class Ping:
    pass


Request = JoinGroup | LeaveGroup | SendToGroup | UserEvent
Frame = Request | SequenceAck | Ping


class _Member(NamedTuple):
    value: object
    text: str


_Members = Mapping[str, _Member]
_DECODER = json.JSONDecoder(parse_constant=refuse_constant)
_BLANK = re.compile(r"[ \t\n\r]*")


def parse_frame(text: str) -> Frame:
    """The frame as what it asks for. Raises BadFrame."""
    try:
        members = _object_members(text)
    except (ValueError, RecursionError, IndexError) as error:
        raise BadFrame("the frame is not a JSON object") from error
    kind = members.get("type", _Member(None, "")).value
    parse = _PARSERS.get(kind.lower()) if isinstance(kind, str) else None
    if parse is None:
        raise BadFrame("the frame's type is missing or unknown")
    return parse(members)


def _object_members(text: str) -> dict[str, _Member]:
    """The members of a JSON object, each with its own text, because JSON data is passed on as it was written."""
    members: dict[str, _Member] = {}
    at = _after_blank(text, 0)
    at = _after_blank(text, _after(text, at, "{"))
    while text[at] != "}":
        if members:
            at = _after_blank(text, _after(text, at, ","))
        key, at = _DECODER.raw_decode(text, at)
        if not isinstance(key, str):
            raise ValueError("a name is not a string")
        at = _after_blank(text, _after(text, _after_blank(text, at), ":"))
        value, end = _DECODER.raw_decode(text, at)
        members[key] = _Member(value, text[at:end])
        at = _after_blank(text, end)
    if _after_blank(text, at + 1) != len(text):
        raise ValueError("something follows the object")
    return members


def _after_blank(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    assert match is not None
    return match.end()


def _after(text: str, at: int, expected: str) -> int:
    if text[at] != expected:
        raise ValueError(f"{expected} is missing")
    return at + 1


def _value(members: _Members, name: str) -> object:
    member = members.get(name)
    return None if member is None else member.value


def _integer(members: _Members, name: str, limit: int, *, required: bool = False) -> int | None:
    value = _value(members, name)
    if value is None and not required:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= limit:
        raise BadFrame(f"{name} must be an integer from 0 to {limit}")
    return value


def _group(members: _Members) -> str:
    group = _value(members, "group")
    if not is_group(group):
        raise BadFrame("group must be a string of 1 to 1024 characters")
    assert isinstance(group, str)
    return group


def _payload(members: _Members) -> Payload:
    named = _value(members, "dataType")
    try:
        data_type = DataType.JSON if named is None else DataType(str(named).lower())
    except ValueError as error:
        raise BadFrame("dataType must be json, text or binary") from error
    metadata = _metadata(members)
    if "data" not in members:
        if "metadata" not in members:
            raise BadFrame("data is missing")
        return Payload(DataType.TEXT, b"", metadata)
    return Payload(data_type, _content(data_type, members["data"]), metadata)


def _content(data_type: DataType, data: _Member) -> bytes:
    if data_type is DataType.JSON:
        if data.value is None or not is_text(data.text):
            raise BadFrame("data of dataType json must not be null")
        return data.text.encode()
    if not isinstance(data.value, str) or not is_text(data.value):
        raise BadFrame(f"data of dataType {data_type} must be a string")
    if data_type is DataType.TEXT:
        return data.value.encode()
    try:
        return base64.b64decode(data.value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadFrame("data of dataType binary must be base64") from error


def _metadata(members: _Members) -> dict[str, str]:
    member = members.get("metadata")
    if member is None or member.value is None:
        return {}
    if not isinstance(member.value, dict):
        raise BadFrame("metadata must be an object of strings")
    try:
        pairs: list[tuple[str, object]] = json.loads(member.text, object_pairs_hook=list)
        return checked_metadata(pairs)
    except ValueError as error:
        raise BadFrame(str(error)) from error


def _join(members: _Members) -> Frame:
    return JoinGroup(_group(members), _integer(members, "ackId", _ACK_LIMIT))


def _leave(members: _Members) -> Frame:
    return LeaveGroup(_group(members), _integer(members, "ackId", _ACK_LIMIT))


def _send_to_group(members: _Members) -> Frame:
    no_echo = _value(members, "noEcho")
    if no_echo is not None and not isinstance(no_echo, bool):
        raise BadFrame("noEcho must be true or false")
    _integer(members, "ttlSeconds", _TTL_LIMIT_SECONDS)
    ack_id = _integer(members, "ackId", _ACK_LIMIT)
    return SendToGroup(_group(members), ack_id, _payload(members), bool(no_echo))


def _event(members: _Members) -> Frame:
    event = _value(members, "event")
    if not is_event(event):
        raise BadFrame("event must be a letter and up to 127 letters, digits, underscores, dots or hyphens")
    assert isinstance(event, str)
    return UserEvent(event, _integer(members, "ackId", _ACK_LIMIT), _payload(members))


def _sequence_ack(members: _Members) -> Frame:
    sequence_id = _integer(members, "sequenceId", _ACK_LIMIT, required=True)
    assert sequence_id is not None
    return SequenceAck(sequence_id)


def _ping(members: _Members) -> Frame:
    return Ping()


_PARSERS: dict[str, Callable[[_Members], Frame]] = {
    "joingroup": _join,
    "leavegroup": _leave,
    "sendtogroup": _send_to_group,
    "event": _event,
    "sequenceack": _sequence_ack,
    "ping": _ping,
}
