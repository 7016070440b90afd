"""Accounts: signing in, and who am I."""

from __future__ import annotations

from typing import Annotated

import azure.durable_functions as df
from pydantic import Field

from functions.endpoint import Call, Caller, NoBody, NoParameters, endpoint
from shared.models.account import AccountProfile
from shared.models.base import Model, Timestamp

accounts = df.Blueprint()


class LoginRequest(Model):
    username: Annotated[str, Field(min_length=1, max_length=100)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class LoginAnswer(Model):
    token: str
    expires_at: Timestamp
    account: AccountProfile


class MeAnswer(Model):
    account: AccountProfile


@endpoint(accounts, "POST", "accounts/login", caller=Caller.ANYONE, body=LoginRequest, answer=LoginAnswer)
async def login(call: Call[LoginRequest, NoParameters]) -> LoginAnswer:
    """Sign in with user name and password."""
    session = await call.services.accounts.sign_in(call.body.username, call.body.password)
    return LoginAnswer(token=session.token, expires_at=session.expires_at, account=session.account.profile())


@endpoint(accounts, "GET", "accounts/me", caller=Caller.ACCOUNT, answer=MeAnswer)
async def me(call: Call[NoBody, NoParameters]) -> MeAnswer:
    """The account of the token."""
    return MeAnswer(account=call.principal.account.profile())
