"""Names of the groups that events are sent to, and who is in them."""

from __future__ import annotations

QUEUE = "agents"
"""All agents: what changes in the queue."""


def customer_side(conversation_id: str) -> str:
    """The customer of a conversation."""
    return f"conversation.{conversation_id}"


def agent_side(conversation_id: str) -> str:
    """The agents who have a conversation open; what the customer must not see goes here."""
    return f"conversation.{conversation_id}.agents"


def person(account_id: str) -> str:
    """Every connection of one account."""
    return f"user.{account_id}"
