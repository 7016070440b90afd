"""The check of the key: every request is signed with it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from email.utils import parsedate_to_datetime
from urllib.parse import unquote

from local.cosmos.errors import CosmosError
from local.cosmos.exchange import Request

CLOCK_SKEW = 15 * 60
"""Seconds by which a request's date may differ from the clock (Cosmos DB access control)."""

_UNAUTHORIZED = (
    "The input authorization token can't serve the request. The wrong key is being used or the expected payload is not "
    "built as per the protocol."
)


class SignatureCheck:
    """Verifies the signatures made with one account key (base64)."""

    def __init__(self, key: str) -> None:
        try:
            self._key = base64.b64decode(key, validate=True)
        except binascii.Error as error:
            raise ValueError("the account key must be base64") from error

    def verify(self, request: Request, now: float) -> None:
        """Raises CosmosError 401 for a wrong signature, 403 for a date too far from `now` (seconds)."""
        given = _fields(request.headers.get("authorization", ""))
        date = request.headers.get("x-ms-date", "")
        if given.get("type") != "master" or given.get("ver") != "1.0" or "sig" not in given:
            raise CosmosError(401, _UNAUTHORIZED)
        if not any(
            hmac.compare_digest(self._sign(request.method, kind, link, date), given["sig"].encode())
            for kind, link in _signed_forms(request.address)
        ):
            raise CosmosError(401, _UNAUTHORIZED)
        try:
            sent = parsedate_to_datetime(date).timestamp()
        except ValueError as error:
            raise CosmosError(401, "The x-ms-date header is not a date of RFC 1123.") from error
        if abs(now - sent) > CLOCK_SKEW:
            raise CosmosError(403, "The authorization token is not valid at the current time.")

    def _sign(self, method: str, kind: str, link: str, date: str) -> bytes:
        text = f"{method.lower()}\n{kind.lower()}\n{link}\n{date.lower()}\n\n"
        return base64.b64encode(hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256))


def _fields(header: str) -> dict[str, str]:
    return dict(part.partition("=")[::2] for part in unquote(header).split("&") if "=" in part)


def _signed_forms(address: tuple[str, ...]) -> list[tuple[str, str]]:
    """Resource type and link as a client may have signed them: by names, or by resource ids in lower case."""
    if not address:
        return [("", "")]
    if address[-1] == "partitionkeydelete":
        return [("colls", "/".join(address[:4]))]
    if len(address) % 2:
        kind, owner = address[-1], address[:-1]
    else:
        kind, owner = address[-2], address
    forms = [(kind, "/".join(owner))]
    if len(owner) > 1 and _is_database_rid(owner[1]):
        forms.append((kind, owner[-1].lower()))
    return forms


def _is_database_rid(name: str) -> bool:
    """SDKs sign by resource ids when the database's part of the link is 8 characters of base64 for 4 bytes."""
    try:
        return len(name) == 8 and len(base64.b64decode(name.replace("-", "/"), validate=True)) == 4
    except ValueError:
        return False
