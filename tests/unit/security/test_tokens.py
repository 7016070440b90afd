"""Session tokens and passwords."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.errors import Unauthenticated
from shared.models.base import derived_id
from shared.security.passwords import hash_password, password_matches
from shared.security.tokens import Tokens

SECRET = "a secret of more than thirty-two characters"
SOMEBODY = derived_id("somebody")
THEIRS = derived_id("theirs")


def test_a_token_says_whose_it_is() -> None:
    token, _ = Tokens(SECRET).issue(SOMEBODY, timedelta(hours=1), conversation_id=THEIRS)

    claims = Tokens(SECRET).read(token)

    assert (claims.sub, claims.conversation_id) == (SOMEBODY, THEIRS)


@pytest.mark.parametrize(
    "token",
    [
        Tokens("another secret of more than thirty-two characters").issue(SOMEBODY, timedelta(hours=1))[0],
        Tokens(SECRET).issue(SOMEBODY, timedelta(hours=-1))[0],
        Tokens(SECRET).issue(SOMEBODY, timedelta(hours=1))[0] + "x",
        Tokens(SECRET).issue("../somebody", timedelta(hours=1))[0],
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzb21lYm9keSJ9.",
        "not a token",
        "",
    ],
    ids=["foreign", "expired", "changed", "of no account", "unsigned", "no token", "empty"],
)
def test_a_token_that_does_not_hold_is_refused(token: str) -> None:
    with pytest.raises(Unauthenticated):
        Tokens(SECRET).read(token)


async def test_a_password_matches_its_own_hash_and_no_other() -> None:
    stored = await hash_password("correct horse")

    assert await password_matches("correct horse", stored)
    assert not await password_matches("wrong horse", stored)
    assert not await password_matches("correct horse", None)
    assert not await password_matches("correct horse", "not a hash")
