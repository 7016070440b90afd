"""The refusals of the stand-in, as Azure words and numbers them."""

from __future__ import annotations

import json

_CODES = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    409: "Conflict",
    412: "PreconditionFailed",
    413: "RequestEntityTooLarge",
}

NOT_SERVABLE_BY_GATEWAY = 1004
"""Substatus that makes an SDK ask for a query plan and merge the results itself."""

PARTITION_KEY_MISMATCH = 1001
"""Substatus for a key header that differs from the key inside the document."""

OWNER_NOT_FOUND = 1003
"""Substatus for an item call on a container or database that does not exist."""


class CosmosError(Exception):
    """An answer with status 400 or above: `status`, the message and, where Azure sends one, the substatus."""

    def __init__(self, status: int, message: str, substatus: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.substatus = substatus

    def body(self, activity_id: str) -> bytes:
        """The JSON error document: code and message, the message closed by the activity id as Azure does."""
        message = f"{self.message}\r\nActivityId: {activity_id}"
        return json.dumps({"code": _CODES[self.status], "message": message}).encode()


def bad_request(message: str, substatus: int | None = None) -> CosmosError:
    """400: the request is malformed, against a rule of the service, or beyond what the stand-in supports."""
    return CosmosError(400, message, substatus)


def not_found(what: str) -> CosmosError:
    """404, naming what is missing."""
    return CosmosError(404, f"Entity with the specified id does not exist in the system: {what}.")


def conflict(message: str) -> CosmosError:
    """409: the id, or the value of a unique key, is taken."""
    return CosmosError(409, message)


def precondition_failed(message: str) -> CosmosError:
    """412: the ETag or the patch condition does not hold."""
    return CosmosError(412, message)


def too_large(message: str) -> CosmosError:
    """413: an item or a batch above the size limit."""
    return CosmosError(413, message)
