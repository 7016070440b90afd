"""A ticket: work that outlives a conversation."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from shared.models.base import Stored, Timestamp


class TicketPriority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class TicketStatus(StrEnum):
    OPEN = "open"
    FIXED = "fixed"


class Ticket(Stored):
    kind: Literal["ticket"] = "ticket"
    id: str
    conversation_id: str
    agent_id: str | None
    """Who raised it; null when an escalation did."""
    description: str
    status: TicketStatus = TicketStatus.OPEN
    priority: TicketPriority = TicketPriority.NORMAL
    created_at: Timestamp
    fixed_at: Timestamp | None = None
    fixed_by: str | None = None
