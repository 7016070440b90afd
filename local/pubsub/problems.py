"""Refusals of the REST interface, as the service words them."""

from __future__ import annotations

from aiohttp import web

from local.pubsub.payloads import encoded

API_VERSIONS = ("2021-10-01", "2022-11-01", "2023-07-01", "2024-01-01", "2024-12-01")


class Problem(Exception):
    """A refusal: HTTP status, the service's code (none for 401 and 415), what is wrong and with which part."""

    def __init__(self, status: int, code: str | None = None, message: str = "", target: str = "Request") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.target = target

    def response(self) -> web.Response:
        """The refusal as an HTTP answer."""
        if self.code is None:
            return web.Response(status=self.status)
        body = encoded({"code": self.code, "message": self.message, "target": self.target})
        headers = {"x-ms-error-code": self.code}
        return web.Response(status=self.status, body=body, content_type="application/json", headers=headers)


def bad_request(message: str, target: str = "Request") -> Problem:
    """400, for a request that breaks a rule."""
    return Problem(400, "Error.BadRequest", message, target)
