"""The connections of a group, page by page."""

from __future__ import annotations

import base64
from urllib.parse import urlencode

from local.pubsub.calls import Call
from local.pubsub.payloads import encoded, parsed_json
from local.pubsub.problems import API_VERSIONS, bad_request

_PAGE_LIMIT = 200
_TOP_LIMIT = 2**31 - 1


def connections_page(call: Call) -> dict[str, object]:
    """One page of the group's connections, ordered by id, and the address of the next. Raises Problem."""
    group = call.group
    asked_size = call.integer("maxpagesize", 1, _PAGE_LIMIT)
    top = call.integer("top", 1, _TOP_LIMIT)
    token = call.value("continuationToken")
    after = "" if token is None else _position(token, call.hub.name, group)
    call.authorize()

    size = min(asked_size or _PAGE_LIMIT, top or _TOP_LIMIT)
    waiting = sorted(
        (connection for connection in call.hub.in_group(group) if connection.connection_id > after),
        key=lambda connection: connection.connection_id,
    )
    page = waiting[:size]
    value = [{"connectionId": connection.connection_id, "userId": connection.user_id} for connection in page]
    more = len(waiting) > size and (top is None or top > size)
    return {
        "value": value,
        "nextLink": _next_link(call, group, asked_size, top, size, page[-1].connection_id) if more else None,
    }


def _next_link(call: Call, group: str, asked_size: int | None, top: int | None, size: int, last: str) -> str:
    query = {"api-version": API_VERSIONS[-1], "continuationToken": _token(call.hub.name, group, last)}
    if asked_size is not None:
        query["maxpagesize"] = str(asked_size)
    if top is not None:
        query["top"] = str(top - size)
    return f"{call.host_url}{call.raw_path}?{urlencode(query)}"


def _token(hub: str, group: str, last: str) -> str:
    return base64.urlsafe_b64encode(encoded([hub, group, last])).decode()


def _position(token: str, hub: str, group: str) -> str:
    """The id after which the page starts; a token of another hub or group is refused."""
    try:
        named_hub, named_group, last = parsed_json(base64.urlsafe_b64decode(token))
    except (ValueError, TypeError) as error:
        raise bad_request("continuationToken is not valid", "continuationToken") from error
    if (named_hub, named_group) != (hub, group) or not isinstance(last, str):
        raise bad_request("continuationToken belongs to another list", "continuationToken")
    return last
