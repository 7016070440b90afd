"""Events that Web PubSub sends: only signed ones count."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from shared.errors import InvalidRequest, Unauthenticated
from shared.realtime.upstream import read_event

KEY = "the access key"


def signed(connection_id: str = "c1", key: str = KEY, **headers: str) -> dict[str, str]:
    signature = hmac.new(key.encode(), connection_id.encode(), hashlib.sha256).hexdigest()
    return {
        "ce-connectionid": connection_id,
        "ce-signature": f"sha256={'0' * 64},sha256={signature}",
        "ce-type": "azure.webpubsub.user.typing",
        "ce-eventname": "typing",
        "ce-userid": "somebody",
        "content-type": "application/json",
    } | {name.replace("_", "-"): value for name, value in headers.items()}


def test_a_signed_event_is_read() -> None:
    event = read_event(signed(), b'{"conversation_id": "x"}', ["the next key", KEY])

    assert (event.name, event.account_id, event.connection_id) == ("typing", "somebody", "c1")
    assert event.is_user_event
    assert event.data == {"conversation_id": "x"}


@pytest.mark.parametrize(
    "headers",
    [signed(key="another key"), signed() | {"ce-connectionid": "c2"}, signed() | {"ce-signature": ""}, {}],
    ids=["foreign key", "another connection", "no signature", "nothing"],
)
def test_an_event_whose_signature_does_not_hold_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(Unauthenticated):
        read_event(headers, b"{}", [KEY])


def test_a_signed_request_that_is_no_event_is_refused() -> None:
    with pytest.raises(InvalidRequest):
        read_event(signed(ce_type="something.else"), b"{}", [KEY])
    with pytest.raises(InvalidRequest):
        read_event(signed(), b"{not json", [KEY])
