"""Finding customers and what was said before."""

from __future__ import annotations

import azure.durable_functions as df

from functions.endpoint import Call, Caller, NoBody, endpoint
from shared.models.account import AccountProfile
from shared.models.base import Identifier, Model
from shared.models.conversation import Conversation
from shared.models.message import Message

search = df.Blueprint()


class NameParameters(Model):
    name: str


class FoundCustomer(Model):
    customer: AccountProfile
    conversations: list[Conversation]


class CustomersAnswer(Model):
    customers: list[FoundCustomer]


class HistoryParameters(Model):
    id: Identifier
    """Of a customer or of a conversation."""


class PastConversation(Model):
    conversation: Conversation
    messages: list[Message]


class HistoryAnswer(Model):
    history: list[PastConversation]


@endpoint(
    search,
    "GET",
    "search/customer/{name}",
    caller=Caller.STAFF,
    parameters=NameParameters,
    answer=CustomersAnswer,
)
async def search_customer(call: Call[NoBody, NameParameters]) -> CustomersAnswer:
    """Customers whose name holds the text, with their conversations."""
    found = await call.services.history.customers_named(call.parameters.name)
    return CustomersAnswer(
        customers=[FoundCustomer(customer=each.customer.profile(), conversations=each.conversations) for each in found]
    )


@endpoint(
    search,
    "GET",
    "search/chat-history/{id}",
    caller=Caller.STAFF,
    parameters=HistoryParameters,
    answer=HistoryAnswer,
)
async def chat_history(call: Call[NoBody, HistoryParameters]) -> HistoryAnswer:
    """All that was said with a customer, or in one conversation."""
    past = await call.services.history.chat_history(call.parameters.id)
    return HistoryAnswer(
        history=[PastConversation(conversation=each.conversation, messages=each.messages) for each in past]
    )
