"""Who reaches which conversation."""

from __future__ import annotations

import pytest

from shared.errors import Conflict, NotFound
from shared.models.account import Role
from shared.security.principal import Principal
from tests.builders import a_conversation, a_message, an_account


def test_customers_reach_their_own_conversation_and_no_other() -> None:
    conversation = a_conversation(user_id="mine")

    Principal(an_account(account_id="mine")).require_access(conversation)
    with pytest.raises(NotFound):
        Principal(an_account(account_id="another")).require_access(conversation)


def test_only_who_wrote_a_message_gets_it_back_for_its_id() -> None:
    message = a_message(sender_id="mine")

    Principal(an_account(account_id="mine")).require_authorship(message)
    with pytest.raises(Conflict, match="client_message_id"):
        Principal(an_account(account_id="another")).require_authorship(message)


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.ADMIN])
def test_staff_reach_every_conversation(role: Role) -> None:
    Principal(an_account(role, "staff")).require_access(a_conversation(user_id="somebody"))


def test_only_supervisors_and_administrators_assign_others() -> None:
    allowed = {role for role in Role if Principal(an_account(role)).may_assign_others}

    assert allowed == {Role.SUPERVISOR, Role.ADMIN}
