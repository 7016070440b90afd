"""Tickets: what must be done after the conversation."""

from __future__ import annotations

import secrets

from shared.desk.texts import checked_text
from shared.models.base import derived_id, now
from shared.models.events import TicketChanged
from shared.models.ticket import Ticket, TicketPriority
from shared.realtime import groups
from shared.realtime.hub import Hub
from shared.security.principal import Principal
from shared.store.conversations import ConversationStore

DESCRIPTION_CHARACTERS = 2000


class Tickets:
    """The use cases around tickets."""

    def __init__(self, store: ConversationStore, hub: Hub) -> None:
        self._store = store
        self._hub = hub

    async def raise_ticket(
        self,
        principal: Principal,
        conversation_id: str,
        description: str,
        priority: TicketPriority,
        client_ticket_id: str | None,
    ) -> Ticket:
        """A new ticket, or for a repeated `client_ticket_id` the one of the first time. Raises NotFound."""
        text = checked_text(description, DESCRIPTION_CHARACTERS, "description")
        await self._store.get(conversation_id)
        ticket = await self._store.create_ticket(
            Ticket(
                id=derived_id("ticket", conversation_id, client_ticket_id or secrets.token_hex(16)),
                conversation_id=conversation_id,
                agent_id=principal.id,
                description=text,
                priority=priority,
                created_at=now(),
            )
        )
        await self._announce(ticket)
        return ticket

    async def of_conversation(self, conversation_id: str) -> list[Ticket]:
        """A conversation's tickets. Raises NotFound."""
        await self._store.get(conversation_id)
        return await self._store.tickets(conversation_id)

    async def mark_fixed(self, principal: Principal, conversation_id: str, ticket_id: str) -> Ticket:
        """The ticket, fixed now or before. Raises NotFound."""
        ticket = await self._store.fix_ticket(conversation_id, ticket_id, principal.id)
        await self._announce(ticket)
        return ticket

    async def _announce(self, ticket: Ticket) -> None:
        await self._hub.publish(TicketChanged(ticket=ticket), groups.agent_side(ticket.conversation_id))
