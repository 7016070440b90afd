"""The refusals of the stand-in, as Azure shapes them."""

from __future__ import annotations

import json


class SearchError(Exception):
    """An answer with status 400 or above."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code

    def body(self) -> bytes:
        """The JSON error document."""
        return json.dumps({"error": {"code": self.code, "message": self.message}}, ensure_ascii=False).encode()


def bad_request(message: str, code: str = "InvalidRequestParameter") -> SearchError:
    """400: malformed, against a rule of the service, or beyond what the stand-in supports."""
    return SearchError(400, message, code)


def bad_parameter(message: str, parameter: str) -> SearchError:
    """400 for one parameter of a query, named as Azure names it at the end of the message."""
    return bad_request(f"{message}\r\nParameter name: {parameter}")


def unsupported(what: str) -> SearchError:
    """400 for something that Azure can do and the stand-in cannot."""
    return bad_request(f"{what} is not supported by this stand-in.", "NotSupported")


def not_found(message: str) -> SearchError:
    """404, naming what is missing."""
    return SearchError(404, message, "ResourceNotFound")


def precondition_failed(name: str) -> SearchError:
    """412: the ETag is another one by now, or the thing exists and should not, or the reverse."""
    return SearchError(
        412, f"The precondition given in the headers does not hold for index '{name}'.", "ConditionFailed"
    )
