"""Who is calling, and what that person may reach."""

from __future__ import annotations

from dataclasses import dataclass

from shared.errors import Conflict, NotFound
from shared.models.account import STAFF, Account, Role
from shared.models.conversation import Conversation
from shared.models.message import Message


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

    def require_authorship(self, message: Message) -> None:
        """Raises Conflict when what is stored under a client's own id of a message was written by somebody else."""
        if message.sender_id != self.id:
            raise Conflict("client_message_id is the id of a message of somebody else: choose a new one.")
