"""Signing in, and knowing who is calling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.errors import Unauthenticated
from shared.models.account import Account
from shared.models.base import derived_id, now
from shared.security.passwords import hash_password, password_matches
from shared.security.principal import Principal
from shared.security.tokens import Tokens
from shared.settings import SeedAccount, Settings
from shared.store.accounts import AccountStore, searchable


def staff_account_id(username: str) -> str:
    """The id of the account with that user name: unique because it is derived from it."""
    return derived_id("staff", username.strip().casefold())


@dataclass(frozen=True)
class SignedIn:
    """A session that has begun."""

    token: str
    expires_at: datetime
    account: Account


class Accounts:
    """The use cases around accounts."""

    def __init__(self, store: AccountStore, tokens: Tokens, settings: Settings) -> None:
        self._store = store
        self._tokens = tokens
        self._settings = settings

    async def sign_in(self, username: str, password: str) -> SignedIn:
        """Raises Unauthenticated, with the same words and after the same time whatever was wrong."""
        account = await self._store.get(staff_account_id(username)) or await self._seeded(username)
        if not await password_matches(password, account.password_hash if account else None):
            raise Unauthenticated("The user name or the password is wrong.")
        if account is None or account.disabled:
            raise Unauthenticated("The user name or the password is wrong.")
        token, ends = self._tokens.issue(account.id, timedelta(hours=self._settings.staff_session_hours))
        return SignedIn(token, ends, account)

    async def _seeded(self, username: str) -> Account | None:
        for seed in self._settings.seed_accounts:
            if staff_account_id(seed.username) == staff_account_id(username):
                return await self._store.create(await self._account_of(seed))
        return None

    async def _account_of(self, seed: SeedAccount) -> Account:
        return Account(
            id=staff_account_id(seed.username),
            full_name=seed.full_name,
            search_name=searchable(seed.full_name),
            created_at=now(),
            role=seed.role,
            preferred_lang=seed.preferred_lang,
            username=seed.username,
            password_hash=await hash_password(seed.password.get_secret_value()),
        )

    async def identify(self, token: str) -> Principal:
        """Who holds the token, by the account's own record. Raises Unauthenticated."""
        claims = self._tokens.read(token)
        return Principal(await self._enabled(claims.sub), claims.conversation_id)

    async def account(self, account_id: str) -> Account:
        """An account that may be used. Raises Unauthenticated."""
        return await self._enabled(account_id)

    async def _enabled(self, account_id: str) -> Account:
        account = await self._store.get(account_id)
        if account is None or account.disabled:
            raise Unauthenticated("The account of this session is gone or disabled.")
        return account
