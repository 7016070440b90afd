"""Passwords: hashed with Argon2id, off the event loop since one hash takes tens of milliseconds."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@lru_cache(maxsize=1)
def _hash_of_nothing() -> str:
    return _hasher().hash("no account has this password")


async def hash_password(password: str) -> str:
    """The Argon2id hash, with its salt and parameters, as text."""
    return await asyncio.to_thread(lambda: _hasher().hash(password))


async def password_matches(password: str, password_hash: str | None) -> bool:
    """Whether the password belongs to the hash.

    Without a hash it takes just as long and is false, so that the time tells nobody which accounts exist.
    """

    def verify() -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            _hasher().verify(password_hash or _hash_of_nothing(), password)
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None

    return await asyncio.to_thread(verify)
