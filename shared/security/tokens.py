"""Our own signed session tokens (JWT, HS256): the only thing that says who a caller is."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel, ValidationError

from shared.errors import Unauthenticated
from shared.models.base import Identifier, now

ISSUER = "customer-service-assistant"


class SessionClaims(BaseModel):
    """What a token says. The role is not in it: the account decides that, at every request."""

    sub: Identifier
    """Account id."""
    conversation_id: Identifier | None = None
    """For customers: the conversation that the session began with."""
    exp: int


class Tokens:
    """Issues and reads session tokens with one secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def issue(
        self, account_id: str, lifetime: timedelta, *, conversation_id: str | None = None
    ) -> tuple[str, datetime]:
        """A token and the moment it ends."""
        import jwt

        begins = now()
        ends = (begins + lifetime).replace(microsecond=0)
        claims = {"iss": ISSUER, "sub": account_id, "iat": begins, "exp": ends}
        if conversation_id is not None:
            claims["conversation_id"] = conversation_id
        return jwt.encode(claims, self._secret, algorithm="HS256"), ends

    def read(self, token: str) -> SessionClaims:
        """The claims of a valid token. Raises Unauthenticated for a foreign, changed or expired one."""
        import jwt

        try:
            claims = jwt.decode(
                token, self._secret, algorithms=["HS256"], issuer=ISSUER, options={"require": ["exp", "sub", "iss"]}
            )
            return SessionClaims.model_validate(claims)
        except jwt.ExpiredSignatureError:
            raise Unauthenticated("The session has ended: sign in again.") from None
        except (jwt.InvalidTokenError, ValidationError):
            raise Unauthenticated("The token in the Authorization header is not one of ours.") from None
