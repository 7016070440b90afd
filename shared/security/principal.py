"""Who is calling, and what that person may reach."""

from __future__ import annotations

from dataclasses import dataclass

from shared.errors import NotFound
from shared.models.account import STAFF, Account, Role
from shared.models.conversation import Conversation


@dataclass(frozen=True)
class Principal:
    """The account behind a request, as its own record says."""

    account: Account
    conversation_id: str | None = None
    """The conversation of a customer's session."""

    @property
    def id(self) -> str:
        return self.account.id

    @property
    def is_staff(self) -> bool:
        return self.account.role in STAFF

    @property
    def may_assign_others(self) -> bool:
        return self.account.role in (Role.SUPERVISOR, Role.ADMIN)

    def require_access(self, conversation: Conversation) -> None:
        """Raises NotFound for a conversation of somebody else: its existence is nobody's business either."""
        if not self.is_staff and conversation.user_id != self.id:
            raise NotFound("There is no such conversation.")
