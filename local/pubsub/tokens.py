"""The signed tokens of the service: of REST callers, of clients, and of connections that want to be recovered."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

import jwt

_CLOCK_SKEW_SECONDS = 300
_RECOVERY_ISSUER = "https://webpubsub.azure.com"
_RECOVERY_LIFETIME_SECONDS = 7 * 24 * 3600
ENTRA_AUDIENCE = "https://webpubsub.azure.com"

Claims = Mapping[str, Any]


class InvalidToken(Exception):
    """The token is missing, forged, expired or meant for something else. The message says which, never the token."""


class Keys:
    """The access keys of the service; the first one signs, each one verifies."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.all = tuple(keys)

    def claims(self, token: str | None) -> Claims:
        """The claims of a token that one of the keys signed and that has not expired. Raises InvalidToken."""
        if not token:
            raise InvalidToken("no token")
        failure: Exception | None = None
        for key in self.all:
            try:
                return _decoded(token, key, leeway=_CLOCK_SKEW_SECONDS)
            except jwt.InvalidTokenError as error:
                failure = error
        raise InvalidToken(str(failure)) from failure

    def client_token(
        self, url: str, *, user_id: str | None, roles: Iterable[str], groups: Iterable[str], minutes: int
    ) -> str:
        """A token that opens a client connection at the URL, as the service SDKs build it."""
        now = int(time.time())
        claims: dict[str, object] = {"aud": url, "iat": now, "exp": now + minutes * 60}
        if user_id:
            claims["sub"] = user_id
        if roles := list(roles):
            claims["role"] = roles
        if groups := list(groups):
            claims["webpubsub.group"] = groups
        return jwt.encode(claims, self.all[0], algorithm="HS256")

    def recovery_token(self, connection_id: str) -> str:
        """The `reconnectionToken` of a connection; it may be used again and again for seven days."""
        claims = {
            "iss": _RECOVERY_ISSUER,
            "aud": connection_id,
            "jti": uuid.uuid4().hex,
            "exp": int(time.time()) + _RECOVERY_LIFETIME_SECONDS,
        }
        return jwt.encode(claims, self.all[0], algorithm="HS256")

    def check_recovery_token(self, token: str, connection_id: str) -> None:
        """Raises InvalidToken unless the token recovers this connection."""
        failure: Exception | None = None
        for key in self.all:
            try:
                claims = _decoded(token, key, leeway=0)
            except jwt.InvalidTokenError as error:
                failure = error
                continue
            if claims.get("iss") == _RECOVERY_ISSUER and claims.get("aud") == connection_id:
                return
            failure = InvalidToken("the token belongs to another connection")
        raise InvalidToken(str(failure)) from failure


def _decoded(token: str, key: str, *, leeway: float) -> Claims:
    options: Any = {"require": ["exp"], "verify_aud": False, "verify_iss": False}
    return jwt.decode(token, key, algorithms=["HS256"], leeway=leeway, options=options)


def unverified_entra_claims(token: str | None) -> Claims:
    """The claims of a Microsoft Entra token whose lifetime alone is checked. Raises InvalidToken."""
    try:
        options: Any = {"verify_signature": False, "verify_exp": True, "require": ["exp"], "verify_aud": False}
        claims: Claims = jwt.decode(token or "", options=options, leeway=_CLOCK_SKEW_SECONDS)
    except jwt.InvalidTokenError as error:
        raise InvalidToken(str(error)) from error
    if ENTRA_AUDIENCE not in _audiences(claims):
        raise InvalidToken("the token is not meant for Web PubSub")
    return claims


def check_rest_audience(claims: Claims, raw_path: str) -> None:
    """Raises InvalidToken unless the token names this path.

    The host is not compared: behind a reverse proxy the SDKs sign the endpoint, not the proxy.
    """
    accepted = {raw_path.lower(), unquote(raw_path).lower()}
    if not any(_path(audience) in accepted for audience in _audiences(claims)):
        raise InvalidToken("the token is meant for another request")


def check_client_audience(claims: Claims, host: str, path: str) -> None:
    """Raises InvalidToken unless the token names the host and path that the client opened."""
    accepted = {(_authority(host), path.lower()), (_authority(host), unquote(path).lower())}
    if not any((_authority(_host(audience)), _path(audience)) in accepted for audience in _audiences(claims)):
        raise InvalidToken("the token is meant for another hub or host")


def _audiences(claims: Claims) -> list[str]:
    audience = claims.get("aud")
    return [entry for entry in (audience if isinstance(audience, list) else [audience]) if isinstance(entry, str)]


def _path(audience: str) -> str | None:
    try:
        return urlsplit(audience).path.lower()
    except ValueError:
        return None


def _host(audience: str) -> str:
    try:
        parts = urlsplit(audience)
    except ValueError:
        return ""
    return parts.netloc if parts.scheme.lower() in {"http", "https", "ws", "wss"} else ""


def _authority(host: str) -> str:
    return host.lower().removesuffix(":80").removesuffix(":443")


def bearer(header: str | None) -> str | None:
    """The token of an Authorization header, or None when it carries none."""
    scheme, _, token = (header or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
