"""What can go wrong in the domain. functions/endpoint.py alone knows which HTTP status each one becomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError


@dataclass(frozen=True)
class FieldError:
    """One wrong field of a request."""

    field: str
    message: str


class DomainError(Exception):
    """Base of all errors that a caller may be told about. The message is safe to show."""

    code = "error"

    def __init__(self, detail: str, **extras: str | None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extras = extras


class InvalidRequest(DomainError):
    """The request is malformed; `fields` says where and what would be right."""

    code = "validation"

    def __init__(self, detail: str, fields: list[FieldError] | None = None) -> None:
        super().__init__(detail)
        self.fields = fields or []

    @classmethod
    def of(cls, field: str, message: str) -> InvalidRequest:
        """The error for one wrong field."""
        return cls(f"{field} {message}.", [FieldError(field, message)])

    @classmethod
    def from_validation(cls, error: ValidationError) -> InvalidRequest:
        """The error for what pydantic found wrong. Never repeats what was sent, which may be personal."""
        fields = [
            FieldError(
                ".".join(str(part) for part in found["loc"]) or "body", found["msg"].removeprefix("Value error, ")
            )
            for found in error.errors(include_input=False, include_url=False, include_context=False)
        ]
        return cls("; ".join(f"{each.field}: {each.message}" for each in fields), fields)


class Unauthenticated(DomainError):
    """No token, or one that does not hold."""

    code = "unauthenticated"


class Forbidden(DomainError):
    """Known, but not allowed to."""

    code = "forbidden"


class NotFound(DomainError):
    """There is no such thing, or it is not the caller's to know of."""

    code = "not_found"


class Conflict(DomainError):
    """The state of things does not allow it."""

    code = "conflict"


class AlreadyAssigned(Conflict):
    """Another agent has the conversation."""

    code = "already_assigned"


class NotAssigned(Conflict):
    """The conversation must be claimed first."""

    code = "not_assigned"


class TooLarge(DomainError):
    """The request body is larger than allowed."""

    code = "too_large"


class Unavailable(DomainError):
    """A service that is needed does not answer; trying again later may help."""

    code = "unavailable"


class NoRoom(Unavailable):
    """What is needed to store it takes no more: nothing of the request was stored. It may be sent again."""

    code = "no_room"
