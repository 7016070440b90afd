"""Who has a conversation: claiming it, releasing it, resolving it."""

from __future__ import annotations

import asyncio

from shared.errors import AlreadyAssigned, Conflict, Forbidden, InvalidRequest
from shared.models.account import STAFF, Account
from shared.models.base import now
from shared.models.conversation import Conversation, ConversationStatus
from shared.models.events import ConversationChanged, ConversationEvent
from shared.realtime import groups
from shared.realtime.hub import Hub
from shared.security.principal import Principal
from shared.store.accounts import AccountStore
from shared.store.conversations import Change, ConversationStore


class Assignment:
    """The states a conversation moves through between agents."""

    def __init__(self, store: ConversationStore, accounts: AccountStore, hub: Hub) -> None:
        self._store = store
        self._accounts = accounts
        self._hub = hub

    async def claim(self, principal: Principal, conversation_id: str, agent_id: str | None = None) -> Conversation:
        """Gives a conversation to the caller or, if a supervisor says so, to another agent.

        Of two who claim at once one gets it; the other sees AlreadyAssigned, which names the first. A supervisor
        may take a conversation away from an agent by naming who gets it. Raises NotFound, Forbidden, Conflict for a
        resolved one.
        """
        agent = await self._agent(principal, agent_id)
        forced = agent_id is not None and principal.may_assign_others

        def decide(current: Conversation) -> Change | None:
            if current.status is ConversationStatus.RESOLVED:
                raise Conflict("The conversation is resolved; it opens again when the customer writes.")
            if current.assigned_agent == agent.id:
                return None
            if current.assigned_agent is not None and not forced:
                raise AlreadyAssigned(
                    f"{current.assigned_agent_name} already has this conversation.",
                    assigned_agent=current.assigned_agent,
                    assigned_agent_name=current.assigned_agent_name,
                )
            before[:] = [current.assigned_agent]
            return Change(
                current.model_copy(
                    update={
                        "status": ConversationStatus.ACTIVE,
                        "assigned_agent": agent.id,
                        "assigned_agent_name": agent.full_name,
                    }
                )
            )

        before: list[str | None] = []
        conversation = await self._store.change(conversation_id, decide)
        await self._hub.join(agent.id, conversation_id)
        if before:
            if before[0] is not None:
                await self._hub.leave(before[0], conversation_id)
            await self._changed("conversation.assigned", conversation)
        return conversation

    async def _agent(self, principal: Principal, agent_id: str | None) -> Account:
        if agent_id is None or agent_id == principal.id:
            return principal.account
        if not principal.may_assign_others:
            raise Forbidden("Only supervisors assign conversations to others.")
        agent = await self._accounts.get(agent_id)
        if agent is None or agent.disabled or agent.role not in STAFF:
            raise InvalidRequest.of("agent_id", "must be the id of an agent's account")
        return agent

    async def release(self, principal: Principal, conversation_id: str) -> Conversation:
        """Puts a conversation back into the queue. Raises NotFound, and AlreadyAssigned when it is another agent's."""
        return await self._end(principal, conversation_id, ConversationStatus.WAITING, "conversation.released")

    async def resolve(self, principal: Principal, conversation_id: str) -> Conversation:
        """Ends a conversation. Raises NotFound, and AlreadyAssigned when it is another agent's."""
        return await self._end(principal, conversation_id, ConversationStatus.RESOLVED, "conversation.resolved")

    async def _end(
        self, principal: Principal, conversation_id: str, status: ConversationStatus, event: ConversationEvent
    ) -> Conversation:
        before: list[str | None] = []

        def decide(current: Conversation) -> Change | None:
            if current.status is status or current.status is ConversationStatus.RESOLVED:
                return None
            if not principal.may_assign_others:
                require_not_anothers(current, principal)
            before[:] = [current.assigned_agent]
            ended = now() if status is ConversationStatus.RESOLVED else None
            return Change(
                current.model_copy(
                    update={
                        "status": status,
                        "resolved_at": ended,
                        "assigned_agent": None if ended is None else current.assigned_agent,
                        "assigned_agent_name": None if ended is None else current.assigned_agent_name,
                    }
                )
            )

        conversation = await self._store.change(conversation_id, decide)
        if before:
            if before[0] is not None and status is ConversationStatus.WAITING:
                await self._hub.leave(before[0], conversation_id)
            await self._changed(event, conversation)
        return conversation

    async def _changed(self, event: ConversationEvent, conversation: Conversation) -> None:
        for_customer = ConversationChanged(type=event, conversation=conversation.for_customer())
        await asyncio.gather(
            self._hub.publish(ConversationChanged(type=event, conversation=conversation), groups.QUEUE),
            self._hub.publish(for_customer, groups.customer_side(conversation.id)),
        )


def require_not_anothers(conversation: Conversation, principal: Principal) -> None:
    """Raises AlreadyAssigned, naming the agent, when somebody else has the conversation."""
    if conversation.assigned_agent not in (None, principal.id):
        raise AlreadyAssigned(
            f"{conversation.assigned_agent_name} has this conversation.",
            assigned_agent=conversation.assigned_agent,
            assigned_agent_name=conversation.assigned_agent_name,
        )
