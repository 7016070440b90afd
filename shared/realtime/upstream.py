"""What Web PubSub tells us over HTTP: CloudEvents, signed with the access key."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.errors import InvalidRequest, Unauthenticated

USER_EVENT = "azure.webpubsub.user."


@dataclass(frozen=True)
class SocketEvent:
    """One event of one connection."""

    type: str
    """`azure.webpubsub.sys.connected` or `azure.webpubsub.user.NAME`."""
    name: str
    connection_id: str
    account_id: str | None
    data: Any

    @property
    def is_user_event(self) -> bool:
        return self.type.startswith(USER_EVENT)


def signature_holds(connection_id: str, signatures: str, keys: list[str]) -> bool:
    """Whether one of the comma-separated `sha256=HEX` was made with one of the keys over the connection id."""
    given = [part.strip() for part in signatures.split(",")]
    for key in keys:
        expected = "sha256=" + hmac.new(key.encode(), connection_id.encode(), hashlib.sha256).hexdigest()
        if any(hmac.compare_digest(expected, signature) for signature in given):
            return True
    return False


def read_event(headers: Mapping[str, str], body: bytes, keys: list[str]) -> SocketEvent:
    """The event of a request whose header names are in lower case.

    Raises Unauthenticated when the signature does not hold and InvalidRequest when the request is no CloudEvent.
    """
    connection_id = headers.get("ce-connectionid", "")
    if not connection_id or not signature_holds(connection_id, headers.get("ce-signature", ""), keys):
        raise Unauthenticated("The header ce-signature does not match the connection.")
    kind = headers.get("ce-type", "")
    if not kind.startswith("azure.webpubsub."):
        raise InvalidRequest("The header ce-type is not one of Web PubSub's.")
    data: Any = None
    if body and headers.get("content-type", "").startswith("application/json"):
        try:
            data = json.loads(body)
        except ValueError:
            raise InvalidRequest("The event's data is not JSON.") from None
    return SocketEvent(
        type=kind,
        name=headers.get("ce-eventname", kind.rsplit(".", 1)[-1]),
        connection_id=connection_id,
        account_id=headers.get("ce-userid"),
        data=data,
    )
