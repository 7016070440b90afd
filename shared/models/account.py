"""Accounts: customers, and the people who serve them."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from shared.models.base import LanguageCode, Model, Stored, Timestamp


class Role(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


STAFF = frozenset({Role.AGENT, Role.SUPERVISOR, Role.ADMIN})
"""Every role that works at the desk."""


class Account(Stored):
    """As stored. `password_hash` and `username` are null for customers, who hold a session instead."""

    kind: Literal["account"] = "account"
    id: str
    full_name: str
    search_name: str
    """`full_name` in lower case without accents, for searching."""
    created_at: Timestamp
    role: Role
    preferred_lang: LanguageCode | None = None
    detected_lang: LanguageCode | None = None
    username: str | None = None
    password_hash: str | None = None
    disabled: bool = False

    def profile(self) -> AccountProfile:
        """The account without its secret."""
        return AccountProfile(
            id=self.id,
            full_name=self.full_name,
            created_at=self.created_at,
            role=self.role,
            preferred_lang=self.preferred_lang,
            detected_lang=self.detected_lang,
            username=self.username,
        )


class AccountProfile(Model):
    """An account as others may see it."""

    id: str
    full_name: str
    created_at: Timestamp
    role: Role
    preferred_lang: LanguageCode | None
    detected_lang: LanguageCode | None
    username: str | None
