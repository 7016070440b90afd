"""Tickets."""

from __future__ import annotations

import azure.durable_functions as df

from functions.chat import ConversationParameters
from functions.endpoint import Call, Caller, NoBody, NoParameters, endpoint
from shared.models.base import Identifier, Model
from shared.models.ticket import Ticket, TicketPriority

tickets = df.Blueprint()


class RaiseRequest(Model):
    conversation_id: Identifier
    description: str
    priority: TicketPriority = TicketPriority.NORMAL
    client_ticket_id: Identifier | None = None
    """Chosen by the client; a repeated request with the same raises no second ticket."""


class FixedRequest(Model):
    conversation_id: Identifier
    ticket_id: Identifier


class TicketAnswer(Model):
    ticket: Ticket


class TicketsAnswer(Model):
    tickets: list[Ticket]


@endpoint(tickets, "POST", "tickets/raise", caller=Caller.STAFF, body=RaiseRequest, answer=TicketAnswer, status=201)
async def raise_ticket(call: Call[RaiseRequest, NoParameters]) -> TicketAnswer:
    """Raise a ticket for a conversation."""
    asked = call.body
    return TicketAnswer(
        ticket=await call.services.tickets.raise_ticket(
            call.principal, asked.conversation_id, asked.description, asked.priority, asked.client_ticket_id
        )
    )


@endpoint(
    tickets,
    "GET",
    "tickets/conversation/{conversation_id}",
    caller=Caller.STAFF,
    parameters=ConversationParameters,
    answer=TicketsAnswer,
)
async def conversation_tickets(call: Call[NoBody, ConversationParameters]) -> TicketsAnswer:
    """A conversation's tickets, in the order they were raised."""
    return TicketsAnswer(tickets=await call.services.tickets.of_conversation(call.parameters.conversation_id))


@endpoint(tickets, "POST", "tickets/mark-fixed", caller=Caller.STAFF, body=FixedRequest, answer=TicketAnswer)
async def mark_ticket_fixed(call: Call[FixedRequest, NoParameters]) -> TicketAnswer:
    """Mark a ticket as fixed."""
    asked = call.body
    return TicketAnswer(
        ticket=await call.services.tickets.mark_fixed(call.principal, asked.conversation_id, asked.ticket_id)
    )
