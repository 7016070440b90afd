"""A REST call, taken apart and checked: path, query, token and body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, unquote

from aiohttp import web

from local.pubsub.filters import Filter, FilterError, compiled_filter
from local.pubsub.hub import Hub
from local.pubsub.names import is_group, is_hub, is_identifier, metadata_from_headers
from local.pubsub.payloads import Payload, UnsupportedMediaType, media_type, payload_of
from local.pubsub.permissions import Action
from local.pubsub.problems import API_VERSIONS, Problem, bad_request
from local.pubsub.service import Service
from local.pubsub.tokens import InvalidToken, bearer, check_rest_audience, unverified_entra_claims

BODY_LIMIT_BYTES = 1024 * 1024
_TTL_LIMIT_SECONDS = 300
_ACTIONS = {"sendtogroup": Action.SEND, "1": Action.SEND, "joinleavegroup": Action.JOIN_LEAVE, "2": Action.JOIN_LEAVE}


class Call:
    """One REST call on a hub. Everything it hands out is checked; what is wrong raises Problem."""

    def __init__(self, request: web.Request, service: Service, path: dict[str, str]) -> None:
        self.request = request
        self.service = service
        self._path = {name: decoded_segment(segment) for name, segment in path.items()}
        self.raw_path, _, query = request.raw_path.partition("?")
        self.query = parse_qsl(query, keep_blank_values=True)
        versions = self.values("api-version")
        if len(versions) > 1 or not set(versions) <= set(API_VERSIONS):
            raise bad_request("api-version is not supported", "api-version")
        if not is_hub(self._path["hub"]):
            raise bad_request("the hub must be a letter and up to 127 of letters, digits and _`,.[]")

    @property
    def hub(self) -> Hub:
        """The hub the path names."""
        return self.service.hub(self._path["hub"])

    @property
    def host_url(self) -> str:
        """Scheme and host of this call, as the caller wrote them."""
        return f"{self.request.scheme}://{self.request.host}"

    @property
    def group(self) -> str:
        """The group the path names."""
        group = self._path["group"]
        if not is_group(group):
            raise bad_request("the group must be 1 to 1024 characters, not all blank")
        return group

    @property
    def user(self) -> str:
        """The user the path names."""
        return self._identifier("user")

    @property
    def connection_id(self) -> str:
        """The connection the path names."""
        return self._identifier("connection")

    def _identifier(self, name: str) -> str:
        value = self._path[name]
        if not is_identifier(value):
            raise bad_request(f"the {name} id must not be blank")
        return value

    @property
    def permission(self) -> tuple[Action, str]:
        """The permission the path and `targetName` name."""
        action = _ACTIONS.get(self._path["permission"].lower())
        if action is None:
            raise bad_request("the permission must be sendToGroup or joinLeaveGroup")
        target = self.value("targetName")
        if not is_group(target):
            raise bad_request("targetName must be a group of 1 to 1024 characters")
        assert target is not None
        return action, target

    def values(self, name: str) -> list[str]:
        """All values of a query parameter; the name's case does not matter."""
        return [value for key, value in self.query if key.lower() == name.lower()]

    def value(self, name: str) -> str | None:
        """The value of a query parameter that may be given once."""
        values = self.values(name)
        if len(values) > 1:
            raise bad_request(f"{name} is given more than once", name)
        return values[0] if values else None

    def integer(self, name: str, minimum: int, maximum: int) -> int | None:
        """The value of a query parameter as a whole number within the limits."""
        value = self.value(name)
        if value is None:
            return None
        if not re.fullmatch(r"[0-9]{1,10}", value) or not minimum <= int(value) <= maximum:
            raise bad_request(f"{name} must be a whole number from {minimum} to {maximum}", name)
        return int(value)

    def check_ttl(self) -> None:
        """Refuse a `messageTtlSeconds` that is out of range; messages do not expire here."""
        self.integer("messageTtlSeconds", 0, _TTL_LIMIT_SECONDS)

    def excluded(self) -> frozenset[str]:
        """The ids of the connections that the call leaves out."""
        return frozenset(self.values("excluded"))

    def authorize(self) -> None:
        """Refuse the call unless its token was signed for it."""
        token = bearer(self.request.headers.get("Authorization"))
        try:
            if self.service.settings.allow_unvalidated_entra_tokens and _is_entra(token):
                return
            check_rest_audience(self.service.keys.claims(token), self.raw_path)
        except InvalidToken as error:
            raise Problem(401) from error

    def authorize_entra(self) -> None:
        """Refuse the call unless it carries a Microsoft Entra token and such tokens are allowed."""
        token = bearer(self.request.headers.get("Authorization"))
        if not (self.service.settings.allow_unvalidated_entra_tokens and _is_entra(token)):
            raise Problem(401)

    def filter(self) -> Filter | None:
        """The call's filter, or None when all connections are meant."""
        value = self.value("filter")
        with refused_as_bad_request(FilterError):
            return compiled_filter(value) if value else None

    async def payload(self) -> Payload:
        """The body as what its content type says, with the metadata of its headers."""
        body = await self.body()
        try:
            data_type, charset = media_type(self.request.headers.get("Content-Type", ""))
        except UnsupportedMediaType as error:
            raise Problem(415) from error
        with refused_as_bad_request(ValueError):
            payload = payload_of(data_type, charset, body, {})
            return Payload(payload.data_type, payload.content, metadata_from_headers(self.request.headers.items()))

    async def body(self) -> bytes:
        """The body; its length must be told beforehand and be at most 1 MiB."""
        length = self.request.content_length
        if length is None:
            raise bad_request("Content-Length is missing")
        if length > BODY_LIMIT_BYTES:
            raise bad_request(f"the body must be at most {BODY_LIMIT_BYTES} bytes")
        return await self.request.read()


def decoded_segment(segment: str) -> str:
    """The path segment, decoded once; an encoded slash stays as it is, because the service leaves it so."""
    parts = re.split(r"(%2F)", segment, flags=re.IGNORECASE)
    return "".join(part if part.upper() == "%2F" else unquote(part) for part in parts)


@contextmanager
def refused_as_bad_request(error: type[Exception]) -> Iterator[None]:
    """Turns the error into 400 with its text."""
    try:
        yield
    except error as caught:
        raise bad_request(str(caught)) from caught


def _is_entra(token: str | None) -> bool:
    try:
        unverified_entra_claims(token)
    except InvalidToken:
        return False
    return True
