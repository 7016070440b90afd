"""Finding customers, and what was said with them before."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from shared.desk.texts import NAME_CHARACTERS, checked_text
from shared.errors import InvalidRequest, NotFound
from shared.models.account import Account
from shared.models.conversation import Conversation
from shared.models.message import Message
from shared.store.accounts import AccountStore, searchable
from shared.store.conversations import ConversationStore

MESSAGES_A_CONVERSATION = 500


@dataclass(frozen=True)
class FoundCustomer:
    customer: Account
    conversations: list[Conversation]


@dataclass(frozen=True)
class PastConversation:
    conversation: Conversation
    messages: list[Message]


class History:
    """The use cases of looking back."""

    def __init__(self, store: ConversationStore, accounts: AccountStore) -> None:
        self._store = store
        self._accounts = accounts

    async def customers_named(self, name: str) -> list[FoundCustomer]:
        """Customers whose name holds the text, with their conversations. Raises InvalidRequest for no text."""
        text = checked_text(name, NAME_CHARACTERS, "name")
        if not searchable(text):
            raise InvalidRequest.of("name", "must hold more than accents")
        customers = await self._accounts.customers_named(text)
        conversations = await asyncio.gather(*(self._store.of_customer(customer.id) for customer in customers))
        return [FoundCustomer(*found) for found in zip(customers, conversations, strict=True)]

    async def chat_history(self, customer_or_conversation_id: str) -> list[PastConversation]:
        """All that was said with a customer, or in one conversation. Raises NotFound."""
        try:
            conversations = [await self._store.get(customer_or_conversation_id)]
        except NotFound:
            if await self._accounts.get(customer_or_conversation_id) is None:
                raise NotFound("There is no customer and no conversation with this id.") from None
            conversations = await self._store.of_customer(customer_or_conversation_id)
        messages = await asyncio.gather(
            *(self._store.messages_after(each.id, 0, MESSAGES_A_CONVERSATION) for each in conversations)
        )
        return [PastConversation(*past) for past in zip(conversations, messages, strict=True)]
