"""Starting pipelines from the triggers that need them."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from azure.durable_functions import DurableOrchestrationClient

    from shared.models.message import Message

log = logging.getLogger(__name__)

START_SECONDS = 5.0
"""How long a caller waits for the start; what was not started the sweep starts later."""


class Pipelines:
    """Starts orchestrations. An id of a running one is refused by the host, so nothing runs twice at once."""

    def __init__(self, client: DurableOrchestrationClient) -> None:
        self._client = client

    async def start_message(self, message: Message) -> None:
        """Starts the deep analysis of a stored message. A failure is logged: the sweep finds the message."""
        work = {"conversation_id": message.conversation_id, "message_id": message.id}
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._client.start_new("message", instance_id=message.id, client_input=work)
        except Exception as error:  # the client raises plain Exception for every refusal
            log.warning("the pipeline of message %s was not started: %s", message.id, type(error).__name__)

    async def restart_message(self, message: Message) -> bool:
        """Starts the analysis again unless it is on its way; tells whether it did."""
        async with asyncio.timeout(START_SECONDS):
            status = await self._client.get_status(message.id)
        running = status is not None and status.runtime_status is not None and status.runtime_status.name in _UNDER_WAY
        if not running:
            await self.start_message(message)
        return not running


_UNDER_WAY = {"Running", "Pending", "ContinuedAsNew", "Suspended"}
